// The boundary at which the JSON of a sweep's folder, or of a stored sweep, is checked, so that the rest of mulab can trust
// it.

import type { Effort } from "../analysis/effort.js";
import type { Cost, PointLayer, PointTask, SweepPoint } from "../analysis/point.js";
import type { ComponentName } from "../core/components.js";
import { damagedSweep } from "../core/errors/index.js";
import type { Experiment } from "../core/experiment.js";
import { isComponentName } from "../core/layer-codec.js";
import type { Variant } from "../core/variant.js";
import { parseExperiment } from "../run/parse-experiment.js";
import {
  type Check,
  count,
  flag,
  list,
  name,
  object,
  oneOf,
  orNull,
  positive,
  record,
  share,
  text,
  that,
  variants,
} from "../store/check.js";
import { access } from "../store/parse-event.js";
import { hyperparams } from "../store/parse-hyperparams.js";
import { MOST_REPETITIONS, type PlannedVariant, type SweepPlan } from "./plan.js";
import type { PlanFile, ResultsFile, SweepFailure, SweepFile } from "./stored.js";

type Of<M extends Variant["method"]> = Extract<Variant, { method: M }>;

const variant = variants<Variant, "method">("method", {
  munet: object<Of<"munet">>({ method: oneOf("munet"), scaleFactor: share, adapters: flag, tuning: flag }),
  full: object<Of<"full">>({ method: oneOf("full") }),
  top: object<Of<"top">>({ method: oneOf("top"), frozen: count }),
  "multi-head": object<Of<"multi-head">>({ method: oneOf("multi-head") }),
  adapters: object<Of<"adapters">>({ method: oneOf("adapters"), dim: positive }),
  custom: object<Of<"custom">>({ method: oneOf("custom"), name }),
});

const amount = that<number>("a number from 0", (value) => Number.isFinite(value) && (value as number) >= 0);
/** Means of shares; earlier versions rounded some to slightly above 1. */
const shares = record(
  that<number>(
    "a number in [0, 1]",
    (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1 + 1e-9,
  ),
);

const layer = object<PointLayer>({
  name: that<ComponentName>("a component of a ViT", isComponentName),
  id: name,
  paramCount: count,
  trainedBy: orNull(name),
});

const task = object<PointTask>(
  {
    task: name,
    access,
    images: object<PointTask["images"]>({ train: count, validation: count, test: count }),
    classes: positive,
    children: count,
    validations: count,
    validationAccuracy: share,
    testAccuracy: share,
    accountedParams: amount,
    hyperparams,
    adapters: list(count),
    layers: list(layer),
    curve: list(share),
    lineage: list(object<PointTask["lineage"][number]>({ model: count, hyperparams })),
    ancestors: record(count),
    transfer: shares,
  },
  { effort: list(object<Effort>({ examples: amount, flops: amount, accuracy: share })) },
);

const point = object<SweepPoint>({
  variant,
  experiment: name,
  repetition: count,
  seed: count,
  budget: text,
  root: text,
  checkpoint: orNull(name),
  tasks: list(task),
  sampled: record(record(count)),
  cost: object<Cost>({
    children: count,
    examples: count,
    flops: amount,
    coreSeconds: amount,
    wallSeconds: amount,
  }),
  digest: name,
});

const failure = object<SweepFailure>({ name, variant, repetition: count, code: text, message: text });

/** Experiments are checked by their own parser. */
const experiment = that<Experiment>(
  "an experiment",
  (value) => typeof value === "object" && value !== null,
) as Check<Experiment>;

const plan = object<SweepPlan>({
  name,
  title: text,
  seed: count,
  repetitions: that<number>(
    `a whole number from 1 to ${MOST_REPETITIONS}`,
    (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_REPETITIONS,
  ),
  variants: list(object<PlannedVariant>({ variant, experiment })),
});

const versions = record(text);
const format = positive;
const planFile = object<PlanFile>({ format, plan, versions });
const results = { points: list(point), failures: list(failure), data: record(record(name)) };
const resultsFile = object<ResultsFile>({ format, ...results });
const sweepFile = object<SweepFile>({ format, plan, versions, ...results });

/** The plan that `value`, from the file `path`, is. Throws sweep/damaged, run/damaged. */
export const parsePlan = (value: unknown, path: string): PlanFile =>
  withExperiments(checked(planFile, value, path), path);

/** The results that `value`, from the file `path`, are. Throws sweep/damaged. */
export const parseResults = (value: unknown, path: string): ResultsFile => checked(resultsFile, value, path);

/** The whole sweep that `value`, from the file `path`, is. Throws sweep/damaged, run/damaged. */
export const parseSweepFile = (value: unknown, path: string): SweepFile =>
  withExperiments(checked(sweepFile, value, path), path);

function checked<T>(check: Check<T>, value: unknown, path: string): T {
  const problem = check(value);
  if (problem)
    throw damagedSweep(path, `${problem.path.slice(1) || "it"} is ${problem.found}`, problem.expected);
  return value as T;
}

function withExperiments<T extends { readonly plan: SweepPlan }>(file: T, path: string): T {
  for (const { experiment: of } of file.plan.variants) parseExperiment(of, path);
  return file;
}
