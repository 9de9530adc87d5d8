// How a run begins: its description, and its root model, whose layers go to the store before any event names them.

import type { RootPlaces } from "../checkpoints/find.js";
import { type LoadedRoot, loadRoot } from "../checkpoints/load.js";
import {
  type ComponentName,
  componentNames,
  componentParamCount,
  componentTensors,
  type Shape,
} from "../core/components.js";
import type { Event, TaskRecord } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import { encodeLayer, type LayerContent } from "../core/layer-codec.js";
import type { Layer } from "../core/model.js";
import { resizePosembed } from "../core/posembed.js";
import type { Rng } from "../core/rng.js";
import type { LayerStore } from "../core/seams.js";
import { initLayer, initRoot } from "../graph/init.js";
import { RUN_FORMAT } from "../store/format.js";

/** The root's head is never used (method.md §b.1-4b), so it has the fewest classes possible. */
const ROOT_CLASSES = 2;

/** Where the root's layers go. */
type Put = Pick<LayerStore, "put">;
type Tensors = LayerContent["tensors"];

/** The events `run-started` and `root-added`; the root's layers are in `store` when the promise resolves. Throws root/… */
export async function rootEvents(
  experiment: Experiment,
  tasks: readonly TaskRecord[],
  store: Put,
  rng: Rng,
  now: () => number,
  places?: RootPlaces,
): Promise<Event[]> {
  const { name, seed } = experiment;
  const added = await rootEvent(experiment, store, rng, now, places);
  return [
    { type: "run-started", format: RUN_FORMAT, experiment: name, seed, tasks, clock: { at: now() } },
    added,
  ];
}

/** The event `root-added`; the root's layers are in `store` when the promise resolves. Throws root/… */
export async function rootEvent(
  experiment: Experiment,
  store: Put,
  rng: Rng,
  now: () => number,
  places?: RootPlaces,
): Promise<Event> {
  const { backbone, blocks } = experiment.root;
  const { defaults } = experiment.method;
  const { imageSize, adapterDim } = defaults;
  const shape: Shape = { backbone, imageSize, blocks, adapters: [], adapterDim, classes: ROOT_CLASSES };
  const { components, original } = await rootWeights(experiment, shape, rng.child("root"), places);
  const path: Layer[] = [];
  for (const name of componentNames(shape)) path.push(await put(name, components.get(name)!, shape, store));
  const posembeds: Layer[] = [];
  for (const size of otherImageSizes(experiment))
    posembeds.push(await putPosembed(original, { ...shape, imageSize: size }, store));
  return {
    type: "root-added",
    shape,
    hyperparams: { ...defaults, blocks },
    path,
    ...(posembeds.length > 0 && { posembeds }),
    clock: { at: now() },
  };
}

/** The tensors of every component, and the position embedding from which those of other image sizes are made. */
async function rootWeights(
  { root }: Experiment,
  shape: Shape,
  rng: Rng,
  places?: RootPlaces,
): Promise<LoadedRoot> {
  if (root.kind === "random") {
    const components = new Map(initRoot(shape, rng).map(({ name, tensors }) => [name, tensors]));
    const embedding = components.get("posembed_input")!.pos_embedding!.data;
    return { components, original: { grid: shape.imageSize / shape.backbone.patch, embedding } };
  }
  const { components, original } = await loadRoot(root, shape, places);
  return { components: new Map([...components, ["head", initLayer("head", shape, rng)]]), original };
}

/** Image sizes that the search may reach besides the root's own. §a.5. */
const otherImageSizes = ({ method, root }: Experiment): number[] =>
  (method.tuneHyperparams ? (method.search.imageSize ?? []) : []).filter(
    (size) => size !== method.defaults.imageSize && size % root.backbone.patch === 0,
  );

async function putPosembed(
  { grid, embedding }: LoadedRoot["original"],
  shape: Shape,
  store: Put,
): Promise<Layer> {
  const { width, patch } = shape.backbone;
  const dims = componentTensors("posembed_input", shape).pos_embedding!;
  const data = resizePosembed(embedding, width, grid, shape.imageSize / patch);
  return put("posembed_input", { pos_embedding: { dims, data } }, shape, store);
}

async function put(name: ComponentName, tensors: Tensors, shape: Shape, store: Put): Promise<Layer> {
  const id = await store.put(encodeLayer({ name, tensors, momentum: null, history: [] }));
  return { name, id, paramCount: componentParamCount(name, shape), history: [] };
}
