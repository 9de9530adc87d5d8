// The components of a ViT path, the units of sharing and cloning: their names, tensors, shapes and exact parameter counts
// (method.md §a.2). Tensor names and layouts are those of the published checkpoints (JAX linen).

export type ComponentName =
  | "embedding"
  | "cls"
  | "posembed_input"
  | `encoderblock_${number}`
  | `residual_adapter_${number}`
  | "encoder_norm"
  | "head";

/** The size of a Vision Transformer; lengths in channels. */
export interface Backbone {
  readonly name: string;
  /** Side of a patch, in pixels. */
  readonly patch: number;
  readonly width: number;
  readonly mlp: number;
  readonly heads: number;
}

/** Everything that determines the tensor shapes of a model. */
export interface Shape {
  readonly backbone: Backbone;
  /** Side of the square input image, in pixels; a multiple of the patch. */
  readonly imageSize: number;
  /** Transformer blocks in use. */
  readonly blocks: number;
  /** Indices of the blocks that have an adapter before them, ascending. */
  readonly adapters: readonly number[];
  readonly adapterDim: number;
  readonly classes: number;
}

export const BACKBONES = {
  "Ti/16": { name: "Ti/16", patch: 16, width: 192, mlp: 768, heads: 3 },
  "S/16": { name: "S/16", patch: 16, width: 384, mlp: 1536, heads: 6 },
  "B/16": { name: "B/16", patch: 16, width: 768, mlp: 3072, heads: 12 },
  "L/16": { name: "L/16", patch: 16, width: 1024, mlp: 4096, heads: 16 },
} as const satisfies Record<string, Backbone>;

/** Patches of an image plus the class token: the length of the sequence. */
export const tokenCount = (shape: Shape): number => (shape.imageSize / shape.backbone.patch) ** 2 + 1;

/** The components of a model of this shape, from the image to the head; an adapter is before its block. */
export function componentNames(shape: Shape): ComponentName[] {
  const body = Array.from({ length: shape.blocks }, (_, i): ComponentName[] =>
    shape.adapters.includes(i) ? [`residual_adapter_${i}`, `encoderblock_${i}`] : [`encoderblock_${i}`],
  );
  return ["embedding", "cls", "posembed_input", ...body.flat(), "encoder_norm", "head"];
}

/** The kind of a component: its name without the block number. */
export type ComponentKind =
  | "embedding"
  | "cls"
  | "posembed_input"
  | "encoderblock"
  | "residual_adapter"
  | "encoder_norm"
  | "head";

export function componentKind(name: ComponentName): ComponentKind {
  if (name.startsWith("encoderblock_")) return "encoderblock";
  if (name.startsWith("residual_adapter_")) return "residual_adapter";
  return name as ComponentKind;
}

/** Dimensions of each tensor of a component, in the order of the checkpoint. */
export type TensorShapes = Readonly<Record<string, readonly number[]>>;

/** The tensors of component `name` in a model of `shape`. */
export function componentTensors(name: ComponentName, shape: Shape): TensorShapes {
  const { width: D, mlp: M, heads: H, patch } = shape.backbone;
  const perHead = D / H;
  const norm = (at: string) => ({ [`${at}scale`]: [D], [`${at}bias`]: [D] });
  switch (componentKind(name)) {
    case "embedding":
      return { kernel: [patch, patch, 3, D], bias: [D] };
    case "cls":
      return { cls: [1, 1, D] };
    case "posembed_input":
      return { pos_embedding: [1, tokenCount(shape), D] };
    case "encoderblock": {
      const attention = "MultiHeadDotProductAttention_0";
      const projections = ["query", "key", "value"].map((p) => ({
        [`${attention}/${p}/kernel`]: [D, H, perHead],
        [`${attention}/${p}/bias`]: [H, perHead],
      }));
      return Object.assign(
        norm("LayerNorm_0/"),
        ...projections,
        { [`${attention}/out/kernel`]: [H, perHead, D], [`${attention}/out/bias`]: [D] },
        norm("LayerNorm_1/"),
        { "MlpBlock_0/Dense_0/kernel": [D, M], "MlpBlock_0/Dense_0/bias": [M] },
        { "MlpBlock_0/Dense_1/kernel": [M, D], "MlpBlock_0/Dense_1/bias": [D] },
      );
    }
    case "residual_adapter": {
      const a = shape.adapterDim;
      return {
        ...norm("LayerNorm_0/"),
        "Dense_0/kernel": [D, a],
        "Dense_0/bias": [a],
        "Dense_1/kernel": [a, D],
        "Dense_1/bias": [D],
      };
    }
    case "encoder_norm":
      return norm("");
    case "head":
      return { kernel: [D, shape.classes], bias: [shape.classes] };
  }
}

const product = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** A cache of counts by shape; every layer of every planned child needs one. */
const counted = new WeakMap<Shape, Map<ComponentKind, number>>();

/** Parameters of component `name` in a model of `shape`; a count. */
export function componentParamCount(name: ComponentName, shape: Shape): number {
  const known = counted.get(shape) ?? new Map<ComponentKind, number>();
  counted.set(shape, known);
  const kind = componentKind(name);
  const count =
    known.get(kind) ??
    Object.values(componentTensors(name, shape)).reduce((sum, dims) => sum + product(dims), 0);
  known.set(kind, count);
  return count;
}

/** Parameters of a whole model of `shape`; a count. */
export function modelParamCount(shape: Shape): number {
  return componentNames(shape).reduce((sum, name) => sum + componentParamCount(name, shape), 0);
}
