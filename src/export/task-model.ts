// The model of a task as it leaves its run: with the names of its classes, and what a reader should know of its training.

import { isPublic } from "../core/access.js";
import { imageSizeUnknown, taskWithoutModel, unknownName, valueNotValid } from "../core/errors/index.js";
import type { RootSpec } from "../core/experiment.js";
import { decodeLayer, type LayerContent } from "../core/layer-codec.js";
import type { LayerId, Model, TaskName } from "../core/model.js";
import { modelOf, type State, standingTasks } from "../core/state.js";
import type { Images } from "../core/task.js";
import { isTaskName, taskNamed } from "../data/catalog/catalog.js";
import { imageSizeOf } from "../data/tasks.js";
import { readRun as readFolder } from "../run/folder.js";
import type { RunRecord } from "../run/record.js";
import { type AgainOptions, specAgain, taskAgain } from "../run/task-again.js";
import { splitsOf } from "../run/task-options.js";

/** The retained model of `task`. Throws task/unknown, export/no-model. */
export function modelOfTask({ dir, state }: Pick<RunRecord, "dir" | "state">, task: TaskName): Model {
  const known = standingTasks(state).map(({ name }) => name);
  if (!known.includes(task)) throw unknownName("task", task, known, "in this run");
  const id = Object.hasOwn(state.retained, task) ? state.retained[task] : undefined;
  if (id === undefined) throw taskWithoutModel(dir, task);
  return modelOf(state, id);
}

/** Label i of `task` is classNames[i]; numbers where the task names none. */
export function classNamesOf({ tasks }: Pick<State, "tasks">, task: TaskName, classes: number): string[] {
  const named = tasks.find(({ name }) => name === task)?.classNames;
  return Array.from({ length: classes }, (_, i) => named?.[i] ?? String(i));
}

/** The tasks that trained the layers of `path`, the first to do so first. */
export const trainedOn = (path: Model["path"]): TaskName[] => [
  ...new Set(path.flatMap(({ history }) => history.map(({ task }) => task))),
];

/** Where the weights began, in words. */
export const rootOf = (root: RootSpec): string => (root.kind === "random" ? "random weights" : root.origin);

/** The tasks among `names` that are not public. */
export const privateAmong = ({ tasks }: Pick<State, "tasks">, names: Iterable<TaskName>): TaskName[] => {
  const closed = new Set(tasks.flatMap(({ name, access }) => (isPublic(access) ? [] : [name])));
  return [...names].filter((name) => closed.has(name));
};

/** The layers of `path`, decoded. Throws store/missing-layer, store/corrupt-layer. */
export async function layersOfPath(
  dir: string,
  path: Model["path"],
): Promise<ReadonlyMap<LayerId, LayerContent>> {
  const { store } = await readFolder(dir);
  return new Map(
    await Promise.all(
      path.map(
        async ({ id }) =>
          [id, decodeLayer(await store.get(id), `Layer ${id.slice(0, 8)}`)] as [LayerId, LayerContent],
      ),
    ),
  );
}

/** Side in pixels of the squares that the task's images are brought to before a model resizes them to its own size. Throws export/size-unknown, options/not-valid. */
export async function storedSize(run: RunRecord, task: TaskName, options: AgainOptions): Promise<number> {
  if (isTaskName(task)) return imageSizeOf(taskNamed(task), splitsOf(run.experiment, run.events, task));
  const given = options.tasks?.find(({ name }) => name === task);
  if (given) return squareOf(given.splits.test);
  const { images } = specAgain(run, task, options.images);
  if (images?.imageSize !== undefined) return images.imageSize;
  const loaded = await taskAgain(run, task, options).catch((error: unknown) => {
    throw imageSizeUnknown(task, error);
  });
  return squareOf(loaded.splits.test);
}

/** The side of square images. Throws options/not-valid. */
export function squareOf({ height, width }: Images): number {
  if (height !== width)
    throw valueNotValid("The size of the task's images", `${width} × ${height}`, "squares");
  return height;
}
