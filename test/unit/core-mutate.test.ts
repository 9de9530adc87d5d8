import { describe, expect, it } from "vitest";
import {
  type ComponentName,
  componentNames,
  componentParamCount,
  type Shape,
} from "../../src/core/components.js";
import { preprocessingOf } from "../../src/core/hyperparams.js";
import { List } from "../../src/core/list.js";
import { type Method, mu2net, munet } from "../../src/core/methods.js";
import type { Layer, Model, Plan } from "../../src/core/model.js";
import { applyMutations, samplePreprocessing } from "../../src/core/mutate.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { emptyState, type State } from "../../src/core/state.js";
import { handModel, handShape, handTask, retainedOf } from "../support/models.js";

const method: Method = {
  ...mu2net,
  blocksRange: [0, 3],
  defaults: { ...mu2net.defaults, imageSize: 32, blocks: 0 },
};
const shapeOf = (blocks: number, adapters: number[] = []): Shape => handShape({ blocks, adapters });

const layer = (name: ComponentName, shape: Shape, by: string): Layer => ({
  name,
  id: `${by}/${name}` as Layer["id"],
  paramCount: componentParamCount(name, shape),
  history: by === "root" ? [] : [{ task: by[0]!, steps: 8 }],
});

/** A model whose layers were all made by `by`, except those in `from`. */
const model = (
  id: number,
  task: string | null,
  blocks: number,
  by: string,
  changes: Partial<Model> = {},
): Model => {
  const shape = shapeOf(blocks);
  return handModel(id, task, shape, {
    hyperparams: { ...method.defaults, blocks },
    status: task === null ? "root" : "retained",
    path: componentNames(shape).map((name) => layer(name, shape, by)),
    accuracy: 0.5,
    ...changes,
  });
};

const base: State = { ...emptyState, tasks: [handTask("t"), handTask("u"), handTask("v", "private")] };
const active = (models: Model[]): State => ({
  ...base,
  models: List.of(models),
  retained: retainedOf(models),
  activation: {
    iteration: 0,
    task: "t",
    seeds: [],
    seedsUsed: 0,
    active: models.filter((m) => m.status === "active").map((m) => m.id),
    generations: 0,
    preprocessing: null,
  },
});

const childOf = (
  state: State,
  parent: number,
  changes: Partial<Method> = {},
  seed = 0,
  mutate = true,
): Plan =>
  applyMutations(
    {
      child: 9,
      parent: state.models.get(parent)!,
      task: "t",
      classes: 10,
      preprocessing: preprocessingOf(method.defaults),
      mutate,
    },
    state,
    { ...method, ...changes },
    rngFromSeed(seed),
  );
const how = (plan: Plan): Record<string, string> =>
  Object.fromEntries(plan.positions.map(({ name, source }) => [name, source.how]));
const plans = (make: (seed: number) => Plan, n = 4000): Plan[] =>
  Array.from({ length: n }, (_, seed) => make(seed));
const frequency = (all: readonly Plan[], is: (plan: Plan) => boolean): number =>
  all.filter(is).length / all.length;

const root = model(0, null, 2, "root");

