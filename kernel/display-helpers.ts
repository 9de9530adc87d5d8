/**
 * What cells use to show HTML, Markdown, SVG and images: `html`, `md` and `svg` as template tags, `image` for bytes.
 *
 * Text that is put into `html` and `svg` is escaped, so that data cannot become markup; another `html` or `svg` value stays markup.
 */
import { readFileSync } from "node:fs";
import { DISPLAY, escapeHtml, type MimeBundle } from "./display.js";
import { notAnImage } from "./errors.js";

/** A value that shows itself as one MIME type. */
export interface Shown {
  readonly text: string;
  [DISPLAY](): MimeBundle;
}

class Markup implements Shown {
  constructor(
    readonly text: string,
    readonly mime: string,
  ) {}

  [DISPLAY](): MimeBundle {
    return { [this.mime]: this.text, "text/plain": this.text };
  }

  toString(): string {
    return this.text;
  }
}

/** A tag for markup of the type `mime`. Called as a plain function it takes the markup itself. */
function tag(mime: string, encode: (text: string) => string) {
  const write = (value: unknown): string => {
    if (value instanceof Markup) return value.text;
    if (Array.isArray(value)) return value.map(write).join("");
    return value === null || value === undefined || value === false ? "" : encode(String(value));
  };
  return (strings: TemplateStringsArray | string, ...values: unknown[]): Shown => {
    if (typeof strings === "string") return new Markup(strings, mime);
    const parts = strings.map((text, i) => text + (i < values.length ? write(values[i]) : ""));
    return new Markup(parts.join(""), mime);
  };
}

export const html = tag("text/html", escapeHtml);
export const svg = tag("image/svg+xml", escapeHtml);
export const md = tag("text/markdown", (text) => text);

/** The first bytes of each format that notebooks show. */
const MAGIC: readonly [mime: string, at: number, bytes: string][] = [
  ["image/png", 0, "\x89PNG"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["image/bmp", 0, "BM"],
];

/** An image from its bytes, or from the file at a path. Throws kernel/not-an-image for pixels that no format encodes. */
export function image(source: Uint8Array | ArrayBuffer | string): Shown {
  const bytes = Buffer.from(typeof source === "string" ? readFileSync(source) : (source as Uint8Array));
  const mime = mimeOf(bytes);
  const isText = mime === "image/svg+xml";
  const data = isText ? bytes.toString("utf8") : bytes.toString("base64");
  const text = `${mime}, ${bytes.length.toLocaleString("en")} bytes`;
  // Front ends have no renderer for WebP and BMP, but an HTML image shows both.
  const isDirect = isText || mime === "image/png" || mime === "image/jpeg" || mime === "image/gif";
  const bundle: MimeBundle = isDirect
    ? { [mime]: data, "text/plain": text }
    : { "text/html": `<img src="data:${mime};base64,${data}" alt="">`, "text/plain": text };
  return { text, [DISPLAY]: () => bundle };
}

/** The MIME type of an encoded image, by its first bytes. */
export function mimeOf(bytes: Buffer): string {
  for (const [mime, at, magic] of MAGIC) {
    if (bytes.toString("latin1", at, at + magic.length) === magic) return mime;
  }
  if (/^\s*<(\?xml|svg|!--|!DOCTYPE svg)/i.test(bytes.toString("utf8", 0, 200))) return "image/svg+xml";
  throw notAnImage(bytes.length === 0 ? "no byte at all" : bytes.toString("hex", 0, 8));
}
