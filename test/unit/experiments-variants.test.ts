// The baselines' parameters per task as the papers' published code accounts for them (method.md §f), through children
// that are really planned, one per task, and retained.

import { describe, expect, it } from "vitest";
import { componentNames, componentParamCount } from "../../src/core/components.js";
import type { Experiment } from "../../src/core/experiment.js";
import { withoutWish } from "../../src/core/experiment.js";
import { layerUsers } from "../../src/core/layer-users.js";
import { List } from "../../src/core/list.js";
import type { Layer, LayerId, Model, Plan } from "../../src/core/model.js";
import { applyMutations } from "../../src/core/mutate.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { sampleParent, sampleSeeds } from "../../src/core/sample.js";
import { accountedParams } from "../../src/core/score.js";
import { emptyState, type State } from "../../src/core/state.js";
import type { Baseline } from "../../src/core/variant.js";
import { characters } from "../../src/experiments/characters.js";
import { decathlon } from "../../src/experiments/decathlon.js";
import { baselinesFor, variantOf } from "../../src/experiments/variants.js";
import { parseExperiment } from "../../src/run/parse-experiment.js";

/** Classes of every task, in the order of method.md §g. */
const CHARACTERS = [10, 37, 10, 10, 1623, 10, 10, 10];
const DECATHLON = [1000, 10, 100, 43, 2, 1623, 101, 100, 47, 102];

function rootOf({ root, method }: Experiment): Model {
  const { imageSize, adapterDim } = method.defaults;
  const shape = {
    backbone: root.backbone,
    imageSize,
    blocks: root.blocks,
    adapters: [],
    adapterDim,
    classes: 2,
  };
  return {
    id: 0,
    parent: null,
    task: null,
    shape,
    hyperparams: { ...method.defaults, blocks: root.blocks },
    mutations: [],
    birth: null,
    status: "root",
    path: componentNames(shape).map((name) => ({
      name,
      id: `root/${name}` as LayerId,
      paramCount: componentParamCount(name, shape),
      history: [],
    })),
    evaluations: [],
    accuracy: null,
    testAccuracy: null,
    steps: 0,
    selections: {},
  };
}

/** A child of the root for `task`, as the method plans it. */
function childFor(experiment: Experiment, task: string, classes: number, id: number): Plan {
  const { method } = experiment;
  const before: State = { ...emptyState, models: List.of([rootOf(experiment)]) };
  const seeds = sampleSeeds(before, task, method, rngFromSeed(0));
  const activation = {
    iteration: 0,
    task,
    seeds,
    seedsUsed: 0,
    active: [],
    generations: 0,
    preprocessing: null,
  };
  const state: State = { ...before, activation };
  const { parent, rule } = sampleParent(state, method, rngFromSeed(id));
  expect([parent.id, rule]).toEqual([0, "root"]);
  const parentage = { child: id, parent, task, classes, preprocessing: method.defaults, mutate: true };
  return applyMutations(parentage, state, method, rngFromSeed(id));
}

/** The model that training `plan` gives, its trained layers named for the task. */
const trained = (plan: Plan): Model => ({
  ...rootOf(characters()),
  id: plan.child,
  parent: 0,
  task: plan.task,
  shape: plan.shape,
  status: "retained",
  path: plan.positions.map(
    ({ name, source }): Layer =>
      source.how === "share"
        ? source.layer
        : {
            name,
            id: `${plan.task}/${name}` as LayerId,
            paramCount: componentParamCount(name, plan.shape),
            history: [],
          },
  ),
});

function paramsPerTask(experiment: Experiment, classes: readonly number[], variant: Baseline): number {
  const changed = variantOf(experiment, variant);
  const children = classes.map((count, i) => trained(childFor(changed, `task${i}`, count, i + 1)));
  const state: State = {
    ...emptyState,
    models: List.of([rootOf(changed), ...children]),
    retained: Object.fromEntries(children.map(({ task, id }) => [task, id])),
  };
  const each = children.map((child) => accountedParams(child.path, layerUsers(state, child.task)));
  return each.reduce((a, b) => a + b) / classes.length;
}

