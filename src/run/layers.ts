// What a run's journal says about its layers: which ones its models need, and which are dead. A layer may be removed only if
// the run's own journal names it and no effective event needs it any more. Layers that the journal does not name stay: they
// may belong to lines that were lost.

import { layersMissing } from "../core/errors/index.js";
import { type Event, standing } from "../core/event.js";
import { summarizeLayer } from "../core/layer-codec.js";
import { liveLayers, liveModels } from "../core/live.js";
import type { Layer, LayerId, Model, TaskName } from "../core/model.js";
import { foldEvents, type State } from "../core/state.js";
import type { FileStore } from "../store/files.js";
import type { Keep } from "./header.js";
import { History } from "./history.js";

type Store = Pick<FileStore, "has" | "get" | "list">;

/** The layers that exist according to an event. */
const layersOf = (event: Event): readonly Layer[] => {
  if (event.type === "root-added") return [...event.path, ...(event.posembeds ?? [])];
  return event.type === "child-finished" && event.outcome.result === "improved" ? event.outcome.path : [];
};

/** All layers that a journal names. */
const namedLayers = (events: readonly Event[]): Set<LayerId> =>
  new Set(events.flatMap((event) => layersOf(event).map(({ id }) => id)));

/** The layers that are dead after a whole journal. Layers that a crash left after the last boundary are dead too. */
export function deadLayers(history: History | readonly Event[], keep?: Keep): LayerId[] {
  if (!(history instanceof History)) return deadAfter(history, keep);
  const { base, tail } = history;
  // Before a snapshot is stored, what was dead at that time is removed; what is kept for its past alone may die later.
  if (base.mark.index === 0 || keep || tail.some(({ type }) => type === "task-forgotten"))
    return deadAfter(history.events, keep);
  const live = liveLayers(history.standing().state);
  const once = new Set([...liveLayers(base.state), ...namedLayers(tail)]);
  return [...once].filter((id) => !live.has(id));
}

function deadAfter(events: readonly Event[], keep?: Keep): LayerId[] {
  const effective = standing(events);
  const state = foldEvents(effective);
  const live = new Set([...liveLayers(state), ...(keep ? keptLayers(effective, state, keep) : [])]);
  return [...namedLayers(events)].filter((id) => !live.has(id));
}

/** The layers that a run keeps for its past alone; never those that were trained on a forgotten task. */
export function keptLayers(events: readonly Event[], state: State, keep: Keep): LayerId[] {
  const survived = new Set(
    events.flatMap((event) => (event.type === "activation-ended" ? [event.retained] : [])),
  );
  const forgotten = new Set(state.forgettings.map(({ task }) => task));
  return [...state.models]
    .filter(({ id }) => keep === "all" || survived.has(id))
    .flatMap(({ path }) => path)
    .filter(({ history }) => !history.some(({ task }) => forgotten.has(task)))
    .map(({ id }) => id);
}

/** Layers trained on `task` that the journal doesn't name, such as those of a child that a crash interrupted. */
export async function unnamedLayersOf(
  task: TaskName,
  events: readonly Event[],
  store: Store,
): Promise<LayerId[]> {
  const named = namedLayers(events);
  const found: LayerId[] = [];
  for (const id of await store.list())
    if (!named.has(id) && (await tasksOf(id, store)).includes(task)) found.push(id);
  return found;
}

/** The tasks on which layer `id` says it was trained; none if it can't be read. */
async function tasksOf(id: LayerId, store: Store): Promise<TaskName[]> {
  try {
    return summarizeLayer(await store.get(id), id).history.map(({ task }) => task);
  } catch {
    return [];
  }
}

/** Layers that the journal doesn't name, trained on tasks that never came up according to it: some of its lines are lost. */
export async function orphans(events: readonly Event[], store: Store): Promise<string[]> {
  const named = namedLayers(events);
  const begun = new Set(events.flatMap((event) => (event.type === "activation-started" ? [event.task] : [])));
  const found: string[] = [];
  for (const id of await store.list()) {
    if (named.has(id)) continue;
    const strange = (await tasksOf(id, store)).find((task) => !begun.has(task));
    if (strange !== undefined) found.push(`${id.slice(0, 8)}, trained on ${strange}`);
  }
  return found;
}

/** Throws run/layers-missing if `store` lacks a layer that a model of `state` needs; `isWhole` reads them all, which takes longer and finds damage. */
export async function refuseMissing(
  dir: string,
  state: State,
  store: Store,
  { isWhole = false } = {},
): Promise<void> {
  const there = async (id: LayerId): Promise<boolean> => {
    if (!isWhole) return store.has(id);
    return store.get(id).then(
      () => true,
      () => false,
    );
  };
  const missing = new Map<LayerId, string>();
  for (const [{ id, name }, model] of needed(state))
    if (!missing.has(id) && !(await there(id)))
      missing.set(id, `${name} of model ${model.id} (${model.task ?? "root"}), layer ${id.slice(0, 8)}`);
  if (missing.size > 0) throw layersMissing(dir, [...missing.values()]);
}

/** Every layer that may be built on, each with a model that uses it. */
function* needed(state: State): Generator<readonly [Layer, Model]> {
  const seen = new Set<LayerId>();
  for (const model of liveModels(state))
    for (const layer of model.parent === null ? [...model.path, ...state.posembeds] : model.path)
      if (!seen.has(layer.id)) {
        seen.add(layer.id);
        yield [layer, model];
      }
}
