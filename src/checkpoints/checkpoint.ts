// A checkpoint: pretrained ViT weights in one of the forms that are published, seen as components with our own names and
// layouts (method.md §a.2, §a.4). Each form is a layout, which says what the file holds and how to find each tensor in it.

import { BACKBONES, type Backbone, type ComponentName } from "../core/components.js";
import { badCheckpoint } from "../core/errors/index.js";
import type { TrainedOn } from "../core/experiment.js";
import type { LayerContent } from "../core/layer-codec.js";
import type { TensorFile } from "./tensor-file.js";

export type ComponentTensors = LayerContent["tensors"];

/** What a checkpoint holds. */
export interface CheckpointFacts {
  readonly backbone: Backbone;
  /** Transformer blocks in the file. */
  readonly blocks: number;
  /** Side, in patches, of the grid that its position embedding is for. */
  readonly grid: number;
  /** What the weights were trained on, in a few words. */
  readonly origin: string;
  /** The same as data, if mulab trained it. */
  readonly trainedOn?: TrainedOn;
  /** How it was made, if the file says so. */
  readonly provenance: Readonly<Record<string, unknown>> | null;
}

/** How one of our tensors is made from tensors of the file. */
export interface Recipe {
  readonly from: string;
  /** Its shape in the file. */
  readonly dims: readonly number[];
  /** Brings the file's values into our layout; without it, they stay as they are. */
  readonly convert?: (values: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>;
}

/** A way of storing ViT weights. */
export interface Layout {
  readonly name: string;
  /** What a file of this layout holds; undefined if it has another layout. Throws root/bad-file if it is damaged. */
  recognise(file: TensorFile, backbone?: Backbone): CheckpointFacts | undefined;
  /** Where a file with these facts has our tensor of this component. */
  recipe(
    component: ComponentName,
    tensor: string,
    dims: readonly number[],
    file: TensorFile,
    facts: CheckpointFacts,
  ): Recipe;
}

/** An opened checkpoint. */
export interface Checkpoint {
  readonly path: string;
  readonly facts: CheckpointFacts;
  /** A tensor of a component in our layout, which must have these dims. Throws root/bad-file. */
  tensor(component: ComponentName, tensor: string, dims: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** `file` read by the first of `layouts` that fits. Throws root/bad-file. */
export function checkpointOf(file: TensorFile, layouts: readonly Layout[], backbone?: Backbone): Checkpoint {
  for (const layout of layouts) {
    const facts = layout.recognise(file, backbone);
    if (!facts) continue;
    return {
      path: file.path,
      facts,
      async tensor(component, tensor, dims) {
        const { from, dims: there, convert } = layout.recipe(component, tensor, dims, file, facts);
        const found = file.dims.get(from);
        if (String(found) !== String(there))
          throw badCheckpoint(
            file.path,
            found ? `tensor "${from}" has shape [${found.join(", ")}]` : `there is no tensor "${from}"`,
            `"${from}" of shape [${there.join(", ")}]`,
          );
        const values = await file.read(from);
        return convert ? convert(values) : values;
      },
      close: () => file.close(),
    };
  }
  const some = [...file.dims.keys()].slice(0, 3).join(", ");
  throw badCheckpoint(
    file.path,
    `its tensors (${some || "none"}${file.dims.size > 3 ? ", …" : ""}) are not those of a ViT that is known here`,
    layouts.map(({ name }) => name).join(", or "),
  );
}

/** The known backbone of these lengths, or one named after its width. */
export const backboneOf = (lengths: Omit<Backbone, "name">): Backbone =>
  Object.values(BACKBONES).find(
    ({ patch, width, mlp, heads }) =>
      patch === lengths.patch && width === lengths.width && mlp === lengths.mlp && heads === lengths.heads,
  ) ?? { name: `ViT-${lengths.width}/${lengths.patch}`, ...lengths };

/** Side of the grid whose position embedding has `tokens` rows, class token included. Throws root/bad-file. */
export function gridOf(tokens: number | undefined, path: string): number {
  const side = Math.sqrt((tokens ?? 0) - 1);
  if (!Number.isInteger(side) || side < 1)
    throw badCheckpoint(
      path,
      `its position embedding has ${tokens ?? 0} rows`,
      "a class token and a square grid of patches",
    );
  return side;
}

/** Blocks of a file, numbered from 0 without a gap by the first group of `pattern`. Throws root/bad-file. */
export function blockCount({ dims, path }: TensorFile, pattern: RegExp): number {
  const found = new Set([...dims.keys()].flatMap((name) => pattern.exec(name)?.[1] ?? []));
  const missing = Array.from({ length: found.size }, (_, i) => `${i}`).find((i) => !found.has(i));
  if (missing !== undefined) throw badCheckpoint(path, `block ${missing} is missing`, "blocks without a gap");
  return found.size;
}

/** Refuses tensors that a plain ViT does not have (a register, a scaled layer), because they change what the others mean. Throws root/bad-file. */
export function refuseStrangers({ dims, path }: TensorFile, known: RegExp): void {
  const stranger = [...dims.keys()].find((name) => !known.test(name));
  if (stranger !== undefined)
    throw badCheckpoint(path, `a tensor "${stranger}"`, "the tensors of a plain ViT alone");
}
