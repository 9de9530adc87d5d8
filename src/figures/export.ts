// A figure as a file: SVG and PNG to look at, the Vega-Lite spec (or the scene) as JSON, its rows as CSV, or one HTML page
// that follows the reader's theme.

import { crc32 } from "node:zlib";
import { valueNotValid } from "../core/errors/index.js";
import { toCsv } from "../format/csv.js";
import {
  GENERATOR_TAG,
  hasColumnsOf,
  isOwnJson,
  isOwnPage,
  isOwnSvg,
  JSON_MARK,
  markedSvg,
} from "../format/generator.js";
import type { Rows, TableView } from "../format/table.js";
import { escapeXml } from "../format/xml.js";
import { chartSvg } from "./chart-svg.js";
import type { Drawing } from "./drawing.js";
import { flatRows } from "./flat.js";
import { colorOf, type Theme } from "./scenes/palette.js";
import { toSvg } from "./scenes/svg.js";

export const FORMATS = ["svg", "png", "csv", "json", "html"] as const;
export type Format = (typeof FORMATS)[number];

/** The format that a file's name ends in. Throws options/not-valid. */
export function formatOf(file: string): Format {
  const ending = file.slice(file.lastIndexOf(".") + 1).toLowerCase();
  const found = FORMATS.find((format) => format === ending);
  if (!found)
    throw valueNotValid("--out", file, `a file that ends in ${FORMATS.map((f) => `.${f}`).join(", ")}`);
  return found;
}

/** `drawing` as SVG on the theme's background. */
export async function svgOf(drawing: Drawing, theme: Theme): Promise<string> {
  if (drawing.kind === "scene") return toSvg(drawing.scene, { colors: theme });
  return chartSvg(
    { ...drawing.spec(theme), background: colorOf("surface", theme), padding: 12 },
    `chart-${theme}`,
  );
}

/** Pixels of the PNG per pixel of the SVG. */
const DENSITY = 2;

/** The bytes of a file of `format`. */
export async function fileOf(
  drawing: Drawing,
  format: Format,
  theme: Theme,
  title: string,
): Promise<string | Uint8Array> {
  switch (format) {
    case "svg":
      return markedSvg(await svgOf(drawing, theme));
    case "png":
      return pngOf(await svgOf(drawing, theme));
    case "csv":
      return csvOf(drawing.rows);
    case "json":
      return `${JSON.stringify({ usermeta: JSON_MARK, ...(drawing.kind === "chart" ? drawing.spec(theme) : drawing.scene) }, null, 2)}\n`;
    case "html":
      return page(title, await svgOf(drawing, "light"), await svgOf(drawing, "dark"));
  }
}

async function pngOf(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const drawn = await sharp(Buffer.from(svg), { density: 72 * DENSITY })
    .png()
    .toBuffer();
  return markedPng(drawn);
}

/** The PNG `bytes` with a mark that says mulab made it. */
export const markedPng = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, PNG_START), PNG_MARK, bytes.subarray(PNG_START)]);

/** Bytes of a PNG's signature and first chunk; other chunks may follow them. */
const PNG_START = 33;

/** The text chunk with that mark. */
const PNG_MARK = (() => {
  const typed = Buffer.from("tEXtSoftware\0mulab", "latin1");
  const chunk = Buffer.alloc(typed.length + 8);
  chunk.writeUInt32BE(typed.length - 4);
  typed.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(typed), typed.length + 4);
  return chunk;
})();

/** What to call a file of `format`, and how to recognize one that mulab wrote; `content` is what will be written. */
export function figureKind(
  format: Format,
  content: string | Uint8Array,
): { readonly name: string; readonly recognise: (head: Uint8Array) => boolean } {
  const recognise: Readonly<Record<Format, (head: Uint8Array) => boolean>> = {
    svg: isOwnSvg,
    png: (head) => PNG_MARK.equals(head.subarray(PNG_START, PNG_START + PNG_MARK.length)),
    csv: hasColumnsOf(String(content)),
    json: isOwnJson,
    html: isOwnPage,
  };
  const of = format === "csv" ? "a table of these columns" : `a figure of mulab (.${format})`;
  return { name: of, recognise: recognise[format] };
}

/** A table as CSV: its values in full precision under the heads that people read. */
export const csvOfTable = ({ head, rows }: TableView): string => toCsv(rows, "\n", head);

/** Rows as CSV, flat. */
export const csvOf = (rows: Rows): string => (rows.length === 0 ? "" : toCsv(flatRows(rows), "\n"));

const page = (title: string, light: string, dark: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${GENERATOR_TAG}
<title>${escapeXml(title)}</title>
<style>body{margin:24px;background:${colorOf("surface", "light")}}svg{max-width:100%;height:auto}.dark{display:none}@media (prefers-color-scheme:dark){body{background:${colorOf("surface", "dark")}}.dark{display:block}.light{display:none}}</style>
</head>
<body>
<div class="light">${light}</div>
<div class="dark">${dark}</div>
</body>
</html>
`;
