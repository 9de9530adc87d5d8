// Parquet files with encoded images, as public hubs publish them: a column `image` (or `img`) of {bytes, path} and one of
// whole-number labels. A row group is held at a time, and of those only what is wanted is read.

import { parquetMetadata } from "hyparquet";
import { badFile, MulabError } from "../../core/errors.js";
import type { Sink } from "../sink.js";
import { type Expected, type OpenFile, openFile } from "../source-file.js";
import { decodeColumn, type Value } from "./parquet-column.js";
import { type EncodedRow, putEncoded } from "./rows-of-images.js";

export interface ParquetSet {
  /** All of the set's files, in the order of their rows. */
  readonly files: readonly string[];
  /** The label's column; "label" also stands for its usual other names. */
  readonly label: string;
  readonly times: number;
}

/** Most bytes of a footer, 16 MiB, and of a column of a row group, 1 GiB. */
const MOST_FOOTER = 2 ** 24;
const MOST_COLUMN = 2 ** 30;

type Metadata = ReturnType<typeof parquetMetadata>;

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
      const metadata = await readFooter(file);
      checkClasses(metadata, label, expected, path);
      const columns = columnsOf(metadata, label, path);
      for (const [group, { num_rows }] of metadata.row_groups.entries()) {
        const rows = Number(num_rows);
        if (!(rows >= 0 && before + rows <= count))
          throw badFile(path, `${before + rows} rows up to row group ${group}`, `${count} in all`);
        if (anyWanted(before, rows, sink)) {
          const column = (name: Column) => readColumn(file, metadata, group, name, rows);
          const images = await column(columns.image);
          const labels = await column(columns.label);
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
  images: readonly Value[],
  labels: readonly Value[],
  first: number,
  path: string,
  sink: Sink,
): Generator<EncodedRow> {
  for (const [i, bytes] of images.entries()) {
    if (!sink.wants(first + i)) continue;
    const where = `${path}, row ${first + i}`;
    const label = labels[i];
    if (!(bytes instanceof Uint8Array)) throw badFile(where, "no image bytes", "an encoded image");
    if (typeof label !== "number") throw badFile(where, "no label", "a whole number");
    yield { row: first + i, label, bytes, where };
  }
}

/** A column by its path, and how many of the steps to it may be missing. */
interface Column {
  readonly path: string;
  readonly optionalLevels: number;
}

async function readFooter(file: OpenFile): Promise<Metadata> {
  const bad = (found: string, expected = "a whole Parquet file") => badFile(file.path, found, expected);
  if (file.size < 12) throw bad(`${file.size} bytes`);
  const end = await file.read(file.size - 8, 8);
  if (Buffer.from(end.subarray(4)).toString("latin1") !== "PAR1") throw bad("no PAR1 at its end");
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (length > Math.min(file.size - 12, MOST_FOOTER)) throw bad(`a footer of ${length} bytes`);
  const footer = await file.read(file.size - 8 - length, length + 8);
  try {
    return parquetMetadata(footer.slice(), { geoparquet: false });
  } catch (error) {
    throw bad(`a damaged footer (${error instanceof Error ? error.message : error})`);
  }
}

/** The classes are named in what hubs write beside the schema; throws data/bad-file where they are not as many as the task's. */
function checkClasses(metadata: Metadata, label: string, { classes }: Expected, path: string): void {
  const text = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  if (!text) return;
  let names: unknown;
  try {
    const features = JSON.parse(text)?.info?.features;
    names = labelNames(label)
      .map((name) => features?.[name]?.names)
      .find(Array.isArray);
  } catch {
    return; // what is no JSON says nothing about classes
  }
  if (Array.isArray(names) && names.length !== classes)
    throw badFile(path, `${names.length} classes`, `${classes}`);
}

const labelNames = (label: string): string[] =>
  label === "label" ? ["label", "labels", "fine_label"] : [label];

function columnsOf(metadata: Metadata, label: string, path: string): { image: Column; label: Column } {
  const columns = listColumns(metadata);
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

/** The columns of the schema, which is a tree written down root first; repeated ones are left out. */
function listColumns({ schema }: Metadata): Column[] {
  const columns: Column[] = [];
  let next = 1;
  const walk = (children: number, path: string, levels: number, repeated: boolean) => {
    for (let i = 0; i < children && next < schema.length; i++) {
      const { name, num_children = 0, repetition_type } = schema[next++]!;
      const here = path ? `${path}/${name}` : name;
      const optional = levels + (repetition_type === "OPTIONAL" ? 1 : 0);
      const list = repeated || repetition_type === "REPEATED";
      if (num_children > 0) walk(num_children, here, optional, list);
      else if (!list) columns.push({ path: here, optionalLevels: optional });
    }
  };
  walk(schema[0]?.num_children ?? 0, "", 0, false);
  return columns;
}

async function readColumn(
  file: OpenFile,
  metadata: Metadata,
  group: number,
  { path, optionalLevels }: Column,
  rows: number,
): Promise<Value[]> {
  const where = `${file.path}, row group ${group}, ${path}`;
  const bad = (found: string, expected = "a whole Parquet file") => badFile(where, found, expected);
  const chunk = metadata.row_groups[group]!.columns.find(
    ({ meta_data }) => meta_data?.path_in_schema.join("/") === path,
  )?.meta_data;
  if (!chunk) throw bad("no such column in the row group");
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const size = Number(chunk.total_compressed_size);
  if (!(size >= 0 && size <= MOST_COLUMN && start >= 4 && start + size <= file.size))
    throw bad(`${size} bytes from ${start} on`, `a part of its ${file.size} bytes, at most ${MOST_COLUMN}`);
  const bytes = await file.read(start, size);
  try {
    return decodeColumn(bytes, { type: chunk.type, codec: chunk.codec, optionalLevels }, rows, bad);
  } catch (error) {
    if (error instanceof MulabError) throw error;
    throw bad(`a damaged page (${error instanceof Error ? error.message : error})`);
  }
}
