// A run's children in time, and their curves as a picture.

import { describe, expect, it } from "vitest";
import {
  curvePoints,
  generationMinutes,
  generationsOf,
  scoredPoints,
} from "../../src/analysis/curve-points.js";
import { candidatePoints } from "../../src/analysis/pareto.js";
import { rescore } from "../../src/analysis/rescore.js";
import { curvesScene } from "../../src/figures/scenes/curves.js";
import { taskPaint } from "../../src/figures/scenes/palette.js";
import { marksOf } from "../../src/figures/scenes/scene.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";

const state = fixedState();

describe("the children of a run in time", () => {
  it("are counted in children, generations or minutes of evolving", () => {
    expect(generationsOf(state)).toEqual([0, 1, 1, 2, 2, 2, 3]);
    const minutes = generationMinutes(fixedEvents());
    expect(minutes.map((each) => each.toFixed(2))).toEqual(["0.10", "0.20", "0.30"]); // 6 s a generation
    const at = (points: { child: number; at: number }[]) => points.map((point) => [point.child, point.at]);
    expect(at(curvePoints(state, "children"))).toEqual([1, 2, 3, 5, 6].map((child) => [child, child])); // 4 failed
    expect(at(curvePoints(state, "generations"))).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [5, 2],
      [6, 3],
    ]);
    // Of the last generation no end is known.
    expect(curvePoints(state, "minutes", minutes.slice(0, 2)).map(({ child }) => child)).toEqual([
      1, 2, 3, 5,
    ]);
    expect(curvePoints(state, "minutes", [Number.NaN])).toEqual([]);
  });
});

describe("the curves", () => {
  const tasks = ["a", "b", "c"];
  const scene = curvesScene(curvePoints(state, "children"), tasks, { time: "children" });
  const marks = [...marksOf(scene.children)];

  it("have a line of steps for every task, and its best at the end", () => {
    const lines = marks.filter((mark) => mark.class === "curve");
    expect(lines.map(({ stroke, title }) => [stroke, title?.replaceAll("\u202f", " ")])).toEqual([
      [taskPaint(tasks, "a"), "a: best so far 75.0 %"],
      [taskPaint(tasks, "b"), "b: best so far 85.0 %"],
      [taskPaint(tasks, "c"), "c: best so far 90.0 %"],
    ]);
  });

  it("have a button for each child that set a new best, and tell the others from it", () => {
    const nodes = marks.flatMap((mark) => (mark.kind === "group" && mark.class === "node" ? [mark] : []));
    expect(nodes.filter(({ role }) => role === "button").map(({ data }) => data!.model)).toEqual([1, 3, 6]);
    expect(nodes.find(({ data }) => data!.model === 2)!.title).toMatch(/, discarded$/);
    expect(nodes.find(({ data }) => data!.model === 5)!.title).toMatch(/, kept$/);
  });

  it("begin at zero, so that a small rise looks small", () => {
    expect(marks.some((mark) => mark.kind === "text" && mark.text.replaceAll("\u202f", " ") === "0 %")).toBe(
      true,
    );
  });

  it("of a long run thin their dots, but keep every new best", () => {
    const long = Array.from({ length: 5000 }, (_, i) => ({
      child: i + 1,
      at: i + 1,
      minutes: null,
      task: "a",
      accuracy: i % 100 === 0 ? 0.1 + i / 10_000 : 0.05,
      kept: i % 100 === 0,
      best: 0.1 + (i - (i % 100)) / 10_000,
    }));
    const dots = [...marksOf(curvesScene(long, ["a"], { time: "children" }).children)].filter(
      (mark) => mark.class === "node",
    );
    expect(dots.length).toBeLessThan(1000);
    expect(dots.filter((mark) => mark.kind === "group" && mark.role === "button")).toHaveLength(50);
  });
});

describe("the curves of scores", () => {
  const scoring = { scaleFactor: 0.5, rootParams: 1000, tieSurvivor: "oldest" as const };
  const points = scoredPoints(curvePoints(state, "children"), state, scoring);

  it("are accuracies times s^(accounted parameters ÷ reference size), for children that have layers", () => {
    const accounted = new Map(
      candidatePoints(state, rescore(state, scoring)).map(({ model, params }) => [model.id, params]),
    );
    expect(points.length).toBeGreaterThan(2);
    for (const { child, accuracy } of points)
      expect(accuracy).toBeCloseTo(
        state.models.get(child)!.accuracy! * 0.5 ** (accounted.get(child)! / 1000),
        12,
      );
    expect(points.map(({ child }) => child)).not.toContain(2); // discarded
    expect(accounted.get(points[0]!.child)).toBeGreaterThan(0);
  });

  it("never fall, and say what they are", () => {
    for (const task of ["a", "b", "c"]) {
      const best = points.filter((point) => point.task === task).map((point) => point.best!);
      expect(best).toEqual([...best].sort((a, b) => a - b));
    }
    const { title, children } = curvesScene(points, ["a", "b", "c"], { time: "children", of: "score" });
    expect(title).toBe("Score over time");
    const texts = [...marksOf(children)].flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
    expect(texts).toContain("score, as layers are shared now");
    expect(texts.some((text) => text.includes("%"))).toBe(false);
  });
});
