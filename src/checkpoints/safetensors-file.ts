// A safetensors file on disk as tensors: its header is read whole (core/safetensors checks it), the data piece by piece.

import { badCheckpoint } from "../core/errors.js";
import { readSafetensorsHeader, safetensorsHeaderLength, toFloat32 } from "../core/safetensors.js";
import type { RandomAccess, TensorFile } from "./tensor-file.js";

/** The tensors of `file`, which it takes over. Throws root/bad-file. */
export async function safetensorsFile(file: RandomAccess): Promise<TensorFile> {
  const { path, size } = file;
  const fail = (found: string, expected: string) => badCheckpoint(path, found, expected);
  const start = 8 + safetensorsHeaderLength(await file.read(0, 8), size, fail);
  const { entries, metadata } = readSafetensorsHeader(await file.read(8, start), size - start, fail);
  return {
    path,
    metadata,
    dims: new Map([...entries].map(([name, { dims }]) => [name, dims])),
    async read(name) {
      const entry = entries.get(name);
      if (!entry) throw fail(`there is no tensor "${name}"`, "it to be there");
      const bytes = await file.read(start + entry.start, start + entry.end);
      if (bytes.length !== entry.end - entry.start) throw fail("it was cut off meanwhile", "a whole file");
      return toFloat32({ dtype: entry.dtype, dims: entry.dims, bytes });
    },
    close: () => file.close(),
  };
}
