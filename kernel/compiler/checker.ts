/** Answers about cells: what is wrong with their types, completions, help, and whether one is complete. Knows nothing of threads. */
import type TypeScript from "typescript";
import type { Script } from "./cell.js";
import { completionsAt } from "./completions.js";
import { type Inspection, inspectionAt } from "./inspection.js";
import { type CellFile, CellProgram } from "./program.js";
import type { Checked, CompileAnswers, CompileRequest, Diagnostic } from "./protocol.js";
import { CellScope } from "./scope.js";
import type { Ts } from "./typescript.js";

type Request<K extends CompileRequest["kind"]> = CompileRequest & { readonly kind: K };

/** Cells that declare nothing and have been checked, as often as the same is run again. */
const MAX_RECENT = 100;
/**
 * Errors about what a cell may do: reading a name that a later statement declares counts within a cell only, and what is declared
 * and never used may be used by the next one.
 */
const CHECKED_ELSEWHERE: ReadonlySet<number> = new Set([6133, 6192, 6196]);

export class Checker {
  readonly #ts: Ts;
  /** Modules that can be imported in any folder. */
  readonly #fallback: () => readonly string[];
  readonly #program: CellProgram;
  readonly #scope: CellScope;
  #sound = new Set<string>();

  constructor(
    ts: Ts,
    folder: string,
    keepsProgram: boolean,

    fallback: () => readonly string[],
  ) {
    this.#ts = ts;
    this.#fallback = fallback;

    this.#program = new CellProgram(ts, folder, keepsProgram);
    this.#scope = new CellScope(ts, () => this.#program.parse("export {}", "ts"));
  }

  /** Loads the libraries, which takes a moment, and checks a first cell, which takes another. */
  load(): void {
    this.#program.load();
    this.#diagnose(this.#parse("console.log([1].map((x) => x + 1))"));
  }

