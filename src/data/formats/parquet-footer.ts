// The footer of a Parquet file: the columns of the schema and their places in each row group. The parser may return anything
// for damaged bytes, so this file alone reads and checks its result; no other code meets a missing field.
// https://parquet.apache.org/docs/file-format/metadata/

import { parquetMetadata } from "hyparquet";
import { badFile } from "../../core/errors/index.js";
import type { OpenFile } from "../source-file.js";
import { checkStruct } from "./thrift.js";

/** A column by its path ("image/bytes"), and how many of the steps to it may be missing. */
export interface Column {
  readonly path: string;
  readonly optionalLevels: number;
}

/** A column's bytes in one row group, from `start` on; not yet checked against the file's size. */
export interface Chunk {
  readonly type: string;
  readonly codec: string;
  readonly start: number;
  readonly size: number;
}

export interface RowGroup {
  /** May be anything in a damaged file. */
  readonly rows: number;
  readonly chunks: ReadonlyMap<string, Chunk>;
}

export interface Footer {
  /** Columns that hold one value per row; lists are left out. */
  readonly columns: readonly Column[];
  readonly groups: readonly RowGroup[];
  /** Metadata that hubs write about the columns, as JSON; undefined if there is none. */
  readonly features: string | undefined;
}

type Metadata = ReturnType<typeof parquetMetadata>;

/** Most bytes of a footer, 16 MiB. */
const MOST_FOOTER = 2 ** 24;

/** Reads the end of the file. Throws data/bad-file. */
export async function readFooter(file: OpenFile): Promise<Footer> {
  const bad = (found: string, expected = "a whole Parquet file") => badFile(file.path, found, expected);
  if (file.size < 12) throw bad(`${file.size} bytes`);
  const end = await file.read(file.size - 8, 8);
  if (Buffer.from(end.subarray(4)).toString("latin1") !== "PAR1") throw bad("no PAR1 at its end");
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (length > Math.min(file.size - 12, MOST_FOOTER)) throw bad(`a footer of ${length} bytes`);
  const bytes = await file.read(file.size - 8 - length, length + 8);
  try {
    checkStruct(bytes.subarray(0, length));
    const metadata = parquetMetadata(bytes.slice(), { geoparquet: false });
    const features = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
    return { columns: listColumns(metadata), groups: metadata.row_groups.map(groupOf), features };
  } catch (error) {
    throw bad(`a damaged footer (${error instanceof Error ? error.message : error})`);
  }
}

/** The columns of the schema, a tree stored root first; repeated ones are left out. */
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

function groupOf({ num_rows, columns }: Metadata["row_groups"][number]): RowGroup {
  const chunks = new Map<string, Chunk>();
  for (const { meta_data } of columns) {
    if (!meta_data) continue; // encrypted columns store it elsewhere
    const path = meta_data.path_in_schema.join("/");
    const start = Number(meta_data.dictionary_page_offset || meta_data.data_page_offset);
    const size = Number(meta_data.total_compressed_size);
    if (!chunks.has(path)) chunks.set(path, { type: meta_data.type, codec: meta_data.codec, start, size });
  }
  return { rows: Number(num_rows), chunks };
}
