// The browser's half: from the attributes of a run's widget model back to the state that the whole of src/ understands.
// Rows on pages that did not change keep their objects, so that views recognize what is new by identity.

import type { Layer, Model, ModelId } from "../core/model.js";
import { emptyState, type State } from "../core/state.js";
import { decodeLayers } from "./layer-page.js";
import { decodeModels } from "./model-page.js";
import { type Activity, layersKey, modelsKey, PAGE, type Page, pageCount, type Wire } from "./schema.js";

/** Reads one attribute of the model. */
export type Attribute = <K extends keyof Wire>(key: K) => Wire[K] | undefined;

export class StateDecoder {
  #modelPages: Page[] = [];
  #layerPages: Page[] = [];
  #models: Model[] = [];
  #layers: Layer[] = [];
  #state: State = emptyState;
  #activity: Activity | undefined;

  get state(): State {
    return this.#state;
  }

  /** The state that the attributes hold now; the same object where nothing changed. */
  read(attribute: Attribute): State {
    const head = attribute("head");
    const activity = attribute("activity");
    const words = attribute("words");
    const tasks = attribute("tasks");
    if (!head || !activity || !words || !tasks) return this.#state;
    const {
      counts: { models, layers },
      ...rest
    } = activity;

    this.#layerPages.length = Math.min(this.#layerPages.length, pageCount(layers));
    for (let page = 0; page < pageCount(layers); page++) {
      const bytes = attribute(layersKey(page) as "layers_0");
      if (!bytes || bytes === this.#layerPages[page]) continue;
      this.#layerPages[page] = bytes;
      // Layers never change: those that are known keep their objects.
      for (const [i, layer] of decodeLayers(bytes, words).entries()) this.#layers[page * PAGE + i] ??= layer;
    }

    let isOther = models !== this.#models.length;
    this.#modelPages.length = Math.min(this.#modelPages.length, pageCount(models));
    this.#models.length = Math.min(this.#models.length, models);
    for (let page = 0; page < pageCount(models); page++) {
      const bytes = attribute(modelsKey(page) as "models_0");
      if (!bytes || bytes === this.#modelPages[page]) continue;
      this.#modelPages[page] = bytes;
      isOther = true;
      for (const model of decodeModels(bytes, page * PAGE, words, this.#layers, head.backbone))
        this.#models[model.id] = model;
    }
    if (!isOther && activity === this.#activity && tasks === this.#state.tasks) return this.#state;
    if (isOther) this.#models = withSelections(this.#models);
    this.#activity = activity;
    // What a notebook saved before a field was there is as in the empty state.
    this.#state = { ...emptyState, ...rest, tasks, models: this.#models };
    return this.#state;
  }
}

/** The models with how often each was a parent, by the task of the child. A new array; unchanged models stay the same. */
function withSelections(models: readonly Model[]): Model[] {
  const counts = new Map<ModelId, Record<string, number>>();
  for (const { parent, task } of models) {
    if (parent === null || task === null) continue;
    const selections = counts.get(parent) ?? {};
    selections[task] = (selections[task] ?? 0) + 1;
    counts.set(parent, selections);
  }
  return models.map((model) => {
    const selections = counts.get(model.id);
    return !selections || isSame(selections, model.selections) ? model : { ...model, selections };
  });
}

const isSame = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};
