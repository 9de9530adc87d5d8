// A child at another image size than its parent's (method.md §b.4, §b.1-4d and e): where its position embedding comes from.

import { describe, expect, it } from "vitest";
import { preprocessingOf } from "../../src/core/hyperparams.js";
import { liveLayers } from "../../src/core/live.js";
import { type Method, munet } from "../../src/core/methods.js";
import type { Layer, Model, Plan } from "../../src/core/model.js";
import { applyMutations, samplePreprocessing } from "../../src/core/mutate.js";
import { rngFromSeed } from "../../src/core/rng.js";
import type { State } from "../../src/core/state.js";
import { handLayers, handModel, handShape, handState } from "../support/models.js";

const method: Method = { ...munet, blocksRange: [1, 1], defaults: { ...munet.defaults, blocks: 1 } };
const shapeAt = (imageSize: number) => handShape({ imageSize, blocks: 1 });
const model = (id: number, task: string | null, imageSize: number, changes: Partial<Model> = {}): Model =>
  handModel(id, task, shapeAt(imageSize), changes);

/** The root's embedding at 16 and 48 pixels; its own is for 32. */
const posembeds = [16, 48].map(
  (size): Layer => ({ ...handLayers(shapeAt(size), `root@${size}`)[2]!, history: [] }),
);
const stateOf = (models: readonly Model[]): State => handState(models, { posembeds });

function childAt(imageSize: number, state: State, parent: number, seed = 0, mutate = true): Plan {
  const preprocessing = { ...preprocessingOf(method.defaults), imageSize };
  const from = {
    child: state.models.length,
    parent: state.models.get(parent)!,
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
    const back = model(2, "t", 32, { parent: 1, path: handLayers(shapeAt(32), "t2") });
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
