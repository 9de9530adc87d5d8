// A store and a journal in memory, for tests and experiments; they behave like the files (test/contract).

import { missingLayer } from "../core/errors/index.js";
import type { JournalEvent } from "../core/event.js";
import type { LayerId } from "../core/model.js";
import type { Journal } from "../core/seams.js";
import { BEFORE_FIRST, decodeLine, encodeLine } from "./journal-line.js";
import { layerIdOf } from "./layer-id.js";
import type { PrunableStore } from "./prunable.js";

export function memoryStore(): PrunableStore {
  const layers = new Map<LayerId, Uint8Array>();
  return {
    has: async (id) => layers.has(id),
    async get(id) {
      const bytes = layers.get(id);
      if (!bytes) throw missingLayer(id, "memory");
      return bytes.slice();
    },
    async put(bytes) {
      const id = layerIdOf(bytes);
      layers.set(id, bytes.slice());
      return id;
    },
    list: async () => [...layers.keys()].sort(),
    async remove(dead) {
      const removed = [...new Set(dead)].flatMap((id) => layers.get(id) ?? []);
      for (const bytes of removed) layers.delete(layerIdOf(bytes));
      return { layers: removed.length, bytes: removed.reduce((sum, bytes) => sum + bytes.length, 0) };
    },
  };
}

/** Encodes and decodes events as lines, so that reading returns exactly what a file would. */
export function memoryJournal(): Journal {
  const events: JournalEvent[] = [];
  return {
    async append(batch) {
      let prev = events.at(-1)?.hash ?? BEFORE_FIRST;
      const added = batch.map((event, i) => {
        const line = encodeLine(event, prev);
        const decoded = decodeLine(line.bytes.subarray(0, -1), prev, "memory", events.length + i);
        prev = decoded.hash;
        return decoded;
      });
      events.push(...added);
    },
    async *read(from) {
      for (let i = from; i < events.length; i++) yield events[i]!;
    },
  };
}
