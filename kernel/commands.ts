/**
 * Magics: `%%name` at the top of a cell gives the rest of the cell to a cell magic, `%name` at its top is a line of its own.
 *
 * The kernel has a few (magics.ts), and packages register theirs. A magic may complete and inspect its own text.
 */

import { distance } from "fastest-levenshtein";
import type { MimeBundle } from "./display.js";
import { badMagicName, unknownMagic } from "./errors.js";
import type { ErrorContent } from "./traceback.js";

/** What a magic gets to run on. */
export interface CommandCall {
  readonly name: string;
  /** The rest of the magic's own line. */
  readonly args: string;
  /** The lines below it; "" for a line magic. */
  readonly body: string;
  /** The line of the cell on which `body` begins, from 0: add it to a line of the body to point into the cell. */
  readonly bodyLine: number;
  /** Aborted when the cell is interrupted. */
  readonly signal: AbortSignal;
  /** Runs TypeScript as part of this cell and resolves with its last value. `line` is the cell's line where it begins, for errors. */
  runCode(code: string, line?: number): Promise<unknown>;
  /** Leaves a value in a variable for later cells. `type` is how TypeScript sees it; "any" if left out. */
  define(variable: string, value: unknown, type?: string): void;
}

export interface CommandCompletion {
  /** The span of the magic's text that a match replaces, as UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly matches: readonly (string | { readonly text: string; readonly type?: string })[];
}

/**
 * One magic. For completion and inspection, `text` is the whole cell from `%` on and `offset` the cursor in it.
 *
 * `run` returns what the cell shows, undefined for nothing. An error with `cellPlace: {line, column, length}` is shown at that place.
 */
export interface CellCommand {
  /** One line, shown in completions and by inspection. */
  readonly summary: string;
  run(call: CommandCall): unknown;
  complete?(
    text: string,
    offset: number,
  ): CommandCompletion | undefined | Promise<CommandCompletion | undefined>;
  inspect?(
    text: string,
    offset: number,
  ): string | MimeBundle | undefined | Promise<string | MimeBundle | undefined>;
}

/** Code that a magic ran has failed; the error is ready to be shown. */
export class CellFailure extends Error {
  constructor(readonly content: ErrorContent) {
    super(content.evalue);
    this.name = content.ename;
  }
}

/** A cell taken apart: the magics at its top, and what is left for TypeScript, with the magics' lines empty. */
export interface ParsedCell {
  readonly calls: { readonly name: string; readonly args: string; readonly line: number }[];
  /** For `%%name`: the body and where it begins. */
  readonly body?: { readonly text: string; readonly line: number };
  readonly code: string;
}

const CELL_LINE = /^\s*%%([\w-]+)[ \t]*(.*?)[ \t]*$/;
const LINE = /^\s*%([\w-]+)[ \t]*(.*?)[ \t]*$/;

export function parseCell(text: string): ParsedCell {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trim() !== "");
  const cell = start < 0 ? null : CELL_LINE.exec(lines[start]!);
  if (cell) {
    const body = lines.slice(start + 1).join("\n");
    const call = { name: cell[1]!, args: cell[2]!, line: start };
    return { calls: [call], body: { text: body, line: start + 1 }, code: "" };
  }
  const calls: ParsedCell["calls"] = [];
  // Only at the top: further down, a line may begin with the remainder operator.
  for (const [line, content] of lines.entries()) {
    const match = LINE.exec(content);
    if (!match && content.trim() !== "") break;
    if (!match) continue;
    calls.push({ name: match[1]!, args: match[2]!, line });
    lines[line] = "";
  }
  return { calls, code: lines.join("\n") };
}

/** The name of the magic in whose text `offset` is, if any. */
export function commandAt(text: string, offset: number): { name: string; isCell: boolean } | undefined {
  const { calls, body } = parseCell(text);
  if (body) return { name: calls[0]!.name, isCell: true };
  const line = text.slice(0, offset).split("\n").length - 1;
  const call = calls.find((c) => c.line === line);
  return call && { name: call.name, isCell: false };
}

export class Commands {
  readonly #cell = new Map<string, CellCommand>();
  readonly #line = new Map<string, CellCommand>();
  /** Resolves once packages that bring magics have been loaded; set by the kernel, called for the first unknown name. */
  loadProviders: () => Promise<void> = () => Promise.resolve();

  /** Registers `%%name`; the function returned takes it away again. */
  register(name: string, command: CellCommand): () => void {
    return add(this.#cell, "%%", name, command);
  }

  /** Registers `%name`. */
  registerLine(name: string, command: CellCommand): () => void {
    return add(this.#line, "%", name, command);
  }

  async find(name: string, isCell: boolean): Promise<CellCommand | undefined> {
    const all = isCell ? this.#cell : this.#line;
    if (!all.has(name)) await this.loadProviders();
    return all.get(name);
  }

  /** All magics by what one types, in alphabetical order: `%%html` -> its summary. */
  async all(): Promise<[name: string, summary: string][]> {
    await this.loadProviders();
    const signed = (sign: string, all: ReadonlyMap<string, CellCommand>) =>
      [...all].map(([name, { summary }]): [string, string] => [sign + name, summary]);
    return [...signed("%", this.#line), ...signed("%%", this.#cell)].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** As find, for running: throws an error that lists the magics there are. */
  async get(name: string, isCell: boolean): Promise<CellCommand> {
    const command = await this.find(name, isCell);
    if (command) return command;
    const sign = isCell ? "%%" : "%";
    const known = [...(isCell ? this.#cell : this.#line).keys()].map((other) => sign + other);
    throw unknownMagic(sign + name, known, this.#meant(name, isCell));
  }

  /** What `name` may stand for: the same name with the other sign, or one that differs in a few letters. */
  #meant(name: string, isCell: boolean): string | undefined {
    const [same, other] = isCell ? [this.#cell, this.#line] : [this.#line, this.#cell];
    const [sign, otherSign] = isCell ? ["%%", "%"] : ["%", "%%"];
    if (other.has(name)) return otherSign + name;
    const [near] = [...same.keys()]
      .map((known) => ({ known, slips: distance(name, known) }))
      .sort((a, b) => a.slips - b.slips);
    return near && near.slips <= Math.max(1, Math.floor(name.length / 3)) ? sign + near.known : undefined;
  }

  /** Names that begin with what has been typed, for a cursor inside `%na` or `%%na`; undefined elsewhere. */
  async completeName(text: string, offset: number): Promise<CommandCompletion | undefined> {
    const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
    const typed = /^\s*(%%?)([\w-]*)$/.exec(text.slice(lineStart, offset));
    if (!typed) return undefined;
    await this.loadProviders();
    const isFirst = text.slice(0, lineStart).trim() === "";
    const names = [
      ...(isFirst ? [...this.#cell.keys()].map((name) => `%%${name}`) : []),
      ...(typed[1] === "%" ? [...this.#line.keys()].map((name) => `%${name}`) : []),
    ];
    const start = offset - typed[2]!.length - typed[1]!.length;
    const matches = names.filter((name) => name.startsWith(text.slice(start, offset))).sort();
    return { start, end: offset, matches: matches.map((name) => ({ text: name, type: "magic" })) };
  }
}

function add(to: Map<string, CellCommand>, sign: string, name: string, command: CellCommand): () => void {
  if (!/^[\w-]+$/.test(name)) {
    throw badMagicName(name, sign);
  }
  to.set(name, command);
  return () => {
    if (to.get(name) === command) to.delete(name);
  };
}
