// A .npz on disk as tensors. Only the first bytes of each member are read to learn its shape, and the whole member when it
// is requested: of B/16's 400 MB, one member is in memory at a time.

import { badCheckpoint, badCheckpointFile, hasCode } from "../core/errors/index.js";
import { type RawTensor, toFloat32 } from "../core/safetensors.js";
import { parseNpy, parseNpyHeader } from "../data/formats/npy.js";
import {
  checkZipEntry,
  localHeaderSize,
  readZipEnd,
  readZipEntries,
  unpackZipEntry,
  unpackZipStart,
  ZIP_TAIL,
  type ZipEntry,
  zipDataStart,
} from "../data/formats/zip-directory.js";
import type { RandomAccess } from "../disk/random-access.js";
import type { TensorFile } from "./tensor-file.js";

const SUFFIX = ".npy";
/** Enough of a member for the header of any array of numbers. */
const HEADER_BYTES = 1_024;
const MOST_DIRECTORY = 16_000_000;

const DTYPES: Readonly<Record<string, RawTensor["dtype"]>> = { "<f2": "F16", "<f4": "F32", "<f8": "F64" };

/** The arrays of `file`, which this reader closes. Throws root/bad-file. */
export async function npzFile(file: RandomAccess): Promise<TensorFile> {
  const { path, size } = file;
  return asCheckpoint(async () => {
    const end = readZipEnd(await file.read(Math.max(0, size - ZIP_TAIL), size), size, path);
    if (end.size > MOST_DIRECTORY)
      throw badCheckpoint(path, `a directory of ${end.size} bytes`, `at most ${MOST_DIRECTORY}`);
    const directory = await file.read(end.start, end.start + end.size);
    const arrays = new Map(
      [...readZipEntries(directory, end.count, path).values()]
        .filter(({ name }) => name.endsWith(SUFFIX))
        .map((entry) => [entry.name.slice(0, -SUFFIX.length), entry]),
    );
    const dims = new Map<string, readonly number[]>();
    for (const [name, entry] of arrays) dims.set(name, await dimsOf(file, entry, end.start));
    return {
      path,
      metadata: {},
      dims,
      read: (name) =>
        asCheckpoint(async () => {
          const entry = arrays.get(name);
          if (!entry) throw badCheckpoint(path, `there is no array "${name}"`, "it to be there");
          const packed = await packedBytes(file, entry, end.start, entry.packedSize);
          return valuesOf(unpackZipEntry(entry, packed, path), path, name);
        }),
      close: () => file.close(),
    };
  });
}

/** The formats' own errors advise downloading data again, but a checkpoint is not data. */
async function asCheckpoint<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, "data/bad-file")) throw error;
    throw badCheckpointFile(error);
  }
}

/** The first `length` packed bytes of a member. */
async function packedBytes(
  file: RandomAccess,
  entry: ZipEntry,
  limit: number,
  length: number,
): Promise<Uint8Array> {
  checkZipEntry(entry, file.path);
  const header = await file.read(entry.local, entry.local + localHeaderSize(entry));
  const start = zipDataStart(header, entry, limit, file.path);
  return file.read(start, start + Math.min(length, entry.packedSize));
}

/** The shape of a member. The size in its header must be the one in the directory, so that a member of another size is refused before it is unpacked. */
async function dimsOf(file: RandomAccess, entry: ZipEntry, limit: number): Promise<readonly number[]> {
  const packed = await packedBytes(file, entry, limit, HEADER_BYTES);
  const where = `${file.path} (${entry.name})`;
  const { dtype, shape, start, size } = parseNpyHeader(unpackZipStart(entry, packed), where);
  if (start + size !== entry.size)
    throw badCheckpoint(
      where,
      `${entry.size - start} bytes of values`,
      `${size} for dtype ${dtype} and shape [${shape.join(", ")}]`,
    );
  return shape;
}

function valuesOf(member: Uint8Array, path: string, name: string): Float32Array<ArrayBuffer> {
  const { dtype, shape, bytes } = parseNpy(member, `${path} (${name})`);
  const known = DTYPES[dtype];
  if (!known)
    throw badCheckpoint(`${path} (${name})`, `dtype ${dtype}`, `one of ${Object.keys(DTYPES).join(", ")}`);
  return toFloat32({ dtype: known, dims: shape, bytes });
}
