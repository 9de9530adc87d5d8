// A layer store that can be listed and thinned out.

import type { LayerId } from "../core/model.js";
import type { LayerStore } from "../core/seams.js";

/** What pruning removed; `bytes` on disk. */
export interface Pruned {
  readonly layers: number;
  readonly bytes: number;
}

export interface PrunableStore extends LayerStore {
  /** All layers, in order of their names. */
  list(): Promise<LayerId[]>;
  /** Removes every layer that is not in `keep`. Only the writer of a run may. */
  prune(keep: ReadonlySet<LayerId>): Promise<Pruned>;
}