const top = (frozen: number): Baseline => ({ method: "top", frozen });
const adapters = (dim: number): Baseline => ({ method: "adapters", dim });
const cases: [Experiment, readonly number[], Baseline, number][] = [
  [characters(), CHARACTERS, { method: "full" }, 1_525_271],
  [characters(), CHARACTERS, top(0), 1_395_071],
  [characters(), CHARACTERS, top(1), 1_005_815],
  [characters(), CHARACTERS, top(2), 616_559],
  [characters(), CHARACTERS, top(3), 227_303],
  [characters(), CHARACTERS, { method: "multi-head" }, 227_303],
  [characters(), CHARACTERS, adapters(8), 238_271],
  [characters(), CHARACTERS, adapters(16), 247_511],
  [characters(), CHARACTERS, adapters(32), 265_991],
  [characters(), CHARACTERS, adapters(64), 302_951],
  [characters(), CHARACTERS, adapters(128), 376_871],
  [characters(), CHARACTERS, adapters(256), 524_711],
  [characters(), CHARACTERS, adapters(512), 820_391],
  [decathlon(), DECATHLON, { method: "full" }, 85_907_871],
  [decathlon(), DECATHLON, top(0), 85_357_676],
  [decathlon(), DECATHLON, top(1), 78_978_591],
  [decathlon(), DECATHLON, top(2), 72_599_506],
  [decathlon(), DECATHLON, top(3), 66_220_422],
  [decathlon(), DECATHLON, top(4), 59_841_337],
  [decathlon(), DECATHLON, { method: "multi-head" }, 8_808_658],
  [decathlon(), DECATHLON, adapters(8), 8_983_858],
  [decathlon(), DECATHLON, adapters(512), 18_279_634],
];

describe("parameters per task of the baselines (method.md §f)", () => {
  for (const [experiment, classes, variant, expected] of cases)
    it(`are ${expected} for ${experiment.name}, ${JSON.stringify(variant)}`, () => {
      expect(Math.round(paramsPerTask(experiment, classes, variant))).toBe(expected);
    });
});

describe("a baseline", () => {
  it("trains for all cycles of a lineage of muNet: 80 for the characters, 480 for the decathlon (eq. 4)", () => {
    expect(variantOf(characters(), { method: "full" }).training.cycles).toBe(80);
    expect(variantOf(decathlon(), { method: "full" }).training.cycles).toBe(480);
  });

  it("has one generation of as many replicas as muNet has children, all of the root", () => {
    const { iterations, generations, children, method } = variantOf(characters(), top(1));
    expect([iterations, generations, children, method.parents]).toEqual([1, 1, 8, "root"]);
  });

  it("changes no hyperparameter, no depth and no adapter", () => {
    for (const variant of baselinesFor(3)) {
      const experiment = variantOf(characters(), variant);
      for (let seed = 0; seed < 40; seed++) {
        const { hyperparams, shape, mutations } = childFor(experiment, "t", 10, seed + 1);
        expect(hyperparams).toEqual(experiment.method.defaults);
        expect(shape.adapters).toEqual(variant.method === "adapters" ? [0, 1, 2] : []);
        expect(mutations.filter(({ kind }) => kind === "step" || kind === "remove")).toEqual([]);
      }
    }
  });

  it("can't freeze more blocks than the root has", () => {
    expect(() => variantOf(characters(), top(4))).toThrow(
      "The number of frozen blocks is 4, but must be a whole number from 0 to 3.",
    );
  });

  it("is in run.json and is read back", () => {
    for (const variant of baselinesFor(3)) {
      const experiment = withoutWish(variantOf(characters(), variant));
      expect(parseExperiment(JSON.parse(JSON.stringify(experiment)), "run.json")).toEqual(experiment);
    }
  });
});

describe("muNet under a variant", () => {
  it("is the experiment itself with a scale factor and parts switched off", () => {
    const changed = variantOf(characters(), {
      method: "munet",
      scaleFactor: 0.3,
      adapters: false,
      tuning: true,
    });
    const { method } = characters();
    expect(changed.method).toEqual({
      ...method,
      scaleFactor: 0.3,
      insertAdapters: false,
      tuneHyperparams: true,
    });
    expect(changed.title).toBe("Multitask Character Classification Benchmark, muNet without adapters");
    expect(changed.training).toEqual(characters().training);
  });

  it("refuses an impossible scale factor", () => {
    for (const scaleFactor of [0, 1.1, Number.NaN])
      expect(() =>
        variantOf(characters(), { method: "munet", scaleFactor, adapters: true, tuning: true }),
      ).toThrow("above 0, at most 1");
  });
});
