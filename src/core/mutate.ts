// How a child derives from its parent: the draws with probability µ, and for every layer of the child whether it is shared,
// cloned or new. Nothing here changes a model; the result is a plan. muNet §2.2, µ2Net §3.2; method.md §b.1.

import {
  type ComponentName,
  componentKind,
  componentNames,
  componentParamCount,
  type Shape,
} from "./components.js";
import {
  type HyperparamName,
  type Hyperparams,
  type HyperparamValue,
  jumpHyperparam,
  type Mutation,
  PREPROCESSING,
  type Preprocessing,
  preprocessingOf,
  stepHyperparam,
} from "./hyperparams.js";
import { type LayerUsers, layerUsers } from "./layer-users.js";
import { liveLineage } from "./live.js";
import type { Method } from "./methods.js";
import type { Layer, Model, ModelId, Plan, Position, TaskName } from "./model.js";
import { readable } from "./readers.js";
import type { Rng } from "./rng.js";
import { bestOf, fixedMetrics, scoreOf, sizeFactor } from "./score.js";
import { modelOf, type State } from "./state.js";

const isPreprocessing = (name: string): boolean => (PREPROCESSING as readonly string[]).includes(name);

/** Tunable hyperparameters that are not preprocessing, µ first, then by name, as the published code draws them. */
function tunableNames(method: Method): HyperparamName[] {
  const names = (Object.keys(method.search) as HyperparamName[])
    .filter((name) => !isPreprocessing(name))
    .sort();
  return names.sort((a, b) => Number(b === "mutationProbability") - Number(a === "mutationProbability"));
}

function step(hyperparams: Hyperparams, name: HyperparamName, method: Method, rng: Rng): Hyperparams {
  const value = hyperparams[name];
  const values = method.search[name]!;
  const jumps = method.categoricalSteps === "any" && typeof value !== "number";
  const stepTo = jumps ? jumpHyperparam : stepHyperparam;
  return { ...hyperparams, [name]: stepTo<HyperparamValue>(name, value, values, rng) };
}

/** The preprocessing of the next generation: the best candidate's (or the defaults if there is none), each value stepped with probability µ. In muNet, values step only after every seed has had its unmutated child. method.md §0-4, §0-5.
 */
export function samplePreprocessing(state: State, method: Method, rng: Rng): Preprocessing {
  const { active, seeds, seedsUsed } = state.activation!;
  const best = bestOf(
    active.map((id) => modelOf(state, id)),
    state,
    method,
  );
  let hyperparams = best?.hyperparams ?? method.defaults;
  const settled = method.parents === "seeds-first" && seedsUsed < seeds.length;
  if (!method.tuneHyperparams || settled) return preprocessingOf(hyperparams);
  const probability =
    method.preprocessingProbability === "default"
      ? method.defaults.mutationProbability
      : hyperparams.mutationProbability;
  for (const name of PREPROCESSING)
    if (method.search[name] && probability > rng.uniform())
      hyperparams = step(hyperparams, name, method, rng);
  return preprocessingOf(hyperparams);
}

/** Hyperparameters of a mutated child, before its layers are chosen. */
function mutateHyperparams(from: Hyperparams, method: Method, rng: Rng): Hyperparams {
  let child = from;
  // Once µ itself has been drawn, further draws use the child's own µ.
  const mutates = () => child.mutationProbability > rng.uniform();
  if (method.tuneHyperparams) {
    for (const name of tunableNames(method)) if (mutates()) child = step(child, name, method, rng);
    if (method.preprocessing === "per-child")
      for (const name of PREPROCESSING)
        if (method.search[name] && mutates()) child = step(child, name, method, rng);
  }
  if (mutates()) child = { ...child, blocks: stepDepth(child.blocks, method, rng) };
  return child;
}

function stepDepth(blocks: number, { depth, blocksRange: [least, most] }: Method, rng: Rng): number {
  if (least === most) return blocks;
  if (depth === "remove-top") return Math.max(least, blocks - 1);
  const values = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  return stepHyperparam("blocks", blocks, values, rng);
}

function mutateAdapters(parent: Shape, child: Hyperparams, method: Method, rng: Rng): number[] {
  const first = method.adapterPlaces === "between-blocks" ? 1 : 0;
  const slots = Array.from({ length: child.blocks }, (_, i) => i).slice(first);
  return slots.filter((slot) => {
    const inserted =
      method.insertAdapters && (method.adapterSlots === "all" || child.mutationProbability > rng.uniform());
    return parent.adapters.includes(slot) || inserted;
  });
}

/** The inputs of a child's plan. With `mutate` false it is muNet's unmutated child of a seed (§b.6). */
export interface Parentage {
  readonly child: ModelId;
  readonly parent: Model;
  readonly task: TaskName;
  readonly classes: number;
  readonly preprocessing: Preprocessing;
  readonly mutate: boolean;
}

