/**
 * Stacks in the notebook's terms: places in the JavaScript that ran become places in the TypeScript that was written.
 *
 * Done where V8 writes a stack down, so that an error that a cell logs or shows says the same as the traceback of one that it throws.
 * Frames of the kernel itself are left out.
 */
import { pathToFileURL } from "node:url";
import type { Place } from "./compiler/edits.js";

/** JavaScript that was run, and the way back from it. */
interface RunSource {
  /** What a stack calls it: a cell's name, a module's path. */
  readonly name: string;
  /** The text of a cell; undefined for a module, which has its own file. */
  readonly code?: string;
  /** The JavaScript that ran. */
  readonly js?: string;
  /** From a place in the JavaScript to its TypeScript; undefined in what was put around it. */
  placeOf(place: Place): Place | undefined;
}

/** At most this many cells and modules are remembered, for errors of functions that are called much later. */
const MAX_SOURCES = 500;
/** V8 keeps the innermost frames: the cell must be among them also where a package goes deep. */
const MAX_FRAMES = 100;
/** This many innermost frames are kept, and after them this many that are in cells. */
const SHOWN = 10;
const SHOWN_CELLS = 5;
/** Functions of Node's by which it calls what an event has brought. */
const STARTERS = new Set(["processImmediate", "callbackTrampoline"]);
const KERNEL_FOLDER = pathToFileURL(`${import.meta.dirname}/`).href;

export class Stacks {
  readonly #known = new Map<string, RunSource>();
  /** Texts of cells by the names that stacks call them. */
  readonly #codes = new Map<string, string>();

  /** Has all stacks of this thread written so, from now on. */
  install(): void {
    Error.stackTraceLimit = MAX_FRAMES;
    Error.prepareStackTrace = (error, sites) => this.#write(error, sites);
  }

  /** Remembers what runs as `file`. */
  remember(file: string, source: RunSource): void {
    this.#known.delete(file);
    this.#known.set(file, source);
    if (source.code !== undefined) this.#codes.set(source.name, source.code);
    if (this.#known.size <= MAX_SOURCES) return;
    const [oldest, old] = this.#known.entries().next().value!;
    this.#known.delete(oldest);
    this.#codes.delete(old.name);
  }

  /** What ran as `file` and where its JavaScript's lines come from, as JSON for the debugger; see Inside. */
  sourceOf(file: string): string | undefined {
    const known = this.#known.get(file);
    if (known?.js === undefined) return undefined;
    const lines = known.js.split("\n").map((text, line) => {
      const column = text.search(/\S/);
      return column < 0 ? -1 : (known.placeOf({ line, column })?.line ?? -1);
    });
    return JSON.stringify({ code: known.code, lines });
  }

  /** The text of the cell that stacks call `name`. */
  codeOf(name: string): string | undefined {
    return this.#codes.get(name);
  }

  #write(error: Error, sites: readonly NodeJS.CallSite[]): string {
    const frames = sites.flatMap((site) => this.#frame(site) ?? []);
    const outer = frames.slice(SHOWN).filter(({ isCell }) => isCell);
    const shown = [...frames.slice(0, SHOWN), ...outer.slice(0, SHOWN_CELLS)];
    return [headOf(error), ...shown.map(({ text }) => `    at ${text}`)].join("\n");
  }

  /** One line of a stack; undefined for generated code. */
  #frame(site: NodeJS.CallSite): { text: string; isCell: boolean } | undefined {
    const text = String(site);
    const file = site.getFileName();
    // Evaluated in a cell: the frame of the cell's own call comes next.
    if (site.isEval() && text.includes("(In [")) return undefined;
    if (typeof file !== "string") return { text, isCell: false };
    if (file.startsWith(KERNEL_FOLDER)) return undefined;
    // Where Node has called the kernel, which has started the cell.
    if (file.startsWith("node:internal/") && STARTERS.has(site.getFunctionName() ?? "")) return undefined;
    const known = this.#known.get(file);
    if (!known) return { text, isCell: false };
    const line = site.getLineNumber() ?? 1;
    const column = site.getColumnNumber() ?? 1;
    const { name, code } = known;
    const at = known.placeOf({ line: line - 1, column: column - 1 });
    if (!at || (code !== undefined && at.line >= code.split("\n").length)) return undefined;
    const place = `${name}:${at.line + 1}:${at.column + 1}`;
    return { text: text.replace(`${file}:${line}:${column}`, () => place), isCell: code !== undefined };
  }
}

/** As V8 begins a stack; an error's own name and message may throw. */
function headOf(error: Error): string {
  try {
    withNames(error);
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** V8 names what it could not call or assign by the text that ran, where `a` is `µa.$`. */
const BOXED = /\(0 ?, ?µ_*([\p{ID_Continue}$]+)\.\$\)|µ_*([\p{ID_Continue}$]+)\.\$/gu;
const READ_ONLY = /^Cannot assign to read only property '\$' of object '#<Box>'$/;

/** Has an error say the names that were written. */
export function withNames(error: Error): void {
  const { message } = error;
  if (typeof message !== "string") return;
  if (READ_ONLY.test(message)) error.message = "Assignment to constant variable.";
  else if (message.includes("µ")) {
    error.message = message.replace(BOXED, (_, called: string, read: string) => called ?? read);
  }
}
