// `%table` and `%figure` of a run or a sweep: named by the variable that a cell left it in, or by its folder or file.

import { accuracyTable, curvesTable, lineageTable, transferTable } from "../../analysis/tables.js";
import { sourceAt } from "../../commands/source.js";
import { unknownName, usage } from "../../core/errors.js";
import { FIGURES, figure } from "../../figures/index.js";
import type { Source } from "../../figures/source.js";
import { TABLES, table } from "../../figures/tables/index.js";
import type { Run } from "../../run/open.js";
import type { SweepRun } from "../../sweep/sweep.js";
import { watch } from "../notebook.js";
import type { Call } from "./call.js";

/** What cells have begun, by variable. */
const begun = new Map<string, Run | SweepRun>();

/** Makes `what` available to %table and %figure as `variable`. */
export const remember = (variable: string, what: Run | SweepRun): void => void begun.set(variable, what);

const RUN_TABLES = {
  accuracy: accuracyTable,
  transfer: transferTable,
  lineage: lineageTable,
  curves: curvesTable,
} as const;

const LIVE = ["progress", "lineage", "architecture", "transfer", "pareto", "accuracy"] as const;

interface Asked {
  /** Undefined: the first that there is. */
  readonly name: string | undefined;
  readonly source: Source | Run;
}

/** "[name] [variable or path]"; of the last that a cell has begun where none is named. */
async function asked(args: string, what: string): Promise<Asked> {
  const words = args.split(/\s+/).filter(Boolean);
  const isSource = (word: string | undefined) =>
    word !== undefined && (begun.has(word) || /[/\\.]/.test(word));
  const of = words.length > 1 || isSource(words[0]) ? words.at(-1)! : [...begun.keys()].at(-1);
  const name = words.length > 1 || !isSource(words[0]) ? words[0] : undefined;
  if (of === undefined)
    throw usage("No run has been begun in this notebook yet; begin one with %%evolve or %%sweep.");
  const known = begun.get(of);
  if (!known && !isSource(of)) throw unknownName("run", of, [...begun.keys()]);
  return { name, source: known ?? (await sourceAt(of, what)) };
}

const isSweep = (source: Source | Run): boolean => "points" in source;
const isLive = (source: Source | Run): source is Run => "subscribe" in source && !isSweep(source);
const has = <K extends string>(names: readonly K[], name: string): name is K =>
  (names as readonly string[]).includes(name);

export async function tableLine({ args }: Pick<Call, "args">): Promise<unknown> {
  const { name, source } = await asked(args, "table");
  if (isSweep(source)) return table(name ?? "methods", source);
  const own = Object.keys(RUN_TABLES) as (keyof typeof RUN_TABLES)[];
  const wanted = name ?? "accuracy";
  if (has(own, wanted) && "state" in source) return RUN_TABLES[wanted](source.state);
  return table(known("table", TABLE_NAMES, TABLES, wanted), source);
}

export async function figureLine({ args }: Pick<Call, "args">): Promise<unknown> {
  const { name, source } = await asked(args, "figure");
  const wanted = name ?? (isSweep(source) ? "quality-size" : "progress");
  if (isLive(source) && has(LIVE, wanted)) return watch[wanted](source);
  return figure(known("figure", FIGURE_NAMES, FIGURES, wanted), source);
}

/** `name` where it is one of `names`, or one that a definition had formerly. Throws figure/unknown, table/unknown. */
function known(
  kind: "figure" | "table",
  names: readonly string[],
  definitions: readonly { readonly formerly?: string }[],
  name: string,
): string {
  if (!names.includes(name) && !definitions.some(({ formerly }) => formerly === name))
    throw unknownName(kind, name, names);
  return name;
}

export const TABLE_NAMES: readonly string[] = [
  ...new Set([...Object.keys(RUN_TABLES), ...TABLES.map(({ name }) => name)]),
];
export const FIGURE_NAMES: readonly string[] = [...new Set([...LIVE, ...FIGURES.map(({ name }) => name)])];

/** Completes names and variables. */
export const completing =
  (names: readonly string[]) =>
  (text: string, offset: number): unknown => {
    const typed = /\S*$/.exec(text.slice(0, offset))![0];
    const matches = [...names, ...begun.keys()].filter((name) => name.startsWith(typed));
    return { start: offset - typed.length, end: offset, matches };
  };
