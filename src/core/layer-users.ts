// Which tasks use which layer. The network of a thousand tasks has tens of thousands of layers, and planning or scoring any
// child needs this; so the layers of the retained models are listed once for as long as these stay the same, and each task
// looks at that list.

import type { Layer, LayerId, TaskName } from "./model.js";
import { modelOf, type State } from "./state.js";

/** The root in a set of layer users: it locks its layers but does not share their cost. method.md §d.5–6. */
export const ROOT = "";

/** Tasks by the layers that their models use. */
export type LayerUsers = Pick<ReadonlyMap<string, ReadonlySet<TaskName>>, "has" | "get">;

/** Tasks other than `task` whose retained models use each layer; the root's layers, at every image size, have `ROOT` among their users. */
export function layerUsers(state: State, task: TaskName | null): LayerUsers {
  // An active task's survivor is a candidate for now, not a retained model.
  const absent = new Set([task, state.activation?.task].filter((name) => name != null));
  return new UsersBeside(retainedUsers(state), absent);
}

/** A list of users without some of the tasks. */
class UsersBeside implements LayerUsers {
  readonly #all: ReadonlyMap<string, ReadonlySet<TaskName>>;
  readonly #absent: ReadonlySet<TaskName>;

  constructor(all: ReadonlyMap<string, ReadonlySet<TaskName>>, absent: ReadonlySet<TaskName>) {
    this.#all = all;
    this.#absent = absent;
  }

  get(id: string): ReadonlySet<TaskName> | undefined {
    const users = this.#all.get(id);
    if (!users) return undefined;
    let present = users;
    for (const name of this.#absent)
      if (users.has(name)) {
        if (present === users) present = new Set(users);
        (present as Set<TaskName>).delete(name);
      }
    return present.size > 0 ? present : undefined;
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }
}

interface Listed {
  readonly root: readonly Layer[];
  readonly posembeds: readonly Layer[];
  readonly users: ReadonlyMap<LayerId, ReadonlySet<TaskName>>;
}

/** Keyed by the object that records who is retained, which is a new object whenever that changes. */
const listed = new WeakMap<State["retained"], Listed>();

function retainedUsers(state: State): Listed["users"] {
  const { retained, posembeds } = state;
  const root = state.models.get(0)?.path ?? [];
  const known = listed.get(retained);
  if (known?.root === root && known.posembeds === posembeds) return known.users;
  const users = new Map<LayerId, Set<TaskName>>();
  const add = (path: readonly Layer[], user: TaskName): void => {
    for (const { id } of path) {
      const there = users.get(id);
      if (there) there.add(user);
      else users.set(id, new Set([user]));
    }
  };
  add(posembeds, ROOT);
  add(root, ROOT);
  for (const [task, id] of Object.entries(retained)) add(modelOf(state, id).path, task);
  listed.set(retained, { root, posembeds, users });
  return users;
}
