// The boundary at which the experiment of a run.json is checked, so that the rest of mulab can trust it.

import { damagedRun } from "../core/errors/index.js";
import type { Experiment, RootSpec, TaskSpec, TrainedOn } from "../core/experiment.js";
import {
  count,
  list,
  name,
  number,
  object,
  oneOf,
  type Problem,
  positive,
  share,
  text,
  that,
  variants,
} from "../store/check.js";
import { isLayerId } from "../store/layer-id.js";
import { backbone, labelKeeping, ownImages } from "../store/parse-event.js";
import { method, training } from "../store/parse-settings.js";

type Root<Kind> = Extract<RootSpec, { kind: Kind }>;
const root = variants<RootSpec, "kind">("kind", {
  random: object<Root<"random">>({ kind: oneOf("random"), backbone, blocks: count }),
  checkpoint: object<Root<"checkpoint">>(
    {
      kind: oneOf("checkpoint"),
      backbone,
      blocks: count,
      file: name,
      sha256: that<string>("64 hexadecimal digits", isLayerId),
      origin: text,
    },
    { trainedOn: object<TrainedOn>({ task: name, images: list(name) }) },
  ),
});

const experiment = object<Omit<Experiment, "rootWish">>(
  {
    name,
    title: text,
    source: text,
    budget: oneOf("paper", "laptop", "smoke"),
    seed: count,
    method,
    training,
    root,
    tasks: list(
      object<TaskSpec>(
        { name, access: oneOf("public", "private") },
        { images: ownImages, keeps: labelKeeping },
      ),
    ),
    iterations: positive,
    generations: positive,
    children: positive,
    validationFraction: share,
    expected: object<Experiment["expected"]>({ minutes: number, result: text }),
  },
  { limit: positive },
);

/** The first reason why `value` is not an experiment, or null. */
export function experimentProblem(value: unknown): Problem | null {
  const problem = experiment(value);
  if (problem) return problem;
  const { search, defaults, tuneHyperparams } = (value as Experiment).method;
  if (!tuneHyperparams) return null;
  // A step starts from the default, so the list must contain it.
  for (const [name, values] of Object.entries(search)) {
    const found = defaults[name as keyof typeof defaults];
    if (!(values as readonly unknown[]).includes(found))
      return {
        path: `.method.defaults.${name}`,
        found: JSON.stringify(found) ?? "missing",
        expected: `a value of its list, ${values.join(", ")}`,
      };
  }
  return null;
}

/** `value`, from the file `file`, as an experiment. Throws run/damaged. */
export function parseExperiment(value: unknown, file: string): Experiment {
  const problem = experimentProblem(value);
  if (problem) throw damagedRun(file, `experiment${problem.path} is ${problem.found}`, problem.expected);
  return value as Experiment;
}
