import { describe, expect, test } from "vitest";
import { effortsOf } from "../../src/analysis/effort.js";
import type { SweepPoint } from "../../src/analysis/point.js";
import { computeRows } from "../../src/analysis/sweep/compute.js";
import { variantName } from "../../src/core/variant.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

describe("the course of a search", () => {
  const state = fixedState();
  const efforts = effortsOf(state, 512, fixedEvents());

  test("ends with every example that was spent on the task, and with its best accuracy", () => {
    for (const [task, course] of efforts) {
      const own = [...state.models].filter((model) => model.task === task);
      const last = course.at(-1)!;
      expect(last.examples).toBeCloseTo(512 * own.reduce((sum, { steps }) => sum + steps, 0), 6);
      const all = own.flatMap(({ evaluations }) => evaluations.map(({ accuracy }) => accuracy));
      expect(last.accuracy).toBe(Math.max(...all));
      expect(last.flops).toBeGreaterThan(0);
    }
    expect(efforts.size).toBe(3);
  });

  test("only rises", () => {
    for (const course of efforts.values())
      for (const [i, one] of course.slice(1).entries()) {
        expect(one.examples).toBeGreaterThan(course[i]!.examples);
        expect(one.accuracy).toBeGreaterThanOrEqual(course[i]!.accuracy);
      }
  });
});

describe("methods at the same budget", () => {
  const sweep = madeUpSweep({ scaleFactors: [1], tasks: ["a", "b"] });
  /** muNet and full fine-tuning with these courses for both tasks; accuracies differ by repetition. */
  const made = (courses: Readonly<Record<string, readonly (readonly [number, number])[]>>): SweepPoint[] =>
    sweep.flatMap((point) => {
      const course = courses[variantName(point.variant)];
      if (!course) return [];
      const effort = course.map(([examples, accuracy]) => ({
        examples,
        flops: 10 * examples,
        accuracy: accuracy + 0.01 * point.repetition,
      }));
      return [{ ...point, tasks: point.tasks.map((task) => ({ ...task, effort })) }];
    });
  const points = made({
    full: [
      [100, 0.2],
      [200, 0.4],
    ],
    "munet-s1": [
      [100, 0.1],
      [400, 0.6],
    ],
  });
  const at = (name: string, budget: number, of = points) =>
    computeRows(of, "examples").filter(
      ({ variant, budget: own }) => variantName(variant) === name && Math.abs(own - budget) < 1e-6,
    )[0]!;

  test("have what they had found by then, with an interval over repetitions, by hand", () => {
    const row = at("full", 200);
    // 40, 41, 42 %: 41 ± 4.303 × 1 / √3.
    expect(row).toMatchObject({ runs: 3, lasts: false });
    expect(row.accuracy).toBeCloseTo(41, 9);
    expect(row.high).toBeCloseTo(41 + 4.30265 / Math.sqrt(3), 3);
    expect(at("munet-s1", 100).accuracy).toBeCloseTo(11, 9);
    expect(at("munet-s1", 400).accuracy).toBeCloseTo(61, 9);
  });

  test("keep their last value where they have ended", () => {
    expect(at("full", 400)).toMatchObject({ lasts: true });
    expect(at("full", 400).accuracy).toBeCloseTo(41, 9);
    expect(computeRows(points, "flops").some(({ budget }) => Math.abs(budget - 4000) < 1e-6)).toBe(true);
  });

  test("begin where every task has a model, and are none for points of earlier versions", () => {
    const late = made({
      full: [[300, 0.2]],
      "munet-s1": [
        [100, 0.1],
        [400, 0.6],
      ],
    });
    const own = computeRows(late, "examples").filter(({ variant }) => variant.method === "full");
    expect(Math.min(...own.map(({ budget }) => budget))).toBe(300);
    const old = points.map((point) => ({
      ...point,
      tasks: point.tasks.map(({ effort: _, ...task }) => task),
    }));
    expect(computeRows(old, "examples")).toEqual([]);
  });
});
