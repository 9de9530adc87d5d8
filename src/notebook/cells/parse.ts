// Parses an evolver cell, from YAML lines to an experiment, and reports every mistake at its place.

import { refuseLonePilot } from "../../commands/claim-plan.js";
import { cellWithoutExperiment, didYouMean } from "../../core/errors/index.js";
import type { BudgetName, Experiment } from "../../core/experiment.js";
import { parseTasks } from "../../data/task-list.js";
import type { Limits } from "../../engine/limits.js";
import { EXPERIMENTS, experimentOf } from "../../experiments/index.js";
import { applyOverrides } from "../../experiments/overrides.js";
import { type Ablation, planSweep, type SweepRequest } from "../../sweep/plan.js";
import { FIELDS, SWEEP_FIELDS } from "./fields.js";
import { complain, flag, listOf, path, positive, whole, YamlCell } from "./yaml-cell.js";

/** What an evolver cell asks for. */
export interface EvolveCell extends Limits {
  readonly experiment: Experiment;
  /** Whether the cell names its tasks, which are then never replaced by others. */
  readonly namesTasks: boolean;
  /** Name or path of the checkpoint to start from. */
  readonly root?: string;
  readonly out?: string;
  readonly wait: boolean;
  /** `over:` of a sweep: settings with their values, in the cell's order. */
  readonly over: readonly (readonly [key: string, values: readonly string[]])[];
  /** Whether a sweep is only planned, and from what. */
  readonly planClaims: boolean;
  readonly pilot?: string;
  /** What a sweep without `over:` varies. */
  readonly variants: Omit<SweepRequest, "experiment">;
}

/** The cell whose body is `text`; `line` is where the body begins in the cell. Throws CellError. */
export function parseEvolveCell(text: string, line: number, isSweep = false): EvolveCell {
  const cell = new YamlCell(text, line, isSweep ? [...FIELDS, ...SWEEP_FIELDS] : FIELDS);
  if (cell.isEmpty)
    throw cell.mistake(cellWithoutExperiment(isSweep ? "%%sweep" : "%%evolve", Object.keys(EXPERIMENTS)));
  const seed = cell.read("seed", (value) => whole("seed", value ?? 0, 0));
  const budget = cell.read("budget", (value) => budgetOf(value ?? "paper"));
  const standard = cell.read("experiment", (name) =>
    experimentOf(String(name ?? "preliminary"), { seed, budget }),
  );
  const listed = cell.read("tasks", (tasks) => listOf("tasks", tasks)?.join(","));
  let experiment =
    listed === undefined
      ? standard
      : cell.read("tasks", () => ({ ...standard, tasks: parseTasks(listed, standard.tasks) }));
  cell.settings("set", (key, value) => {
    experiment = applyOverrides(experiment, [`${key}=${value}`]);
  });
  const over = cell.settings("over", (key, value) => {
    const values = (listOf(key, value) ?? []).map(String);
    for (const each of values) varied(experiment, key, each);
    return [key, values] as const;
  });
  const variants = variantsOf((key) => cell.plain(key));
  for (const key of Object.keys(variants) as (keyof typeof variants)[])
    cell.read(key, () => planSweep({ experiment, [key]: variants[key] }));
  const root = cell.read("root", (value) => path("root", value));
  const out = cell.read("out", (value) => path("out", value));
  const planClaims = isSweep && cell.read("planClaims", (value) => flag("planClaims", value ?? false));
  const pilot = isSweep ? cell.read("pilot", (value) => path("pilot", value)) : undefined;
  if (pilot !== undefined) cell.read("pilot", () => refuseLonePilot({ planClaims, pilot }));
  return {
    experiment,
    namesTasks: listed !== undefined,
    over,
    variants,
    planClaims,
    ...(pilot !== undefined && { pilot }),
    ...(root !== undefined && { root }),
    ...(out !== undefined && { out }),
    ...runningOf(cell),
  };
}

/** How to run a cell's experiment: the keys that every such cell may have. */
export function runningOf(cell: YamlCell): Limits & { readonly wait: boolean } {
  const threads = cell.read("threads", (value) =>
    value === undefined ? undefined : whole("threads", value, 1),
  );
  const memory = cell.read("memory", (value) =>
    value === undefined ? undefined : positive("memory", value),
  );
  return {
    wait: cell.read("wait", (value) => flag("wait", value ?? true)),
    ...(threads !== undefined && { threads }),
    ...(memory !== undefined && { memory }),
  };
}

/** The variants as written; planSweep reports mistakes in them. */
function variantsOf(plain: (key: string) => unknown): EvolveCell["variants"] {
  const list = (key: string): unknown[] | undefined => {
    const value = plain(key);
    return value === undefined || value === null ? undefined : Array.isArray(value) ? value : [value];
  };
  const scaleFactors = list("scaleFactors")?.map(Number);
  const ablateAt = list("ablateAt")?.map(Number);
  const ablate = list("ablate")?.map(String) as Ablation[] | undefined;
  const baselines = list("baselines")?.map(String);
  const repetitions = plain("repetitions");
  return {
    ...(scaleFactors && { scaleFactors }),
    ...(ablate && { ablate }),
    ...(ablateAt && { ablateAt }),
    ...(baselines && { baselines }),
    ...(repetitions !== undefined && { repetitions: Number(repetitions) }),
  };
}

/** `experiment` with one value of a sweep. Throws as applyOverrides. */
export const varied = (experiment: Experiment, key: string, value: string): Experiment =>
  key === "seed"
    ? { ...experiment, seed: whole("seed", Number(value), 0) }
    : applyOverrides(experiment, [`${key}=${value}`]);

function budgetOf(value: unknown): BudgetName {
  const { values } = FIELDS.find(({ key }) => key === "budget")!;
  if (values.includes(String(value))) return value as BudgetName;
  return complain("budget", value, `one of ${values.join(", ")}${didYouMean(String(value), values)}`);
}
