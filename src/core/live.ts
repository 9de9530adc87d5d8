// What of a state is alive: the models that may be built on, and the layers that they need.

import type { Layer, Model } from "./model.js";
import { modelOf, type State } from "./state.js";

/** The root and every task's survivor; while a task is active, its candidates are not among them. */
export function retainedModels(state: State): Model[] {
  const { models, retained, activation } = state;
  const root = models.get(0);
  const survivors = Object.entries(retained)
    .filter(([task]) => task !== activation?.task)
    .map(([, id]) => id)
    .sort((a, b) => a - b);
  return root ? [root, ...survivors.map((id) => modelOf(state, id))] : [];
}

/** Models that may be built on now: the retained ones and the active candidates. */
export const liveModels = (state: State): Model[] => [
  ...retainedModels(state),
  ...(state.activation?.active ?? []).map((id) => modelOf(state, id)),
];

const isLive = (model: Model): boolean =>
  model.status === "root" || model.status === "retained" || model.status === "active";

/** `model` and its live ancestors, nearest first. method.md §d.5. */
export function liveLineage(state: State, model: Model): Model[] {
  const lineage: Model[] = [];
  for (
    let at: Model | undefined = model;
    at;
    at = at.parent === null ? undefined : state.models.get(at.parent)
  )
    if (isLive(at)) lineage.push(at);
  return lineage;
}

/** Every layer that a live model uses or that a child may still begin with. */
export const liveLayers = (state: State): ReadonlySet<Layer["id"]> => {
  const live = new Set(state.posembeds.map(({ id }) => id));
  for (const { path } of liveModels(state)) for (const { id } of path) live.add(id);
  return live;
};
