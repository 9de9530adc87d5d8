/**
 * Display by convention: from any value to a MIME bundle that front ends can show.
 *
 * In this order: what was registered with addRenderer, `[Symbol.for("Jupyter.display")]()`, `_repr_mimebundle_()` and
 * `_repr_html_()` and its kin, an Arquero table, a Vega or Vega-Lite specification, a canvas, an element of a DOM, and the
 * value's text as Node prints it. A value that throws when it is looked at is shown as what it threw.
 */
import { inspect } from "node:util";
import { MAX_TEXT, shortened } from "./text.js";

/** MIME type -> data: text, base64 for binary types, an object for JSON types. */
export type MimeBundle = Record<string, unknown>;

/** The data and metadata of a display_data or execute_result message. */
export interface Display {
  readonly data: MimeBundle;
  readonly metadata: Record<string, unknown>;
}

/** Turns values that it knows into MIME bundles, now or soon; undefined for all others. */
export type Renderer = (value: object) => MimeBundle | Promise<MimeBundle> | undefined;

export const DISPLAY = Symbol.for("Jupyter.display");
const TABLE_ROWS = 20;
const TABLE_COLUMNS = 30;

const REPR_METHODS: readonly [method: string, mime: string][] = [
  ["_repr_html_", "text/html"],
  ["_repr_markdown_", "text/markdown"],
  ["_repr_svg_", "image/svg+xml"],
  ["_repr_png_", "image/png"],
  ["_repr_jpeg_", "image/jpeg"],
  ["_repr_latex_", "text/latex"],
  ["_repr_json_", "application/json"],
];

/** What a display method gave: a bundle, undefined for "as text", null for "do not show". */
type MaybeBundle = MimeBundle | null | undefined;

/** The display of a value that does not want to be shown; nothing is sent for it. */
export const NOTHING: Display = { data: {}, metadata: {} };

type Methods = Record<string | symbol, unknown>;

export class Displays {
  readonly #renderers: Renderer[] = [];

  /** Adds a renderer before all others; the function returned takes it away again. */
  addRenderer(renderer: Renderer): () => void {
    this.#renderers.unshift(renderer);
    return () => {
      const at = this.#renderers.indexOf(renderer);
      if (at >= 0) this.#renderers.splice(at, 1);
    };
  }

  /**
   * A promise only if a display method is asynchronous, so that most values are shown in the order in which they were given.
   *
   * Never fails for what a value's own display method throws: it shows the error's text below the plain value.
   */
  of(value: unknown): Display | Promise<Display> {
    if ((typeof value !== "object" && typeof value !== "function") || value === null)
      return plain(textOf(value));
    const failed = (error: unknown) =>
      plain(`${textOf(value)}\n(its display method failed: ${safely(() => String(error))})`);
    const finished = (data: MimeBundle | null | undefined): Display =>
      data === null
        ? NOTHING
        : data
          ? {
              data: sendable("text/plain" in data ? data : { "text/plain": textOf(value), ...data }),
              metadata: {},
            }
          : plain(textOf(value));
    try {
      const data = this.#rich(value as Methods);
      return data instanceof Promise ? data.then(finished).catch(failed) : finished(data);
    } catch (error) {
      return failed(error);
    }
  }

  #rich(value: Methods): MaybeBundle | Promise<MaybeBundle> {
    for (const renderer of this.#renderers) {
      const data = renderer(value);
      if (data) return data;
    }
    const own = value[DISPLAY] ?? value._repr_mimebundle_;
    if (typeof own === "function") {
      const returned: unknown = own.call(value);
      return returned instanceof Promise ? returned.then(bundleOf) : bundleOf(returned);
    }
    const reprs = REPR_METHODS.filter(([method]) => typeof value[method] === "function");
    if (reprs.length > 0) {
      const parts = reprs.map(
        ([method, mime]) => [mime, (value[method] as () => unknown).call(value)] as const,
      );
      if (!parts.some(([, part]) => part instanceof Promise)) return Object.fromEntries(parts);
      const settled = parts.map(async ([mime, part]) => [mime, await part] as const);
      return Promise.all(settled).then((all) => Object.fromEntries(all));
    }
    if (isTable(value)) return tableBundle(value);
    return chartBundle(value) ?? canvasBundle(value) ?? elementBundle(value);
  }
}

function plain(text: string): Display {
  return { data: { "text/plain": text }, metadata: {} };
}

/** Text as Node's console prints it; no colours, because notebooks are stored and compared. */
export function textOf(value: unknown): string {
  return safely(() => {
    if (typeof value === "string") return inspect(value, { maxStringLength: MAX_TEXT });
    if (isTable(value)) return `Table: ${countOf(value)}`;
    return shortened(inspect(value, { maxArrayLength: 100, maxStringLength: 10_000 }));
  });
}

/** What `show` returns, or that it threw: a getter, a proxy and a custom inspection may throw anything, also what cannot be shown. */
function safely(show: () => string): string {
  try {
    return show();
  } catch (error) {
    let reason = "something that cannot be shown either";
    try {
      reason = String(error);
    } catch {
      // Then that is all there is to say.
    }
    return `(looking at this value throws ${reason})`;
  }
}

