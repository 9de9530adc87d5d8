// What holds for every experiment, and µ2Net's large ones as the paper has them.

import { describe, expect, it } from "vitest";
import { childCount } from "../../src/core/experiment.js";
import { batchesPerCycle, validationBatches } from "../../src/core/training.js";
import { CATALOG } from "../../src/data/catalog.js";
import { BUDGET_NAMES, EXPERIMENTS, experimentOf } from "../../src/experiments/index.js";
import { settingsOf } from "../../src/experiments/overrides.js";
import { parseExperiment } from "../../src/store/parse-experiment.js";

const known = new Set(CATALOG.map(({ name }) => name));
const all = Object.keys(EXPERIMENTS).flatMap((name) => BUDGET_NAMES.map((budget) => [name, budget] as const));

describe.each(all)("%s at %s budget", (name, budget) => {
  const experiment = experimentOf(name, { budget });

  it("is what run.json may hold, and says what it is", () => {
    expect(parseExperiment(JSON.parse(JSON.stringify(experiment)), "run.json")).toEqual(experiment);
    expect([experiment.name, experiment.budget]).toEqual([name, budget]);
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
