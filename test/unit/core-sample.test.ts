import { describe, expect, it } from "vitest";
import { List } from "../../src/core/list.js";
import { mu2net, munet } from "../../src/core/methods.js";
import type { Model, Plan } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { acceptProbability, sampleParent, sampleSeeds } from "../../src/core/sample.js";
import { applyEvent, emptyState, type State } from "../../src/core/state.js";
import { handModel, handShape } from "../support/models.js";

const shape = handShape({ blocks: 0, adapterDim: 8, classes: 2 });
const model = (id: number, task: string | null, changes: Partial<Model> = {}): Model =>
  handModel(id, task, shape, {
    parent: null,
    hyperparams: munet.defaults,
    status: task ? "retained" : "root",
    path: [],
    accuracy: 0.5,
    ...changes,
  });
/** A child of task t, planned with nothing changed. */
const planOf = (child: number, parent: number): Plan => ({
  child,
  parent,
  task: "t",
  shape,
  positions: [],
  hyperparams: munet.defaults,
  mutations: [],
  reference: null,
  sizeFactor: 1,
});

const record = (name: string, access: "public" | "private") => ({
  name,
  access,
  classes: 2,
  train: 1,
  validation: 1,
  test: 1,
  fingerprint: "",
  source: "",
});

const tasks = [record("t", "public"), record("u", "public"), record("v", "private")];
/** Root 0, u's model 1, v's private model 2; task t is active with candidates 3 (0.9) and 4 (0.8). */
const state = (selections3 = 0, selections4 = 0, changes = {}): State => ({
  ...emptyState,
  tasks,
  models: List.of([
    model(0, null),
    model(1, "u"),
    model(2, "v"),
    model(3, "t", { status: "active", accuracy: 0.9, selections: { t: selections3 } }),
    model(4, "t", { status: "active", accuracy: 0.8, selections: { t: selections4, u: 9 } }),
  ]),
  retained: { u: 1, v: 2 },
  activation: {
    iteration: 0,
    task: "t",
    seeds: [0, 1],
    seedsUsed: 0,
    active: [4, 3],
    generations: 0,
    preprocessing: null,
    ...changes,
  },
});

const shares = (from: State, method = mu2net, draws = 20_000): Record<string, number> => {
  const rng = rngFromSeed(0);
  const counts: Record<string, number> = {};
  for (let i = 0; i < draws; i++) {
    const { parent, rule } = sampleParent(from, method, rng);
    counts[`${rule} ${parent.id}`] = (counts[`${rule} ${parent.id}`] ?? 0) + 1 / draws;
  }
  return counts;
};

describe("acceptance of a candidate (µ2Net §3.1, muNet eq. 1)", () => {
  it("halves with every child that it had for the task, and with no other", () => {
    const used = model(9, "t", { selections: { t: 3, u: 5 } });
    expect(acceptProbability(used, "t")).toBe(0.125);
    expect(acceptProbability(used, "w")).toBe(1);
  });
});

describe("parents under µ2Net", () => {
  it("take the best candidate while it has no child", () =>
    expect(shares(state())).toEqual({ "active 3": expect.closeTo(1, 9) }));

  it("follow 0.5^k down the ranking, then the seeds: closed form", () => {
    const found = shares(state(1, 2));
    expect(found["active 3"]).toBeCloseTo(0.5, 1.7);
    expect(found["active 4"]).toBeCloseTo(0.5 * 0.25, 1.7);
    expect(found["seed 0"]).toBeCloseTo(0.5 * 0.75, 1.7); // the first seed has no child yet: always accepted
  });

  it("fall back to a uniform draw over candidates and seeds when none accepts", () => {
    const none = {
      ...state(60, 60),
      models: List.of(state(60, 60).models.map((m) => ({ ...m, selections: { t: 60 } }))),
    };
    const found = shares(none);
    for (const id of [0, 1, 3, 4]) expect(found[`uniform ${id}`]).toBeCloseTo(0.25, 1.7);
  });

  it("take the first seed when the task has no candidate yet, and begin the next scan after it", () => {
    const empty = { ...state(), activation: { ...state().activation!, active: [] } };
    const { parent, rule } = sampleParent(empty, mu2net, rngFromSeed(0));
    expect([parent.id, rule]).toEqual([0, "seed"]);
    const plan = planOf(5, 0);
    const next = applyEvent(empty, { type: "child-planned", plan, rule });
    expect(next.activation!.seeds).toEqual([1, 0]);
    expect(next.models.get(0)!.selections).toEqual({ t: 1 });
  });
});

