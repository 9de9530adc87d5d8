// The rules that run.json must keep: it belongs to the run that the journal describes.

import { accessText, isPublic } from "../../core/access.js";
import type { Event } from "../../core/event.js";
import { type Experiment, pretrainingTask, type TaskSpec } from "../../core/experiment.js";
import type { RunReader } from "../folder.js";
import { headerDifference } from "../header.js";
import { experimentProblem } from "../parse-experiment.js";
import { short } from "./rules.js";
import type { Walk } from "./walk.js";

/** run.json must belong to the run in the journal. */
export function* headerFailures(run: RunReader, [first]: readonly Event[]): Generator<string> {
  const { header } = run;
  yield* experimentFailures(header, first);
  if (first?.type !== "run-started") return;
  const difference = headerDifference(run, first);
  if (difference)
    yield `run.json is not the file that the run began with: its sha256 is ${short(difference.found)}, not ${short(difference.expected)}`;
  if (first.format > 1 && first.header === undefined) yield "its first event has no hash of run.json";
  if (first.format !== header.format)
    yield `run.json has format ${header.format}, the journal ${first.format}`;
  const experiment = experimentOf(run);
  for (const seed of new Set([header.seed, experiment?.seed ?? header.seed]))
    if (first.seed !== seed) yield `run.json has seed ${seed}, but the run began with ${first.seed}`;
  if (!experiment) return;
  if (first.experiment !== experiment.name)
    yield `run.json has the experiment "${experiment.name}", the journal "${first.experiment}"`;
  // Access is fixed before anything is trained.
  const [given, begun] = [accesses(experiment.tasks), accesses(first.tasks)];
  if (given !== begun) yield `run.json has the tasks ${given}, but the run began with ${begun}`;
}

/** The experiment, if it is valid. */
export const experimentOf = ({ header: { experiment } }: RunReader): Experiment | null =>
  experimentProblem(experiment) ? null : (experiment as unknown as Experiment);

/** Why run.json's experiment can't be read; the oldest runs may have only its name. */
function* experimentFailures(
  { experiment }: RunReader["header"],
  first: Event | undefined,
): Generator<string> {
  const problem = experimentProblem(experiment);
  const isNamed = typeof experiment === "object" && experiment !== null && Object.keys(experiment).length > 1;
  const isOld = first?.type === "run-started" && first.header === undefined;
  if (problem && (isNamed || !isOld))
    yield `run.json's experiment${problem.path} is ${problem.found}; expected ${problem.expected}`;
}

const accesses = (tasks: readonly TaskSpec[]): string =>
  tasks
    .map(({ name, access }) => `"${name}" (${accessText(access)})`)
    .sort()
    .join(", ");

/** The root's weights must not come from a private task, because every model builds on them. */
export function* rootFailures(run: RunReader, { tasks }: Walk): Generator<string> {
  const made = pretrainingTask(experimentOf(run)?.root);
  if (made !== null && !isPublic(tasks.get(made)?.access ?? "public"))
    yield `the root was pretrained on "${made}", which is private`;
}