/** A display method may return a bundle, or the whole `{data}` of a display message. */
function bundleOf(returned: unknown): MaybeBundle {
  if (returned === null) return null;
  if (typeof returned !== "object") return undefined;
  const { data } = returned as { data?: unknown };
  const isWrapped =
    typeof data === "object" && data !== null && !Object.keys(returned).some((key) => key.includes("/"));
  return (isWrapped ? data : returned) as MimeBundle;
}

/** The bundle as the protocol's JSON and a notebook's file can hold it. Throws on what no JSON can hold, such as a cycle. */
function sendable(data: MimeBundle): MimeBundle {
  const parts = Object.entries(data).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(parts.map(([mime, part]) => [mime, sendablePart(mime, part)]));
}

/** Bytes become base64; text types are text; JSON types are what JSON makes of them. */
function sendablePart(mime: string, part: unknown): unknown {
  if (typeof part === "string") return mime === "text/plain" ? shortened(part, MAX_TEXT) : part;
  if (part instanceof Uint8Array) return Buffer.from(part).toString("base64");
  if (!/[/+]json$/.test(mime)) return String(part);
  try {
    JSON.stringify(part);
    return part;
  } catch {
    // 64-bit columns of tables come as BigInt, which JSON does not know; charts draw them as numbers.
    const asNumber = (_key: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);
    return JSON.parse(JSON.stringify(part, asNumber));
  }
}

/** As much of an Arquero table as showing it needs. */
interface TableLike {
  numRows(): number;
  numCols(): number;
  columnNames(): string[];
  slice(start: number, end: number): TableLike;
  objects(options: { limit: number }): Record<string, unknown>[];
}

/** Recognised by its methods, because the notebook may have an Arquero of its own. */
function isTable(value: unknown): value is TableLike {
  const methods = ["numRows", "numCols", "columnNames", "objects", "toHTML"];
  return (
    typeof value === "object" &&
    value !== null &&
    methods.every((m) => typeof (value as Methods)[m] === "function")
  );
}

function countOf(table: TableLike): string {
  const counted = (n: number, noun: string) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
  return `${counted(table.numRows(), "row")} × ${counted(table.numCols(), "column")}`;
}

function tableBundle(table: TableLike): MimeBundle {
  const names = table.columnNames().slice(0, TABLE_COLUMNS);
  const rows = table.objects({ limit: TABLE_ROWS });
  const isNumber = new Set(names.filter((name) => rows.some((row) => typeof row[name] === "number")));
  const align = (name: string) => ` style="text-align: ${isNumber.has(name) ? "right" : "left"}"`;
  const head = names.map((name) => `<th scope="col"${align(name)}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = names.map((name) => `<td${align(name)}>${escapeHtml(cellText(row[name]))}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  const hidden = [
    ...(table.numRows() > rows.length ? [`first ${rows.length} rows shown`] : []),
    ...(table.numCols() > names.length ? [`first ${names.length} columns shown`] : []),
  ];
  const caption = [countOf(table), ...hidden].join("; ");
  const html = `<table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table><p>${caption}</p>`;
  const text = [
    names.join("\t"),
    ...rows.map((row) => names.map((name) => cellText(row[name])).join("\t")),
    caption,
  ];
  return { "text/html": html, "text/plain": text.join("\n") };
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number")
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object"
    ? inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY })
    : String(value);
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A chart specification says what it is in `$schema`; JupyterLab 4 draws version 5 of both languages. */
function chartBundle(value: Methods): MimeBundle | undefined {
  const schema = value.$schema;
  if (typeof schema !== "string") return undefined;
  const match = /\/schema\/(vega|vega-lite)\/v\d/.exec(schema);
  if (!match) return undefined;
  const isLite = match[1] === "vega-lite";
  const $schema = `https://vega.github.io/schema/${match[1]}/v5.json`;
  const title = typeof value.title === "string" ? `: ${value.title}` : "";
  return {
    [`application/vnd.${isLite ? "vegalite" : "vega"}.v5+json`]: { ...value, $schema },
    "text/plain": `${isLite ? "Vega-Lite" : "Vega"} chart${title}`,
  };
}

/** A canvas of node-canvas, @napi-rs/canvas or skia-canvas, by its methods. */
function canvasBundle(value: Methods): MimeBundle | Promise<MimeBundle> | undefined {
  if (typeof value.getContext !== "function") return undefined;
  const text = `Canvas ${String(value.width)} × ${String(value.height)}`;
  const bundle = (png: unknown): MimeBundle => ({ "image/png": png, "text/plain": text });
  const { toBuffer, toDataURL } = value as { toBuffer?: unknown; toDataURL?: unknown };
  if (typeof toBuffer === "function") {
    const png: unknown = toBuffer.call(value, "image/png");
    return png instanceof Promise ? png.then(bundle) : bundle(png);
  }
  if (typeof toDataURL !== "function") return undefined;
  return bundle(String(toDataURL.call(value, "image/png")).replace(/^data:[^,]*,/, ""));
}

/** An element of jsdom, linkedom, Observable Plot and the like: its `outerHTML` is what it looks like. */
function elementBundle(value: Methods): MimeBundle | undefined {
  const { outerHTML } = value;
  return typeof outerHTML === "string"
    ? { "text/html": outerHTML, "text/plain": shortened(outerHTML, 10_000) }
    : undefined;
}
