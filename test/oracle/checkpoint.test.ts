// Checkpoints of every published form, loaded and run, against PyTorch's forward pass on the same weights (a fixture;
// make_checkpoint_fixture.py): names, layouts, the cut to the first blocks, the resized position embedding.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkpointRoot, loadRoot } from "../../src/checkpoints/load.js";
import type { Backbone, Shape } from "../../src/core/components.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { modelGraph, relativeError } from "./fixture.js";

interface Expected {
  readonly head: { readonly kernel: readonly number[]; readonly bias: readonly number[] };
  readonly cases: readonly {
    readonly imageSize: number;
    readonly blocks: number;
    readonly logits: readonly number[];
  }[];
}

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const { head, cases }: Expected = JSON.parse(readFileSync(fixture("checkpoint.json"), "utf8"));
const BATCH = 2;
const lengths = { patch: 8, width: 16, mlp: 24, heads: 2 };
const backbone: Backbone = { name: "fixture", ...lengths };

/** The images that PyTorch had. */
const imagesOf = (size: number): Float32Array =>
  Float32Array.from({ length: BATCH * size * size * 3 }, (_, i) => ((i * 7919) % 2003) / 1001.5 - 1);

async function logitsOf(file: string, imageSize: number, blocks: number): Promise<ArrayLike<number>> {
  const root = await checkpointRoot(file, { blocks, backbone });
  expect(root.backbone).toMatchObject(lengths);
  const shape: Shape = {
    backbone: root.backbone,
    imageSize,
    blocks,
    adapters: [],
    adapterDim: 4,
    classes: head.bias.length,
  };
  const { components } = await loadRoot(root, shape);
  const values = [...components].flatMap(([name, tensors]) =>
    Object.entries(tensors).map(([tensor, { data }]) => [`value/${name}/${tensor}`, data] as const),
  );
  const program = await (await onnxEngine({ threads: 1 })).compile(modelGraph(shape, BATCH));
  const { logits } = await program.run({
    ...Object.fromEntries(values),
    "value/head/kernel": Float32Array.from(head.kernel),
    "value/head/bias": Float32Array.from(head.bias),
    images: imagesOf(imageSize),
    labels: new Float32Array(BATCH),
  });
  const copy = logits!.slice();
  await program.dispose();
  return copy;
}

describe.each([
  ["before linen, stored", "checkpoint-pre-linen.npz"],
  ["of linen, compressed", "checkpoint-linen.npz"],
  ["of timm", "checkpoint-timm.safetensors"],
])("weights in the names %s", (_, file) => {
  it.each(cases)("give PyTorch's logits at $imageSize px with $blocks blocks", async (of) => {
    const found = await logitsOf(fixture(file), of.imageSize, of.blocks);
    expect(relativeError(found, of.logits)).toBeLessThan(1e-5);
  });
});