describe("the eight parents of a generation", () => {
  it("are drawn one after another, each counting at once: a new best model is 2.97 of them (method.md, Appendix 3)", () => {
    // A best model, and enough others without a child that one always accepts before the uniform draw.
    const candidates = Array.from({ length: 9 }, (_, i) =>
      model(i + 3, "t", { status: "active", accuracy: 0.9 - i / 100 }),
    );
    const models = [...state().models.slice(0, 3), ...candidates];
    const active = candidates.map(({ id }) => id);
    const begun = { ...state(0, 0, { active, seedsUsed: 2 }), models: List.of(models) };
    const rng = rngFromSeed(1);
    for (const method of [mu2net, munet]) {
      let best = 0;
      const generations = 3000;
      for (let g = 0; g < generations; g++) {
        let now: State = begun;
        for (let c = 0; c < 8; c++) {
          const { parent, rule } = sampleParent(now, method, rng);
          const plan = planOf(now.models.length, parent.id);
          now = applyEvent(now, { type: "child-planned", plan, rule });
        }
        best += now.models.get(3)!.selections.t ?? 0;
      }
      expect(best / generations).toBeCloseTo(2.9694, 1); // the sum over k of k · P(k children), worked out
    }
  });
});

describe("parents under muNet", () => {
  it("are every seed once, unmutated, before any other", () => {
    expect(sampleParent(state(), munet, rngFromSeed(0))).toMatchObject({
      parent: { id: 0 },
      rule: "seed-unmutated",
    });
    expect(sampleParent(state(0, 0, { seedsUsed: 1 }), munet, rngFromSeed(0)).parent.id).toBe(1);
  });

  it("are then candidates by the half-life rule, or uniform over candidates and seeds; seeds are not ranked", () => {
    const found = shares(state(1, 1, { seedsUsed: 2 }), munet);
    expect(found["active 3"]).toBeCloseTo(0.5, 1.7);
    expect(found["active 4"]).toBeCloseTo(0.25, 1.7);
    for (const id of [0, 1, 3, 4]) expect(found[`uniform ${id}`]).toBeCloseTo(0.25 / 4, 1.7);
    expect(Object.keys(found)).toHaveLength(6);
  });
});

describe("parents where the papers are taken at their word", () => {
  it("muNet: seeds are in one ranking with the candidates, the root last, and no child goes unmutated", () => {
    const method = { ...munet, parents: "ranked-together" } as const;
    const used = state(1, 1);
    const models = used.models.map((m) => (m.id === 0 ? { ...m, accuracy: null, selections: { t: 1 } } : m));
    const seed = { ...models[1]!, accuracy: 0.85, selections: { t: 1 } };
    const found = shares({ ...used, models: List.of(models.with(1, seed)) }, method);
    expect(found["active 3"]).toBeCloseTo(0.5, 1.7);
    expect(found["seed 1"]).toBeCloseTo(0.25, 1.7);
    expect(found["active 4"]).toBeCloseTo(0.125, 1.7);
    expect(found["seed 0"]).toBeCloseTo(0.0625, 1.7);
    for (const id of [0, 1, 3, 4]) expect(found[`uniform ${id}`]).toBeCloseTo(0.0625 / 4, 1.7);
  });

  it("µ2Net: seeds are asked in a new order for every child", () => {
    const empty = { ...state(), activation: { ...state().activation!, active: [] } };
    expect(shares(empty)).toEqual({ "seed 0": expect.closeTo(1, 9) });
    const found = shares(empty, { ...mu2net, parents: "ranked-then-shuffled" });
    for (const id of [0, 1]) expect(found[`seed ${id}`]).toBeCloseTo(0.5, 1.7);
  });
});

describe("seeds of an activation", () => {
  it("are the root and the public models of other tasks; newest first under muNet", () => {
    expect(sampleSeeds(state(), "t", munet, rngFromSeed(0))).toEqual([1, 0]);
  });

  it("are shuffled under µ2Net", () => {
    const orders = new Set(
      Array.from({ length: 40 }, (_, i) => sampleSeeds(state(), "t", mu2net, rngFromSeed(i)).join()),
    );
    expect([...orders].sort()).toEqual(["0,1", "1,0"]);
  });

  it("of a private task are public models too, but never another private task's", () => {
    const other = { ...state(), tasks: [...tasks, record("w", "private")] };
    expect(sampleSeeds(other, "w", munet, rngFromSeed(0))).toEqual([1, 0]);
  });
});
