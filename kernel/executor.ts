/**
 * Runs cells: takes their types out, keeps their variables, and hands back the value of the last expression or what went wrong.
 *
 * A cell runs in one scope with all others (session.ts). Its types are checked beside that, in a thread of their own: once the
 * compiler is there, a cell waits for it, and does not run if it has type errors. The first cells of a session do not wait, or a
 * first result would take three times as long; what is wrong with their types is shown under them as soon as it is known.
 */
import vm from "node:vm";
import { inOwnTurn } from "./async-stack.js";
import { type NeedsCompiler, prepareCell, type RunnableCell } from "./compiler/cell.js";
import type { Compiler } from "./compiler/compiler.js";
import { placeOf } from "./compiler/edits.js";
import type { Checked, Diagnostic } from "./compiler/protocol.js";
import { rewriteEval } from "./compiler/rewrite-eval.js";
import type { NotTypeScript } from "./compiler/strip.js";
import { badVariableName } from "./errors.js";
import type { CellModules } from "./modules/modules.js";
import { exportOf, type Namespace } from "./modules/namespaces.js";
import { Box, type Session } from "./session.js";
import type { Stacks } from "./stacks.js";
import type { ErrorContent, Tracebacks } from "./traceback.js";

export type CellResult =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "nothing" }
  | { readonly kind: "error"; readonly error: ErrorContent };

/** What an interrupted cell ends with. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";
  constructor() {
    super("The cell was interrupted. Variables keep the values they had.");
    this.stack = ""; // it happened nowhere in particular
  }
}

/** What a cell's code is given by its first parameter. */
interface CellHelpers {
  /** Set by the last expression. */
  value: unknown;
  readonly meta: ImportMeta;
  import(specifier: string, options?: { with?: Record<string, string> }): Promise<Namespace>;
  /** What a direct `eval` is given instead of `text`. `locals` are the names around it, `mark` is the name of these helpers. */
  eval(text: unknown, locals: readonly string[], mark: string): unknown;
  box(name: string): Box;
}

/** tslab's conventions: a comment at the top makes a cell a module, or one for a browser, which this kernel leaves alone. */
const TSLAB_CELL = /^\s*(?:\/\/[^\n]*\n\s*)*\/\*\*[^*]*@(module\s+(?<name>[\w./-]+)|browser\b)[\s\S]*?\*\//;

export class Executor {
  readonly #compiler: Compiler;
  readonly #modules: CellModules;
  readonly #tracebacks: Tracebacks;
  readonly #stacks: Stacks;
  readonly #runs = new Map<string, number>();

  constructor(
    readonly session: Session,
    compiler: Compiler,
    modules: CellModules,
    tracebacks: Tracebacks,
    stacks: Stacks,
  ) {
    this.#compiler = compiler;
    this.#modules = modules;
    this.#tracebacks = tracebacks;
    this.#stacks = stacks;
  }

  /**
   * Runs one cell. When `signal` aborts, whatever is still to come is left out, and the result means nothing any more.
   *
   * After aborting, don't wait for this to return: an interrupt may have ended the very callback that would have made it return.
   */
  async run(code: string, name: string, signal: AbortSignal): Promise<CellResult> {
    try {
      const convention = TSLAB_CELL.exec(code);
      if (convention) return await this.#runConvention(convention.groups?.name, code, name);
      let prepared = prepareCell(code, this.#options());
      const isChecked = this.#compiler.isReady || prepared.kind === "invalid";
      const checking = this.#compiler.check(code, isChecked ? "if-sound" : "always");
      if (isChecked) {
        const { diagnostics } = await checking;
        if (diagnostics.length > 0) return this.#typeErrors(diagnostics, code, name);
      } else this.#reportLate(checking, code, name);
      if (prepared.kind !== "runnable") {
        // Also what the stripper refuses and TypeScript does not: one of the two is wrong, and what acorn reads decides.
        const lowered = prepareCell(code, this.#options(), await this.#compiler.lower(code, false));
        if (lowered.kind === "runnable" || prepared.kind === "needs-compiler") prepared = lowered;
      }
      if (signal.aborted) return { kind: "nothing" };
      if (prepared.kind !== "runnable") return this.#syntaxError(prepared, code, name);
      return await this.#start(prepared, code, this.#unique(name), signal);
    } catch (thrown) {
      return { kind: "error", error: this.#tracebacks.ofThrown(thrown, code) };
    }
  }

  /** Declares a variable that no cell's code has declared: a magic's result. `type` is a TypeScript type. */
  define(name: string, value: unknown, type: string): void {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) throw badVariableName(name);
    this.session.define(name, value);
    this.#compiler.define(name, type);
  }

  #options() {
    return { jsx: this.#modules.tsConfig.jsx, isSessionName: (name: string) => this.session.has(name) };
  }

  async #runConvention(moduleName: string | undefined, code: string, name: string): Promise<CellResult> {
    if (moduleName === undefined) return { kind: "nothing" };
    const checked = await this.#compiler.addModule(moduleName, code);
    if (checked.diagnostics.length > 0) return this.#typeErrors(checked.diagnostics, code, name);
    this.#modules.write(moduleName, code);
    return { kind: "nothing" };
  }

  /** What the type checker lets pass and Node would not run. */
  #syntaxError(prepared: NotTypeScript | NeedsCompiler, code: string, name: string): CellResult {
    const { message, offset } =
      prepared.kind === "invalid" ? prepared : { message: "Node cannot run this syntax.", offset: 0 };
    const { line, column } = placeOf(code, offset);
    const place = { line, column, endLine: line, endColumn: column + 1 };
    return this.#typeErrors([{ message, code: 0, ...place }], code, name);
  }

