// Prepares an experiment for a run: picks tasks that this machine has, and finds or makes its root. It prints nothing, but
// calls callbacks.

import { defaultRootPlaces } from "../checkpoints/find.js";
import { checkpointRoot } from "../checkpoints/load.js";
import { type Experiment, withoutWish } from "../core/experiment.js";
import { parseTasks } from "../data/task-list.js";
import { onAvailableTasks } from "./available.js";
import { withRootSpec } from "./root-size.js";
import { ensureRoot, type RootOptions, rootOnDisk } from "./roots.js";

export interface Preparation extends RootOptions {
  /** The value of --tasks; by default the experiment's own tasks, as far as this machine has them. */
  readonly tasks?: string | undefined;
  /** Whether to keep the experiment's tasks unchanged. */
  readonly keepsTasks?: boolean;
  /** A path, or the name of a file in a folder of roots; by default the root that the experiment asks for. */
  readonly root?: string | undefined;
  /** Whether to make a missing root now; a dry run only looks. */
  readonly makesRoot?: boolean;
}

/** `experiment` adapted to this machine. Throws task/unknown, options/not-valid, data/checksum, root/…, and as `pretrain`. */
export const prepare = async (experiment: Experiment, how: Preparation = {}): Promise<Experiment> =>
  withRoot(how.keepsTasks ? experiment : await withTasks(experiment, how), how);

async function withTasks(
  experiment: Experiment,
  { tasks, onData, onNote }: Preparation,
): Promise<Experiment> {
  if (tasks !== undefined) return { ...experiment, tasks: parseTasks(tasks, experiment.tasks) };
  return onAvailableTasks(experiment, {
    ...(onData && { onProgress: onData }),
    ...(onNote && { onNote }),
  });
}

async function withRoot(
  experiment: Experiment,
  { tasks: _, keepsTasks: __, root: file, makesRoot = true, ...options }: Preparation,
): Promise<Experiment> {
  const { blocks } = experiment.root;
  if (file !== undefined) return withRootSpec(experiment, await checkpointRoot(file, { blocks }));
  const { rootWish, budget } = experiment;
  const prepared = withoutWish(experiment);
  if (!rootWish) return prepared;
  // A smoke run takes seconds, so it does not wait for a pretraining.
  const makes = makesRoot && budget !== "smoke";
  const root = await (makes ? ensureRoot(rootWish, options) : rootOnDisk(rootWish, options.places));
  if (root) return { ...prepared, root };
  if (makesRoot)
    options.onNote?.(
      rootWish.recipe
        ? "No pretrained root is on this machine, so this smoke run starts with random weights; `mulab pretrain` makes one."
        : `The paper's root, ${rootWish.file}, is not on this machine, so this run starts with random weights. Put it in checkpoints/ below MULAB_DATA or in ${(options.places ?? defaultRootPlaces()).cache}, or name another with --root.`,
    );
  return prepared;
}
