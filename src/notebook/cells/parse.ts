// Parses an evolver cell, from YAML lines to an experiment, and reports every mistake at its place.

import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Range } from "yaml";
import {
  cellNotKeys,
  cellNotYaml,
  cellValueNotValid,
  cellWithoutExperiment,
  didYouMean,
  MulabError,
  unknownName,
  withoutStop,
} from "../../core/errors.js";
import type { BudgetName, Experiment } from "../../core/experiment.js";
import { parseTasks } from "../../data/task-list.js";
import type { Limits } from "../../engine/limits.js";
import { EXPERIMENTS, experimentOf } from "../../experiments/index.js";
import { applyOverrides } from "../../experiments/overrides.js";
import { type Ablation, planSweep, type SweepRequest } from "../../sweep/plan.js";
import { FIELDS, type Field, SWEEP_FIELDS } from "./fields.js";

/** The place of a mistake in the cell's body, all from 0. The kernel shows the line with a caret. */
export interface CellPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A mistake in an evolver cell. */
export class CellError extends MulabError {
  constructor(
    mistake: MulabError,
    readonly cellPlace: CellPlace,
  ) {
    super(mistake.code, mistake.problem, mistake);
    this.name = "CellError";
  }
}

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
  /** What a sweep without `over:` varies. */
  readonly variants: Omit<SweepRequest, "experiment">;
}

type Node = { readonly range?: Range | null | undefined };

/** The cell whose body is `text`; `line` is where the body begins in the cell. Throws CellError. */
export function parseEvolveCell(text: string, line: number, isSweep = false): EvolveCell {
  const counter = new LineCounter();
  // YAML's pretty errors name a line of the body; the kernel shows the line of the cell.
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const placeOf = (from: number, to: number): CellPlace => {
    const { line: at, col } = counter.linePos(from);
    return { line: line + at - 1, column: col - 1, length: Math.max(1, to - from) };
  };
  const at = <T>(node: Node | null | undefined, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MulabError) || error instanceof CellError) throw error; // the inner place is more exact
      const [from, to] = node?.range ?? [0, 1, 1];
      throw new CellError(error, placeOf(from, to));
    }
  };
  const broken = document.errors[0];
  if (broken) {
    throw new CellError(cellNotYaml(withoutStop(broken.message)), placeOf(broken.pos[0], broken.pos[1]));
  }

  const entries = entriesOf(document, isSweep ? [...FIELDS, ...SWEEP_FIELDS] : FIELDS, at);
  if (document.contents === null)
    throw new CellError(
      cellWithoutExperiment(isSweep ? "%%sweep" : "%%evolve", Object.keys(EXPERIMENTS)),
      placeOf(0, 1),
    );
  const node = (key: string) => entries.get(key);
  const plain = (key: string): unknown => entries.get(key)?.toJSON();
  const name = String(plain("experiment") ?? "preliminary");
  const standard = at(node("experiment"), () =>
    experimentOf(name, {
      seed: at(node("seed"), () => whole("seed", plain("seed") ?? 0, 0)),
      budget: at(node("budget"), () => budgetOf(plain("budget") ?? "paper")),
    }),
  );
  const tasks = at(node("tasks"), () => listOf("tasks", plain("tasks")));
  const listed = tasks?.join(",");
  let experiment =
    listed === undefined
      ? standard
      : at(node("tasks"), () => ({ ...standard, tasks: parseTasks(listed, standard.tasks) }));
  for (const [key, value, pair] of at(node("set"), () => pairsOf("set", node("set"))))
    experiment = at(pair, () => applyOverrides(experiment, [`${key}=${value}`]));

  const over = at(node("over"), () => pairsOf("over", node("over"))).map(([key, value, pair]) => {
    const values = at(pair, () => listOf(key, value) ?? []).map(String);
    for (const each of values) at(pair, () => varied(experiment, key, each));
    return [key, values] as const;
  });
  const variants = variantsOf(plain);
  for (const key of Object.keys(variants) as (keyof typeof variants)[])
    at(node(key), () => planSweep({ experiment, [key]: variants[key] }));
  const root = at(node("root"), () => path("root", plain("root")));
  const out = at(node("out"), () => path("out", plain("out")));
  const threads = plain("threads");
  const memory = plain("memory");
  return {
    experiment,
    namesTasks: listed !== undefined,
    wait: at(node("wait"), () => flag("wait", plain("wait") ?? true)),
    over,
    variants,
    ...(root !== undefined && { root }),
    ...(out !== undefined && { out }),
    ...(threads !== undefined && { threads: at(node("threads"), () => whole("threads", threads, 1)) }),
    ...(memory !== undefined && { memory: at(node("memory"), () => positive("memory", memory)) }),
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

interface Value extends Node {
  toJSON(): unknown;
}

function entriesOf(
  document: Document,
  fields: readonly Field[],
  at: <T>(node: Node | null | undefined, work: () => T) => T,
): Map<string, Value> {
  const entries = new Map<string, Value>();
  if (document.contents === null) return entries;
  if (!isMap(document.contents))
    return at(document.contents, () => {
      throw cellNotKeys();
    });
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    at(key as Node, () => {
      if (!fields.some((field) => field.key === name))
        throw unknownName(
          "key",
          name,
          fields.map((field) => field.key),
        );
    });
    // A key without a value counts as absent: its value has not been typed yet.
    if (value && !(isScalar(value) && value.value === null)) entries.set(name, value as Value);
  }
  return entries;
}

