// Scores by compute and by a person's own formula: by hand, through a run, and in verify.

import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rescore, scoringOf } from "../../src/analysis/rescore.js";
import { componentNames } from "../../src/core/components.js";
import { forwardFlops } from "../../src/core/flops.js";
import {
  evaluateFormula,
  isFormula,
  METRICS,
  type Metrics,
  refuseNoFormula,
} from "../../src/core/formula.js";
import { retainedModels } from "../../src/core/live.js";
import { munet } from "../../src/core/methods.js";
import { planScore, scoreOf, sizeFactor } from "../../src/core/score.js";
import { applyOverrides } from "../../src/experiments/overrides.js";
import { extend } from "../../src/run/extend.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { walkEvents } from "../../src/run/verify/walk.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const metrics: Metrics = {
  accuracy: 0.5,
  params: 300,
  accountedParams: 200,
  rootParams: 100,
  flops: 30,
  rootFlops: 10,
};

describe("a formula", () => {
  it.each<[string, number]>([
    ["accuracy", 0.5],
    ["accuracy * 0.5 ** (accountedParams / rootParams)", 0.125],
    ["accuracy * pow(0.5, flops / rootFlops) - params / 1e3", 0.0625 - 0.3],
    ["2 ** 3 ** 2", 512],
    ["-accuracy + 1", 0.5],
    ["max(accuracy, 0.7, min(1, 2))", 1],
    ["flops > 2 * rootFlops ? 0 : accuracy", 0],
    ["accuracy >= 0.5 && flops < 40 || 0", 1],
    ["log(-1)", Number.NEGATIVE_INFINITY],
    ["sqrt(abs(-4)) + 7 % 4", 5],
  ])("%s", (text, expected) => {
    expect(evaluateFormula(text, metrics)).toBeCloseTo(expected, 12);
    expect(isFormula(text)).toBe(true);
  });

  it.each([
    "",
    "accuracy *",
    "accuracy; params",
    "process.exit(1)",
    "globalThis",
    "constructor",
    "accuracy.constructor",
    "accuracy['x']",
    "(() => 1)()",
    "`x`",
    "'text'",
    "this",
    "[1, 2]",
    "accuracy = 1",
    "toString()",
    "max()",
    "accuracy | 1",
    "a".repeat(2_000),
  ])("never: %s", (text) => {
    expect(isFormula(text)).toBe(false);
    expect(() => refuseNoFormula(text)).toThrow(/must be/);
  });

  it("is nothing but a number, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 30 }), (text) => {
        if (isFormula(text)) expect(typeof evaluateFormula(text, metrics)).toBe("number");
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(...Object.keys(METRICS), "+", "*", "**", "(", ")", "1", "?", ":", ".", ","),
          {
            maxLength: 12,
          },
        ),
        (parts) => {
          const text = parts.join(" ");
          if (isFormula(text)) expect(evaluateFormula(text, metrics)).not.toBeNaN();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

const tasks = ["one", "two", "secret"].map((name) =>
  tinyTask(name, name === "secret" ? "private" : "public"),
);

async function evolved(set: readonly string[]): Promise<string> {
  const dir = join(newFolder(), "run");
  const experiment = applyOverrides(tinyExperiment({ seed: 3 }), set);
  await (await open(dir, experiment, { tasks, trainer: fakeTrainer })).done();
  return dir;
}

describe("a run scored otherwise", () => {
  it("multiplies by c^(f/F), F being the root's operations with all its blocks", async () => {
    const dir = await evolved(["computeFactor=0.5"]);
    const { state, experiment } = await readRun(dir);
    const { method } = experiment;
    expect(method.computeFactor).toBe(0.5);
    const root = state.models.get(0)!.shape;
    const whole = { ...root, blocks: method.blocksRange[1] };
    const F = forwardFlops(componentNames(whole), whole);
    const model = retainedModels(state).at(-1)!;
    const f = forwardFlops(componentNames(model.shape), model.shape);
    expect(scoreOf(model, state, method)).toBeCloseTo(model.accuracy! * 0.5 ** (f / F), 12);
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("has what the same formula written out gives, and keeps it in the journal", async () => {
    const [byFactor, byFormula] = await Promise.all([
      evolved(["scaleFactor=0.3", "computeFactor=0.5"]),
      evolved(["score=accuracy * (0.3 ** (accountedParams / rootParams) * 0.5 ** (flops / rootFlops))"]),
    ]);
    const [a, b] = await Promise.all([readRun(byFactor), readRun(byFormula)]);
    expect(b.state.retained).toEqual(a.state.retained);
    const plan = b.events.flatMap((event) => (event.type === "child-planned" ? [event.plan] : []))[0]!;
    expect(plan.sizeFactor).toBe(1);
    expect(Object.keys(plan.formula!.metrics)).toEqual(
      Object.keys(METRICS).filter((name) => name !== "accuracy"),
    );
    expect(planScore(plan, 0.5)).toBeLessThan(0.5);
    expect(await verifyRun(byFormula)).toMatchObject({ ok: true });
    // No metric and no formula can be made up.
    const told = (change: (forged: typeof plan) => typeof plan): readonly string[] => {
      const events = b.events.map((event) =>
        event.type === "child-planned" && event.plan === plan ? { ...event, plan: change(plan) } : event,
      );
      return walkEvents(events, b.experiment).failures.selection;
    };
    const { formula } = plan;
    const more = { ...formula!, metrics: { ...formula!.metrics, flops: formula!.metrics.flops + 1 } };
    expect(told((same) => same)).toEqual([]);
    expect(told((forged) => ({ ...forged, formula: more }))[0]).toContain("the flops of model 1 are");
    expect(told((forged) => ({ ...forged, formula: { ...formula!, score: "accuracy" } }))[0]).toContain(
      "is scored by accuracy, not by",
    );
    // What the run kept is what rescoring under its own score keeps.
    const kept = rescore(b.state, scoringOf(b.state, b.experiment.method)).kept;
    expect(Object.fromEntries(kept.map(({ task, model }) => [task, model.id]))).toEqual(b.state.retained);
  });

  it("may change its score from a segment on", async () => {
    const dir = await evolved([]);
    const now = (await readRun(dir)).experiment.method;
    const settings = { method: { ...now, score: "accuracy - params / 1e6" } };
    await (
      await extend(dir, { tasks: ["one"], iterations: 1, settings }, { tasks, trainer: fakeTrainer })
    ).done();
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("refuses what is not a formula, naming what it may be", () => {
    expect(() => applyOverrides(tinyExperiment(), ["score=require('fs')"])).toThrow(
      /The score is .* must be a formula/,
    );
    expect(() => applyOverrides(tinyExperiment(), ["computeFactor=0"])).toThrow("above 0, at most 1");
  });

  it("costs nothing where neither size nor operations count", () => {
    const never = () => {
      throw new Error("asked");
    };
    const state = { models: { get: never } } as never;
    expect(sizeFactor({ path: [], shape: {} as never }, new Map(), state, { ...munet, scaleFactor: 1 })).toBe(
      1,
    );
  });
});
