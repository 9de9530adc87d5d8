// What holds for every experiment, and µ2Net's large ones as the paper has them.

import { describe, expect, it } from "vitest";
import { childCount, withoutWish } from "../../src/core/experiment.js";
import { batchesPerCycle, validationBatches } from "../../src/core/training.js";
import { CATALOG } from "../../src/data/catalog/catalog.js";
import { BUDGET_NAMES, EXPERIMENTS, experimentOf } from "../../src/experiments/index.js";
import { settingsOf } from "../../src/experiments/overrides.js";
import { baselinesFor, variantOf } from "../../src/experiments/variants.js";
import { experimentMisfit } from "../../src/run/experiment-fit.js";
import { parseExperiment } from "../../src/run/parse-experiment.js";

const known = new Set(CATALOG.map(({ name }) => name));
const all = Object.keys(EXPERIMENTS).flatMap((name) => BUDGET_NAMES.map((budget) => [name, budget] as const));

describe.each(all)("%s at %s budget", (name, budget) => {
  const experiment = withoutWish(experimentOf(name, { budget }));

  it("is what run.json may hold, and says what it is", () => {
    expect(parseExperiment(JSON.parse(JSON.stringify(experiment)), "run.json")).toEqual(experiment);
    expect([experiment.name, experiment.budget]).toEqual([name, budget]);
  });

  it("fits a run, under every variant", () => {
    const variants = [{ method: "munet", scaleFactor: 0.02, adapters: false, tuning: false } as const];
    for (const variant of [...variants, ...baselinesFor(experiment.root.blocks)])
      expect(experimentMisfit(variantOf(experiment, variant))).toBeNull();
    expect(experimentMisfit(experiment)).toBeNull();
  });

  it("has tasks that the catalog knows, each once", () => {
    const names = experiment.tasks.map((task) => task.name);
    expect(new Set(names).size).toBe(names.length);
    for (const task of names) expect(known, task).toContain(task);
  });

  it("begins with values that its search has, and with the blocks of its root", () => {
    const { method, root } = experiment;
    for (const [key, { now, values }] of settingsOf(experiment))
      if (values) expect(values, key).toContain(now);
    expect(method.defaults.blocks).toBe(root.blocks);
    const [least, most] = method.blocksRange;
    expect(root.blocks).toBeGreaterThanOrEqual(least);
    expect(root.blocks).toBeLessThanOrEqual(most);
  });
});

describe("µ2Net's preliminary experiment at paper budget (method.md §g)", () => {
  const experiment = experimentOf("preliminary", {});
  const { training, method, root, tasks, iterations, generations, children } = experiment;

  it("is 3 tasks × 2 iterations × 4 generations × 8 children, 192 in all, one task private", () => {
    expect([tasks.length, iterations, generations, children]).toEqual([3, 2, 4, 8]);
    expect(childCount(experiment)).toBe(192);
    expect(tasks.map(({ name, access }) => `${name} ${access}`)).toEqual([
      "cmaterdb/bangla public",
      "cmaterdb/devanagari public",
      "cmaterdb/telugu private",
    ]);
  });

  it("trains in batches of 512 with 4 validations, and holds a fifth of the images out", () => {
    expect([training.batchSize, training.cycles, experiment.validationFraction]).toEqual([512, 4, 0.2]);
    expect([4_000, 2_000].map((count) => batchesPerCycle(training, count))).toEqual([8, 4]);
  });

  it("begins without a block, at random, and may have up to three; µ 0.2, warm-up 0.1, 32 pixels", () => {
    expect([root.kind, root.blocks, method.blocksRange]).toEqual(["random", 0, [0, 3]]);
    const { mutationProbability, warmupRatio, imageSize } = method.defaults;
    expect([mutationProbability, warmupRatio, imageSize]).toEqual([0.2, 0.1, 32]);
    expect([method.keepMomentum, method.keepTies, method.insertAdapters]).toEqual([true, true, false]);
  });
});

describe("µ2Net's large experiments (method.md §g)", () => {
  it.each([
    ["vit", 3, 10 * 3 * 4 * 8],
    ["vtab-full", 23, 2 * 23 * 4 * 32],
    ["vtab-1k", 25, 2 * 25 * 4 * 32],
  ])("%s has %i tasks and %i children", (name, tasks, children) => {
    const experiment = experimentOf(name, {});
    expect([experiment.tasks.length, childCount(experiment)]).toEqual([tasks, children]);
  });

  it("train on a tenth of ImageNet a cycle, four times, and validate on at most 10,000 images", () => {
    const { training, method } = experimentOf("vit", {});
    expect(training.cycles * batchesPerCycle(training, 1_281_167)).toBe(4 * Math.ceil(128_116 / 32));
    expect(validationBatches(training, 10_000)).toEqual({ batches: 312, size: 32 });
    const { warmupRatio, imageSize, blocks, mutationProbability } = method.defaults;
    expect([warmupRatio, imageSize, blocks, mutationProbability]).toEqual([0.05, 384, 24, 0.2]);
  });
});