/** The pairs of a map node: key, plain value, and the node to point at. Throws cells/not-valid for any other. */
function pairsOf(what: string, node: Value | undefined): [key: string, value: unknown, at: Node][] {
  if (!node) return [];
  if (!isMap(node)) {
    const example = what === "over" ? "children: [4, 8]" : "children: 4";
    return complain(what, node.toJSON(), `settings, each on a line below it, such as ${example}`);
  }
  return node.items.filter(isPair).map(({ key, value }) => {
    const from = (key as Node).range?.[0] ?? 0;
    const to = ((value as Node | null)?.range ?? (key as Node).range)?.[1] ?? from + 1;
    const plain = isScalar(value) || isSeq(value) ? value.toJSON() : value;
    return [String(isScalar(key) ? key.value : key), plain, { range: [from, to, to] }];
  });
}

const complain = (what: string, value: unknown, expected: string): never => {
  throw cellValueNotValid(what, value, expected);
};

const whole = (what: string, value: unknown, least: number): number =>
  Number.isSafeInteger(value) && (value as number) >= least
    ? (value as number)
    : complain(what, value, `a whole number from ${least}`);

const positive = (what: string, value: unknown): number =>
  typeof value === "number" && value > 0 && Number.isFinite(value)
    ? value
    : complain(what, value, "a number above 0");

const path = (what: string, value: unknown): string | undefined =>
  value === undefined || typeof value === "string" || typeof value === "number"
    ? value?.toString()
    : complain(what, value, "a path");

/** One value or a list, as a list; undefined if there is none. */
const listOf = (what: string, value: unknown): unknown[] | undefined => {
  const list = value === undefined || Array.isArray(value) ? value : [value];
  if (list?.length === 0 || list?.some((each) => typeof each === "object"))
    return complain(what, value, "a list of names or values that is not empty");
  return list;
};

const flag = (what: string, value: unknown): boolean =>
  typeof value === "boolean" ? value : complain(what, value, "true or false");

function budgetOf(value: unknown): BudgetName {
  const { values } = FIELDS.find(({ key }) => key === "budget")!;
  if (values.includes(String(value))) return value as BudgetName;
  return complain("budget", value, `one of ${values.join(", ")}${didYouMean(String(value), values)}`);
}
