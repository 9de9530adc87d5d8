// `%%extend` and `%forget`: a run that has ended grows by a segment, or loses a task.

import { forgetCommand } from "../../commands/forget.js";
import { usage } from "../../core/errors/index.js";
import { type Experiment, experimentAt } from "../../core/experiment.js";
import type { Settings } from "../../core/settings.js";
import { type State, standingTasks } from "../../core/state.js";
import { namedTasks } from "../../data/task-list.js";
import { loadNamed } from "../../data/tasks.js";
import { type Limits, limited } from "../../engine/limits.js";
import { changedSettings } from "../../experiments/overrides.js";
import { extend } from "../../run/extend.js";
import { open, taskOptions } from "../../run/open.js";
import { readRun } from "../../run/record.js";
import { watch } from "../notebook.js";
import { type Call, untilDone } from "./call.js";
import { EXTEND_FIELDS } from "./fields.js";
import { runningOf } from "./parse.js";
import { begunAs, folderOf, remember } from "./show.js";
import { complain, listOf, whole, YamlCell } from "./yaml-cell.js";

const ASKING =
  "%%extend needs a run that has ended, and tasks, as in\n%%extend first\ntasks: [glyphs/khmer]\niterations: 1\nPress Tab for the keys, Shift-Tab for what they mean.";

export async function extendCell({ args, body, bodyLine, signal, define }: Call): Promise<void> {
  const name = args.trim();
  if (name === "" || !/^\s*[^\s#]/m.test(body)) throw usage(ASKING);
  const dir = folderOf(name);
  const { experiment, state } = await readRun(dir);
  const cell = parseExtendCell(body, bodyLine, experiment, state);
  const tasks = await loadNamed(cell.tasks, taskOptions(experiment));
  const run = await extend(dir, { ...cell, tasks }, limited(cell));
  const variable = begunAs(name);
  if (variable !== undefined) {
    remember(variable, run);
    define(variable, run, 'import("mulab").Run');
  }
  watch(run);
  if (cell.wait) await untilDone(run, signal);
}

interface ExtendCell extends Limits {
  readonly tasks: ReturnType<typeof namedTasks>;
  readonly iterations: number;
  readonly settings: Partial<Settings>;
  readonly wait: boolean;
}

/** The cell for a run of `experiment` in `state`. Throws CellError. */
export function parseExtendCell(
  text: string,
  line: number,
  experiment: Experiment,
  state: State,
): ExtendCell {
  const cell = new YamlCell(text, line, EXTEND_FIELDS);
  const now = experimentAt(experiment, state);
  const known = standingTasks(state).map((task) => task.name);
  const tasks = cell.read("tasks", (value) => {
    const listed = listOf("tasks", value)?.join(",");
    if (listed === undefined) return complain("tasks", "nothing", "a list of tasks");
    return namedTasks(listed, experiment.tasks, known);
  });
  const seed = cell.read("seed", (value) => (value === undefined ? undefined : whole("seed", value, 0)));
  const written: string[] = [];
  cell.settings("set", (key, value) => {
    written.push(`${key}=${value}`);
    changedSettings(now, written);
  });
  return {
    tasks,
    iterations: cell.read("iterations", (value) => whole("iterations", value ?? 2, 1)),
    settings: { ...changedSettings(now, written), ...(seed !== undefined && { seed }) },
    ...runningOf(cell),
  };
}

/** `%forget TASK RUN`, with `--price` to see what it would cost: the run is a variable, a name in ./runs or a folder. */
export async function forgetLine({ args, define }: Call): Promise<void> {
  const words = args.split(/\s+/).filter(Boolean);
  const price = words.includes("--price");
  const [task, name, ...more] = words.filter((word) => word !== "--price");
  if (task === undefined || name === undefined || more.length > 0)
    throw usage("Name a task and a run that has ended, as in %forget glyphs/khmer first.");
  const dir = folderOf(name);
  await forgetCommand(dir, task, { price });
  if (price) return;
  const variable = begunAs(name);
  if (variable === undefined) return;
  const run = await open(dir); // the run has ended, so the variable has its latest state
  remember(variable, run);
  define(variable, run, 'import("mulab").Run');
}
