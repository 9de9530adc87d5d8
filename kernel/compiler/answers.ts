/** What a compiler thread answers: cells compiled, completed, inspected, by tslab's converter. Knows nothing of threads. */
import type { Converter } from "tslab/dist/converter.js";
import { type PatchedCompiler, splitMaps } from "./patch.js";
import type { CompileAnswers, Compiled, CompileRequest, Diagnostic, Rejected } from "./protocol.js";
import { requireFromTslab, type Ts } from "./typescript.js";

const load = <T>(name: string) => requireFromTslab(`./${name}`) as T;
type ConverterDiagnostic = ReturnType<Converter["convert"]>["diagnostics"][number];

/** tslab lists a chain of explanations as separate errors at one place; they are one error. */
function toDiagnostics(list: readonly ConverterDiagnostic[], shift: number): Diagnostic[] {
  const out: { -readonly [K in keyof Diagnostic]: Diagnostic[K] }[] = [];
  for (const { start, end, messageText, code, fileName } of list) {
    const before = out.at(-1);
    const column = start.line === 0 && !fileName ? Math.max(0, start.character - shift) : start.character;
    const endColumn = end.line === 0 && !fileName ? Math.max(0, end.character - shift) : end.character;
    const isSamePlace =
      before?.line === start.line && before.column === column && before.endLine === end.line;
    if (
      isSamePlace &&
      before.endColumn === endColumn &&
      (fileName === undefined || fileName === before.file)
    ) {
      before.message += `\n  ${messageText}`;
      continue;
    }
    const where = { line: start.line, column, endLine: end.line, endColumn };
    out.push({ message: messageText, code, ...where, ...(fileName ? { file: fileName } : {}) });
  }
  return out;
}

/** `for await` at the top level does not make tslab see an async cell; an await before it does. It stays on the first line. */
const ASYNC_PREFIX = "await null; ";

type Request<K extends CompileRequest["kind"]> = CompileRequest & { readonly kind: K };

/** The compiler must have been patched before this is made. */
export class Answers {
  private readonly recent = new Map<string, Compiled>();
  private readonly tslab = {
    ...load<typeof import("tslab/dist/converter.js")>("converter"),
    ...load<typeof import("tslab/dist/metadata.js")>("metadata"),
    ...load<typeof import("tslab/dist/inspect.js")>("inspect"),
  };
  private made: Converter | undefined;

  constructor(
    private readonly ts: Ts,
    private readonly patched: PatchedCompiler,
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
    const result = this.converter.convert(declarations, prefix + code);
    if (result.diagnostics.length > 0) {
      return { kind: "rejected", diagnostics: toDiagnostics(result.diagnostics, prefix.length) };
    }
    const modules = (result.sideOutputs ?? []).map(({ path, data }) => ({ path, js: splitMaps(data).js }));
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
    if (diagnostics.length > 0) return { kind: "rejected", diagnostics: toDiagnostics(diagnostics, 0) };
    return { kind: "compiled", declarations, isAsync: false, modules: [], maps: [] };
  }

  complete(request: Request<"complete">): CompileAnswers["complete"] {
    const info = this.converter.complete(request.declarations, request.code, request.position);
    const kinds = new Map((info.original?.entries ?? []).map((entry) => [entry.name, String(entry.kind)]));
    const matches = info.candidates.map((text) => ({ text, type: kinds.get(text) ?? "" }));
    return { start: info.start, end: info.end, matches };
  }

  inspect({ declarations, code, position }: Request<"inspect">): string | undefined {
    let info = this.converter.inspect(declarations, code, position);
    if (this.patched.loadDocumentation()) info = this.converter.inspect(declarations, code, position);
    return info ? this.tslab.printQuickInfo(info) : undefined;
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