/** The plan of a child. Throws access/private-layer if it would use a private layer of another task, which no sampled parent allows. */
export function applyMutations(parentage: Parentage, state: State, method: Method, rng: Rng): Plan {
  const { child, parent, task, classes, preprocessing, mutate } = parentage;
  const from =
    method.preprocessing === "per-generation"
      ? { ...parent.hyperparams, ...preprocessing }
      : parent.hyperparams;
  const hyperparams = mutate ? mutateHyperparams(from, method, rng) : from;
  const shape: Shape = {
    backbone: parent.shape.backbone,
    imageSize: hyperparams.imageSize,
    blocks: hyperparams.blocks,
    adapters: mutate ? mutateAdapters(parent.shape, hyperparams, method, rng) : parent.shape.adapters,
    adapterDim: hyperparams.adapterDim,
    classes,
  };

  const users = layerUsers(state, task);
  const lineage = liveLineage(state, parent);
  const cloned: ComponentName[] = [];
  const positions = componentNames(shape).map((name): Position => {
    const layer = findLayer(name, shape, lineage, users) ?? resizedPosembed(name, shape, state);
    const drawn = mutate && hyperparams.mutationProbability > rng.uniform();
    if (!layer) return { name, source: { how: "init" } };
    readable(layer, task, state.tasks);
    if (method.autoCloneUnlocked || name === "head") {
      if (!users.has(layer.id)) return { name, source: { how: "clone", layer } };
    }
    if (drawn) cloned.push(name);
    const { forceClone } = method;
    const forced = mutate && (forceClone.includes(componentKind(name)) || forceClone.includes(name));
    return { name, source: { how: drawn || forced ? "clone" : "share", layer } };
  });

  const sameTask = parent.task === task;
  return {
    child,
    parent: parent.id,
    task,
    shape,
    positions,
    hyperparams,
    mutations: describeMutations(parent, hyperparams, positions, cloned),
    reference: sameTask ? scoreOf(parent, state, method) : null,
    ...scoringOf({ path: sizedLayers(positions, shape), shape }, users, state, method),
  };
}

/** How the child's versions are scored, under the sharing of this moment. */
function scoringOf(
  child: Parameters<typeof sizeFactor>[0],
  users: LayerUsers,
  state: State,
  method: Method,
): Pick<Plan, "sizeFactor" | "formula"> {
  if (method.score === undefined) return { sizeFactor: sizeFactor(child, users, state, method) };
  return {
    sizeFactor: 1,
    formula: { score: method.score, metrics: fixedMetrics(child, users, state, method) },
  };
}

/** The nearest layer of that name and size in the lineage; a head only if no other task uses it, so that it is the task's own. §b.1-4. */
function findLayer(
  name: ComponentName,
  shape: Shape,
  lineage: readonly Model[],
  users: LayerUsers,
): Layer | undefined {
  const paramCount = componentParamCount(name, shape);
  for (const model of lineage) {
    const layer = model.path.find((l) => l.name === name && l.paramCount === paramCount);
    if (layer && (name !== "head" || !users.has(layer.id))) return layer;
  }
  return undefined;
}

/** The root's position embedding at the image size of `shape`, for lineages in which no model has one. §b.1-4e. */
function resizedPosembed(name: ComponentName, shape: Shape, { posembeds }: State): Layer | undefined {
  if (name !== "posembed_input") return undefined;
  const paramCount = componentParamCount(name, shape);
  return posembeds.find((layer) => layer.paramCount === paramCount);
}

/** The parameters that the child will account for: a shared layer costs its share, a trained one all of its parameters. */
function sizedLayers(positions: readonly Position[], shape: Shape): { id?: string; paramCount: number }[] {
  return positions.map(({ name, source }) => ({
    paramCount: componentParamCount(name, shape),
    ...(source.how === "share" && { id: source.layer.id }),
  }));
}

function describeMutations(
  parent: Model,
  child: Hyperparams,
  positions: readonly Position[],
  cloned: readonly ComponentName[],
): Mutation[] {
  const steps = (Object.keys(child) as HyperparamName[])
    .filter((name) => child[name] !== parent.hyperparams[name])
    .map((name): Mutation => ({ kind: "step", name, from: parent.hyperparams[name], to: child[name] }));
  const had = new Set<string>(parent.path.map((layer) => layer.name));
  const has = new Set<string>(positions.map((position) => position.name));
  const inserted = positions
    .filter(({ name }) => name !== "head" && !had.has(name))
    .map(
      ({ name, source }): Mutation => ({
        kind: source.how === "init" ? "insert" : "recover",
        component: name,
      }),
    );
  const removed = parent.path
    .filter(({ name }) => !has.has(name))
    .map(({ name }): Mutation => ({ kind: "remove", component: name }));
  return [
    ...steps,
    ...inserted,
    ...removed,
    ...cloned.map((component): Mutation => ({ kind: "clone", component })),
  ];
}
