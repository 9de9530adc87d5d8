// The ancestor story, on a run whose numbers can be computed by hand, and on lines that are longer.

import { describe, expect, it } from "vitest";
import { storyOf, storyText } from "../../src/analysis/story.js";
import type { Model } from "../../src/core/model.js";
import { ordinal } from "../../src/format/numbers.js";
import { fixedState } from "../support/fixed-state.js";
import { handModel, handState } from "../support/models.js";

const state = fixedState();

describe("the story of a model", () => {
  it("counts its ancestors without the root and itself, by task and in stages", () => {
    const story = storyOf(state, 6);
    expect(story.ancestors).toEqual([1, 3]);
    expect(story.byTask).toEqual([
      { task: "a", ancestors: 1 },
      { task: "b", ancestors: 1 },
    ]);
    expect(story.stages.map(({ task, from, to, models }) => [task, from, to, models])).toEqual([
      ["a", 1, 1, [1]],
      ["b", 2, 2, [3]],
      ["c", 3, 3, [6]],
    ]);
    expect(story.leap).toBeNull();
    expect(story.changed).toEqual([
      { name: "learningRate", from: 0.01, to: 0.02 },
      { name: "blocks", from: 0, to: 2 },
    ]);
    // b's patch embedding is also in model 3, a's block in models 1 and 3; nothing is left of the root.
    expect(story.layers).toEqual({ all: 7, roots: 0, shared: 2, params: 564 });
    expect(story.transfer.a).toBeCloseTo((0.4 + 1 + 1 / 3) / 7, 12);
    expect(story.transfer.b).toBeCloseTo((1 + 1 / 6) / 7, 12);
    expect(story.transfer.c).toBeCloseTo((0.6 + 1 + 1 + 0.5 + 1) / 7, 12);
  });

  it("is one paragraph", () => {
    expect(storyText(storyOf(state, 6)).replaceAll("\u202f", " ")).toBe(
      "Model 6, the model of c, which reaches 90.0 % in validation and 87.5 % in the test, descends from the root over 2 ancestors: 1 trained on a and 1 on b. The line began on a and moved to b with the 2nd (model 3) and to c with the model itself. Of its 7 layers 2 are shared with other tasks’ models. Of the gradient steps in its layers 58.6 % were on c, 24.8 % on a and 16.7 % on b. It differs from the root by 2 blocks where the root has 0 and learningRate 0.02.",
    );
    expect(storyText(storyOf(state, 1)).replaceAll("\u202f", " ")).toMatch(
      /^Model 1, the model of a, which reaches 75\.0 % in validation and 70\.0 % in the test, is a child of the root\. /,
    );
    expect(storyText(storyOf(state, 0))).toBe("The root: every other model descends from it.");
  });

  it("says nothing of layers where the model was not kept", () => {
    const story = storyOf(state, 2);
    expect(story.layers).toBeNull();
    expect(storyText(story)).toMatch(/^Model 2 \(a, discarded\), which reaches 40\.0/);
    expect(storyText(story)).not.toContain("layers");
  });

  it("names the child that gained most on a parent of its own task", () => {
    const child = (id: number, task: string, accuracy: number, more: Partial<Model> = {}) =>
      handModel(id, task, undefined, { parent: id - 1, accuracy, ...more });
    const flip = { kind: "step", name: "flip", from: true, to: false } as const;
    const line = handState([
      handModel(0, null),
      child(1, "a", 0.5),
      child(2, "a", 0.6, { mutations: [flip] }),
      child(3, "b", 0.9), // 0.3 more than its parent, which is of another task
      child(4, "b", 0.95, { status: "retained" }),
    ]);
    const { leap, stages } = storyOf(line, 4);
    expect(leap).toMatchObject({ model: 2, place: 2, task: "a", mutations: [flip] });
    expect(leap!.gain).toBeCloseTo(0.1, 12);
    expect(stages.map(({ task, first, last }) => [task, first, last])).toEqual([
      ["a", 0.5, 0.6],
      ["b", 0.9, 0.95],
    ]);
    const text = storyText(storyOf(line, 4)).replaceAll("\u202f", " ");
    expect(text).toContain(
      "The largest gain on a parent, 10.0 points on a, was made by the 2nd of 3 (model 2), with flip true → false.",
    );
    expect(text).toContain("Since then its accuracy on b went from 90.0 % to 95.0 %.");
  });

  it("tells the last moves of a line that changed its task often", () => {
    const tasks = ["a", "b"];
    const models = Array.from({ length: 9 }, (_, i) =>
      i === 0 ? handModel(0, null) : handModel(i, tasks[i % 2]!, undefined, { parent: i - 1, accuracy: 0.5 }),
    );
    expect(storyText(storyOf(handState(models), 8))).toContain(
      "The line began on b and changed its task 7 times, last to a with the 6th (model 6), to b with the 7th (model 7) and to a with the model itself.",
    );
  });
});

it("ordinals are English", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal)).toEqual(
    "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th".split(" "),
  );
});
