/** From the TypeScript of a cell or of a module to what can be run, with the way back for errors. */
import { SourceMap } from "node:module";
import { offsetOf, type Place, placeOf } from "./edits.js";
import { type RewrittenCell, rewriteCell } from "./rewrite-cell.js";
import { rewriteModule } from "./rewrite-module.js";
import { parseJs, type Rewritten } from "./rewriter.js";
import { type JsxOptions, type NotTypeScript, strip } from "./strip.js";

/** JavaScript and the source map back to the TypeScript, JSON. */
export interface Script {
  readonly js: string;
  readonly map: string;
}

/** The text has something that only the TypeScript compiler can turn into JavaScript for this Node. */
export interface NeedsCompiler {
  readonly kind: "needs-compiler";
}

export interface Runnable<R extends Rewritten> {
  readonly kind: "runnable";
  readonly code: R;
  /** From a place in the code that runs to the place in the TypeScript, once there is need of it. */
  placeOf(place: Place): Place | undefined;
}

export type RunnableCell = Runnable<RewrittenCell>;
export type RunnableModule = Runnable<Rewritten>;

/** True where Node runs `using` itself. */
const HAS_USING = (() => {
  try {
    new Function("{ using a = null }");
    return true;
  } catch {
    return false;
  }
})();

export interface CellOptions {
  readonly jsx?: JsxOptions | undefined;
  isSessionName(name: string): boolean;
}

/** `script` is the TypeScript compiler's output for the cell, where it was needed. */
export function prepareCell(
  code: string,
  { jsx, isSessionName }: CellOptions,
  script?: Script,
): RunnableCell | NotTypeScript | NeedsCompiler {
  const stripped = script ?? stripCell(code, true, jsx);
  if ("message" in stripped) return stripped;
  const written = withoutEscapes(code);
  const isGenerated = (name: string) => !code.includes(name) && !written.includes(name);
  return runnable(
    code,
    stripped,
    (js) => rewriteCell(js, { isGenerated, isSessionName }),
    script !== undefined,
  );
}

/** `\u0061` may stand for the a of a name. */
function withoutEscapes(code: string): string {
  if (!code.includes("\\u")) return code;
  return code.replace(/\\u(?:\{([\da-f]{1,6})\}|([\da-f]{4}))/gi, (written, inBraces, plain) => {
    const point = Number.parseInt(inBraces ?? plain, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : written;
  });
}

export function prepareModule(
  code: string,
  file: string,
  jsx?: JsxOptions | undefined,
  script?: Script,
): RunnableModule | NotTypeScript | NeedsCompiler {
  const lang = /\.[jt]sx$/.test(file) ? "tsx" : "ts";
  const stripped = script ?? stripCell(code, false, jsx, lang);
  if ("message" in stripped) return stripped;
  return runnable(code, stripped, rewriteModule, script !== undefined);
}

function stripCell(code: string, keepsImports: boolean, jsx: JsxOptions | undefined, lang?: "ts" | "tsx") {
  return strip(code, { keepsImports, ...(jsx ? { jsx } : {}), ...(lang ? { lang } : {}) });
}

function runnable<R extends Rewritten>(
  code: string,
  { js, map }: Script,
  rewrite: (js: string) => R,
  isLowered: boolean,
): Runnable<R> | NeedsCompiler | NotTypeScript {
  if (!isLowered && !HAS_USING && /\busing\b/.test(js) && hasUsing(js)) return { kind: "needs-compiler" };
  let rewritten: R;
  try {
    rewritten = rewrite(js);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Decorators and accessors, which acorn does not read. Or an early error, such as a name declared twice: then what the
    // compiler's result is no better.
    if (!isLowered) return { kind: "needs-compiler" };
    const { pos = 0 } = error as SyntaxError & { pos?: number };
    const at = mapped(map, placeOf(js, pos)) ?? { line: 0, column: 0 };
    const message = error.message.replace(/ \(\d+:\d+\)$/, "");
    return { kind: "invalid", message, offset: offsetOf(code, at) };
  }
  return {
    kind: "runnable",
    code: rewritten,
    placeOf: (place) => {
      const original = rewritten.originalPlace(place);
      return original && mapped(map, original);
    },
  };
}

function hasUsing(js: string): boolean {
  let found = false;
  const look = (node: unknown): void => {
    if (typeof node !== "object" || node === null || found) return;
    const { type, kind } = node as { type?: string; kind?: string };
    if (type === "VariableDeclaration" && kind?.endsWith("using")) found = true;
    else for (const value of Object.values(node)) look(value);
  };
  try {
    look(parseJs(js));
  } catch {
    return true; // for the compiler to read
  }
  return found;
}

/** Follows a source map, by Node's own reader. */
function mapped(json: string, { line, column }: Place): Place | undefined {
  // Parsed again for each error: a parsed map is too large to keep.
  const entry = new SourceMap(JSON.parse(json)).findEntry(line, column);
  return "originalLine" in entry && entry.originalLine !== undefined
    ? { line: entry.originalLine, column: entry.originalColumn }
    : undefined;
}
