/** Formats one text as TypeScript's own formatter does, with two spaces of indentation, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import ts from "typescript";

const text = workerData as string;
const file = "cell.tsx";
const service = ts.createLanguageService({
  getCompilationSettings: () => ({}),
  getScriptFileNames: () => [file],
  getScriptVersion: () => "1",
  getScriptSnapshot: (name) => (name === file ? ts.ScriptSnapshot.fromString(text) : undefined),
  getCurrentDirectory: () => "/",
  getDefaultLibFileName: () => "lib.d.ts",
  fileExists: (name) => name === file,
  readFile: (name) => (name === file ? text : undefined),
});
const settings = {
  ...ts.getDefaultFormatCodeSettings("\n"),
  indentSize: 2,
  semicolons: ts.SemicolonPreference.Ignore,
};
// From the end, so that the places of the others stay true.
const formatted = service
  .getFormattingEditsForDocument(file, settings)
  .reduceRight(
    (result, { span, newText }) =>
      result.slice(0, span.start) + newText + result.slice(span.start + span.length),
    text,
  );
parentPort!.postMessage(formatted.trim());
