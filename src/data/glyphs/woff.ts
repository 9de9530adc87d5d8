// Unpacks a WOFF 1.0 file to the plain font inside (https://www.w3.org/TR/WOFF/), keeping only the tables with outlines.
// opentype.js could unpack it, but fails on some of the fonts ("Data error"), and would spend most of its time on layout
// tables that drawing single digits never needs.

import { inflateSync } from "node:zlib";

const NEEDED = new Set(["cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"]);

/** The font of a WOFF file as sfnt bytes. The files come with our own dependencies, so they are trusted to be well formed. */
export function unpackWoff(file: Uint8Array): ArrayBuffer {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tables = Array.from({ length: view.getUint16(12) }, (_, i) => {
    const entry = 44 + 20 * i;
    const offset = view.getUint32(entry + 4);
    const packed = file.subarray(offset, offset + view.getUint32(entry + 8));
    const length = view.getUint32(entry + 12);
    return { tag: Buffer.from(file.subarray(entry, entry + 4)).toString("latin1"), packed, length };
  }).filter(({ tag }) => NEEDED.has(tag));

  const aligned = (length: number) => Math.ceil(length / 4) * 4;
  const directory = 12 + 16 * tables.length;
  const font = new ArrayBuffer(tables.reduce((total, { length }) => total + aligned(length), directory));
  const out = new DataView(font);
  out.setUint32(0, view.getUint32(4)); // flavour
  out.setUint16(4, tables.length);
  let offset = directory;
  for (const [i, { tag, packed, length }] of tables.entries()) {
    const entry = 12 + 16 * i;
    for (let c = 0; c < 4; c++) out.setUint8(entry + c, tag.charCodeAt(c));
    out.setUint32(entry + 8, offset);
    out.setUint32(entry + 12, length);
    // A table that compression would not shorten is stored uncompressed.
    new Uint8Array(font, offset, length).set(packed.length < length ? inflateSync(packed) : packed);
    offset += aligned(length);
  }
  return font;
}
