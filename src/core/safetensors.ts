// The safetensors format over bytes: 8 bytes of header length, a JSON header, the tensors' data. A pure reader and writer:
// the writer is deterministic (same content, same bytes), and the reader trusts no file. Bytes are little-endian, like all
// machines that Node runs on but one.

import { badFile, type MulabError } from "./errors/index.js";
import { decodeUtf8, parseStrictJson } from "./strict-json.js";

const BYTES_PER_ELEMENT = { F64: 8, I64: 8, F32: 4, F16: 2, BF16: 2 } as const;
type Dtype = keyof typeof BYTES_PER_ELEMENT;

/** A tensor as stored in a file: `bytes` are little-endian, row-major. */
export interface RawTensor {
  readonly dtype: Dtype;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, RawTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Makes the error for a file that breaks the format. */
export type Fail = (found: string, expected: string) => MulabError;

const METADATA = "__metadata__";
/** Longest header accepted, as in the format's own library. */
const MAX_HEADER = 100_000_000;

const elementCount = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
const byOrder = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** The bytes of a file. Wide types come first and names are sorted, so every tensor is aligned to its element size. */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(inFileOrder);
  for (const [name, tensor] of ordered)
    if (tensor.bytes.length !== byteLength(tensor))
      throw new RangeError(
        `Tensor ${name} has ${tensor.bytes.length} bytes, but ${tensor.dtype} [${tensor.dims}] needs ${byteLength(tensor)}.`,
      );
  const start = safetensorsStart(ordered, metadata);
  const file = new Uint8Array(start.length + ordered.reduce((sum, [, { bytes }]) => sum + bytes.length, 0));
  file.set(start);
  let at = start.length;
  for (const [, { bytes }] of ordered) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** A tensor without its bytes. */
export type TensorKind = Pick<RawTensor, "dtype" | "dims">;

const byteLength = ({ dtype, dims }: TensorKind): number => elementCount(dims) * BYTES_PER_ELEMENT[dtype];

/** Orders tensors as in a file: wide types first, then by name. */
export const inFileOrder = (
  [a, { dtype: x }]: readonly [string, TensorKind],
  [b, { dtype: y }]: readonly [string, TensorKind],
): number => BYTES_PER_ELEMENT[y] - BYTES_PER_ELEMENT[x] || byOrder(a, b);

/** The bytes of a file before its data, for tensors that follow in this order without gaps. */
export function safetensorsStart(
  ordered: readonly (readonly [string, TensorKind])[],
  metadata: Safetensors["metadata"],
): Uint8Array<ArrayBuffer> {
  const entries: [string, unknown][] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) entries.push([METADATA, Object.fromEntries(keys.map((key) => [key, metadata[key]]))]);
  let end = 0;
  for (const [name, tensor] of ordered) {
    const { dtype, dims } = tensor;
    if (name === METADATA || !dims.every(isCount))
      throw new RangeError(`Tensor ${name} of ${dtype} [${dims}] can't be stored.`);
    const size = byteLength(tensor);
    entries.push([name, { dtype, shape: dims, data_offsets: [end, end + size] }]);
    end += size;
  }
  const header = new TextEncoder().encode(headerJson(entries));
  const start = new Uint8Array(8 + Math.ceil(header.length / 8) * 8);
  new DataView(start.buffer).setBigUint64(0, BigInt(start.length - 8), true);
  start.set(header, 8);
  start.fill(0x20, 8 + header.length); // the format pads with spaces
  return start;
}

