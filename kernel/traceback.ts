/**
 * Errors for people to read: what went wrong, the lines of the cell around it, and the calls that led there.
 *
 * Their stacks are in terms of the notebook (stacks.ts). Frames of Node are left out; those of packages stay, quietly.
 */
import { inspect } from "node:util";
import stringWidth from "string-width";
import type { Place } from "./compiler/edits.js";
import type { Diagnostic } from "./compiler/protocol.js";
import { Stacks, withNames } from "./stacks.js";

/** The content of an `error` message and of an execute_reply with status "error". */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** An error that points at a place in the cell, such as a cell command's: lines and columns from 0, of the whole cell. */
export interface PlacedError extends Error {
  readonly cellPlace?: Place & { readonly length?: number };
}

const red = (text: string) => `\x1b[31m${text}\x1b[39m`;
const bold = (text: string) => `\x1b[1m${text}\x1b[22m`;
const dim = (text: string) => `\x1b[2m${text}\x1b[22m`;
const CONTEXT_LINES = 2;
/** At most this many errors of an AggregateError are shown, and as many nested causes. */
const MAX_PARTS = 10;
/** A frame in a cell: the cells' file names are `In [3]`. */
const CELL_FRAME = /(In \[\d+\](?:\.\d+)?):(\d+):(\d+)/;

/** The lines around a place, with a caret below it. Lines are shown from 1, as front ends number them. */
export function excerpt(code: string, place: Place, length = 1): string[] {
  const lines = code.split("\n");
  const first = Math.max(0, place.line - CONTEXT_LINES);
  const shown = lines.slice(first, place.line + CONTEXT_LINES + 1);
  const width = String(first + shown.length).length;
  const out = shown.map((text, i) => {
    const isIt = first + i === place.line;
    const number = String(first + i + 1).padStart(width);
    return isIt ? `${red(">")} ${bold(number)} │ ${text}` : `  ${dim(number)} │ ${text}`;
  });
  const line = lines[place.line] ?? "";
  // Tabs stay tabs, so that the caret is below its text.
  const indent = line
    .slice(0, place.column)
    .split("\t")
    .map((text) => " ".repeat(stringWidth(text)))
    .join("\t");
  const carets = "^".repeat(Math.max(1, stringWidth(line.slice(place.column, place.column + length))));
  out.splice(place.line - first + 1, 0, `  ${" ".repeat(width)} │ ${indent}${red(carets)}`);
  return out;
}

export class Tracebacks {
  readonly #stacks: Stacks;
  constructor(stacks = new Stacks()) {
    this.#stacks = stacks;
  }

  /** Type errors of a cell that was not run, or that has run before they were known. */
  ofDiagnostics(
    diagnostics: readonly Diagnostic[],
    code: string,
    name: string,
    hasRun = false,
  ): ErrorContent {
    const isSyntax = diagnostics.every((d) => d.code < 2000);
    const ename = isSyntax ? "SyntaxError" : "TypeScriptError";
    const [first] = diagnostics;
    const traceback = diagnostics.flatMap((d, i) => {
      const where = `${d.file ?? name}:${d.line + 1}:${d.column + 1}`;
      const [headline, ...chain] = d.message.split("\n");
      const length = d.endLine === d.line ? d.endColumn - d.column : Number.POSITIVE_INFINITY;
      const shown = d.file ? [] : excerpt(code, d, length);
      return [
        ...(i > 0 ? [""] : []),
        `${red(label(d))}: ${headline} ${dim(`(${where})`)}`,
        ...chain,
        ...shown,
      ];
    });
    const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
    const evalue = first ? `${label(first)}: ${first.message.split("\n")[0]}${more}` : "";
    return {
      ename,
      evalue,
      traceback: [
        ...traceback,
        "",
        dim(hasRun ? "The cell ran before its types had been checked." : "The cell was not run."),
      ],
    };
  }