describe("a child of the root", () => {
  const all = plans((seed) => childOf(active([root]), 0, { tuneHyperparams: false }, seed));

  it("always trains a new head and a copy of the final norm", () => {
    for (const plan of all) expect(how(plan)).toMatchObject({ head: "init", encoder_norm: "clone" });
  });

  it("clones every other layer with probability µ = 0.2", () => {
    for (const name of ["embedding", "cls", "posembed_input", "encoderblock_0"])
      expect(frequency(all, (plan) => how(plan)[name] === "clone")).toBeCloseTo(0.2, 1.5);
  });

  it("steps its depth with probability µ, up and down alike, a new block being initialised on top", () => {
    expect(frequency(all, (plan) => plan.shape.blocks === 1)).toBeCloseTo(0.1, 1.5);
    expect(frequency(all, (plan) => plan.shape.blocks === 3)).toBeCloseTo(0.1, 1.5);
    const grown = all.find((plan) => plan.shape.blocks === 3)!;
    expect(how(grown).encoderblock_2).toBe("init");
    expect(grown.mutations).toContainEqual({ kind: "insert", component: "encoderblock_2" });
    const cut = all.find((plan) => plan.shape.blocks === 1)!;
    expect(cut.mutations).toContainEqual({ kind: "remove", component: "encoderblock_1" });
  });

  it("has nothing to beat", () => expect(all[0]!.reference).toBeNull());

  it("says which layers µ picked", () => {
    const picked = all.find((plan) => how(plan).cls === "clone")!;
    expect(picked.mutations).toContainEqual({ kind: "clone", component: "cls" });
  });
});

describe("a child of the task's own model", () => {
  const own = model(1, "t", 1, "t", { status: "active", accuracy: 0.7 });

  it("clones every layer that no other task uses, its head too (published code)", () => {
    expect(new Set(Object.values(how(childOf(active([root, own]), 1, { blocksRange: [1, 1] }))))).toEqual(
      new Set(["clone"]),
    );
  });

  it("clones them only with probability µ where the paper is taken at its word", () => {
    const all = plans(
      (seed) =>
        childOf(
          active([root, own]),
          1,
          { autoCloneUnlocked: false, blocksRange: [1, 1], tuneHyperparams: false },
          seed,
        ),
      1500,
    );
    expect(frequency(all, (plan) => how(plan).encoderblock_0 === "clone")).toBeCloseTo(0.2, 1.3);
    expect(frequency(all, (plan) => how(plan).head === "clone")).toBe(1);
  });

  it("shares what another task uses by now", () => {
    const user = { ...model(2, "u", 1, "u"), path: own.path };
    const all = plans(
      (seed) => childOf(active([root, own, user]), 1, { blocksRange: [1, 1], tuneHyperparams: false }, seed),
      1500,
    );
    expect(frequency(all, (plan) => how(plan).encoderblock_0 === "share")).toBeCloseTo(0.8, 1.3);
  });

  it("has its parent's score to beat", () => expect(childOf(active([root, own]), 1).reference).toBe(0.7));

  it("finds a block that its parent had dropped in a living ancestor", () => {
    const shallow = model(2, "t", 0, "t2", { status: "active", parent: 1 });
    const grown = plans((seed) => childOf(active([root, own, shallow]), 2, {}, seed), 100).find(
      (plan) => plan.shape.blocks === 1,
    )!;
    expect(grown.positions.find(({ name }) => name === "encoderblock_0")!.source).toMatchObject({
      how: "clone",
      layer: { id: "t/encoderblock_0" },
    });
    expect(grown.mutations).toContainEqual({ kind: "recover", component: "encoderblock_0" });
  });

  it("does not find it in an ancestor that is gone", () => {
    const gone = { ...own, status: "dropped" as const };
    const shallow = model(2, "t", 0, "t2", { status: "active", parent: 1 });
    const all = plans(
      (seed) => childOf(active([{ ...root, path: root.path.slice(0, 3) }, gone, shallow]), 2, {}, seed),
      100,
    );
    expect(how(all.find((plan) => plan.shape.blocks === 1)!).encoderblock_0).toBe("init");
  });
});

describe("a child of another task's model", () => {
  it("begins with a head of its own", () => {
    expect(how(childOf(active([root, model(1, "u", 1, "u")]), 1)).head).toBe("init");
  });

  it("takes its own task's head from the lineage where there is one", () => {
    const own = model(1, "t", 1, "t", { status: "active" });
    const user = model(2, "u", 1, "u", { parent: 1 });
    expect(childOf(active([root, own, user]), 2).positions.at(-1)!.source).toMatchObject({
      how: "clone",
      layer: { id: "t/head" },
    });
  });

  it("is refused where a layer was trained on somebody else's private task", () => {
    expect(() => childOf(active([root, model(1, "u", 1, "v")]), 1)).toThrow(
      'Task "t" cannot use layer v/embedd: it was trained on "v", which does not let it.',
    );
  });
});

