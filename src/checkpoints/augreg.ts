// Weights as the ViT and augreg papers publish them (.npz with names joined by "/"), method.md §a.4. Blocks are spelled in
// two ways: by the counters of flax before linen (LayerNorm_0, MultiHeadDotProductAttention_1, LayerNorm_2, MlpBlock_3),
// as in the published files, or as linen does (0, 0, 1, 0), which are our own names. Head and pre_logits are left out.

import { basename } from "node:path";
import type { ComponentName } from "../core/components.js";
import { badCheckpoint } from "../core/errors/index.js";
import { backboneOf, blockCount, gridOf, type Layout, refuseStrangers } from "./checkpoint.js";
import type { TensorFile } from "./tensor-file.js";

const POSEMBED = "Transformer/posembed_input/pos_embedding";
const KNOWN =
  /^(embedding\/(kernel|bias)|cls|Transformer\/(posembed_input\/pos_embedding|encoder_norm\/(scale|bias)|encoderblock_\d+\/(LayerNorm|MultiHeadDotProductAttention|MlpBlock)_\d\/.*)|(head|pre_logits)\/(kernel|bias))$/;

/** From our names to those of flax before linen. */
const PRE_LINEN: readonly (readonly [string, string])[] = [
  ["LayerNorm_1/", "LayerNorm_2/"],
  ["MultiHeadDotProductAttention_0/", "MultiHeadDotProductAttention_1/"],
  ["MlpBlock_0/", "MlpBlock_3/"],
];

const block = (i: number): string => `Transformer/encoderblock_${i}/`;
const isPreLinen = ({ dims }: TensorFile): boolean =>
  dims.has(`${block(0)}MultiHeadDotProductAttention_1/query/kernel`);

export const augregLayout: Layout = {
  name: "ViT weights in JAX's names (.npz)",
  recognise(file) {
    const { dims, path } = file;
    const kernel = dims.get("embedding/kernel");
    if (!kernel || !dims.has(POSEMBED)) return undefined;
    refuseStrangers(file, KNOWN);
    const spelled = (tensor: string): string => spell(tensor, isPreLinen(file));
    const query = dims.get(block(0) + spelled("MultiHeadDotProductAttention_0/query/bias"));
    const mlp = dims.get(block(0) + spelled("MlpBlock_0/Dense_0/bias"));
    if (kernel.length !== 4 || query?.length !== 2 || mlp?.length !== 1)
      throw badCheckpoint(path, "its embedding and first block have other shapes", "those of a ViT");
    return {
      backbone: backboneOf({ patch: kernel[0]!, width: kernel[3]!, mlp: mlp[0]!, heads: query[0]! }),
      blocks: blockCount(file, /^Transformer\/encoderblock_(\d+)\//),
      grid: gridOf(dims.get(POSEMBED)?.[1], path),
      origin: `published ViT weights, ${basename(path, ".npz")}`,
      provenance: null,
    };
  },
  recipe: (component, tensor, dims, file) => ({
    from: fileName(component, spell(tensor, isPreLinen(file))),
    dims,
  }),
};

const spell = (tensor: string, preLinen: boolean): string => {
  const [linen, old] = PRE_LINEN.find(([name]) => preLinen && tensor.startsWith(name)) ?? ["", ""];
  return old + tensor.slice(linen.length);
};

function fileName(component: ComponentName, tensor: string): string {
  if (component === "cls") return "cls";
  return component === "embedding" ? `embedding/${tensor}` : `Transformer/${component}/${tensor}`;
}
