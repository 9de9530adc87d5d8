// One column of one row group of a Parquet file: pages of levels (which values are there) and values, plain or numbers into
// a dictionary. Strict, because the files are not pinned: sizes are bounded before allocating, counts must match, and
// checksums are verified if there are any. https://parquet.apache.org/docs/file-format/

import { brotliDecompressSync, crc32, gunzipSync } from "node:zlib";
import { parquetHeader } from "hyparquet/src/column.js";
import { MulabError } from "../../core/errors/index.js";
import { unpackSnappy } from "./snappy.js";
import { checkStruct } from "./thrift.js";

/** The footer's description of the column. */
export interface ColumnChunk {
  readonly type: string;
  readonly codec: string;
  /** Levels at which a value may be missing; 0 if every row has one. */
  readonly optionalLevels: number;
}

export type Value = Uint8Array | number | undefined;

/** Most bytes of a page, 256 MiB. */
const MOST_PAGE = 2 ** 28;
/** Most bytes that all pages of a column chunk may unpack to, 1 GiB: hubs publish files of up to 500 MB, and encoded images hardly shrink. */
const MOST_UNPACKED = 2 ** 30;

type Header = ReturnType<typeof parquetHeader>;
type Bad = (found: string, expected?: string) => Error;

/** The column's `rows` values, unpacked page by page; undefined for a missing value. Bytes are views of their page, so copy them to keep them. Throws what `bad` makes, or an Error from the header's parser. */
export function* decodeColumn(
  bytes: Uint8Array,
  chunk: ColumnChunk,
  rows: number,
  bad: Bad,
): Generator<Value, void> {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let count = 0;
  let unpacked = 0;
  let dictionary: Value[] | undefined;
  while (count < rows) {
    if (reader.offset >= bytes.length) throw bad(`${count} values`, `${rows}`);
    checkStruct(bytes, reader.offset);
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    if (!(size >= 0 && reader.offset + size <= bytes.length)) throw bad(`a page of ${size} bytes`);
    unpacked += header.uncompressed_page_size;
    if (!(unpacked <= MOST_UNPACKED))
      throw bad(`pages that unpack to ${unpacked} bytes and more`, `at most ${MOST_UNPACKED}`);
    const packed = bytes.subarray(reader.offset, reader.offset + size);
    reader.offset += size;
    if (header.crc !== undefined && crc32(packed) !== header.crc >>> 0)
      throw bad("a page that does not match its checksum");
    if (header.type === "DICTIONARY_PAGE") dictionary = readDictionary(header, packed, chunk, rows, bad);
    else if (header.type === "DATA_PAGE" || header.type === "DATA_PAGE_V2") {
      const page = readPage(header, packed, chunk, rows - count, dictionary, bad);
      count += page.length;
      yield* page;
    } else throw bad(`a page of type ${header.type}`);
  }
}

function readDictionary(
  header: Header,
  packed: Uint8Array,
  chunk: ColumnChunk,
  rows: number,
  bad: Bad,
): Value[] {
  const count = header.dictionary_page_header?.num_values ?? -1;
  if (!(count >= 0 && count <= rows)) throw bad(`a dictionary of ${count} values`, `at most ${rows}`);
  const page = unpack(packed, header.uncompressed_page_size, chunk.codec, bad);
  return readPlain(page, chunk.type, count, bad);
}

function readPage(
  header: Header,
  packed: Uint8Array,
  chunk: ColumnChunk,
  most: number,
  dictionary: Value[] | undefined,
  bad: Bad,
): Value[] {
  const v1 = header.data_page_header;
  const v2 = header.data_page_header_v2;
  const count = (v1 ?? v2)?.num_values ?? -1;
  if (!(count >= 0 && count <= most)) throw bad(`a page of ${count} values`, `at most ${most}`);
  const width = bitsOf(chunk.optionalLevels);
  let body: Uint8Array;
  let levels: Int32Array | undefined;
  if (v2) {
    const head = v2.repetition_levels_byte_length + v2.definition_levels_byte_length;
    if (!(v2.repetition_levels_byte_length === 0 && head >= 0 && head <= packed.length))
      throw bad(`${head} bytes of levels`);
    if (width > 0) levels = readRuns(packed.subarray(0, head), width, count, bad);
    const rest = packed.subarray(head);
    const codec = v2.is_compressed ? chunk.codec : "UNCOMPRESSED";
    body = unpack(rest, header.uncompressed_page_size - head, codec, bad);
  } else {
    body = unpack(packed, header.uncompressed_page_size, chunk.codec, bad);
    if (width > 0) {
      if (body.length < 4) throw bad("a page without levels");
      const end = 4 + new DataView(body.buffer, body.byteOffset).getUint32(0, true);
      if (end > body.length) throw bad("levels that reach beyond their page");
      levels = readRuns(body.subarray(4, end), width, count, bad);
      body = body.subarray(end);
    }
  }
  const encoding = (v1 ?? v2)!.encoding;
  const present = levels ? levels.filter((level) => level === chunk.optionalLevels).length : count;
  const values = readValues(body, encoding, chunk.type, present, dictionary, bad);
  if (present === count) return values;
  let next = 0;
  return Array.from(levels!, (level) => (level === chunk.optionalLevels ? values[next++] : undefined));
}