describe("an unmutated child (muNet's seeds, method.md §b.6)", () => {
  it("shares everything but the head, the final norm too", () => {
    const kinds = how(childOf(active([root]), 0, {}, 0, false));
    expect(kinds).toMatchObject({
      embedding: "share",
      encoderblock_1: "share",
      encoder_norm: "share",
      head: "init",
    });
  });
});

describe("adapters (muNet)", () => {
  it("come into each free slot with probability µ, stay, and go with their block", () => {
    const changes = { insertAdapters: true, tuneHyperparams: false };
    const all = plans((seed) => childOf(active([root]), 0, changes, seed));
    const deep = all.filter((plan) => plan.shape.blocks >= 2);
    for (const slot of [0, 1])
      expect(frequency(deep, (plan) => plan.shape.adapters.includes(slot))).toBeCloseTo(0.2, 1.3);
    for (const plan of all)
      for (const slot of plan.shape.adapters) expect(slot).toBeLessThan(plan.shape.blocks);
    const inserted = all.find((plan) => plan.shape.adapters.includes(1))!;
    expect(how(inserted).residual_adapter_1).toBe("init");
  });
});

describe("preprocessing (method.md §0-4)", () => {
  it("begins at the defaults and steps each value with the default µ", () => {
    const all = Array.from({ length: 4000 }, (_, seed) =>
      samplePreprocessing(active([root]), method, rngFromSeed(seed)),
    );
    const changed = all.filter((p) => p.areaMin !== 0.05).length / all.length;
    expect(changed).toBeCloseTo(0.2, 1.5);
  });

  it("begins at the task's best model", () => {
    const best = model(1, "t", 1, "t", {
      status: "active",
      hyperparams: { ...method.defaults, areaMin: 1, flip: false },
    });
    expect(
      samplePreprocessing(active([root, best]), { ...method, tuneHyperparams: false }, rngFromSeed(0)),
    ).toMatchObject({ areaMin: 1, flip: false });
  });

  it("does not change under muNet while seeds are left", () => {
    const state = { ...active([root]), activation: { ...active([root]).activation!, seeds: [0] } };
    for (let seed = 0; seed < 50; seed++)
      expect(samplePreprocessing(state, { ...munet }, rngFromSeed(seed))).toEqual(
        preprocessingOf(munet.defaults),
      );
  });

  it("is the generation's for every child, whatever its parent's was", () => {
    const parent = model(1, "t", 1, "t", {
      status: "active",
      hyperparams: { ...method.defaults, areaMin: 1 },
    });
    expect(childOf(active([root, parent]), 1).hyperparams.areaMin).toBe(0.05);
  });
});

describe("µ", () => {
  it("of the draws is the child's own as soon as it was drawn (method.md §b.1-2)", () => {
    // With µ's only values 0 and 1 a child whose µ steps to 0 can mutate nothing else.
    const changes: Partial<Method> = {
      search: { ...method.search, mutationProbability: [0, 1] },
      blocksRange: [1, 1],
    };
    const hyperparams = { ...method.defaults, blocks: 1, mutationProbability: 1 };
    const parent = model(1, "t", 1, "t", { status: "active", hyperparams });
    const all = plans((seed) => childOf(active([root, parent]), 1, changes, seed), 40);
    const calm = all.filter((plan) => plan.hyperparams.mutationProbability === 0);
    expect(calm.length).toBeGreaterThan(5);
    for (const plan of calm)
      expect(plan.mutations).toEqual([{ kind: "step", name: "mutationProbability", from: 1, to: 0 }]);
  });
});
