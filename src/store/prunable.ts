// A layer store that can be listed and from which layers can be removed.

import type { LayerId } from "../core/model.js";
import type { LayerStore } from "../core/seams.js";

/** What was removed; `bytes` are those on the disk. */
export interface Pruned {
  readonly layers: number;
  readonly bytes: number;
}

export interface PrunableStore extends LayerStore {
  /** All layers, in order of their names. */
  list(): Promise<LayerId[]>;
  /** Removes those of these layers that exist; only for the writer of a run, and only layers that are dead by its journal. */
  remove(dead: Iterable<LayerId>): Promise<Pruned>;
}
