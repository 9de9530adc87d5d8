// Parquet files with encoded images, as public hubs publish them: a column `image` (or `img`) of {bytes, path} and one of
// whole-number labels. Only one packed row group and one unpacked page are in memory at a time, and only the wanted columns
// are read.

import { badFile, MulabError } from "../../core/errors/index.js";
import type { Sink } from "../sink.js";
import { type Expected, type OpenFile, openFile } from "../source-file.js";
import { decodeColumn, type Value } from "./parquet-column.js";
import { type Column, type Footer, type RowGroup, readFooter } from "./parquet-footer.js";
import { type EncodedRow, putEncoded } from "./rows-of-images.js";

export interface ParquetSet {
  /** All of the set's files, in the order of their rows. */
  readonly files: readonly string[];
  /** The label's column; "label" also means its other usual names. */
  readonly label: string;
  readonly times: number;
}

/** Most bytes of a column of a row group in the file, 1 GiB. */
const MOST_COLUMN = 2 ** 30;

/** Puts every wanted image into the sink. Throws data/…, task/label-out-of-range. */
export function readParquet(set: ParquetSet, expected: Expected, sink: Sink): Promise<void> {
  return putEncoded(rowsOf(set, expected, sink), expected, set.times, sink);
}

async function* rowsOf(
  { files, label }: ParquetSet,
  expected: Expected,
  sink: Sink,
): AsyncGenerator<EncodedRow> {
  const { count } = expected;
  let before = 0;
  for (const path of files) {
    const file = await openFile(path);
    try {
      const footer = await readFooter(file);
      checkClasses(footer, label, expected, path);
      const columns = columnsOf(footer, label, path);
      for (const [i, group] of footer.groups.entries()) {
        const { rows } = group;
        if (!(rows >= 0 && before + rows <= count))
          throw badFile(path, `${before + rows} rows up to row group ${i}`, `${count} in all`);
        if (anyWanted(before, rows, sink)) {
          const column = (name: Column) => readColumn(file, group, name, `${path}, row group ${i}`);
          const images = await column(columns.image);
          const labels = [...(await column(columns.label))];
          yield* encodedRows(images, labels, before, path, sink);
        }
        before += rows;
      }
    } finally {
      await file.close();
    }
  }
  if (before !== count) throw badFile(files.at(-1)!, `${before} rows in all files`, `${count}`);
}

function anyWanted(first: number, rows: number, sink: Sink): boolean {
  for (let row = first; row < first + rows; row++) if (sink.wants(row)) return true;
  return false;
}

function* encodedRows(
  images: Iterable<Value>,
  labels: readonly Value[],
  first: number,
  path: string,
  sink: Sink,
): Generator<EncodedRow> {
  let row = first;
  for (const bytes of images) {
    if (sink.wants(row)) {
      const where = `${path}, row ${row}`;
      const label = labels[row - first];
      if (!(bytes instanceof Uint8Array)) throw badFile(where, "no image bytes", "an encoded image");
      if (typeof label !== "number") throw badFile(where, "no label", "a whole number");
      // A copy, because rows wait to be decoded together, and a view would keep its whole page in memory.
      yield { row, label, bytes: new Uint8Array(bytes), where };
    }
    row += 1;
  }
}

/** Hubs name the classes in their metadata; throws data/bad-file if their number differs from the task's. */
function checkClasses({ features: text }: Footer, label: string, { classes }: Expected, path: string): void {
  if (text === undefined) return;
  let names: unknown;
  try {
    const features = JSON.parse(text)?.info?.features;
    names = labelNames(label)
      .map((name) => features?.[name]?.names)
      .find(Array.isArray);
  } catch {
    return; // metadata that isn't JSON doesn't describe classes
  }
  if (Array.isArray(names) && names.length !== classes)
    throw badFile(path, `${names.length} classes`, `${classes}`);
}

const labelNames = (label: string): string[] =>
  label === "label" ? ["label", "labels", "fine_label"] : [label];

function columnsOf({ columns }: Footer, label: string, path: string): { image: Column; label: Column } {
  const find = (names: readonly string[]) => columns.find((column) => names.includes(column.path));
  const image = find(["image/bytes", "img/bytes", "image", "img"]);
  const labels = find(labelNames(label));
  if (!image || !labels)
    throw badFile(
      path,
      `columns ${columns.map((column) => column.path).join(", ") || "none"}`,
      `image (bytes, path) and ${label}`,
    );
  return { image, label: labels };
}

async function readColumn(
  file: OpenFile,
  { rows, chunks }: RowGroup,
  { path, optionalLevels }: Column,
  group: string,
): Promise<Iterable<Value>> {
  const bad = (found: string, expected = "a whole Parquet file") =>
    badFile(`${group}, ${path}`, found, expected);
  const chunk = chunks.get(path);
  if (!chunk) throw bad("no such column in the row group");
  const { start, size, type, codec } = chunk;
  if (!(size >= 0 && size <= MOST_COLUMN && start >= 4 && start + size <= file.size))
    throw bad(`${size} bytes from ${start} on`, `a part of its ${file.size} bytes, at most ${MOST_COLUMN}`);
  const bytes = await file.read(start, size);
  return (function* () {
    try {
      yield* decodeColumn(bytes, { type, codec, optionalLevels }, rows, bad);
    } catch (error) {
      if (error instanceof MulabError) throw error;
      throw bad(`a damaged page (${error instanceof Error ? error.message : error})`);
    }
  })();
}
