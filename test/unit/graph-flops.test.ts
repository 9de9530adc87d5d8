// Floating-point operations counted from the training graph, against counts made by hand.

import { describe, expect, it } from "vitest";
import { BACKBONES, type ComponentName, componentNames } from "../../src/core/components.js";
import { trainingFlops as closedForm } from "../../src/core/flops.js";
import type { Layer, LayerId, Position } from "../../src/core/model.js";
import { GraphBuilder } from "../../src/graph/builder.js";
import { graphFlops, trainingFlops } from "../support/graph-flops.js";
import { handShape } from "../support/models.js";

const positionsOf = (shape: ReturnType<typeof handShape>, trained: readonly string[]): Position[] =>
  componentNames(shape).map((name: ComponentName): Position => {
    const layer = { name, id: name as string as LayerId, paramCount: 1, history: [] } satisfies Layer;
    return { name, source: trained.includes(name) ? { how: "clone", layer } : { how: "share", layer } };
  });

describe("floating-point operations of a graph", () => {
  it("are two for each multiplication and addition of a matrix product", () => {
    const g = new GraphBuilder();
    const a = g.input("a", [3, 5]);
    const b = g.input("b", [5, 7]);
    expect(graphFlops({ outputs: { y: g.gemm(a, b) } })).toBe(2 * 3 * 5 * 7);
    const transposed = g.gemm(g.input("c", [5, 3]), b, undefined, { transA: true });
    expect(graphFlops({ outputs: { y: transposed } })).toBe(2 * 3 * 5 * 7);
    const p = g.input("p", [4, 2, 6]);
    const q = g.input("q", [4, 3, 6]);
    expect(graphFlops({ outputs: { y: g.batchMatmul(p, q, { transB: true }) } })).toBe(2 * 4 * 2 * 3 * 6);
    const rows = g.batchMatmul(p, g.input("r", [5, 2, 6]), {
      rowsFirstA: true,
      rowsFirstB: true,
      transB: true,
    });
    expect(graphFlops({ outputs: { y: rows } })).toBe(2 * 2 * 4 * 5 * 6);
  });
});

describe("a child's training step", () => {
  // Width 16, MLP 16, one head, patch 16, 32 px: 5 tokens, 4 patches of 768 values, 10 classes; 2 images.
  const [D, M, C, n, batch] = [16, 16, 10, 5, 2];
  const folds = (outputs: number) => 2 * D * outputs; // a norm's bias through the kernel behind it, whatever the batch

  it("of a head alone is its forward product and the gradient of its weights", () => {
    const shape = handShape({ blocks: 0 });
    const head = 2 * batch * D * C;
    // Forward with the norm's bias folded in; backward to the folded kernel, then the outer product of bias and gradient.
    const expected = head + folds(C) + head + folds(C);
    expect(trainingFlops({ shape, positions: positionsOf(shape, ["head"]) }, batch)).toBe(expected);
  });

  it("of one block counts each product once, the last block for the class token only", () => {
    const shape = handShape({ blocks: 1 });
    const embedding = 2 * batch * (n - 1) * 768 * D;
    const keysAndValues = 2 * (2 * batch * n * D * D + folds(D));
    const query = 2 * batch * D * D + folds(D);
    const attention = 2 * (2 * batch * n * D);
    const out = 2 * batch * D * D;
    const mlp = 2 * batch * D * M + folds(M) + 2 * batch * M * D;
    const head = 2 * batch * D * C + folds(C);
    const forward = embedding + keysAndValues + query + attention + out + mlp + head;
    const headOnly = trainingFlops({ shape, positions: positionsOf(shape, ["head"]) }, batch);
    expect(headOnly).toBe(forward + 2 * batch * D * C + folds(C));
  });
});

describe("beside the closed form, on a Ti/16 of three blocks", () => {
  const shape = handShape({ backbone: BACKBONES["Ti/16"] });
  const all = componentNames(shape);
  const images = 64;
  const ratio = (trained: readonly string[]) => {
    const plan = { shape, positions: positionsOf(shape, trained) };
    return trainingFlops(plan, images) / (images * closedForm(plan));
  };

  it("the graph costs less: its last block is computed for the class token only", () => {
    for (const trained of [all, ["encoder_norm", "head"], ["encoderblock_2", "encoder_norm", "head"]]) {
      expect(ratio(trained)).toBeGreaterThan(0.5);
      expect(ratio(trained)).toBeLessThan(0.95);
    }
  });

  it("a child that trains every layer costs about three times one that trains its head", () => {
    const cost = (trained: readonly string[]) =>
      trainingFlops({ shape, positions: positionsOf(shape, trained) }, images);
    expect(cost(all) / cost(["encoder_norm", "head"])).toBeGreaterThan(2.5);
    expect(cost(all) / cost(["encoder_norm", "head"])).toBeLessThan(3.2);
  });
});
