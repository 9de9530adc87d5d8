/** What a compiler thread answers: cells compiled, completed, inspected, by tslab's converter. Knows nothing of threads. */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Converter } from "#tslab/converter.js";
import { type PatchedCompiler, splitMaps } from "./patch.js";
import type { CompileAnswers, Compiled, CompileRequest, Diagnostic, Rejected } from "./protocol.js";
import { requireFromTslab, type Ts } from "./typescript.js";

const load = <T>(name: string) => requireFromTslab(`./${name}`) as T;
type ConverterDiagnostic = ReturnType<Converter["convert"]>["diagnostics"][number];

/**
 * tslab lists a chain of explanations as separate errors at one place; they are one error.
 *
 * `cell` is the text that the person wrote: tslab puts text before (`shift` columns of it) and behind, where an error can't be.
 */
function toDiagnostics(list: readonly ConverterDiagnostic[], cell: string, shift: number): Diagnostic[] {
  const out: { -readonly [K in keyof Diagnostic]: Diagnostic[K] }[] = [];
  const lines = cell.trimEnd().split("\n");
  const last = { line: lines.length - 1, character: lines.at(-1)!.length };
  const inCell = ({ line, character }: { line: number; character: number }) => {
    if (line > last.line) return last;
    return { line, character: line === 0 ? Math.max(0, character - shift) : character };
  };
  for (const { start, end, messageText, code, fileName } of list) {
    const before = out.at(-1);
    const { line, character: column } = fileName ? start : inCell(start);
    const { line: endLine, character: endColumn } = fileName ? end : inCell(end);
    const isSamePlace = before?.line === line && before.column === column && before.endLine === endLine;
    if (
      isSamePlace &&
      before.endColumn === endColumn &&
      (fileName === undefined || fileName === before.file)
    ) {
      before.message += `\n  ${messageText}`;
      continue;
    }
    const where = { line, column, endLine, endColumn };
    out.push({ message: messageText, code, ...where, ...(fileName ? { file: fileName } : {}) });
  }
  return out;
}

/**
 * The cell without the `export` of what it declares, which tslab exports anyway: what is pasted from a module runs as it is.
 * What it stood for stays where it was.
 */
function withoutExports(ts: Ts, code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  let out = code;
  for (const statement of ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest).statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const found = modifiers.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!found || modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) continue;
    out = `${out.slice(0, found.end - "export".length)}${" ".repeat("export".length)}${out.slice(found.end)}`;
  }
  return out;
}

/** `for await` at the top level does not make tslab see an async cell; an await before it does. It stays on the first line. */
const ASYNC_PREFIX = "await null; ";

/** Kinds of completions that are parts of a module's name. */
const PATH_KINDS = new Set(["external module name", "script", "directory"]);

const isNew = (matches: CompileAnswers["complete"]["matches"]) => (name: string) =>
  matches.every(({ text }) => text !== name);

/** True for the string of an import, an export, a `require` or an `import()`. */
function isModuleName(ts: Ts, { parent }: TypeScript.Node): boolean {
  if (ts.isCallExpression(parent)) {
    const { kind } = parent.expression;
    return kind === ts.SyntaxKind.ImportKeyword || parent.expression.getText() === "require";
  }
  return (
    ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isExternalModuleReference(parent)
  );
}

type Request<K extends CompileRequest["kind"]> = CompileRequest & { readonly kind: K };

/** The compiler must have been patched before this is made. */
export class Answers {
  private readonly recent = new Map<string, Compiled>();
  private readonly tslab = {
    ...load<typeof import("#tslab/converter.js")>("converter"),
    ...load<typeof import("#tslab/metadata.js")>("metadata"),
    ...load<typeof import("#tslab/inspect.js")>("inspect"),
  };
  private made: Converter | undefined;

  constructor(
    private readonly ts: Ts,
    private readonly patched: PatchedCompiler,
    /** Modules that can be imported in any folder. */
    private readonly fallback: () => readonly string[],
  ) {}

  private get converter(): Converter {
    this.made ??= this.tslab.createConverter({ isJS: false, isBrowser: false });
    return this.made;
  }

