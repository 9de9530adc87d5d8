// A layer as bytes: a safetensors file whose metadata says which component it is and who trained it. A layer's name is
// the sha-256 of these bytes, so the name commits to the history; the proof of privacy rests on that.
//
// Momentum (the SGD trace of the layer's best version, method.md §b.8) is kept in bfloat16, as published. Momentum that is
// all zeros after rounding is not stored, so that equal layers have equal bytes whatever their origin.

import type { ComponentName, TensorShapes } from "./components.js";
import { type MulabError, malformedLayer } from "./errors/index.js";
import type { TrainingSpan } from "./model.js";
import {
  float32Bytes,
  type RawTensor,
  readSafetensors,
  toBfloat16,
  toFloat32,
  writeSafetensors,
} from "./safetensors.js";
import { parseStrictJson } from "./strict-json.js";

/** The content of a layer. */
export interface LayerContent {
  readonly name: ComponentName;
  readonly tensors: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>
  >;
  /** By tensor name, with bfloat16 precision; null if training starts from zero. */
  readonly momentum: Readonly<Record<string, Float32Array>> | null;
  /** Oldest first; empty for the root's layers. */
  readonly history: readonly TrainingSpan[];
}

/** The part of a layer's content in its header. */
export interface LayerSummary {
  readonly name: ComponentName;
  /** Parameters, a count (momentum is not one of them). */
  readonly paramCount: number;
  readonly shapes: TensorShapes;
  readonly history: readonly TrainingSpan[];
}

const FORMAT = "mulab-layer/1";
const MOMENTUM = "momentum/";

/** Whether `name` is the name of a component. */
export const isComponentName = (name: unknown): name is ComponentName =>
  typeof name === "string" &&
  /^(embedding|cls|posembed_input|encoder_norm|head|(encoderblock|residual_adapter)_(0|[1-9]\d*))$/.test(
    name,
  );

/** The bytes of a layer; equal content gives equal bytes. Momentum is rounded to bfloat16, to nearest with ties to even. */
export function encodeLayer({ name, tensors, momentum, history }: LayerContent): Uint8Array<ArrayBuffer> {
  const raw = new Map<string, RawTensor>();
  for (const [tensor, { dims, data }] of Object.entries(tensors)) {
    if (tensor.startsWith(MOMENTUM))
      throw new RangeError(`"${tensor}" is not a name for a tensor of a layer.`);
    raw.set(tensor, { dtype: "F32", dims, bytes: float32Bytes(data) });
  }
  for (const [tensor, halves] of roundMomentum(momentum)) {
    const dims = tensors[tensor]?.dims;
    if (!dims) throw new RangeError(`There is momentum for "${tensor}", but no such tensor.`);
    raw.set(MOMENTUM + tensor, { dtype: "BF16", dims, bytes: new Uint8Array(halves.buffer) });
  }
  const spans = history.map(({ task, steps }) => ({ task, steps }));
  return writeSafetensors({
    tensors: raw,
    metadata: { format: FORMAT, component: name, history: JSON.stringify(spans) },
  });
}

/** Momentum in bfloat16, or none if all of it is zero. */
function roundMomentum(momentum: LayerContent["momentum"]): [string, Uint16Array<ArrayBuffer>][] {
  const rounded = Object.entries(momentum ?? {}).map(
    ([tensor, values]): [string, Uint16Array<ArrayBuffer>] => [tensor, toBfloat16(values)],
  );
  const moves = rounded.some(([, halves]) => halves.some((half) => (half & 0x7fff) !== 0)); // -0 counts as zero
  return moves ? rounded : [];
}

/** The content of `bytes`, copied. Throws store/malformed-layer; `where` names the layer in the message. */
export function decodeLayer(bytes: Uint8Array, where = "The bytes given"): LayerContent {
  const { name, history, tensors, momentum } = parseLayer(bytes, where);
  return {
    name,
    tensors: Object.fromEntries(
      tensors.map(([tensor, raw]) => [tensor, { dims: raw.dims, data: toFloat32(raw) }]),
    ),
    momentum:
      momentum.length > 0
        ? Object.fromEntries(momentum.map(([tensor, raw]) => [tensor, toFloat32(raw)]))
        : null,
    history,
  };
}

/** The content of the header of `bytes`, without reading the numbers. Throws store/malformed-layer. */
export function summarizeLayer(bytes: Uint8Array, where = "The bytes given"): LayerSummary {
  const { name, history, tensors } = parseLayer(bytes, where);
  return {
    name,
    paramCount: tensors.reduce((sum, [, raw]) => sum + raw.bytes.length / 4, 0),
    shapes: Object.fromEntries(tensors.map(([tensor, raw]) => [tensor, raw.dims])),
    history,
  };
}

/** Whether every parameter in `bytes` is a finite number. Throws store/malformed-layer. */
export function hasOnlyNumbers(bytes: Uint8Array, where = "The bytes given"): boolean {
  return parseLayer(bytes, where).tensors.every(([, raw]) => {
    let sum = 0; // a sum of float32 values can't overflow a double
    for (const value of toFloat32(raw)) sum += value;
    return Number.isFinite(sum);
  });
}

function parseLayer(bytes: Uint8Array, where: string) {
  const fail = (found: string, expected: string) => malformedLayer(where, `${found}; expected ${expected}`);
  const { tensors: all, metadata } = readSafetensors(bytes, fail);
  if (metadata.format !== FORMAT) throw fail(`its format is ${JSON.stringify(metadata.format)}`, FORMAT);
  const name = metadata.component;
  if (!isComponentName(name)) throw fail(`its component is ${JSON.stringify(name)}`, "a component of a ViT");
  const momentum: [string, RawTensor][] = [];
  const tensors: [string, RawTensor][] = [];
  for (const [tensor, raw] of all) {
    const isMomentum = tensor.startsWith(MOMENTUM);
    const dtype = isMomentum ? "BF16" : "F32";
    if (raw.dtype !== dtype) throw fail(`tensor "${tensor}" has type ${raw.dtype}`, dtype);
    if (isMomentum) momentum.push([tensor.slice(MOMENTUM.length), raw]);
    else tensors.push([tensor, raw]);
  }
  for (const [tensor, { dims }] of momentum)
    if (String(all.get(tensor)?.dims) !== String(dims))
      throw fail(
        `the momentum of "${tensor}" has shape [${dims}]`,
        `[${all.get(tensor)?.dims ?? "no such tensor"}]`,
      );
  return { name, tensors, momentum, history: parseHistory(metadata.history, fail) };
}

function parseHistory(
  text: string | undefined,
  fail: (found: string, expected: string) => MulabError,
): TrainingSpan[] {
  const expected = "a list of { task, steps }";
  let history: unknown;
  try {
    history = parseStrictJson(text ?? "");
  } catch {
    throw fail(`its history is ${JSON.stringify(text)}`, expected);
  }
  if (!Array.isArray(history)) throw fail(`its history is ${text}`, expected);
  return history.map((span: unknown) => {
    const { task, steps, ...rest } = (span ?? {}) as Record<string, unknown>;
    const whole = Number.isSafeInteger(steps) && (steps as number) >= 0;
    if (typeof task !== "string" || task === "" || !whole || Object.keys(rest).length > 0)
      throw fail(`its history has ${JSON.stringify(span)}`, expected);
    return { task, steps: steps as number };
  });
}
