import { expect, test } from "vitest";
import { mutationWords } from "../../src/format/mutation.js";

test("mutations are given in words, components by their names for people", () => {
  expect(mutationWords({ kind: "clone", component: "encoderblock_1" })).toBe("clone block 2");
  expect(mutationWords({ kind: "insert", component: "residual_adapter_0" })).toBe("insert adapter 1");
  expect(mutationWords({ kind: "step", name: "learningRate", from: 0.01, to: 0.02 })).toBe(
    "learningRate 0.01 → 0.02",
  );
});

test("an unknown component is named as it is", () => {
  expect(mutationWords({ kind: "remove", component: "<img>" })).toBe("remove <img>");
});