  compile({ declarations, code }: Request<"compile">): Compiled | Rejected {
    // The same cell after the same cells is the same program, unless it reads modules that may have changed.
    const key = /["'`]\.|@module|@browser|require/.test(code) ? undefined : `${declarations}\0${code}`;
    const known = key === undefined ? undefined : this.recent.get(key);
    if (known) return known;
    const metadata = code.includes("/**") ? this.tslab.getCodeMetadata(code) : {};
    if (metadata.module) return this.addModule(metadata.module, code, declarations, metadata);
    if (metadata.mode === "browser")
      return { kind: "compiled", declarations, isAsync: false, modules: [], maps: [] };
    const prefix = /\bfor\s+await\b/.test(code) ? ASYNC_PREFIX : "";
    const result = this.converter.convert(declarations, prefix + withoutExports(this.ts, code));
    if (result.diagnostics.length > 0) {
      return { kind: "rejected", diagnostics: toDiagnostics(result.diagnostics, code, prefix.length) };
    }
    const modules = (result.sideOutputs ?? []).map(({ path, data }) => ({ path, ...splitMaps(data) }));
    const compiled: Compiled = {
      kind: "compiled",
      declarations: result.declOutput ?? "",
      isAsync: result.hasToplevelAwait ?? false,
      modules,
      maps: [],
      ...(result.output ? splitMaps(result.output) : {}),
      ...(result.lastExpressionVar === undefined ? {} : { resultName: result.lastExpressionVar }),
    };
    if (key !== undefined && modules.length === 0) {
      this.recent.set(key, compiled);
      if (this.recent.size > 100) this.recent.delete(this.recent.keys().next().value!);
    }
    return compiled;
  }

  /** A cell that begins with a `@module` comment becomes a module that other cells import; this is tslab's own convention. */
  private addModule(name: string, code: string, declarations: string, metadata: object): Compiled | Rejected {
    const diagnostics = this.converter.addModule(name, code, metadata);
    if (diagnostics.length > 0) return { kind: "rejected", diagnostics: toDiagnostics(diagnostics, code, 0) };
    return { kind: "compiled", declarations, isAsync: false, modules: [], maps: [] };
  }

  complete(request: Request<"complete">): CompileAnswers["complete"] {
    const { declarations, code, position } = request;
    const info = this.converter.complete(declarations, code, position);
    const kinds = new Map((info.original?.entries ?? []).map((entry) => [entry.name, String(entry.kind)]));
    const matches = info.candidates.map((text) => ({ text, type: kinds.get(text) ?? "" }));
    return this.inString(code, position, matches) ?? { start: info.start, end: info.end, matches };
  }

  /** What matches the text of a string, or of a path's last part, in which the cursor is; undefined elsewhere. */
  private inString(
    code: string,
    position: number,
    matches: CompileAnswers["complete"]["matches"],
  ): CompileAnswers["complete"] | undefined {
    const { ts } = this;
    const { findPrecedingToken } = ts as unknown as {
      findPrecedingToken(position: number, file: TypeScript.SourceFile): TypeScript.Node | undefined;
    };
    const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
    const token = findPrecedingToken(position, file);
    if (!token || !ts.isStringLiteralLike(token)) return undefined;
    const isOpen = (token as { isUnterminated?: boolean }).isUnterminated === true;
    const first = token.getStart(file) + 1;
    if (position < first || (position >= token.end && !isOpen)) return undefined;
    const isPath = isModuleName(ts, token) || matches.some(({ type }) => PATH_KINDS.has(type));
    const start = isPath ? Math.max(first, code.lastIndexOf("/", position - 1) + 1) : first;
    const fallback = isPath && start === first ? this.fallback().filter(isNew(matches)) : [];
    const typed = code.slice(start, position).toLowerCase();
    return {
      start,
      end: isOpen ? position : token.end - 1,
      matches: [...fallback.map((text) => ({ text, type: "external module name" })), ...matches].filter(
        ({ text }) => text.toLowerCase().startsWith(typed) && (!isPath || !/^(\.|node_modules$)/.test(text)),
      ),
    };
  }

  inspect({ declarations, code, position }: Request<"inspect">): string | undefined {
    let info = this.converter.inspect(declarations, code, position);
    if (this.patched.loadDocumentation()) info = this.converter.inspect(declarations, code, position);
    // Of a name that nothing declares, the compiler has no kind and only says that it is "any".
    if (!info || String(info.kind) === "") return undefined;
    return this.tslab.printQuickInfo(info);
  }

  isComplete({ code }: Request<"isComplete">): CompileAnswers["isComplete"] {
    const { completed, indent } = this.tslab.isCompleteCode(code);
    if (!completed) return { status: "incomplete", indent: indent ?? "" };
    const file = this.ts.createSourceFile("cell.ts", code, this.ts.ScriptTarget.Latest);
    const { parseDiagnostics } = file as unknown as {
      parseDiagnostics: { start: number; messageText: unknown }[];
    };
    if (parseDiagnostics.length === 0) return { status: "complete" };
    // What is merely missing at the end can still be typed; two blank lines say that it will not be.
    const isUnfinished = parseDiagnostics.every(({ start, messageText }) => {
      return (
        start >= code.trimEnd().length ||
        /^Unterminated (template|comment)|'\*\/' expected/.test(String(messageText))
      );
    });
    return isUnfinished && !/\n\s*\n\s*$/.test(code)
      ? { status: "incomplete", indent: "" }
      : { status: "invalid" };
  }

  answer(request: CompileRequest): CompileAnswers[CompileRequest["kind"]] {
    switch (request.kind) {
      case "compile":
        return this.compile(request);
      case "complete":
        return this.complete(request);
      case "inspect":
        return this.inspect(request);
      case "isComplete":
        return this.isComplete(request);
    }
  }
}
