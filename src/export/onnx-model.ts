// A model as an ONNX graph that needs nothing of mulab: it takes images as their bytes, of any number and any size, and
// prepares them as mulab does: brought to the size of the task's own images (antialiased bilinear, rounded to bytes), scaled
// to [-1, 1], then resized to the model's size (bilinear). Standard operators only.

import type { LayerContent } from "../core/layer-codec.js";
import type { LayerId, Model } from "../core/model.js";
import { frozenTensors } from "../engine/children.js";
import { lowerForAnyBatch } from "../engine/onnx-any-batch.js";
import { outputName } from "../engine/onnx-ops.js";
import type { OnnxGraph, OnnxInitializer, OnnxNode } from "../engine/onnx-proto.js";
import { names, predictionGraph, storedModel } from "../graph/generation.js";

const STREAM = "prepared";

/** Its input: bytes [N, height, width, 3], RGB; grey images three times the same value. */
const INPUT = "images";
/** Its outputs: [N, classes] each. */
export const OUTPUTS = { logits: "logits", probabilities: "probabilities" } as const;

/** The graph of `model`, whose task has images of `storedSize` pixels a side. */
export function onnxGraph(
  { shape, path }: Pick<Model, "shape" | "path">,
  layers: ReadonlyMap<LayerId, LayerContent>,
  storedSize: number,
): OnnxGraph {
  const model = storedModel({ shape, path }, STREAM);
  const constants = frozenTensors([model], layers, names.layer);
  const network = lowerForAnyBatch((batch) => predictionGraph(model, batch), constants, "batch");
  const before = preparation(storedSize, shape.imageSize, `in/${names.images(STREAM)}`);
  const logits = outputName(names.logits);
  const dims = ["N", shape.classes];
  return {
    nodes: [
      ...before.nodes,
      ...network.nodes,
      { op: "Identity", inputs: [logits], outputs: [OUTPUTS.logits] },
      { op: "Softmax", inputs: [logits], outputs: [OUTPUTS.probabilities], attributes: { axis: -1 } },
    ],
    inputs: [{ name: INPUT, dims: ["N", "height", "width", 3], type: "uint8" }],
    outputs: [
      { name: OUTPUTS.probabilities, dims },
      { name: OUTPUTS.logits, dims },
    ],
    initializers: [...before.initializers, ...network.initializers],
  };
}

const FLOAT = 1;
/** How both resizings place their pixels. */
const HALF_PIXEL = { mode: "linear", coordinate_transformation_mode: "half_pixel" } as const;

/** The nodes from the input's bytes to `output`, and the number of images as int64 tensor [1] named batch. */
function preparation(
  storedSize: number,
  imageSize: number,
  output: string,
): Pick<OnnxGraph, "nodes" | "initializers"> {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxInitializer[] = [];
  const add = (
    op: string,
    inputs: readonly string[],
    to: string,
    attributes: OnnxNode["attributes"] = {},
  ): string => {
    nodes.push({ op, inputs, outputs: [to], attributes });
    return to;
  };
  const integers = (name: string, ...values: number[]): string => {
    initializers.push({ name, dims: [values.length], data: BigInt64Array.from(values, BigInt) });
    return name;
  };
  const scalar = (name: string, value: number): string => {
    initializers.push({ name, dims: [], data: Float32Array.of(value) });
    return name;
  };
  const squares = (from: string, size: number, to: string, attributes: OnnxNode["attributes"]): string => {
    const sizes = add("Concat", ["batch", integers(`${to}/square`, size, size, 3)], `${to}/size`, {
      axis: 0,
    });
    return add("Resize", [from, "", "", sizes], to, { ...HALF_PIXEL, ...attributes });
  };
  const shape = add("Shape", [INPUT], "images/shape");
  add("Slice", [shape, integers("zero", 0), integers("one", 1)], "batch");
  const floats = add("Cast", [INPUT], "images/float", { to: FLOAT });
  // Pixels beyond the border count as nothing (exclude_outside), as in Pillow; without that, ONNX repeats the border.
  const stored = squares(floats, storedSize, "images/stored", { antialias: 1, exclude_outside: 1 });
  const half = add("Add", [stored, scalar("half", 0.5)], "images/half");
  const bytes = add("Floor", [half], "images/bytes");
  const scaled = add("Div", [bytes, scalar("halfwhite", 127.5)], "images/scaled");
  const isSame = storedSize === imageSize;
  const centred = add("Sub", [scaled, scalar("unit", 1)], isSame ? output : "images/centred");
  if (!isSame) squares(centred, imageSize, output, {});
  return { nodes, initializers };
}
