import { describe, expect, test } from "vitest";
import { chooseOnFront } from "../../src/analysis/front/choose.js";
import { selectionInterval, standardError } from "../../src/analysis/front/selection.js";
import { taskFronts } from "../../src/analysis/front/task-fronts.js";
import { dominatedText, reasonText } from "../../src/analysis/front/words.js";
import { rescore } from "../../src/analysis/rescore.js";
import { selectionBound } from "../../src/analysis/sweep/selection-bias.js";
import { frontOf } from "../../src/figures/front.js";
import { tableView } from "../../src/figures/tables/index.js";
import { plainTable } from "../../src/format/table-text.js";
import { fixedState } from "../support/fixed-state.js";
import { sampleRun } from "../support/sample-run.js";

const point = (params: number, accuracy: number) => ({ params, accuracy });
const [a, b, c, d, e] = [
  point(10, 0.5),
  point(20, 0.8), // 0.75 of the gain for a quarter of the size: the knee
  point(30, 0.86),
  point(50, 0.9),
  point(40, 0.7), // behind b
] as const;

describe("the choices on a front", () => {
  const choice = chooseOnFront([e, d, c, b, a], () => 0.05)!;

  test("are the most accurate, the smallest within one standard error of it, and the knee", () => {
    expect(choice.front).toEqual([a, b, c, d]);
    expect(choice.best).toBe(d);
    expect(choice.limit).toBeCloseTo(0.85, 12);
    expect(choice.frugal).toBe(c);
    expect(choice.knee).toBe(b); // heights above the line: b 0.75 − 0.25 = 0.5, c 0.9 − 0.5 = 0.4
  });

  test("leave what is dominated, with the smallest that dominates it", () => {
    expect(choice.dominated).toEqual([{ point: e, by: b }]);
    expect(chooseOnFront([a, { ...a }], () => 0)!.dominated).toHaveLength(1);
  });

  test("an accuracy exactly one standard error below the best is within it", () => {
    expect(chooseOnFront([point(1, 0.5), point(2, 0.75)], () => 0.25)!.frugal.params).toBe(1);
    expect(chooseOnFront([point(1, 0.5), point(2, 0.75)], () => 0.24)!.frugal.params).toBe(2);
  });

  test("there is no knee on two points, on a line, or where size pays more and more", () => {
    expect(chooseOnFront([a, d], () => 0)!.knee).toBeNull();
    expect(chooseOnFront([point(1, 0.1), point(2, 0.2), point(3, 0.3)], () => 0)!.knee).toBeNull();
    expect(chooseOnFront([point(1, 0.1), point(2, 0.15), point(3, 0.3)], () => 0)!.knee).toBeNull();
  });

  test("of nothing is nothing", () => {
    expect(chooseOnFront([], () => 0)).toBeUndefined();
  });
});

describe("the interval that selection leaves an accuracy", () => {
  test("begins where the best of so many would be expected to look like it", () => {
    // One image, two tries: the better of two is right with 1 − (1 − q)², which is 0.75 for q = 0.5.
    const { corrected, low, high } = selectionInterval(0.75, 1, 2);
    expect(corrected).toBeCloseTo(0.5, 4);
    expect(low).toBe(0); // 0.5 less a standard error of 0.5
    expect(high).toBe(1);
    const many = selectionInterval(0.583, 512, 24);
    expect(many.corrected + selectionBound(many.corrected, 512, 24)).toBeCloseTo(0.583, 5);
    expect(many.low).toBeCloseTo(many.corrected - standardError(many.corrected, 512), 12);
    expect(many.high).toBeCloseTo(0.583 + standardError(0.583, 512), 12);
  });

  test("is one standard error around an accuracy that was measured once", () => {
    expect(standardError(0.5, 100)).toBeCloseTo(0.05, 12);
    const { corrected, low, high } = selectionInterval(0.5, 100, 1);
    expect(corrected).toBe(0.5);
    expect(low).toBeCloseTo(0.45, 12);
    expect(high).toBeCloseTo(0.55, 12);
  });
});

describe("the fronts of a run", () => {
  const state = fixedState();
  const fronts = taskFronts(
    state,
    rescore(state, { scaleFactor: 1, rootParams: 1000, tieSurvivor: "newest" }),
    {
      batchSize: 100,
      validationExamples: 1000,
    },
  );

  test("count the images that validations look at, and the validations of all children", () => {
    // 256 images in three batches of at most 100: 3 × 85 are used.
    expect(fronts.map(({ task, images, evaluations }) => [task, images, evaluations])).toEqual([
      ["a", 255, 4],
      ["b", 255, 5],
      ["c", 255, 2],
    ]);
  });

  test("hold the kept model and say what it dominates", () => {
    const b = fronts[1]!;
    expect(b.points.map(({ model, why, dominates }) => ({ model, why, dominates }))).toEqual([
      { model: 3, why: ["best", "frugal", "kept"], dominates: 1 },
    ]);
    expect(b.dominated).toEqual([5]);
    expect(dominatedText(b)).toBe(
      "1 of 2 candidates is dominated: a model on the front is no larger and no worse.",
    );
    expect(dominatedText(fronts[0]!)).toBe("The only candidate is on the front.");
  });

  test("give the same reasons to the table and to whoever asks for words", async () => {
    const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
    const all = frontOf(run);
    const printed = plainTable(tableView("front", run));
    const reasons = all.flatMap((of) => of.points.map((one) => reasonText(one, of))).filter(Boolean);
    expect(reasons.length).toBeGreaterThanOrEqual(3);
    for (const reason of reasons) expect(printed).toContain(reason);
    for (const { points, choice } of all) {
      expect(points.filter(({ why }) => why.includes("best"))).toHaveLength(1);
      expect(points.filter(({ why }) => why.includes("frugal"))).toHaveLength(1);
      expect(points.filter(({ why }) => why.includes("kept"))).toHaveLength(1);
      const [frugal] = points.filter(({ why }) => why.includes("frugal"));
      expect(frugal!.accuracy).toBeGreaterThanOrEqual(choice.limit);
      expect(frugal!.params).toBeLessThanOrEqual(choice.best.params);
    }
    const under = { ...run.experiment.method, scaleFactor: 0.01 };
    const kept = frontOf(run, under).map(
      ({ points }) => points.find(({ why }) => why.includes("kept"))!.model,
    );
    expect(kept).toEqual(rescore(run.state, under).kept.map(({ model }) => model.id));
  });
});