  check({ code, commit }: Request<"check">): Checked {
    if (this.#sound.has(code)) return { diagnostics: [] };
    const file = this.#parse(code);
    const diagnostics = this.#diagnose(file);
    const checker = this.#program.for(file).getTypeChecker();
    if (diagnostics.length > 0 && commit === "if-sound") {
      this.#program.drop(file);
      return { diagnostics };
    }
    const declares = (file.locals?.size ?? 0) > 0;
    if (declares) {
      this.#scope.add(file, checker);
      this.#sound = new Set(); // names mean something else from now on
    } else if (diagnostics.length === 0 && (file.cellImports?.length ?? 0) === 0) {
      if (this.#sound.size >= MAX_RECENT) this.#sound = new Set();
      this.#sound.add(code);
    }
    return { diagnostics, isKept: declares };
  }

  recall({ requests }: Request<"recall">): Checked {
    for (const request of requests) {
      if (request.kind === "define") this.define(request);
      else if (request.kind === "addModule") this.#program.write(request.name, request.code);
      else {
        const file = this.#parse(request.code);
        this.#scope.add(file, this.#program.for(file).getTypeChecker());
      }
    }
    return { diagnostics: [] };
  }

  define({ name, type }: Request<"define">): Checked {
    const file = this.#program.parse(`declare let ${name}: ${type};`, "ts");
    this.#scope.enter(file);
    this.#scope.add(file, this.#program.for(file).getTypeChecker());
    this.#sound = new Set();
    return { diagnostics: [] };
  }

  addModule({ name, code }: Request<"addModule">): Checked {
    const path = this.#program.write(name, code);
    const anchor = this.#program.parse(`import "./${name}";`, "ts");
    const program = this.#program.for(anchor);
    const file = program.getSourceFile(path);
    const found = file
      ? [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      : [];
    return { diagnostics: found.flatMap((each) => this.#describe(each, path) ?? []) };
  }

  lower({ code, isJsx }: Request<"lower">): Script {
    const ts = this.#ts;
    const { jsx, jsxFactory, jsxFragmentFactory, jsxImportSource } = this.#program.options;
    const { outputText, sourceMapText = "" } = ts.transpileModule(code, {
      fileName: `cell.${isJsx || this.#kindOf(code) === "tsx" ? "tsx" : "ts"}`,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        sourceMap: true,
        ...(jsx === undefined ? {} : { jsx }),
        ...(jsxFactory === undefined ? {} : { jsxFactory }),
        ...(jsxFragmentFactory === undefined ? {} : { jsxFragmentFactory }),
        ...(jsxImportSource === undefined ? {} : { jsxImportSource }),
      },
    });
    return { js: outputText.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, ""), map: sourceMapText };
  }

  complete({ code, position }: Request<"complete">): CompileAnswers["complete"] {
    const file = this.#parse(code);
    const program = this.#program.for(file);
    return completionsAt(this.#ts, { file, program, position, fallback: this.#fallback });
  }

  inspect(request: Request<"inspect">): string | undefined {
    const found = this.#inspect(request);
    // The comments of packages are read on request.
    return found && this.#program.document(found.declaredIn) ? this.#inspect(request)?.text : found?.text;
  }

  #inspect({ code, position }: Request<"inspect">): Inspection | undefined {
    const file = this.#parse(code);
    return inspectionAt(this.#ts, file, this.#program.for(file), position);
  }

  isComplete({ code }: Request<"isComplete">): CompileAnswers["isComplete"] {
    const ts = this.#ts;
    const file = ts.createSourceFile(`cell.${this.#kindOf(code)}`, code, ts.ScriptTarget.Latest) as CellFile;
    const { parseDiagnostics } = file;
    if (parseDiagnostics.length === 0) return { status: "complete" };
    // What is merely missing at the end can still be typed; two blank lines say that it will not be.
    const isUnfinished = parseDiagnostics.every(({ start, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, "\n");
      return start >= code.trimEnd().length || /^Unterminated (template|comment)|'\*\/' expected/.test(text);
    });
    if (!isUnfinished || /\n\s*\n\s*$/.test(code)) return { status: "invalid" };
    return { status: "incomplete", indent: indentOf(code) };
  }

  answer(request: CompileRequest): CompileAnswers[CompileRequest["kind"]] {
    switch (request.kind) {
      case "recall":
        return this.recall(request);
      case "check":
        return this.check(request);
      case "define":
        return this.define(request);
      case "addModule":
        return this.addModule(request);
      case "lower":
        return this.lower(request);
      case "complete":
        return this.complete(request);
      case "inspect":
        return this.inspect(request);
      case "isComplete":
        return this.isComplete(request);
    }
  }

  /** TypeScript, or TSX where only that can be read. */
  #kindOf(code: string): "ts" | "tsx" {
    if (!code.includes("<")) return "ts";
    const errors = (kind: "ts" | "tsx") =>
      (this.#ts.createSourceFile(`cell.${kind}`, code, this.#ts.ScriptTarget.Latest) as CellFile)
        .parseDiagnostics.length;
    return errors("ts") > 0 && errors("tsx") === 0 ? "tsx" : "ts";
  }

  #parse(code: string): CellFile {
    const file = this.#program.parse(code, this.#kindOf(code));
    this.#scope.enter(file);
    return file;
  }

  /** While the syntax is wrong, what the rest may mean is a guess, and its errors would only hide the one to mend. */
  #diagnose(file: CellFile): Diagnostic[] {
    const program = this.#program.for(file);
    if (file.parseDiagnostics.length > 0) return this.#describeAll(file.parseDiagnostics, file);
    const found: TypeScript.Diagnostic[] = [...program.getSemanticDiagnostics(file)];
    for (const module of this.#program.localModules(file)) {
      const syntax = program.getSyntacticDiagnostics(module);
      found.push(...(syntax.length > 0 ? syntax : program.getSemanticDiagnostics(module)));
    }
    return this.#describeAll(found, file);
  }

  #describeAll(found: readonly TypeScript.Diagnostic[], file: CellFile): Diagnostic[] {
    const ts = this.#ts;
    const errors = found.filter(
      ({ category, code }) => category === ts.DiagnosticCategory.Error && !CHECKED_ELSEWHERE.has(code),
    );
    return ts.sortAndDeduplicateDiagnostics(errors).map((each) => this.#describe(each, file.fileName));
  }

  #describe(
    { file, start = 0, length = 1, messageText, code }: TypeScript.Diagnostic,
    cell: string,
  ): Diagnostic {
    const message = this.#ts.flattenDiagnosticMessageText(messageText, "\n");
    if (!file) return { message, code, line: 0, column: 0, endLine: 0, endColumn: 1 };
    const lastAt = file.text.trimEnd().length;
    const first = file.getLineAndCharacterOfPosition(Math.min(start, lastAt));
    const last = file.getLineAndCharacterOfPosition(Math.min(start + length, lastAt));
    return {
      message,
      code,
      line: first.line,
      column: first.character,
      endLine: last.line,
      endColumn: last.character,
      ...(file.fileName === cell ? {} : { file: file.fileName }),
    };
  }
}

/** Two columns for each bracket that is open at the end, about as tslab has it. */
function indentOf(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)![0];
  return /[{([]$/.test(last.trimEnd()) ? `${indent}  ` : indent;
}
