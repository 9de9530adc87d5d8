import { expect, it } from "vitest";
import { componentNames, componentParamCount } from "../../src/core/components.js";
import type { LayerId } from "../../src/core/model.js";
import { groupBytes } from "../../src/engine/group-memory.js";
import { type GraphChild, trainingGraph } from "../../src/graph/generation.js";
import { peakBytes } from "../../src/graph/memory.js";
import { handShape } from "../support/models.js";

const shape = handShape({ blocks: 1 });
const child = (key: string, trained: readonly string[]): GraphChild => ({
  key,
  shape,
  stream: "images",
  positions: componentNames(shape).map((name) => ({
    name,
    layer: trained.includes(name) ? null : (name as string as LayerId),
  })),
  sgd: { momentum: 0.9, nesterov: false, clipNorm: 1, momentumPrecision: "bfloat16" },
});
const count = (names: readonly string[]) =>
  names.reduce((sum, name) => sum + componentParamCount(name as "head", shape), 0);

it("counts the graph, each frozen layer once for all siblings, and each sibling's trained layers", () => {
  const siblings = [child("a", ["head"]), child("b", ["head", "encoder_norm"])];
  const graph = trainingGraph(siblings, { batch: 4, classes: shape.classes });
  const beside =
    4 *
    (8.5 * count(componentNames(shape).filter((name) => name !== "head")) +
      11 * count(["head", "head", "encoder_norm"]));
  expect(groupBytes(siblings, graph)).toBe(peakBytes(graph) + beside);
});
