// A safetensors file on disk as tensors: its header is read at once (core/safetensors checks it), the data piece by piece.

import { badCheckpoint } from "../core/errors/index.js";
import { readSafetensorsHeader, safetensorsHeaderLength, toFloat32 } from "../core/safetensors.js";
import type { RandomAccess } from "../disk/random-access.js";
import type { TensorFile } from "./tensor-file.js";

/** The header of a weights file has a few hundred names; parsing many megabytes of JSON would take several times that memory. */
const MOST_HEADER = 10_000_000;
/** Types of weights; all are read as float32. */
const FLOATS: readonly string[] = ["F64", "F32", "F16", "BF16"];

/** The tensors of `file`, which this reader closes. Throws root/bad-file. */
export async function safetensorsFile(file: RandomAccess): Promise<TensorFile> {
  const { path, size } = file;
  const fail = (found: string, expected: string) => badCheckpoint(path, found, expected);
  const start = 8 + safetensorsHeaderLength(await file.read(0, 8), size, fail);
  if (start > MOST_HEADER) throw fail(`a header of ${start - 8} bytes`, `at most ${MOST_HEADER}`);
  const { entries, metadata } = readSafetensorsHeader(await file.read(8, start), size - start, fail);
  return {
    path,
    metadata,
    dims: new Map([...entries].map(([name, { dims }]) => [name, dims])),
    async read(name) {
      const entry = entries.get(name);
      if (!entry) throw fail(`there is no tensor "${name}"`, "it to be there");
      if (!FLOATS.includes(entry.dtype))
        throw fail(`tensor "${name}" has type ${entry.dtype}`, `one of ${FLOATS.join(", ")}`);
      const bytes = await file.read(start + entry.start, start + entry.end);
      if (bytes.length !== entry.end - entry.start) throw fail("it was cut off meanwhile", "a whole file");
      return toFloat32({ dtype: entry.dtype, dims: entry.dims, bytes });
    },
    close: () => file.close(),
  };
}
