/**
 * A compiler thread: tslab's converter behind messages.
 *
 * It has a thread of its own so that completion never stutters a running cell, and so that an interrupt can never end the compiler
 * halfway through its state.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Converter } from "tslab/dist/converter.js";
import { patchCompiler, splitMaps } from "./patch.js";
import type {
  CompileAnswers,
  Compiled,
  CompileRequest,
  Diagnostic,
  Rejected,
  WorkerOptions,
} from "./protocol.js";
import { patchFileSystem } from "./resolve.js";
import { loadTypeScript, requireFromTslab } from "./typescript.js";

const { quick, folder, cacheFolder } = workerData as WorkerOptions;
const { ts, saveCache } = loadTypeScript(cacheFolder);
patchFileSystem(ts, folder);
patchCompiler(ts, folder, quick);

const { createConverter, isCompleteCode } = requireFromTslab(
  "./converter",
) as typeof import("tslab/dist/converter.js");
const { getCodeMetadata } = requireFromTslab("./metadata") as typeof import("tslab/dist/metadata.js");
const { printQuickInfo } = requireFromTslab("./inspect") as typeof import("tslab/dist/inspect.js");

const converters = new Map<boolean, Converter>();
const converter = (isBrowser: boolean): Converter => {
  const made = converters.get(isBrowser) ?? createConverter({ isJS: false, isBrowser });
  converters.set(isBrowser, made);
  return made;
};

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

const recent = new Map<string, Compiled>();

function compile({ declarations, code }: CompileRequest & { kind: "compile" }): Compiled | Rejected {
  // The same cell after the same cells is the same program, unless it reads modules that may have changed.
  const key = /["'`]\.|@module|@browser|require/.test(code) ? undefined : `${declarations}\0${code}`;
  const known = key === undefined ? undefined : recent.get(key);
  if (known) return known;
  const metadata = code.includes("/**") ? getCodeMetadata(code) : {};
  if (metadata.module) return addModule(metadata.module, code, declarations, metadata);
  if (metadata.mode === "browser")
    return { kind: "compiled", declarations, isAsync: false, modules: [], maps: [] };
  const prefix = /\bfor\s+await\b/.test(code) ? ASYNC_PREFIX : "";
  const result = converter(false).convert(declarations, prefix + code);
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
    recent.set(key, compiled);
    if (recent.size > 100) recent.delete(recent.keys().next().value!);
  }
  return compiled;
}

/** A cell that begins with a `@module` comment becomes a module that other cells import; this is tslab's own convention. */
function addModule(name: string, code: string, declarations: string, metadata: object): Compiled | Rejected {
  const diagnostics = converter(false).addModule(name, code, metadata);
  if (diagnostics.length > 0) return { kind: "rejected", diagnostics: toDiagnostics(diagnostics, 0) };
  return { kind: "compiled", declarations, isAsync: false, modules: [], maps: [] };
}

function complete(request: CompileRequest & { kind: "complete" }): CompileAnswers["complete"] {
  const info = converter(false).complete(request.declarations, request.code, request.position);
  const kinds = new Map((info.original?.entries ?? []).map((entry) => [entry.name, String(entry.kind)]));
  const matches = info.candidates.map((text) => ({ text, type: kinds.get(text) ?? "" }));
  return { start: info.start, end: info.end, matches };
}

function inspect(request: CompileRequest & { kind: "inspect" }): string | undefined {
  const info = converter(false).inspect(request.declarations, request.code, request.position);
  return info ? printQuickInfo(info) : undefined;
}

function isComplete({ code }: CompileRequest & { kind: "isComplete" }): CompileAnswers["isComplete"] {
  const { completed, indent } = isCompleteCode(code);
  if (!completed) return { status: "incomplete", indent: indent ?? "" };
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
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

function answer(request: CompileRequest): CompileAnswers[CompileRequest["kind"]] {
  switch (request.kind) {
    case "compile":
      return compile(request);
    case "complete":
      return complete(request);
    case "inspect":
      return inspect(request);
    case "isComplete":
      return isComplete(request);
  }
}

// Makes the first real cell fast: everything up to here is the price of a start, not of a cell.
compile({ kind: "compile", declarations: "", code: "1" });
recent.clear();
parentPort!.postMessage({ ready: true });
if (!quick) setTimeout(saveCache, 1_500).unref();

parentPort!.on("message", ({ id, request }: { id: number; request: CompileRequest }) => {
  try {
    parentPort!.postMessage({ id, answer: answer(request) });
  } catch (error) {
    parentPort!.postMessage({
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