  /** Anything thrown by a cell. Never throws itself, or the cell would have no end: an error's own parts may. */
  ofThrown(thrown: unknown, code?: string): ErrorContent {
    try {
      return this.#describe(thrown, code, new Set());
    } catch {
      const evalue = "What was thrown cannot be shown: showing it throws as well.";
      return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
    }
  }

  /** `above` are the errors that this one is a part of: a cause may lead back to one of them. */
  #describe(thrown: unknown, code: string | undefined, above: ReadonlySet<unknown>): ErrorContent {
    if (!isError(thrown)) {
      const evalue = inspect(thrown, { depth: 1 });
      return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
    }
    const error = thrown as PlacedError & { code?: unknown };
    withNames(error);
    const ename = errorName(error);
    const evalue = String(error.message);
    const head = `${red(ename)}: ${evalue}`;
    if (error.cellPlace && code !== undefined) {
      const { cellPlace } = error;
      return { ename, evalue, traceback: [head, ...excerpt(code, cellPlace, cellPlace.length ?? 1)] };
    }
    const { place, frames } = this.#frames(String(error.stack ?? ""));
    const traceback = [head];
    if (place) {
      traceback.push(dim(`${place.name}, line ${place.at.line + 1}, column ${place.at.column + 1}`));
      traceback.push(...excerpt(place.code, place.at));
    }
    traceback.push(...frames.map((frame) => dim(`    ${frame}`)), ...this.#extras(error, above));
    return { ename, evalue, traceback };
  }

  /** Causes and the errors of an AggregateError. */
  #extras(error: Error, above: ReadonlySet<unknown>): string[] {
    const out: string[] = [];
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    const shown = new Set([...above, error]);
    const linesOf = (part: unknown) =>
      shown.has(part) ? [dim("(shown above)")] : this.#describe(part, undefined, shown).traceback;
    for (const part of Array.isArray(errors) ? errors.slice(0, MAX_PARTS) : []) {
      out.push(...linesOf(part).map((line) => `  ${line}`));
    }
    if (cause === undefined || shown.size > MAX_PARTS) return out;
    return [...out, "", "Caused by:", ...linesOf(cause)];
  }

  /** A stack's frames, and the first place that is in a cell. */
  #frames(stack: string): { place?: { name: string; code: string; at: Place }; frames: string[] } {
    let place: { name: string; code: string; at: Place } | undefined;
    const frames: string[] = [];
    for (const line of stack.split("\n")) {
      const frame = line.trim();
      if (!frame.startsWith("at ")) continue;
      const match = CELL_FRAME.exec(frame);
      const code = match ? this.#stacks.codeOf(match[1]!) : undefined;
      if (!match || code === undefined) {
        if (!isInternal(frame)) frames.push(frame);
        continue;
      }
      const at = { line: Number(match[2]) - 1, column: Number(match[3]) - 1 };
      place ??= { name: match[1]!, code, at };
      const caller = /^at (?:async )?(.+?) \(/.exec(frame)?.[1];
      const isCellItself = caller === undefined || caller === "Object.<anonymous>" || caller === "eval";
      frames.push(isCellItself ? `at ${match[0]}` : `at ${caller} (${match[0]})`);
    }
    return place ? { place, frames } : { frames };
  }
}

const label = ({ code }: Diagnostic) => (code === 0 ? "SyntaxError" : `TS${code}`);

const isInternal = (frame: string) =>
  frame.includes("node:") || frame.includes("<anonymous>)") || frame === "at <anonymous>";

/** Errors of other realms (vm contexts, workers) are not `instanceof Error`. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** The name, with a code where the error has one: `MulabError store/corrupt-layer`, `Error ENOENT`. */
function errorName(error: Error & { code?: unknown }): string {
  const name = typeof error.name === "string" && error.name !== "" ? error.name : "Error";
  const { code } = error;
  return typeof code === "string" && !name.includes(code) && !error.message.includes(code)
    ? `${name} ${code}`
    : name;
}
