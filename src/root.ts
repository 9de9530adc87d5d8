// How a run begins: what it is about, and its root model, whose layers go to the store before any event names them.

import { componentNames, componentParamCount, type Shape } from "./core/components.js";
import type { Event, TaskRecord } from "./core/event.js";
import type { Experiment } from "./core/experiment.js";
import { encodeLayer } from "./core/layer-codec.js";
import type { Layer } from "./core/model.js";
import type { Rng } from "./core/rng.js";
import type { LayerStore } from "./core/seams.js";
import { initRoot } from "./graph/init.js";
import { RUN_FORMAT } from "./store/format.js";

/** The root's head is never used (method.md §b.1-4b), so it has the fewest classes that make a head. */
const ROOT_CLASSES = 2;

/** The events `run-started` and `root-added`; the root's layers are in `store` when the promise resolves. */
export async function rootEvents(
  experiment: Experiment,
  tasks: readonly TaskRecord[],
  store: LayerStore,
  rng: Rng,
  now: () => number,
): Promise<Event[]> {
  const { backbone, blocks } = experiment.root;
  const { defaults } = experiment.method;
  const { imageSize, adapterDim } = defaults;
  const shape: Shape = { backbone, imageSize, blocks, adapters: [], adapterDim, classes: ROOT_CLASSES };
  const tensors = new Map(initRoot(shape, rng.child("root")).map((layer) => [layer.name, layer.tensors]));
  const path: Layer[] = [];
  for (const name of componentNames(shape)) {
    const id = await store.put(
      encodeLayer({ name, tensors: tensors.get(name)!, momentum: null, history: [] }),
    );
    path.push({ name, id, paramCount: componentParamCount(name, shape), history: [] });
  }
  const { name, seed } = experiment;
  return [
    { type: "run-started", format: RUN_FORMAT, experiment: name, seed, tasks, clock: { at: now() } },
    { type: "root-added", shape, hyperparams: { ...defaults, blocks }, path, clock: { at: now() } },
  ];
}
