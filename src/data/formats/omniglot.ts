// Omniglot's zips of PNGs: `<set>/<alphabet>/character<nn>/<character>_<drawer>.png`, the character's number from 1 in
// four digits, the drawer's in two. Rows are in the order of alphabet, character and drawer by name, so the drawings of a
// character follow each other however a zip was packed. A label is the character's number less one, as TensorFlow Datasets has it.

import { badFile, badImage, labelOutOfRange } from "../../core/errors/index.js";
import type { Sink } from "../sink.js";
import type { Expected, SourceFile } from "../source-file.js";
import { decodePlainPng, plainPng } from "./plain-png.js";
import { readZip } from "./zip.js";

const DRAWING = /^[^/]+\/([^/]+\/character\d+\/(\d{4})_\d\d)\.png$/;

/** Puts every wanted drawing into the sink. Throws data/bad-file, data/bad-image, task/label-out-of-range. */
export function readOmniglot({ path, bytes }: SourceFile, expected: Expected, sink: Sink): void {
  const { count, classes, height, width } = expected;
  const drawings = [...readZip(bytes, path).values()]
    .flatMap((member) => {
      const [, key, character] = DRAWING.exec(member.name) ?? [];
      return key ? [{ member, key, label: Number(character) - 1 }] : [];
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  if (drawings.length !== count) throw badFile(path, `${drawings.length} drawings`, `${count} drawings`);
  drawings.forEach(({ member, label }, row) => {
    if (label < 0 || label >= classes) throw labelOutOfRange(path, row, label, classes);
    if (!sink.wants(row)) return;
    sink.put(row, label, decodeDrawing(member.read(), `${path} (${member.name})`, height, width));
  });
}

function decodeDrawing(bytes: Uint8Array, path: string, height: number, width: number): Uint8Array {
  const plain = plainPng(bytes, path);
  if (plain?.channels !== 1 || plain.height !== height || plain.width !== width)
    throw badImage(path, "another kind of image", `a grey PNG of ${width} × ${height} pixels`);
  return decodePlainPng(plain, path);
}
