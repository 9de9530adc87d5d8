// The kernel's half: turns the state of a run into the attributes that changed since the last call. States are immutable, so
// the same object means no change, and comparing states of ten thousand models takes microseconds.

import type { List } from "../core/list.js";
import type { Layer, LayerId, Model } from "../core/model.js";
import { emptyState, type State } from "../core/state.js";
import { encodeLayers } from "./layer-page.js";
import { encodeModels } from "./model-page.js";
import { layersKey, modelsKey, PAGE, type Patch, pageCount } from "./schema.js";
import { Words } from "./words.js";

export class StateEncoder {
  readonly #words = new Words();
  readonly #layers: Layer[] = [];
  readonly #rows = new Map<LayerId, number>();
  #sent: State = emptyState;

  /** The attributes that bring a reader of all earlier ones up to `state`. */
  update(state: State): Patch {
    const patch: Record<string, unknown> = {};
    const before = this.#sent;
    const wordsBefore = this.#words.list;
    const layersBefore = this.#layers.length;
    for (let page = 0; page < pageCount(state.models.length); page++) {
      if (!hasChanged(before.models, state.models, page)) continue;
      const models = state.models.slice(page * PAGE, (page + 1) * PAGE);
      patch[modelsKey(page)] = encodeModels(models, this.#words, (layer) => this.#row(layer));
    }
    for (let page = Math.floor(layersBefore / PAGE); page < pageCount(this.#layers.length); page++)
      if (this.#layers.length > layersBefore)
        patch[layersKey(page)] = encodeLayers(
          this.#layers.slice(page * PAGE, (page + 1) * PAGE),
          this.#words,
        );
    if (this.#words.list !== wordsBefore) patch.words = this.#words.list;
    if (before.tasks !== state.tasks) patch.tasks = state.tasks;
    const { models, tasks: _, moments: _moments, merging: _merging, ...activity } = state;
    if (isOther(before, state) || this.#layers.length !== layersBefore)
      patch.activity = { ...activity, counts: { models: models.length, layers: this.#layers.length } };
    this.#sent = state;
    return patch as Patch;
  }

  #row(layer: Layer): number {
    const known = this.#rows.get(layer.id);
    if (known !== undefined) return known;
    this.#rows.set(layer.id, this.#layers.length);
    return this.#layers.push(layer) - 1;
  }
}

function hasChanged(before: List<Model>, now: List<Model>, page: number): boolean {
  const end = Math.min(now.length, (page + 1) * PAGE);
  if (before.length > now.length && end === now.length) return true;
  return !now.isSame(before, page * PAGE, end);
}

/** Rows are sent apart; what only a merge needs is not sent. */
const NOT_ACTIVITY: ReadonlySet<keyof State> = new Set(["models", "tasks", "moments", "merging"] as const);

/** Whether anything other than the rows of models and tasks differs. */
function isOther(a: State, b: State): boolean {
  if (a.models.length !== b.models.length) return true;
  const keys = (Object.keys(b) as (keyof State)[]).filter((key) => !NOT_ACTIVITY.has(key));
  return keys.some((key) => a[key] !== b[key]);
}
