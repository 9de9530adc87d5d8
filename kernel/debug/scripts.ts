/**
 * What can have breakpoints: cells and the modules beside the notebook, as front ends name them and as V8 does.
 *
 * Front ends know a cell by a path made of a hash of its text (as ipykernel and xeus have it), V8 by its name, `In [3]`. One text may
 * run many times: its breakpoints are set in each run.
 */
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { insideCall } from "../inside.js";
import type { MainSession } from "./main-session.js";
import { murmur2 } from "./murmur2.js";

/** A breakpoint as a front end asks for it; lines from 1. */
export interface SourceBreakpoint {
  readonly line: number;
  readonly condition?: string;
}

/** A cell or a module that has run: where its JavaScript lines come from, both from 0; -1 for a generated line. */
interface Script {
  readonly path: string;
  readonly lines: readonly number[];
}

export const HASH_SEED = 0xc70f6907;
export const SUFFIX = ".ts";
const CELL = /^In \[\d+\]/;
/** Node's own code, packages and the kernel are not stepped through. */
export const NOT_OURS = /^node:|\/dist\/(bundle\/)?kernel\/|\/node_modules\//;

/** True for what V8 calls a cell. */
export const isCell = (url: string) => CELL.test(url);
/** True for what V8 calls cells and modules beside the notebook. */
const isWritten = (url: string) => isCell(url) || (url.startsWith("file:") && !NOT_OURS.test(url));
const nameOf = (url: string) => (url.startsWith("file:") ? fileURLToPath(url) : url);

export class Scripts {
  readonly #session: MainSession;
  /** Front ends' paths of cells begin so. */
  readonly folder = join(tmpdir(), `mulab_${process.pid}`) + sep;
  /** By path, as front ends set them. */
  readonly #breakpoints = new Map<string, readonly SourceBreakpoint[]>();
  /** By the name that V8 has for a cell or a module. */
  readonly #scripts = new Map<string, Script>();
  /** V8's ids of the breakpoints that are set in a script. */
  readonly #set = new Map<string, string[]>();
  /** V8's ids of scripts -> their names. */
  readonly #urls = new Map<string, string>();
  /** The texts of cells by their paths. */
  readonly #codes = new Map<string, string>();

  constructor(session: MainSession) {
    this.#session = session;

    session.on<{ scriptId: string; url: string }>("Debugger.scriptParsed", ({ scriptId, url }) => {
      this.#urls.set(scriptId, url);
    });
  }

  /** Forgets what a front end had set, and V8's names: a next session gives them again. */
  forget(): void {
    this.#breakpoints.clear();
    this.#set.clear();
    this.#urls.clear();
  }

  /** V8's name for a script. */
  urlOf(scriptId: string): string | undefined {
    return this.#urls.get(scriptId);
  }

  /** The path and the line, from 0, for a front end; the line is -1 in what was generated. */
  placeOf(url: string, line: number): { readonly path: string; readonly line: number } {
    const script = this.#scripts.get(url);
    return { path: script?.path ?? nameOf(url), line: script ? script.lines[line]! : line };
  }

  pathOf(code: string): string {
    const path = `${this.folder}${murmur2(code, HASH_SEED)}${SUFFIX}`;
    this.#codes.set(path, code);
    return path;
  }

  /** The text of the cell that front ends know by `path`; undefined for a module. */
  codeOf(path: string): string | undefined {
    return this.#codes.get(path);
  }

  /** All breakpoints, as debugInfo lists them. */
  breakpoints(): object[] {
    return [...this.#breakpoints].map(([source, breakpoints]) => ({ source, breakpoints }));
  }

  /** The files beside the notebook that are loaded, for a front end to open. */
  modules(): { readonly id: number; readonly name: string; readonly path: string }[] {
    const paths = [...this.#scripts.values()]
      .map(({ path }) => path)
      .filter((path) => !this.#codes.has(path));
    return [...new Set(paths)].map((path, id) => ({ id, name: basename(path), path }));
  }

  /** Replaces the breakpoints of a cell or a module; `isStarted`: sets them in what has run, too. */
  async setBreakpoints(
    path: string,
    breakpoints: readonly SourceBreakpoint[],
    isStarted: boolean,
  ): Promise<void> {
    if (breakpoints.length === 0) this.#breakpoints.delete(path);
    else this.#breakpoints.set(path, breakpoints);
    if (!isStarted) return;
    for (const [name, script] of this.#scripts) if (script.path === path) await this.#setIn(name, script);
  }

  /** Takes up what ran before the debugger was on: its functions can be stepped into, and have breakpoints. */
  async learnAll(): Promise<void> {
    for (const url of new Set(this.#urls.values())) await this.learn(url);
  }

  /** Takes up a cell or a module beside the notebook, and sets its breakpoints. */
  async learn(url: string): Promise<void> {
    if (!isWritten(url)) return;
    const name = nameOf(url);
    const expression = insideCall("source", JSON.stringify(name));
    const { result } = await this.#session.send<{ result: { value?: string } }>("Runtime.evaluate", {
      expression,
      returnByValue: true,
      silent: true,
    });
    if (result.value === undefined) return;
    const { code, lines } = JSON.parse(result.value) as { code?: string; lines: number[] };
    const script = { path: code === undefined ? name : this.pathOf(code), lines };
    this.#scripts.set(url, script);
    await this.#setIn(url, script);
  }

  /** Sets the breakpoints of a cell in one of its runs. */
  async #setIn(name: string, { path, lines }: Script): Promise<void> {
    for (const breakpointId of this.#set.get(name) ?? []) {
      await this.#session.send("Debugger.removeBreakpoint", { breakpointId }).catch(() => {});
    }
    const ids: string[] = [];
    for (const { line, condition = "" } of this.#breakpoints.get(path) ?? []) {
      // The first line of JavaScript from there on: a breakpoint on an empty line is meant for the next one.
      const lineNumber = lines.findIndex((written) => written >= line - 1);
      if (lineNumber < 0) continue;
      const params = { url: name, lineNumber, columnNumber: 0, condition };
      const made = await this.#session.send<{ breakpointId: string }>("Debugger.setBreakpointByUrl", params);
      ids.push(made.breakpointId);
    }
    this.#set.set(name, ids);
  }
}