// Written by hand, because an object would put names that look like array indices first.
const headerJson = (entries: readonly [string, unknown][]): string =>
  `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;

/** The tensors and metadata of a file, as views of `bytes`. Throws `fail` for whatever breaks the format. */
export function readSafetensors(
  bytes: Uint8Array,
  fail: Fail = (found, expected) => badFile("The safetensors file", found, expected),
): Safetensors {
  const headerLength = safetensorsHeaderLength(bytes, bytes.length, fail);
  const data = bytes.subarray(8 + headerLength);
  const { entries, metadata } = readSafetensorsHeader(bytes.subarray(8, 8 + headerLength), data.length, fail);
  const tensors = new Map<string, RawTensor>();
  for (const [name, { dtype, dims, start, end }] of entries)
    tensors.set(name, { dtype, dims, bytes: data.subarray(start, end) });
  return { tensors, metadata };
}

/** Length in bytes of the header of a file of `fileLength` bytes that begins with `start`; it follows the first 8 bytes. */
export function safetensorsHeaderLength(start: Uint8Array, fileLength: number, fail: Fail): number {
  if (start.length < 8) throw fail(`it has ${fileLength} bytes`, "at least 8");
  const length = Number(new DataView(start.buffer, start.byteOffset, start.length).getBigUint64(0, true));
  if (length > MAX_HEADER || length > fileLength - 8)
    throw fail(
      `its header claims ${length} bytes`,
      `at most the ${fileLength - 8} that follow (the file may be cut off)`,
    );
  return length;
}

/** The place of a tensor's bytes, counted from the end of the header. */
export interface TensorEntry {
  readonly dtype: Dtype;
  readonly dims: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** The header's description of the `dataLength` bytes after it. */
export function readSafetensorsHeader(
  bytes: Uint8Array,
  dataLength: number,
  fail: Fail,
): { entries: ReadonlyMap<string, TensorEntry>; metadata: Readonly<Record<string, string>> } {
  const entries = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseHeader(bytes, fail))) {
    if (name === METADATA) metadata = parseMetadata(value, fail);
    else entries.set(name, parseEntry(name, value, fail));
  }
  checkContiguous(entries, dataLength, fail);
  return { entries, metadata };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = parseStrictJson(decodeUtf8(bytes));
  } catch (error) {
    throw fail(`its header is not JSON (${(error as Error).message})`, "a JSON object");
  }
  if (!isRecord(header)) throw fail("its header is not a JSON object", "a JSON object");
  return header;
}

function parseMetadata(value: unknown, fail: Fail): Record<string, string> {
  if (!isRecord(value)) throw fail(`${METADATA} is not an object`, "an object of strings");
  for (const [key, text] of Object.entries(value))
    if (typeof text !== "string") throw fail(`${METADATA} "${key}" is ${JSON.stringify(text)}`, "a string");
  return value as Record<string, string>;
}

function parseEntry(name: string, value: unknown, fail: Fail): TensorEntry {
  const where = `tensor "${name}"`;
  if (!isRecord(value)) throw fail(`${where} is described by ${JSON.stringify(value)}`, "an object");
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    throw fail(`${where} has a field "${unknown}"`, "dtype, shape and data_offsets alone");
  if (typeof dtype !== "string" || !Object.hasOwn(BYTES_PER_ELEMENT, dtype))
    throw fail(`${where} has type ${JSON.stringify(dtype)}`, Object.keys(BYTES_PER_ELEMENT).join(", "));
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw fail(`${where} has shape ${JSON.stringify(shape)}`, "a list of counts");
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw fail(`${where} has offsets ${JSON.stringify(offsets)}`, "two counts");
  const [start, end] = offsets as [number, number];
  const size = elementCount(shape) * BYTES_PER_ELEMENT[dtype as Dtype];
  if (end - start !== size)
    throw fail(`${where} spans bytes ${start} to ${end}`, `${size} bytes for ${dtype} [${shape}]`);
  return { dtype: dtype as Dtype, dims: shape as number[], start, end };
}

/** Tensors must fill the data without holes and without sharing bytes. */
function checkContiguous(entries: ReadonlyMap<string, TensorEntry>, length: number, fail: Fail): void {
  let at = 0;
  const ordered = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  for (const [name, { start, end }] of ordered) {
    if (start !== at) throw fail(`tensor "${name}" begins at byte ${start} of the data`, `byte ${at}`);
    at = end;
  }
  if (at !== length)
    throw fail(`the data has ${length} bytes`, `${at} by its header (the file may be cut off)`);
}

/** The values of a tensor as float32, always a copy; I64 and F64 are rounded. */
export function toFloat32({ dtype, bytes }: RawTensor): Float32Array<ArrayBuffer> {
  // Tensors may be unaligned in a file; a Buffer's slice() would be a view of the whole file.
  const copy = Uint8Array.prototype.slice.call(bytes).buffer;
  switch (dtype) {
    case "F32":
      return new Float32Array(copy);
    case "F64":
      return Float32Array.from(new Float64Array(copy));
    case "I64":
      return Float32Array.from(new BigInt64Array(copy), Number);
    case "F16":
      return Float32Array.from(new Uint16Array(copy), fromHalf);
    case "BF16":
      return fromBfloat16(new Uint16Array(copy));
  }
}

/** Little-endian bytes of float32 `values`: a view, not a copy. */
export const float32Bytes = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** `values` rounded to bfloat16, to nearest with ties to even; NaN stays NaN. */
export function toBfloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const nan = (word & 0x7fffffff) > 0x7f800000;
    halves[i] = nan ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return halves;
}

/** Bfloat16 words as float32, exact. */
function fromBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  return new Float32Array(words.buffer);
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
