/**
 * Runs cells: compiles them, keeps their variables, and hands back the value of the last expression or what went wrong.
 *
 * Variables live on one `exports` object, as tslab has it: a cell's JavaScript is a function of `exports` and `require`. Nothing
 * here knows about messages.
 */
import vm from "node:vm";
import type { Compiler } from "./compiler/compiler.js";
import type { Compiled } from "./compiler/protocol.js";
import { inOwnTurn } from "./inside.js";
import type { CellModules } from "./modules.js";
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

/** What wrapping puts before a cell on its first line. */
const ASYNC_WRAP = "(async function(exports, require) { ";
const SYNC_WRAP = "(function(exports, require) { ";

export class Executor {
  /** What the cells so far have declared, as TypeScript declarations. */
  declarations = "";
  /** The cells' variables. */
  readonly variables = createExports();
  private readonly names = new Map<string, number>();

  constructor(
    private readonly compiler: Compiler,
    private readonly modules: CellModules,
    private readonly tracebacks: Tracebacks,
    private readonly stacks: Stacks,
  ) {}

  /**
   * Runs one cell. When `signal` aborts, whatever is still to come is left out, and the result means nothing any more.
   *
   * Who aborts must not wait for this to return: an interrupt may have ended the very callback that would have made it return.
   */
  async run(code: string, name: string, signal: AbortSignal): Promise<CellResult> {
    try {
      const compiled = await this.compiler.compile(this.declarations, code);
      if (signal.aborted) return { kind: "nothing" };
      if (compiled.kind === "rejected") {
        return { kind: "error", error: this.tracebacks.ofDiagnostics(compiled.diagnostics, code, name) };
      }
      this.modules.update(compiled.modules);
      // Before it runs: a cell that fails or is interrupted halfway leaves the variables that it had set, types included.
      this.declarations = compiled.declarations;
      if (compiled.js !== undefined) await this.start(compiled, code, this.unique(name), signal);
      return this.takeResult(compiled.resultName);
    } catch (thrown) {
      return { kind: "error", error: this.tracebacks.ofThrown(thrown, code) };
    }
  }

  /** Declares a variable that no cell's code has declared: a cell command's result. `type` is a TypeScript type. */
  define(name: string, value: unknown, type: string): void {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
      throw new Error(
        `"${name}" cannot be a variable: use letters, digits and _, not beginning with a digit.`,
      );
    }
    this.variables[name] = value;
    // A later declaration of the same name would be an error, so the earlier one goes.
    const earlier = new RegExp(
      `^(export )?declare (let|const|var) ${name.replaceAll("$", "\\$")}:[^\\n]*\\n?`,
      "gm",
    );
    this.declarations = `${this.declarations.replace(earlier, "")}\ndeclare let ${name}: ${type};\n`;
  }

  private async start(compiled: Compiled, code: string, name: string, signal: AbortSignal): Promise<void> {
    const js = compiled.js!;
    if (js.includes("require(")) await this.modules.prepare(js);
    if (signal.aborted) return;
    const wrap = compiled.isAsync ? ASYNC_WRAP : SYNC_WRAP;
    const { maps } = compiled;
    // tslab puts one line before what it compiles.
    this.stacks.remember(name, { name, code, js, maps, firstLineShift: wrap.length, lineShift: 1 });
    const script = new vm.Script(`${wrap}${js}\n})`, { filename: name });
    const cell = script.runInThisContext() as (exports: object, require: unknown) => unknown;
    await inOwnTurn(() => cell(this.variables, this.modules.require));
  }

  private takeResult(resultName: string | undefined): CellResult {
    if (resultName === undefined) return { kind: "nothing" };
    const value = this.variables[resultName];
    delete this.variables[resultName];
    return value === undefined ? { kind: "nothing" } : { kind: "value", value };
  }

  /** A silent cell has the number of another one; each needs a file name of its own to find its source again. */
  private unique(name: string): string {
    const times = this.names.get(name) ?? 0;
    this.names.set(name, times + 1);
    return times === 0 ? name : `${name}.${times}`;
  }
}

/**
 * The object on which cells leave their variables.
 *
 * TypeScript turns a named import into a getter on `exports`; here it becomes a plain value, so that another cell may assign to it.
 */
function createExports(): Record<string, unknown> {
  const target: Record<string, unknown> = {};
  return new Proxy(target, {
    defineProperty(_target, property, attributes) {
      if (typeof property === "string" && property !== "__esModule") {
        const { get } = attributes;
        target[property] = get ? get.call(target) : attributes.value;
      }
      return true;
    },
  });
}
