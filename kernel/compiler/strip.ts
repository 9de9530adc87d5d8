/**
 * From TypeScript to the JavaScript of the running Node, without knowing any types: half a millisecond for a cell.
 *
 * oxc takes out types and turns enums, namespaces, parameter properties and JSX into JavaScript. What Node itself can't run yet
 * (decorators; `using` before Node 24) is left to the TypeScript compiler in its thread, which takes longer to load.
 */
import { transformSync } from "oxc-transform";

export interface Stripped {
  readonly kind: "stripped";
  readonly js: string;
  /** JSON of the source map from `js` back to the TypeScript. */
  readonly map: string;
}

/** A place where the text is not TypeScript. */
export interface NotTypeScript {
  readonly kind: "invalid";
  readonly message: string;
  /** UTF-16 offset into the text. */
  readonly offset: number;
}

/** How JSX is written down, as in a tsconfig. */
export interface JsxOptions {
  readonly runtime?: "classic" | "automatic";
  readonly importSource?: string;
  readonly pragma?: string;
  readonly pragmaFrag?: string;
}

export interface StripOptions {
  /** True: an import that nothing uses stays, because a later cell may. */
  readonly keepsImports: boolean;
  readonly jsx?: JsxOptions;
  /** The language; without it TypeScript, and TSX where only that can be read. */
  readonly lang?: "ts" | "tsx";
}

export function strip(code: string, options: StripOptions): Stripped | NotTypeScript {
  const { lang } = options;
  const first = stripAs(lang ?? "ts", code, options);
  if (first.kind === "stripped" || lang !== undefined || !code.includes("<")) return first;
  const second = stripAs("tsx", code, options);
  return second.kind === "stripped" ? second : first;
}

function stripAs(lang: "ts" | "tsx", code: string, { keepsImports, jsx = {} }: StripOptions) {
  const { runtime = "automatic", importSource = "react", pragma, pragmaFrag } = jsx;
  const result = transformSync(`cell.${lang}`, code, {
    lang,
    sourceType: "module",
    sourcemap: true,
    target: "esnext",
    typescript: { onlyRemoveTypeImports: keepsImports, allowNamespaces: true },
    jsx:
      runtime === "automatic"
        ? { runtime, importSource, development: false }
        : { runtime, ...(pragma ? { pragma } : {}), ...(pragmaFrag ? { pragmaFrag } : {}) },
  });
  const error = result.errors.find(({ severity }) => severity === "Error");
  if (error) {
    const { message, labels } = error;
    // oxc counts bytes of UTF-8.
    const offset = Buffer.from(code)
      .subarray(0, labels[0]?.start ?? 0)
      .toString().length;
    return { kind: "invalid", message, offset } satisfies NotTypeScript;
  }
  return { kind: "stripped", js: result.code, map: JSON.stringify(result.map) } satisfies Stripped;
}
