// mulab's own file of a root: a safetensors file of its layers by component and tensor, without the head, whose metadata
// says how large they are, what they were trained on and how. Equal content gives equal bytes.

import type { Backbone } from "../core/components.js";
import { badCheckpoint } from "../core/errors/index.js";
import type { TrainedOn } from "../core/experiment.js";
import { float32Bytes, type RawTensor, writeSafetensors } from "../core/safetensors.js";
import type { ComponentTensors, Layout } from "./checkpoint.js";
import { gridOf } from "./checkpoint.js";

const FORMAT = "mulab-root/1";

export interface RootContent {
  readonly backbone: Backbone;
  readonly blocks: number;
  readonly origin: string;
  readonly trainedOn?: TrainedOn;
  readonly provenance: Readonly<Record<string, unknown>>;
  /** By component, without the head. */
  readonly components: ReadonlyMap<string, ComponentTensors>;
}

/** The bytes of a root. */
export function encodeRoot({
  backbone,
  blocks,
  origin,
  trainedOn,
  provenance,
  components,
}: RootContent): Uint8Array {
  const tensors = new Map<string, RawTensor>();
  for (const [component, of] of components)
    for (const [tensor, { dims, data }] of Object.entries(of))
      tensors.set(`${component}/${tensor}`, { dtype: "F32", dims, bytes: float32Bytes(data) });
  const metadata = {
    format: FORMAT,
    backbone: JSON.stringify(backbone),
    blocks: String(blocks),
    origin,
    ...(trainedOn && { trainedOn: JSON.stringify(trainedOn) }),
    provenance: JSON.stringify(provenance),
  };
  return writeSafetensors({ tensors, metadata });
}

/** How a root of mulab is recognized among other checkpoints, which people made themselves. */
export const ROOT_KIND = {
  name: "a root of mulab",
  recognise: (head: Uint8Array): boolean =>
    new TextDecoder("latin1").decode(head.subarray(8)).includes(`"format":"${FORMAT}"`),
};

export const rootLayout: Layout = {
  name: "a root of mulab",
  recognise({ path, metadata, dims }) {
    if (metadata.format !== FORMAT) return undefined;
    const json = (key: string): unknown => {
      try {
        return JSON.parse(metadata[key] ?? "");
      } catch {
        throw badCheckpoint(path, `its ${key} is ${JSON.stringify(metadata[key])}`, "JSON");
      }
    };
    const backbone = json("backbone") as Backbone;
    const lengths = [backbone?.patch, backbone?.width, backbone?.mlp, backbone?.heads];
    const whole = lengths.every((length) => Number.isSafeInteger(length) && length > 0);
    if (!whole || typeof backbone.name !== "string" || backbone.width % backbone.heads !== 0)
      throw badCheckpoint(path, `its backbone is ${metadata.backbone}`, "name, patch, width, mlp and heads");
    const blocks = Number(metadata.blocks);
    if (!/^\d{1,3}$/.test(metadata.blocks ?? ""))
      throw badCheckpoint(path, `its blocks are ${JSON.stringify(metadata.blocks)}`, "a count");
    const { name, patch, width, mlp, heads } = backbone;
    const provenance = json("provenance") as Record<string, unknown>;
    const trainedOn = metadata.trainedOn === undefined ? madeFrom(provenance) : json("trainedOn");
    if (trainedOn !== undefined && !isTrainedOn(trainedOn))
      throw badCheckpoint(path, `its trainedOn is ${metadata.trainedOn?.slice(0, 60)}`, "task and images");
    return {
      backbone: { name, patch, width, mlp, heads },
      blocks,
      grid: gridOf(dims.get("posembed_input/pos_embedding")?.[1], path),
      origin: metadata.origin ?? "not said",
      ...(trainedOn && { trainedOn }),
      provenance,
    };
  },
  recipe: (component, tensor, dims) => ({ from: `${component}/${tensor}`, dims }),
};

/** Files of earlier versions name the task only in their provenance. */
const madeFrom = (provenance: Record<string, unknown> | null): TrainedOn | undefined =>
  typeof provenance?.task === "string" ? { task: provenance.task, images: [] } : undefined;

function isTrainedOn(value: unknown): value is TrainedOn {
  const { task, images } = (value ?? {}) as Partial<TrainedOn>;
  return (
    typeof task === "string" && Array.isArray(images) && images.every((print) => /^[0-9a-f]{16}$/.test(print))
  );
}
