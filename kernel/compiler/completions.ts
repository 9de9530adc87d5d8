/** What can be typed at a place in a cell: the compiler's own completions, within strings and paths too. */
import type TypeScript from "typescript";
import type { CellFile } from "./program.js";
import type { CompileAnswers } from "./protocol.js";
import type { Ts } from "./typescript.js";

type Completion = CompileAnswers["complete"];
type Matches = Completion["matches"];

/** Kinds of completions that are parts of a module's name. */
const PATH_KINDS = new Set(["external module name", "script", "directory"]);

/** What the compiler has and does not declare. */
interface Internals {
  readonly Completions: {
    getCompletionsAtPosition(
      host: object,
      program: TypeScript.Program,
      log: () => void,
      file: TypeScript.SourceFile,
      position: number,
      preferences: TypeScript.UserPreferences,
      ...rest: undefined[]
    ): TypeScript.CompletionInfo | undefined;
  };
  findPrecedingToken(position: number, file: TypeScript.SourceFile): TypeScript.Node | undefined;
}

/** A cell, with the program that knows what is around it. */
interface Asked {
  readonly file: CellFile;
  readonly program: TypeScript.Program;
  /** UTF-16 offset into the cell. */
  readonly position: number;
  /** Modules that can be imported in any folder. */
  readonly fallback: () => readonly string[];
}

export function completionsAt(ts: Ts, asked: Asked): Completion {
  const { file, program, position } = asked;
  const code = file.text;
  const host = {
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => program.getCompilerOptions(),
  };
  const preferences = { includeCompletionsForModuleExports: false, includeCompletionsWithInsertText: true };
  const info = (ts as unknown as Internals).Completions.getCompletionsAtPosition(
    host,
    program,
    () => {},
    file,
    position,
    preferences,
  );
  const start = wordStart(code, position);
  const end = wordEnd(code, position);
  const typed = code.slice(start, position);
  const entries = (info?.entries ?? []).filter(({ name, kind }) => isOffered(name, String(kind)));
  const matches = matching(entries, typed).map(({ name, kind }) => ({ text: name, type: String(kind) }));
  const all = (info?.entries ?? []).map(({ name, kind }) => ({ text: name, type: String(kind) }));
  return inString(ts, asked, all) ?? { start, end, matches };
}

function wordStart(code: string, position: number): number {
  let start = position;
  while (start > 0 && /[\p{ID_Continue}$#]/u.test(code[start - 1]!)) start--;
  return start;
}

function wordEnd(code: string, position: number): number {
  let end = position;
  while (end < code.length && /[\p{ID_Continue}$]/u.test(code[end]!)) end++;
  return end;
}

/** What matches the text of a string, or of a path's last part, in which the cursor is; undefined elsewhere. */
function inString(
  ts: Ts,
  { file, position, fallback: modules }: Asked,
  matches: Matches,
): Completion | undefined {
  const code = file.text;
  const token = (ts as unknown as Internals).findPrecedingToken(position, file);
  if (!token || !ts.isStringLiteralLike(token)) return undefined;
  const isOpen = (token as { isUnterminated?: boolean }).isUnterminated === true;
  const first = token.getStart(file) + 1;
  if (position < first || (position >= token.end && !isOpen)) return undefined;
  const isPath = isModuleName(ts, token) || matches.some(({ type }) => PATH_KINDS.has(type));
  const start = isPath ? Math.max(first, code.lastIndexOf("/", position - 1) + 1) : first;
  const fallback = isPath && start === first ? modules().filter(isNew(matches)) : [];
  const typed = code.slice(start, position).toLowerCase();
  return {
    start,
    end: isOpen ? position : token.end - 1,
    matches: [...fallback.map((text) => ({ text, type: "external module name" })), ...matches].filter(
      ({ text }) => text.toLowerCase().startsWith(typed) && (!isPath || !/^(\.|node_modules$|__)/.test(text)),
    ),
  };
}

const isNew = (matches: Matches) => (name: string) => matches.every(({ text }) => text !== name);

/** Leaves out what the kernel's own files declare, and names that cannot be typed. */
const isOffered = (name: string, kind: string) => kind !== "warning" && !name.startsWith("__cell__");

/** Entries that begin with what was typed; if none does, those that begin so in another case. */
function matching(
  entries: readonly TypeScript.CompletionEntry[],
  typed: string,
): TypeScript.CompletionEntry[] {
  const exact = entries.filter(({ name }) => name.startsWith(typed));
  const found =
    exact.length > 0
      ? exact
      : entries.filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()));
  return [...found].sort((a, b) => (a.sortText < b.sortText ? -1 : a.sortText > b.sortText ? 1 : 0));
}

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
