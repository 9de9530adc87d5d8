// For `mulab verify`: draws a random root again from the run's seed. Sine and cosine differ in their last digit between
// versions of a JavaScript engine, so weights with different bytes are compared as numbers.

import { componentTensors } from "../../core/components.js";
import { MulabError } from "../../core/errors/index.js";
import type { Event } from "../../core/event.js";
import type { Experiment } from "../../core/experiment.js";
import { decodeLayer, encodeLayer } from "../../core/layer-codec.js";
import type { Layer } from "../../core/model.js";
import { resizePosembed } from "../../core/posembed.js";
import { rngFromSeed } from "../../core/rng.js";
import type { LayerStore } from "../../core/seams.js";
import { initRoot, type LayerTensors } from "../../graph/init.js";
import { layerIdOf } from "../../store/layer-id.js";
import { imageSizeOf } from "./path.js";
import { short } from "./rules.js";

/** The layers of a random root that don't follow from the seed, in words; none if the root is from a file. */
export async function rootDrawFailures(
  { path, shape, posembeds = [] }: Extract<Event, { type: "root-added" }>,
  { root, seed }: Experiment,
  store: Pick<LayerStore, "get">,
): Promise<string[]> {
  if (root.kind !== "random") return [];
  const drawn = new Map(
    initRoot(shape, rngFromSeed(seed).child("root")).map(({ name, tensors }) => [name, tensors]),
  );
  const failures: string[] = [];
  const compare = async (layer: Layer, tensors: LayerTensors | undefined): Promise<void> => {
    if (!tensors || !(await isDrawn(layer, tensors, store)))
      failures.push(`the root's ${layer.name}, layer ${short(layer.id)}, is not what seed ${seed} draws`);
  };
  for (const layer of path) await compare(layer, drawn.get(layer.name));
  const { patch, width } = shape.backbone;
  const embedding = drawn.get("posembed_input")!.pos_embedding!.data;
  for (const layer of posembeds) {
    const imageSize = imageSizeOf(layer.paramCount, shape);
    if (!Number.isInteger(imageSize / patch)) continue; // the walk has already reported it
    const dims = componentTensors("posembed_input", { ...shape, imageSize }).pos_embedding!;
    const data = resizePosembed(embedding, width, shape.imageSize / patch, imageSize / patch);
    await compare(layer, { pos_embedding: { dims, data } });
  }
  return failures;
}

async function isDrawn(
  { id, name }: Layer,
  tensors: LayerTensors,
  store: Pick<LayerStore, "get">,
): Promise<boolean> {
  if (layerIdOf(encodeLayer({ name, tensors, momentum: null, history: [] })) === id) return true;
  try {
    const found = decodeLayer(await store.get(id)).tensors;
    return Object.entries(tensors).every(([tensor, { data }]) => isNear(found[tensor]?.data, data));
  } catch (error) {
    if (error instanceof MulabError) return true; // missing or damaged, which the check of the layers reports
    throw error;
  }
}

const isNear = (found: Float32Array | undefined, drawn: Float32Array): boolean =>
  found?.length === drawn.length &&
  drawn.every((value, i) => Math.abs(value - found[i]!) <= 1e-6 * Math.abs(value) + 1e-12);
