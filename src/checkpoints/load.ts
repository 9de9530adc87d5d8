// Makes the layers of a root from a file: the bottom blocks with the checkpoint's own final norm (method.md §a.6), and the
// position embedding resized to the image. The head is left out, because a root's head is new and zero.

import {
  type Backbone,
  type ComponentName,
  componentNames,
  componentTensors,
  type Shape,
} from "../core/components.js";
import { badCheckpoint, readFailed, rootTooShallow, valueNotValid } from "../core/errors/index.js";
import type { RootSpec } from "../core/experiment.js";
import { resizePosembed } from "../core/posembed.js";
import { openForReading } from "../disk/random-access.js";
import { augregLayout } from "./augreg.js";
import { type Checkpoint, type CheckpointFacts, type ComponentTensors, checkpointOf } from "./checkpoint.js";
import { defaultRootPlaces, findRoot, type RootPlaces } from "./find.js";
import { npzFile } from "./npz-file.js";
import { rootLayout } from "./root-file.js";
import { safetensorsFile } from "./safetensors-file.js";
import { timmLayout } from "./timm.js";

const LAYOUTS = [rootLayout, augregLayout, timmLayout];

const ZIP = "PK";

/** Opens the checkpoint at `path`. Throws root/bad-file, store/read-failed. */
export async function openCheckpoint(path: string, backbone?: Backbone): Promise<Checkpoint> {
  const file = await openForReading(path, (cause) => readFailed(path, cause));
  try {
    const start = Buffer.from(await file.read(0, 9)).toString("latin1");
    const isZip = start.startsWith(ZIP);
    // A safetensors file begins with a length of eight bytes, then JSON; without this check, the first bytes of any other
    // file would be taken for a length.
    if (!isZip && start.length === 9 && !start.endsWith("{"))
      throw badCheckpoint(path, "the bytes of neither a .npz nor a .safetensors file", "weights of a ViT");
    return checkpointOf(await (isZip ? npzFile(file) : safetensorsFile(file)), LAYOUTS, backbone);
  } catch (error) {
    await file.close();
    throw error;
  }
}

export interface RootOptions {
  /** Transformer blocks to keep, from the bottom; all of them by default. */
  readonly blocks?: number | undefined;
  /** For weights of an unusual size whose file does not say how many heads they have. */
  readonly backbone?: Backbone | undefined;
  readonly places?: RootPlaces | undefined;
}

/** What an experiment records about the root in `file`, a path or the name of a file in a folder of roots. Throws root/… */
export async function checkpointRoot(
  file: string,
  { blocks, backbone, places = defaultRootPlaces() }: RootOptions = {},
): Promise<Extract<RootSpec, { kind: "checkpoint" }>> {
  const { path, sha256 } = await findRoot(file, places);
  const facts = await factsOf(path, backbone);
  if (blocks !== undefined && blocks > facts.blocks) throw rootTooShallow(path, facts.blocks, blocks);
  const { origin, trainedOn } = facts;
  return {
    kind: "checkpoint",
    backbone: facts.backbone,
    blocks: blocks ?? facts.blocks,
    file,
    sha256,
    origin,
    ...(trainedOn && { trainedOn }),
  };
}

/** What the checkpoint at `path` holds. Throws root/bad-file, store/read-failed. */
export async function factsOf(path: string, backbone?: Backbone): Promise<CheckpointFacts> {
  const checkpoint = await openCheckpoint(path, backbone);
  await checkpoint.close();
  return checkpoint.facts;
}

/** The layers of a root without its head, and its position embedding as it was trained. */
export interface LoadedRoot {
  readonly components: ReadonlyMap<ComponentName, ComponentTensors>;
  readonly original: { readonly grid: number; readonly embedding: Float32Array };
}

/** The root's layers for a model of `shape`. Throws root/…, store/read-failed. */
export async function loadRoot(
  { file, sha256, backbone }: Extract<RootSpec, { kind: "checkpoint" }>,
  shape: Shape,
  places: RootPlaces = defaultRootPlaces(),
): Promise<LoadedRoot> {
  const { path } = await findRoot(file, places, sha256);
  const checkpoint = await openCheckpoint(path, backbone);
  try {
    return await readRoot(checkpoint, shape);
  } finally {
    await checkpoint.close();
  }
}

async function readRoot(checkpoint: Checkpoint, shape: Shape): Promise<LoadedRoot> {
  const { path, facts } = checkpoint;
  checkFits(checkpoint, shape);
  const { width, patch } = shape.backbone;
  const dims = [1, 1 + facts.grid ** 2, width];
  const embedding = await checkpoint.tensor("posembed_input", "pos_embedding", dims);
  const components = new Map<ComponentName, ComponentTensors>();
  for (const name of componentNames(shape)) {
    if (name === "head") continue;
    const tensors: Record<string, { dims: readonly number[]; data: Float32Array }> = {};
    for (const [tensor, dims] of Object.entries(componentTensors(name, shape)))
      tensors[tensor] = {
        dims,
        data:
          name === "posembed_input"
            ? resizePosembed(embedding, width, facts.grid, shape.imageSize / patch)
            : finite(await checkpoint.tensor(name, tensor, dims), `${path} (${name}/${tensor})`),
      };
    components.set(name, tensors);
  }
  return { components, original: { grid: facts.grid, embedding: finite(embedding, path) } };
}

function checkFits({ path, facts }: Checkpoint, { backbone, blocks, imageSize }: Shape): void {
  if (blocks > facts.blocks) throw rootTooShallow(path, facts.blocks, blocks);
  const sizes = ({ patch, width, mlp, heads }: Backbone): string =>
    `patch ${patch}, width ${width}, mlp ${mlp}, heads ${heads}`;
  if (sizes(facts.backbone) !== sizes(backbone))
    throw badCheckpoint(path, sizes(facts.backbone), `${sizes(backbone)} (${backbone.name})`);
  if (imageSize % backbone.patch !== 0 || imageSize < backbone.patch)
    throw valueNotValid("imageSize", imageSize, `a multiple of the patch, ${backbone.patch}`);
}

function finite<Values extends Float32Array>(values: Values, where: string): Values {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw badCheckpoint(where, `value ${i} is ${values[i]}`, "finite numbers");
  return values;
}
