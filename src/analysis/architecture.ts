// The papers' multitask graph as plain data: one path per task from the image at the bottom to the head at the top; a layer
// that several tasks use is one node on all their paths. µ2Net Fig. 1 and 3, muNet Fig. 2. figures/scenes lays it out and
// draws it.

import { isPublic } from "../core/access.js";
import type { ComponentName } from "../core/components.js";
import type { Access, Layer, LayerId, Model, ModelId, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";

export { componentLabel } from "../format/components.js";

/** A layer of the multitask network, with its users. */
export interface ArchitectureNode {
  readonly id: LayerId;
  readonly name: ComponentName;
  readonly paramCount: number;
  /** The task that trained it last; null for the root's untrained layers. */
  readonly trainedBy: TaskName | null;
  /** Training by task, oldest first. */
  readonly history: Layer["history"];
  /** Whether a private task ever trained it, so that only that task may use it. */
  readonly isPrivate: boolean;
  /** Tasks whose path runs through it, as indices into `tasks`, ascending. */
  readonly users: readonly number[];
  /** Whether the root uses it too. */
  readonly isRoots: boolean;
}

interface ArchitectureTask {
  readonly name: TaskName;
  readonly access: Access;
  readonly model: ModelId;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  /** The path as indices into `nodes`, image to head. */
  readonly path: readonly number[];
}

export interface Architecture {
  /** All tasks of the run, for colours. */
  readonly taskNames: readonly TaskName[];
  /** Tasks that have a retained model. */
  readonly tasks: readonly ArchitectureTask[];
  readonly nodes: readonly ArchitectureNode[];
}

export interface ArchitectureOptions {
  /** Components to leave out; the papers' figures hide the final norm. */
  readonly hide?: readonly ComponentName[];
  /** Models to show instead of the retained ones. */
  readonly models?: readonly Model[];
}

/** The multitask network of all retained models. */
export function architectureOf(state: State, { hide = [], models }: ArchitectureOptions = {}): Architecture {
  const isPrivate = new Set(state.tasks.filter(({ access }) => !isPublic(access)).map(({ name }) => name));
  const survivors =
    models ??
    state.tasks.flatMap(({ name }) => {
      const id = state.retained[name];
      return id === undefined ? [] : [state.models.get(id)!];
    });
  const rootLayers = new Set([...(state.models.get(0)?.path ?? []), ...state.posembeds].map(({ id }) => id));
  const nodes: (ArchitectureNode & { users: number[] })[] = [];
  const index = new Map<LayerId, number>();
  const tasks = survivors.map((model, user): ArchitectureTask => {
    const path = model.path
      .filter(({ name }) => !hide.includes(name))
      .map((layer) => {
        const known = index.get(layer.id);
        if (known !== undefined) {
          nodes[known]!.users.push(user);
          return known;
        }
        index.set(layer.id, nodes.length);
        return nodes.push({ ...nodeOf(layer, isPrivate, rootLayers), users: [user] }) - 1;
      });
    return {
      name: model.task!,
      access: state.tasks.find(({ name }) => name === model.task)?.access ?? "public",
      model: model.id,
      validationAccuracy: model.accuracy,
      testAccuracy: model.testAccuracy,
      path,
    };
  });
  return { taskNames: state.tasks.map(({ name }) => name), tasks, nodes };
}

const nodeOf = (
  { id, name, paramCount, history }: Layer,
  isPrivate: ReadonlySet<TaskName>,
  rootLayers: ReadonlySet<LayerId>,
) => ({
  id,
  name,
  paramCount,
  history,
  trainedBy: history.at(-1)?.task ?? null,
  isPrivate: history.some(({ task }) => isPrivate.has(task)),
  isRoots: rootLayers.has(id),
});
