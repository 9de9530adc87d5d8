// The boundary at which the experiment of a run.json is checked, so that the rest of mulab can trust it.

import { damagedRun } from "../core/errors.js";
import type { Experiment, RootSpec, TaskSpec, TrainedOn } from "../core/experiment.js";
import type { SearchSpace } from "../core/hyperparams.js";
import { isComponentName } from "../core/layer-codec.js";
import type { Method } from "../core/methods.js";
import type { Training } from "../core/training.js";
import {
  type Check,
  count,
  flag,
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
import { backbone, hyperparams, labelKeeping, ownImages } from "../store/parse-event.js";

const methodCheck = object<Method>(
  {
    name,
    parents: oneOf("seeds-first", "ranked-then-seeds", "ranked-then-shuffled", "ranked-together", "root"),
    keepTies: flag,
    tieSurvivor: oneOf("oldest", "newest"),
    autoCloneUnlocked: flag,
    preprocessing: oneOf("per-generation", "per-child"),
    preprocessingProbability: oneOf("default", "evolved"),
    insertAdapters: flag,
    tuneHyperparams: flag,
    depth: oneOf("step", "remove-top"),
    blocksRange: list(count) as Check<readonly number[]> as Check<Method["blocksRange"]>,
    forceClone: list(
      that<Method["forceClone"][number]>(
        "a component of a ViT, or a kind of component",
        (value) => isComponentName(value) || isComponentName(`${value}_0`),
      ),
    ),
    keepMomentum: flag,
    momentumPrecision: oneOf("bfloat16", "float32"),
    initSeed: oneOf("per-child", "fixed"),
    scaleFactor: share,
    rootParams: positive,
    search: that<SearchSpace>(
      "lists of values by hyperparameter",
      (value) =>
        typeof value === "object" &&
        value !== null &&
        Object.values(value).every((values) => Array.isArray(values) && values.length > 0),
    ),
    defaults: hyperparams,
  },
  {
    adapterSlots: oneOf("drawn", "all"),
    adapterPlaces: oneOf("before-blocks", "between-blocks"),
    categoricalSteps: oneOf("neighbour", "any"),
    headInit: oneOf("zero", "random"),
  },
);

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

const training = object<Training>({
  batchSize: positive,
  cycles: positive,
  examplesPerCycle: positive,
  validationExamples: positive,
  clipNorm: number,
});

const experiment = object<Omit<Experiment, "rootWish">>(
  {
    name,
    title: text,
    source: text,
    budget: oneOf("paper", "laptop", "smoke"),
    seed: count,
    method: methodCheck,
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