  #typeErrors(diagnostics: readonly Diagnostic[], code: string, name: string): CellResult {
    return { kind: "error", error: this.#tracebacks.ofDiagnostics(diagnostics, code, name) };
  }

  /** Shows the type errors of a cell that has run unchecked. */
  #reportLate(checking: Promise<Checked>, code: string, name: string): void {
    checking.then(
      ({ diagnostics }) => {
        if (diagnostics.length === 0) return;
        const { traceback } = this.#tracebacks.ofDiagnostics(diagnostics, code, name, true);
        process.stderr.write(`${traceback.join("\n")}\n`);
      },
      () => {}, // the next cell waits for the compiler and says what it lacks
    );
  }

  async #start(
    { code: cell, placeOf: toPlace }: RunnableCell,
    code: string,
    name: string,
    signal: AbortSignal,
  ): Promise<CellResult> {
    if (cell.js.includes("require(")) await this.#modules.prepare(cell.js);
    const namespaces = await this.#modules.importAll(cell.imports);
    if (signal.aborted) return { kind: "nothing" };
    // Before it runs: a cell that fails or is interrupted halfway leaves the variables that it had set.
    const own = this.#bindImports(cell, namespaces);
    for (const [declared, kind] of cell.declared) {
      if (kind !== "import") this.session.box(declared).declareAs(kind);
    }
    const boxes = cell.boxes.map((each) => own.get(each) ?? this.session.box(each));
    this.#stacks.remember(name, { name, code, js: cell.js, placeOf: toPlace });
    const script = new vm.Script(cell.js, { filename: name });
    const run = script.runInThisContext() as (...args: unknown[]) => unknown;
    const { require, module, filename, meta } = this.#modules;
    const helpers: CellHelpers = {
      value: undefined,
      meta,
      import: (specifier, options) => this.#modules.import(specifier, options?.with ?? {}),
      eval: (text, locals, mark) =>
        typeof text === "string"
          ? rewriteEval(text, {
              locals: new Set(locals),
              mark,
              isSessionName: (each) => this.session.has(each),
            })
          : text,
      box: (each) => this.session.box(each),
    };
    await inOwnTurn(() => run(helpers, require, module, module.exports, filename, meta.dirname, ...boxes));
    const { value } = helpers;
    helpers.value = undefined;
    return value === undefined ? { kind: "nothing" } : { kind: "value", value };
  }

  /** Binds what a cell imports. Imports that a tool added, such as JSX's functions, are not variables and have separate boxes. */
  #bindImports(
    { imports, declared }: RunnableCell["code"],
    namespaces: readonly Namespace[],
  ): Map<string, Box> {
    const own = new Map<string, Box>();
    for (const [i, { names }] of imports.entries()) {
      const namespace = namespaces[i]!;
      for (const { local, imported } of names) {
        const box = declared.has(local) ? this.session.box(local) : new Box(local);
        if (!declared.has(local)) own.set(local, box);
        box.bindTo(imported === undefined ? () => namespace : () => exportOf(namespace, imported));
      }
    }
    return own;
  }

  /** A silent cell shares its number with another cell; each needs its own file name to find its source again. */
  #unique(name: string): string {
    const times = this.#runs.get(name) ?? 0;
    this.#runs.set(name, times + 1);
    return times === 0 ? name : `${name}.${times}`;
  }
}
