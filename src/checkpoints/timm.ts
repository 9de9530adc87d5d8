// Weights as timm writes them (safetensors): PyTorch's layouts, query, key and value in one matrix. Dense weights are [out,
// in] there and [in, out] here, the patch embedding's [out, channel, row, column] and [row, column, channel, out]. The head
// is left out. The number of heads is not in the file, so the size must be a known one.

import { basename } from "node:path";
import { BACKBONES, type Backbone, type ComponentName, componentKind } from "../core/components.js";
import { badCheckpoint } from "../core/errors/index.js";
import {
  blockCount,
  type CheckpointFacts,
  gridOf,
  type Layout,
  type Recipe,
  refuseStrangers,
} from "./checkpoint.js";

const KNOWN =
  /^(cls_token|pos_embed|patch_embed\.proj\.(weight|bias)|norm\.(weight|bias)|blocks\.\d+\.(norm[12]|attn\.(qkv|proj)|mlp\.fc[12])\.(weight|bias)|(head|pre_logits\.fc)\.(weight|bias))$/;

type Values = Float32Array<ArrayBuffer>;

export const timmLayout: Layout = {
  name: "ViT weights in timm's names (.safetensors)",
  recognise(file, given) {
    const { dims, path } = file;
    const proj = dims.get("patch_embed.proj.weight");
    const fc1 = dims.get("blocks.0.mlp.fc1.weight");
    if (!proj || !dims.has("pos_embed")) return undefined;
    refuseStrangers(file, KNOWN);
    if (proj.length !== 4 || fc1?.length !== 2)
      throw badCheckpoint(path, "its embedding and first block have other shapes", "those of a ViT");
    return {
      backbone: sized({ patch: proj[2]!, width: proj[0]!, mlp: fc1[0]! }, path, given),
      blocks: blockCount(file, /^blocks\.(\d+)\./),
      grid: gridOf(dims.get("pos_embed")?.[1], path),
      origin: `timm weights, ${basename(path, ".safetensors")}`,
      provenance: null,
    };
  },
  recipe: (component, tensor, dims, _file, { backbone }) => recipeOf(component, tensor, dims, backbone),
};

function sized(
  { patch, width, mlp }: Pick<Backbone, "patch" | "width" | "mlp">,
  path: string,
  given: Backbone | undefined,
): CheckpointFacts["backbone"] {
  const known = [...(given ? [given] : []), ...Object.values(BACKBONES)];
  const backbone = known.find((b) => b.patch === patch && b.width === width && b.mlp === mlp);
  if (!backbone)
    throw badCheckpoint(
      path,
      `patch ${patch}, width ${width}, mlp ${mlp}, and such a file does not say how many heads`,
      `the size of ${Object.keys(BACKBONES).join(", ")}, or a backbone that is given`,
    );
  return backbone;
}

const elementCount = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

function recipeOf(
  component: ComponentName,
  tensor: string,
  dims: readonly number[],
  { width, patch }: Backbone,
): Recipe {
  const suffix = tensor.endsWith("kernel") || tensor.endsWith("scale") ? "weight" : "bias";
  switch (componentKind(component)) {
    case "cls":
      return { from: "cls_token", dims };
    case "posembed_input":
      return { from: "pos_embed", dims };
    case "encoder_norm":
      return { from: `norm.${suffix}`, dims };
    case "embedding":
      return suffix === "bias"
        ? { from: "patch_embed.proj.bias", dims }
        : {
            from: "patch_embed.proj.weight",
            dims: [width, 3, patch, patch],
            convert: (values) => transpose(values, width, 3 * patch * patch, (row) => hwi(row, patch)),
          };
    default:
      return blockRecipe(`blocks.${component.replace(/^\D+/, "")}.`, tensor, dims, suffix, width);
  }
}

/** Where channel-first input `row` of the patch embedding is here: [channel, row, column] to [row, column, channel]. */
const hwi = (row: number, patch: number): number =>
  (row % (patch * patch)) * 3 + Math.floor(row / (patch * patch));

const MODULES: readonly (readonly [RegExp, string])[] = [
  [/^LayerNorm_0\//, "norm1."],
  [/^LayerNorm_1\//, "norm2."],
  [/\/(query|key|value)\//, "attn.qkv."],
  [/\/out\//, "attn.proj."],
  [/^MlpBlock_0\/Dense_0\//, "mlp.fc1."],
  [/^MlpBlock_0\/Dense_1\//, "mlp.fc2."],
];
const FUSED = ["query", "key", "value"];

function blockRecipe(
  at: string,
  tensor: string,
  dims: readonly number[],
  suffix: string,
  width: number,
): Recipe {
  const from = at + MODULES.find(([pattern]) => pattern.test(tensor))![1] + suffix;
  const part = FUSED.findIndex((name) => tensor.includes(`/${name}/`));
  const size = elementCount(dims);
  const own = (values: Values): Values => (part < 0 ? values : values.slice(part * size, (part + 1) * size));
  const times = part < 0 ? 1 : FUSED.length;
  if (!tensor.endsWith("kernel"))
    return part < 0 ? { from, dims } : { from, dims: [times * size], convert: own };
  // The output projection has its heads first, all others have their inputs first.
  const inputs = tensor.includes("/out/") ? size / width : dims[0]!;
  const outputs = size / inputs;
  return {
    from,
    dims: [times * outputs, inputs],
    convert: (values) => transpose(own(values), outputs, inputs),
  };
}

/** [rows, columns] to [columns, rows]; `place` says where a column goes. */
function transpose(
  values: Values,
  rows: number,
  columns: number,
  place = (column: number): number => column,
): Values {
  const turned = new Float32Array(values.length);
  for (let column = 0; column < columns; column++) {
    const to = place(column) * rows;
    for (let row = 0; row < rows; row++) turned[to + row] = values[row * columns + column]!;
  }
  return turned;
}
