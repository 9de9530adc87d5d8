import { expect, test } from "vitest";
import { childPoints, learningCurves, testPoints } from "../../src/analysis/learning.js";
import { lineageRows } from "../../src/analysis/lineage.js";
import { learningSpec } from "../../src/figures/charts/learning.js";
import { chartLook } from "../../src/figures/scenes/palette.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";

const state = fixedState();

test("every child that did not break is a point; the best is over those kept", () => {
  const points = childPoints(state, fixedEvents());
  expect(points.map(({ child, accuracy, kept, best }) => [child, accuracy, kept, best])).toEqual([
    [1, 0.75, true, 0.75],
    [2, 0.4, false, 0.75],
    [3, 0.85, true, 0.85],
    [5, 0.65, true, 0.85],
    [6, 0.9, true, 0.9],
  ]);
});

test("minutes add up the durations of generations, so that pauses don't count", () => {
  const minutes = childPoints(state, fixedEvents()).map((point) => point.minutes);
  expect(minutes).toEqual([0.1, 0.1, 0.2, 0.2, expect.closeTo(0.3, 10)]);
  expect(childPoints(state)[0]!.minutes).toBeNull();
});

test("tests stand at the last child of their activation", () => {
  expect(testPoints(state)).toEqual([
    { child: 2, task: "a", accuracy: 0.7 },
    { child: 5, task: "b", accuracy: 0.8 },
    { child: 6, task: "c", accuracy: 0.875 },
  ]);
});

test("a curve joins same-task ancestors, each up to its best", () => {
  expect(learningCurves(state).filter(({ task }) => task === "b")).toEqual([
    { task: "b", validation: 0, model: 3, accuracy: 0.85 },
  ]);
});

test("lineage rows say what was changed", () => {
  expect(lineageRows(state)[6]).toMatchObject({
    child: 6,
    parent: 3,
    task: "c",
    parentTask: "b",
    status: "retained",
    mutations: "learningRate 0.01 → 0.02; clone class token",
  });
  expect(lineageRows(state)).toHaveLength(7);
});

test("of very many children the chart draws those that set a new best and some of the others", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => ({
    child: i + 1,
    minutes: null,
    task: "a",
    accuracy: i === 4_999 ? 0.9 : 0.5,
    kept: true,
    best: i < 4_999 ? 0.6 : 0.9,
  }));
  const spec = learningSpec(many, [], chartLook(["a"], "light")) as unknown as {
    layer: { data: { values: { child: number }[] } }[];
  };
  const drawn = spec.layer[0]!.data.values;
  expect(drawn.length).toBeLessThan(1600);
  expect(drawn.some(({ child }) => child === 5_000)).toBe(true);
});
