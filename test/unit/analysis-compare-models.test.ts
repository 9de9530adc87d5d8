// Two models and two runs side by side, with numbers computed by hand.

import { describe, expect, it } from "vitest";
import { compareModels, compareRuns, settingDifferences } from "../../src/analysis/compare-models.js";
import {
  comparisonSentence,
  factLines,
  hyperparamLines,
  layerLines,
  settingLines,
  taskLines,
  transferLines,
} from "../../src/analysis/compare-words.js";
import { List } from "../../src/core/list.js";
import { fixedState } from "../support/fixed-state.js";
import { tinyExperiment } from "../support/tiny.js";

const state = fixedState();
const side = (id: number, of = state) => ({ state: of, model: of.models.get(id)! });
const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("two models of a run", () => {
  const comparison = compareModels(side(3), side(6));

  it("are compared layer by layer, by their bytes, image to head", () => {
    expect(comparison.layers.map(({ name, relation }) => [name, relation])).toEqual([
      ["embedding", "same"],
      ["cls", "other"],
      ["posembed_input", "other"],
      ["encoderblock_0", "same"],
      ["encoderblock_1", "only-b"],
      ["encoder_norm", "other"],
      ["head", "other"],
    ]);
    expect(comparison.shared).toEqual({ layers: 2, params: 300 });
    expect(layerLines(comparison).at(-4)).toEqual(["block 1", "a-encode (a)", "a-encode (a)", "="]);
    expect(layerLines(comparison).at(-5)).toEqual(["block 2", "–", "c-encode (c)", "only in the second"]);
  });

  it("have their numbers beside each other, under today's sharing", () => {
    const { a, b } = comparison.facts;
    expect(a).toMatchObject({ model: 3, task: "b", blocks: 1, params: 364, steps: 20, ancestors: 1 });
    // Shared with one other: embedding, class token, position embedding; block 1 with two.
    expect(a.accountedParams).toBeCloseTo(50 + 5 + 10 + 200 / 3 + 4 + 30, 10);
    expect(b).toMatchObject({ model: 6, task: "c", blocks: 2, params: 564, steps: 60, ancestors: 2 });
    const lines = factLines(comparison).map((line) => line.map(plain));
    expect(lines).toContainEqual(["validation", "85.0 %", "90.0 %", "+5.0 points"]);
    expect(lines).toContainEqual(["blocks", "1", "2", "+1"]);
    expect(lines).toContainEqual(["status", "retained", "retained", "="]);
  });

  it("differ in hyperparameters and transfer, the largest difference first", () => {
    expect(hyperparamLines(comparison)).toEqual([
      ["learningRate", "0.01", "0.02", "×2.0"],
      ["blocks", "1", "2", "+1"],
    ]);
    expect(transferLines(comparison).map(([task]) => task)).toEqual(["c", "b", "a"]);
    const [c] = comparison.transfer;
    expect(c).toMatchObject({ task: "c", a: 0 });
    expect(c!.b).toBeCloseTo(4.1 / 7, 12);
  });

  it("are told in a sentence, with who descends from whom", () => {
    expect(comparison.ancestor).toBe(3);
    expect(plain(comparisonSentence(comparison))).toBe(
      "They share 2 of 7 layers (300 parameters); 2 hyperparameters differ; the second descends from the first.",
    );
    expect(compareModels(side(5), side(6)).ancestor).toBe(3);
    expect(comparisonSentence(compareModels(side(1), side(1)))).toContain("it is the same model");
    expect(comparisonSentence(compareModels(side(1), side(2)))).toContain("was not kept and has no layers");
  });

  it("of two runs have no common ancestor, though they may have the same layers", () => {
    const other = fixedState();
    expect(compareModels(side(3), side(6, other))).toMatchObject({ ancestor: null, shared: { layers: 2 } });
  });
});

describe("two runs", () => {
  const other = fixedState(["a", "b", "d"]);

  it("are compared task by task; a task that one lacks has no difference, and the mean leaves it out", () => {
    const better = {
      ...other,
      models: List.of(
        other.models.map((model) => (model.id === 3 ? { ...model, testAccuracy: 0.9 } : model)),
      ),
    };
    const { tasks } = compareRuns({ state }, { state: better });
    expect(tasks.map(({ task, models }) => [task, models.a, models.b])).toEqual([
      ["a", 1, 1],
      ["b", 3, 3],
      ["c", 6, null],
      ["d", null, 6],
    ]);
    expect(tasks[1]!.sharedLayers).toBe(6);
    const { split, lines } = taskLines({ tasks, settings: null });
    expect(split).toBe("test");
    expect(lines.map((line) => line.map(plain))).toEqual([
      ["a", "70.0 %", "70.0 %", "±0.0 points"],
      ["b", "80.0 %", "90.0 %", "+10.0 points"],
      ["c", "87.5 %", "–", ""],
      ["d", "–", "87.5 %", ""],
      ["mean over 2 of 4", "75.0 %", "80.0 %", "+5.0 points"],
    ]);
  });

  it("are compared by validation where a model was not tested yet", () => {
    const untested = {
      ...state,
      models: List.of(
        state.models.map((model) => (model.id === 6 ? { ...model, testAccuracy: null } : model)),
      ),
    };
    expect(taskLines(compareRuns({ state }, { state: untested })).split).toBe("validation");
  });

  it("differ in settings by the path of the field", () => {
    const a = tinyExperiment();
    const b = { ...a, seed: 5, title: "said otherwise", method: { ...a.method, scaleFactor: 0.5 } };
    const found = settingDifferences(a, b);
    expect(found).toEqual([
      { name: "seed", a: a.seed, b: 5 },
      { name: "method.scaleFactor", a: a.method.scaleFactor, b: 0.5 },
    ]);
    expect(settingLines(found)[1]).toEqual(["method.scaleFactor", String(a.method.scaleFactor), "0.5", ""]);
    expect(settingDifferences(a, { ...a, title: "said otherwise" })).toEqual([]);
  });
});
