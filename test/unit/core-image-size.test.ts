// A child at another image size than its parent's (method.md §b.4, §b.1-4d and e): where its position embedding comes from.

import { describe, expect, it } from "vitest";
import { componentNames, componentParamCount, type Shape } from "../../src/core/components.js";
import { preprocessingOf } from "../../src/core/hyperparams.js";
import { type Method, munet } from "../../src/core/methods.js";
import type { Layer, Model, Plan } from "../../src/core/model.js";
import { applyMutations, samplePreprocessing } from "../../src/core/mutate.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { emptyState, liveLayers, type State } from "../../src/core/state.js";

const method: Method = { ...munet, blocksRange: [1, 1], defaults: { ...munet.defaults, blocks: 1 } };
const shapeAt = (imageSize: number): Shape => ({
  backbone: { name: "t", patch: 16, width: 16, mlp: 16, heads: 1 },
  imageSize,
  blocks: 1,
  adapters: [],
  adapterDim: 32,
  classes: 10,
});

const layers = (imageSize: number, by: string): Layer[] =>
  componentNames(shapeAt(imageSize)).map((name) => ({
    name,
    id: `${by}/${name}` as Layer["id"],
    paramCount: componentParamCount(name, shapeAt(imageSize)),
    history: by === "root" ? [] : [{ task: "t", steps: 8 }],
  }));

const model = (id: number, task: string | null, imageSize: number, changes: Partial<Model> = {}): Model => ({
  id,
  parent: task === null ? null : 0,
  task,
  shape: shapeAt(imageSize),
  hyperparams: { ...method.defaults, imageSize },
  mutations: [],
  birth: null,
  status: task === null ? "root" : "active",
  path: layers(imageSize, task ?? "root"),
  evaluations: [],
  accuracy: 0.5,
  testAccuracy: null,
  steps: 0,
  selections: {},
  ...changes,
});

/** The root's embedding at 16 and 48 pixels; its own is for 32. */
const posembeds = [16, 48].map((size): Layer => ({ ...layers(size, `root@${size}`)[2]!, history: [] }));

const stateOf = (models: readonly Model[]): State => ({
  ...emptyState,
  posembeds,
  models,
  tasks: [
    {
      name: "t",
      access: "public",
      classes: 10,
      train: 1,
      validation: 1,
      test: 1,
      fingerprint: "",
      source: "",
    },
  ],
  activation: {
    iteration: 0,
    task: "t",
    seeds: [0],
    seedsUsed: 1,
    active: models.filter(({ status }) => status === "active").map(({ id }) => id),
    generations: 0,
    preprocessing: null,
  },
});

function childAt(imageSize: number, state: State, parent: number, seed = 0, mutate = true): Plan {
  const preprocessing = { ...preprocessingOf(method.defaults), imageSize };
  const from = {
    child: state.models.length,
    parent: state.models[parent]!,
    task: "t",
    classes: 10,
    preprocessing,
  };
  return applyMutations({ ...from, mutate }, state, { ...method, tuneHyperparams: false }, rngFromSeed(seed));
}
const posembedOf = (plan: Plan) => plan.positions.find(({ name }) => name === "posembed_input")!.source;

describe("the position embedding of a child at another image size", () => {
  const state = stateOf([model(0, null, 32)]);

  it("is the root's, resized, shared or cloned with probability µ as the root's other layers are", () => {
    const sources = Array.from({ length: 1000 }, (_, seed) => posembedOf(childAt(48, state, 0, seed)));
    for (const source of sources)
      expect(source).toMatchObject({ layer: { id: "root@48/posembed_input", history: [] } });
    const cloned = sources.filter(({ how }) => how === "clone").length / sources.length;
    expect(cloned).toBeCloseTo(0.1, 1.5);
  });

  it("is shared by an unmutated child of a seed", () => {
    expect(posembedOf(childAt(16, state, 0, 0, false))).toEqual({ how: "share", layer: posembeds[0] });
  });

  it("is an ancestor's own at that size where one still lives, else the root's, never one that was trained at another", () => {
    const own = model(1, "t", 48);
    const back = model(2, "t", 32, { parent: 1, path: layers(32, "t2") });
    expect(posembedOf(childAt(48, stateOf([model(0, null, 32), own, back]), 2))).toMatchObject({
      layer: { id: "t/posembed_input" },
    });
    const gone = { ...own, status: "dropped" as const };
    expect(posembedOf(childAt(48, stateOf([model(0, null, 32), gone, back]), 2))).toMatchObject({
      layer: { id: "root@48/posembed_input" },
    });
    expect(posembedOf(childAt(32, stateOf([model(0, null, 32), own]), 1))).toMatchObject({
      layer: { id: "root/posembed_input" },
    });
  });

  it("leaves every other layer as it is at the parent's size", () => {
    const [same, other] = [32, 48].map((size) => childAt(size, state, 0, 5));
    const rest = (plan: Plan) => plan.positions.filter(({ name }) => name !== "posembed_input");
    expect(rest(other!)).toEqual(rest(same!));
    expect(other!.shape.imageSize).toBe(48);
    expect(other!.mutations).toContainEqual({ kind: "step", name: "imageSize", from: 32, to: 48 });
  });
});

describe("the image size of a generation", () => {
  it("steps by 16 pixels, for all of its children", () => {
    const state = stateOf([model(0, null, 32), model(1, "t", 32)]);
    const sizes = Array.from(
      { length: 4000 },
      (_, seed) => samplePreprocessing(state, method, rngFromSeed(seed)).imageSize,
    );
    expect(new Set(sizes)).toEqual(new Set([16, 32, 48]));
    for (const size of [16, 48])
      expect(sizes.filter((s) => s === size).length / sizes.length).toBeCloseTo(0.05, 1.7);
  });
});

it("the root's embeddings stay on the disk as long as the run lives", () => {
  const live = liveLayers(stateOf([model(0, null, 32)]));
  for (const { id } of posembeds) expect(live).toContain(id);
});
