// Makes .npy and .npz files for tests, well formed or wrong in one chosen way.

import { type Zippable, zipSync } from "fflate";

export interface NpyFields {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly fortran?: boolean;
  readonly version?: number;
  /** In place of the header that the other fields ask for. */
  readonly header?: string;
}

/** A .npy file with `bytes` as its values. */
export function npy(
  { dtype, shape, fortran = false, version = 1, header }: NpyFields,
  bytes: Uint8Array,
): Uint8Array {
  const shapeText = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text =
    header ??
    `{'descr': '${dtype}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shapeText}, }`;
  const start = version === 1 ? 10 : 12;
  const padded = `${text.padEnd(Math.ceil((start + text.length + 1) / 64) * 64 - start - 1)}\n`;
  const file = Buffer.alloc(start + padded.length + bytes.length);
  file.write("\x93NUMPY", "latin1");
  file[6] = version;
  if (version === 1) file.writeUInt16LE(padded.length, 8);
  else file.writeUInt32LE(padded.length, 8);
  file.write(padded, start, "latin1");
  file.set(bytes, start + padded.length);
  return new Uint8Array(file);
}

/** Labels as int64, as NumPy writes them. */
export const int64 = (values: readonly number[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(values, BigInt).buffer);

/** A .npz file of whole .npy files by member name. */
export const npz = (members: Record<string, Uint8Array>, level: 0 | 9 = 9): Uint8Array => {
  const entries: Zippable = {};
  for (const [name, bytes] of Object.entries(members))
    entries[`${name}.npy`] = [bytes, { level, mtime: "1980-01-01" }];
  return zipSync(entries);
};

/** A .npz file of `count` images [side, side, 3] with pixel i = i mod 251 and labels 0, 1, 2 … mod `classes`. */
export function imagesNpz(count: number, side: number, classes: number): Uint8Array {
  const pixels = Uint8Array.from({ length: count * side * side * 3 }, (_, i) => i % 251);
  const labels = int64(Array.from({ length: count }, (_, i) => i % classes));
  return npz({
    images: npy({ dtype: "|u1", shape: [count, side, side, 3] }, pixels),
    labels: npy({ dtype: "<i8", shape: [count] }, labels),
  });
}
