// Models and states of a tiny backbone, made by hand, for the tests of rules.

import { componentNames, componentParamCount, type Shape } from "../../src/core/components.js";
import type { TaskRecord } from "../../src/core/event.js";
import { preprocessingOf } from "../../src/core/hyperparams.js";
import { List } from "../../src/core/list.js";
import type { Method } from "../../src/core/methods.js";
import { munet } from "../../src/core/methods.js";
import type { Layer, Model, Plan } from "../../src/core/model.js";
import { applyMutations } from "../../src/core/mutate.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { emptyState, type State } from "../../src/core/state.js";

export const handShape = (changes: Partial<Shape> = {}): Shape => ({
  backbone: { name: "t", patch: 16, width: 16, mlp: 16, heads: 1 },
  imageSize: 32,
  blocks: 3,
  adapters: [],
  adapterDim: 32,
  classes: 10,
  ...changes,
});

/** The layers of a shape, each named for who made it: "<by>/<component>". */
export const handLayers = (shape: Shape, by: string): Layer[] =>
  componentNames(shape).map((name) => ({
    name,
    id: `${by}/${name}` as Layer["id"],
    paramCount: componentParamCount(name, shape),
    history: by === "root" ? [] : [{ task: "t", steps: 8 }],
  }));

/** The root where `task` is null, else a candidate whose parent is the root. */
export function handModel(
  id: number,
  task: string | null,
  shape = handShape(),
  changes: Partial<Model> = {},
): Model {
  const { imageSize, blocks, adapterDim } = shape;
  return {
    id,
    parent: task === null ? null : 0,
    task,
    shape,
    hyperparams: { ...munet.defaults, imageSize, blocks, adapterDim },
    mutations: [],
    birth: null,
    status: task === null ? "root" : "active",
    path: handLayers(shape, task ?? "root"),
    evaluations: [],
    accuracy: task === null ? null : 0.5,
    testAccuracy: null,
    steps: 0,
    selections: {},
    ...changes,
  };
}

export const handTask = (name: string, access: "public" | "private" = "public"): TaskRecord => ({
  name,
  access,
  classes: 10,
  train: 1,
  validation: 1,
  test: 1,
  fingerprint: "",
  source: "",
});

/** The survivors among `models`, by task. */
export const retainedOf = (models: readonly Model[]): Record<string, number> =>
  Object.fromEntries(models.flatMap(({ status, task, id }) => (status === "retained" ? [[task, id]] : [])));

/** Task "t" is active, its seeds are used up. */
export const handState = (models: readonly Model[], changes: Partial<State> = {}): State => ({
  ...emptyState,
  models: List.of(models),
  retained: retainedOf(models),
  tasks: [handTask("t"), handTask("u")],
  activation: {
    iteration: 0,
    task: "t",
    seeds: [0],
    seedsUsed: 1,
    active: models.filter(({ status }) => status === "active").map(({ id }) => id),
    generations: 0,
    preprocessing: null,
  },
  ...changes,
});

/** A child for task "t" of model `parent` of `state`. */
export function handChild(state: State, parent: number, method: Method, seed = 0, mutate = true): Plan {
  const preprocessing = preprocessingOf(method.defaults);
  return applyMutations(
    {
      child: state.models.length,
      parent: state.models.get(parent)!,
      task: "t",
      classes: 10,
      preprocessing,
      mutate,
    },
    state,
    method,
    rngFromSeed(seed),
  );
}
