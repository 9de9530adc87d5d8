// Layers as files: layers/ab/<sha-256>.safetensors. Files are written atomically and hashed again on every read, so no
// damage goes unnoticed.

import { link, rm } from "node:fs/promises";
import { join } from "node:path";
import { corruptLayer, missingLayer, readFailed, writeFailed } from "../core/errors/index.js";
import type { LayerId } from "../core/model.js";
import { isTemporary, makeFolder, removeTemporaries, syncFolder, writeAtomically } from "../disk/atomic.js";
import { isAbsent, namesIn, statAt } from "../disk/listing.js";
import { readRegular } from "../disk/regular.js";
import { isLayerId, layerIdOf } from "./layer-id.js";
import type { PrunableStore } from "./prunable.js";

const SUFFIX = ".safetensors";

export interface FileStore extends PrunableStore {
  readonly dir: string;
  /** Where layer `id` is or would be. */
  pathOf(id: LayerId): string;
  /** Files and folders, relative to `dir`, that are neither layers nor remains of an interrupted write. */
  strangers(): Promise<string[]>;
  /** Takes over layer `id` from another store, by a hard link if possible. */
  adopt(id: LayerId, from: Pick<FileStore, "pathOf" | "get">): Promise<void>;
  /** Removes the remains of interrupted writes; only for the writer of a run. */
  clean(): Promise<void>;
}

/** The layers in `dir`, which need not exist before the first `put`. */
export function fileStore(dir: string): FileStore {
  const folderOf = (id: LayerId) => join(dir, id.slice(0, 2));
  const pathOf = (id: LayerId) => join(folderOf(id), id + SUFFIX);

  async function scan(): Promise<{ layers: LayerId[]; strangers: string[] }> {
    const layers: LayerId[] = [];
    const strangers: string[] = [];
    for (const folder of await namesIn(dir)) {
      if (isTemporary(folder)) continue;
      const files = /^[0-9a-f]{2}$/.test(folder) ? await namesIn(join(dir, folder)) : null;
      if (!files) strangers.push(folder);
      for (const file of files ?? []) {
        const id = file.slice(0, -SUFFIX.length);
        if (isLayerId(id) && file.endsWith(SUFFIX) && id.startsWith(folder)) layers.push(id);
        else strangers.push(join(folder, file));
      }
    }
    return { layers: layers.sort(), strangers: strangers.sort() };
  }

  return {
    dir,
    pathOf,
    has: async (id) => isLayerId(id) && (await sizeOf(pathOf(id))) !== undefined,
    async get(id) {
      if (!isLayerId(id)) throw missingLayer(id, dir);
      const bytes = await readIfThere(pathOf(id));
      if (!bytes) throw missingLayer(id, dir);
      const name = layerIdOf(bytes);
      if (name !== id) throw corruptLayer(id, dir, name);
      return bytes;
    },
    async put(bytes) {
      const id = layerIdOf(bytes);
      await makeFolder(folderOf(id));
      // A damaged file is replaced, so storing a layer again repairs it.
      if (await holds(pathOf(id), bytes)) await syncFolder(folderOf(id));
      else await writeAtomically(pathOf(id), bytes, dir);
      return id;
    },
    async adopt(id, from) {
      const bytes = await from.get(id); // hashes it
      await makeFolder(folderOf(id));
      try {
        await link(from.pathOf(id), pathOf(id));
        await syncFolder(folderOf(id));
      } catch {
        await this.put(bytes); // another disk, or one without links
      }
    },
    list: async () => (await scan()).layers,
    strangers: async () => (await scan()).strangers,
    async remove(dead) {
      let layers = 0;
      let bytes = 0;
      for (const id of new Set(dead)) {
        const size = isLayerId(id) ? await sizeOf(pathOf(id)) : undefined;
        if (size === undefined) continue;
        await rm(pathOf(id), { force: true }).catch((error) => {
          throw writeFailed(pathOf(id), error);
        });
        layers += 1;
        bytes += size;
      }
      return { layers, bytes };
    },
    clean: () => removeTemporaries(dir),
  };
}

const sizeOf = async (path: string): Promise<number | undefined> => {
  const found = await statAt(path);
  return found?.isFile() ? found.size : undefined;
};

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { buffer, byteOffset, length } = await readRegular(path);
    return new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw readFailed(path, error);
  }
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes.length) return false;
  const stored = await readIfThere(path);
  return stored !== undefined && Buffer.compare(stored, bytes) === 0;
}