function readValues(
  body: Uint8Array,
  encoding: string,
  type: string,
  count: number,
  dictionary: Value[] | undefined,
  bad: Bad,
): Value[] {
  if (encoding === "PLAIN") return readPlain(body, type, count, bad);
  if (encoding !== "RLE_DICTIONARY" && encoding !== "PLAIN_DICTIONARY")
    throw bad(`values encoded as ${encoding}`, "plain values or a dictionary");
  if (count === 0) return [];
  const width = body[0] ?? 99;
  if (!dictionary || width > 31) throw bad("numbers into no dictionary");
  const numbers = width === 0 ? new Int32Array(count) : readRuns(body.subarray(1), width, count, bad);
  return Array.from(numbers, (number) => {
    if (number >= dictionary.length) throw bad(`value ${number} of a dictionary of ${dictionary.length}`);
    return dictionary[number];
  });
}

function readPlain(body: Uint8Array, type: string, count: number, bad: Bad): Value[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const size = { INT32: 4, INT64: 8, BYTE_ARRAY: 4 }[type];
  if (!size) throw bad(`values of type ${type}`, "whole numbers or bytes");
  if (count * size > body.length) throw bad(`${body.length} bytes for ${count} values`);
  if (type === "INT32") return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  if (type === "INT64") return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  let at = 0;
  return Array.from({ length: count }, () => {
    if (at + 4 > body.length) throw bad("bytes that are cut off");
    const end = at + 4 + view.getUint32(at, true);
    if (end > body.length) throw bad("bytes that reach beyond their page");
    const value = body.subarray(at + 4, end);
    at = end;
    return value;
  });
}

/** Numbers of `width` bits in runs of one value and groups of eight packed ones. */
function readRuns(bytes: Uint8Array, width: number, count: number, bad: Bad): Int32Array {
  const numbers = new Int32Array(count);
  const valueBytes = Math.ceil(width / 8);
  let at = 0;
  let done = 0;
  while (done < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw bad("runs that are cut off");
      header += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    const length = Math.floor(header / 2);
    if (header % 2 === 0) {
      if (length === 0 || at + valueBytes > bytes.length) throw bad("runs that are cut off");
      let value = 0;
      for (let i = 0; i < valueBytes; i++) value += bytes[at + i]! * 2 ** (8 * i);
      at += valueBytes;
      const end = Math.min(count, done + length);
      numbers.fill(value, done, end);
      done = end;
    } else {
      const packed = length * width;
      if (length === 0 || at + packed > bytes.length) throw bad("runs that are cut off");
      const end = Math.min(count, done + length * 8);
      for (let bit = at * 8; done < end; done++, bit += width) numbers[done] = bitsAt(bytes, bit, width);
      at += packed;
    }
  }
  return numbers;
}

function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value += ((bytes[(bit + i) >> 3]! >> ((bit + i) & 7)) & 1) * 2 ** i;
  return value;
}

const bitsOf = (most: number): number => 32 - Math.clz32(most);

/** Unpacks a page into exactly `size` bytes. */
function unpack(packed: Uint8Array, size: number, codec: string, bad: Bad): Uint8Array {
  if (!(size >= 0 && size <= MOST_PAGE)) throw bad(`a page of ${size} bytes`, `at most ${MOST_PAGE}`);
  let page: Uint8Array | undefined;
  try {
    if (codec === "UNCOMPRESSED") page = packed;
    else if (codec === "SNAPPY") page = unpackSnappy(packed, size);
    else if (codec === "GZIP") page = gunzipSync(packed, { maxOutputLength: size || 1 });
    else if (codec === "BROTLI") page = brotliDecompressSync(packed, { maxOutputLength: size || 1 });
    else throw bad(`pages packed by ${codec}`, "snappy, gzip, brotli or plain pages");
  } catch (error) {
    if (error instanceof MulabError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw bad(`a damaged page (${(error as Error).message})`);
  }
  if (page?.length !== size)
    throw bad(`a damaged page of ${page?.length ?? "unknown"} bytes`, `${size} bytes`);
  return page;
}
