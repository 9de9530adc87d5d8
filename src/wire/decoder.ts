// The browser's half: turns the attributes of a run's widget model back into the state that the rest of src/ understands.
// Rows on unchanged pages keep their objects, so that views recognize what is new by identity.

import { List } from "../core/list.js";
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
  #models = List.empty<Model>();
  /** How often each model was a parent, by the child's task; counted from the rows of the children. */
  readonly #selections = new Map<ModelId, Readonly<Record<string, number>>>();
  /** Models whose objects may have outdated selections. */
  readonly #recounted = new Set<ModelId>();
  #layers: Layer[] = [];
  #state: State = emptyState;
  #activity: Activity | undefined;

  get state(): State {
    return this.#state;
  }

  /** The state that the attributes hold now; the same object if nothing changed. */
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
      // Layers never change, so known ones keep their objects.
      for (const [i, layer] of decodeLayers(bytes, words).entries()) this.#layers[page * PAGE + i] ??= layer;
    }

    let isOther = models !== this.#models.length;
    this.#modelPages.length = Math.min(this.#modelPages.length, pageCount(models));
    // A resumed run may have fewer models: those that are gone no longer count as children.
    const kept = models < this.#models.length ? List.of(this.#models.slice(0, models)) : this.#models;
    for (const gone of this.#models.slice(models)) this.#count(gone, -1);
    const next = kept.draft();
    for (let page = 0; page < pageCount(models); page++) {
      const bytes = attribute(modelsKey(page) as "models_0");
      if (!bytes && next.length <= page * PAGE) break; // rows after a page that has not arrived yet have no place
      if (!bytes || bytes === this.#modelPages[page]) continue;
      this.#modelPages[page] = bytes;
      isOther = true;
      for (const model of decodeModels(bytes, page * PAGE, words, this.#layers, head.backbone)) {
        const before = next.get(model.id);
        if (before) this.#count(before, -1);
        this.#count(model, 1);
        if (before) next.set(model.id, model);
        else next.push(model);
        this.#recounted.add(model.id);
      }
    }
    if (!isOther && activity === this.#activity && tasks === this.#state.tasks) return this.#state;
    for (const id of this.#recounted) {
      const model = next.get(id);
      const selections = this.#selections.get(id) ?? {};
      if (model && !isSame(model.selections, selections)) next.set(id, { ...model, selections });
    }
    this.#recounted.clear();
    this.#models = next.done();
    this.#activity = activity;
    // A field that is missing in an older notebook has its value from the empty state.
    this.#state = { ...emptyState, ...rest, tasks, models: this.#models };
    return this.#state;
  }

  /** Adds a child to its parent's selections by task, or removes it. */
  #count({ parent, task }: Model, change: 1 | -1): void {
    if (parent === null || task === null) return;
    const { [task]: count = 0, ...others } = this.#selections.get(parent) ?? {};
    this.#selections.set(parent, count + change > 0 ? { ...others, [task]: count + change } : others);
    this.#recounted.add(parent);
  }
}

const isSame = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};
