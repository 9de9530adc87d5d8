// `%table` and `%figure` show the results of a run or a sweep, named by its variable, by its folder or file, or by its name
// in ./runs, which works after a restart too. `%runs` lists what is there.

import { join } from "node:path";
import { namedModel, splitName } from "../../commands/model-at.js";
import { sourceAt } from "../../commands/source.js";
import { figureNeeds, unknownName, usage } from "../../core/errors/index.js";
import { FILM_VIEWS, film, filmViews } from "../../figures/film.js";
import { FIGURES, figure } from "../../figures/index.js";
import { figureAgain } from "../../figures/scenes/again.js";
import type { Source } from "../../figures/source.js";
import { TABLES, table } from "../../figures/tables/index.js";
import { shellPath } from "../../format/shell.js";
import type { SystemRun } from "../../programme/programme-run.js";
import type { Run } from "../../run/open.js";
import type { RunRecord } from "../../run/record.js";
import { isRunOrSweep, listRuns, namesOfRuns, RUNS_FOLDER } from "../../sweep/list-runs.js";
import { POINTS_FOLDER } from "../../sweep/stored.js";
import type { SweepRun } from "../../sweep/sweep.js";
import { renderChart } from "../charts.js";
import { commLayer } from "../layer.js";
import { watch, watchRuns } from "../notebook.js";
import type { Call } from "./call.js";

/** Runs and sweeps that cells have begun, by variable. */
const begun = new Map<string, Run | SweepRun | SystemRun>();

/** Makes `what` available to %table and %figure under the name `variable`. */
export const remember = (variable: string, what: Run | SweepRun | SystemRun): void =>
  void begun.set(variable, what);

const LIVE = ["progress", "lineage", "architecture", "transfer", "pareto", "accuracy", "learning"] as const;

interface Asked {
  /** Undefined means the first. */
  readonly name: string | undefined;
  readonly source: Source | Run;
  /** Where it is on the disk; null if unknown. */
  readonly path: string | null;
}

/** Whether `word` names a run or a sweep in ./runs. */
const isOnDisk = (word: string): boolean => isRunOrSweep(join(RUNS_FOLDER, word));

/** The run or sweep in ./runs that changed last; for sessions that have begun none. */
async function latestOnDisk(): Promise<string | undefined> {
  if (namesOfRuns().length === 0) return undefined;
  return (await listRuns()).find(({ status }) => status !== "unreadable")?.dir;
}

/** Parses "[name] [variable, name in ./runs, or path]", where `names` are those of tables or figures. By default the source is the last one that a cell has begun, or the last one on the disk. */
async function asked(args: string, what: string, names: readonly string[]): Promise<Asked> {
  const words = args.split(/\s+/).filter(Boolean);
  const isSource = (word: string | undefined) =>
    word !== undefined &&
    (begun.has(word) || /[/\\.]/.test(word) || (isOnDisk(word) && !names.includes(word)));
  const named = words.length > 1 || isSource(words[0]) ? words.at(-1)! : undefined;
  const name = words.length > 1 || named === undefined ? words[0] : undefined;
  const last = named ?? [...begun.keys()].at(-1);
  if (last !== undefined && begun.has(last))
    return { name, source: begun.get(last)!, path: begun.get(last)!.dir };
  if (named === undefined) {
    const found = await latestOnDisk();
    if (found === undefined)
      throw usage(
        `This notebook has not begun a run, and there is none in ${RUNS_FOLDER}; begin one with %%evolve or %%sweep.`,
      );
    console.log(`Showing ${found}, the latest on the disk.`);
    return { name, source: await sourceAt(found, what), path: found };
  }
  if (!isSource(named) && !isOnDisk(named))
    throw unknownName("run", named, [...new Set([...begun.keys(), ...namesOfRuns()])]);
  const path = isOnDisk(named) ? join(RUNS_FOLDER, named) : named;
  return { name, source: await sourceAt(path, what), path };
}

const isSweep = (source: Source | Run): boolean => "points" in source;
const isRun = (source: Source | Run): source is Run | RunRecord => !isSweep(source) && "dir" in source;
const has = <K extends string>(names: readonly K[], name: string): name is K =>
  (names as readonly string[]).includes(name);

export async function tableLine({ args }: Pick<Call, "args">): Promise<unknown> {
  const { name, source } = await asked(args, "table", TABLE_NAMES);
  return table(
    known("table", TABLE_NAMES, TABLES, name ?? (isSweep(source) ? "methods" : "results")),
    source,
  );
}

export async function figureLine({ args }: Pick<Call, "args">): Promise<unknown> {
  const { name, source, path } = await asked(args, "figure", FIGURE_NAMES);
  const wanted = name ?? (isSweep(source) ? "quality-size" : "progress");
  if (isRun(source) && has(LIVE, wanted)) return watch[wanted](source);
  const made = known("figure", FIGURE_NAMES, FIGURES, wanted);
  const shown = figure(made, source);
  if (path === null) return shown;
  return withCommand(shown, figureAgain(made, path, isSweep(source) ? "sweep" : "run").shell);
}

/** `value` with the command that makes it again below it. Without a kernel it is returned: nothing shows it. */
async function withCommand(value: object, command: string | null): Promise<unknown> {
  const layer = commLayer();
  // A cell shows its value after all that it printed, so this is shown before.
  if (layer) layer.display({ [DISPLAY]: await bundleOf(value) });
  console.log(`Make it again: ${command}`);
  return layer ? undefined : value;
}

/** A function that returns what a notebook shows of `value`, already made, so that what follows stays below it. */
async function bundleOf(value: object): Promise<() => unknown> {
  const show = (value as { [DISPLAY]?: () => unknown })[DISPLAY];
  const bundle = await (renderChart(value) ?? show?.call(value));
  return () => bundle;
}

const DISPLAY = Symbol.for("Jupyter.display");

/** `%film [run] [views]` replays a run from its journal as an animated GIF; the views are separated by commas. */
export async function filmLine({ args }: Pick<Call, "args">): Promise<unknown> {
  const words = args.split(/\s+/).filter(Boolean);
  const isViews = (word: string) => word.split(",").every((view) => has(FILM_VIEWS, view));
  const views = words.filter(isViews).flatMap((word) => filmViews(word.split(",")));
  const rest = words.filter((word) => !isViews(word));
  const { name, source, path } = await asked(rest.join(" "), "film", []);
  if (name !== undefined) throw unknownName("view", name, FILM_VIEWS, "of a film");
  if (!isRun(source)) throw figureNeeds("film", "a run", "a sweep");
  const made = await film(source, views.length > 0 ? { views } : {});
  if (made.stills.length === 0) throw usage("The run has no generation yet that a film could show.");
  if (path === null) return made;
  const chosen = views.length > 0 ? ` --views ${views.join(",")}` : "";
  return withCommand(made, `mulab film ${shellPath(path)}${chosen}`);
}

/** `name` if it is one of `names` or a former name. Throws figure/unknown, table/unknown. */
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

export const TABLE_NAMES: readonly string[] = TABLES.map(({ name }) => name);
export const FIGURE_NAMES: readonly string[] = [...new Set([...LIVE, ...FIGURES.map(({ name }) => name)])];

/** `%compare A B`: each is a variable, a name in ./runs or a folder; #12 or #task after it names one of its models. */
export async function compareLine({ args }: Pick<Call, "args">): Promise<void> {
  const words = args.split(/\s+/).filter(Boolean);
  if (words.length !== 2)
    throw usage(
      "Name two runs, or two models, as in %compare first second or %compare first#12 first#telugu.",
    );
  const [a, b] = await Promise.all(words.map((word, i) => sideOf(word, i === 1 ? words[0]! : "")));
  watch.compare(a!.run, b!.run, [a!.model, b!.model]);
}

interface Side {
  readonly run: Run | RunRecord;
  readonly model: number | null;
}

/** The run and the model that `word` names; "#7" alone means model 7 of the run that `other` names. */
async function sideOf(word: string, other: string): Promise<Side> {
  const [own, model] = await splitName(word);
  const name = own === "" ? (await splitName(other))[0] : own;
  const run = begun.get(name) ?? (await recordAt(name));
  if (isSweep(run))
    throw usage(`${name} is a sweep; compare its runs instead, which are in its folder ${POINTS_FOLDER}.`);
  const { id = null } = model === null ? {} : namedModel((run as Run).state, model);
  return { run: run as Run | RunRecord, model: id };
}

const records = new Map<string, Promise<Source>>();

/** A run from the disk; two words of one line share one record, so that models of the same run can be compared. */
function recordAt(name: string): Promise<Source> {
  const path = isOnDisk(name) ? join(RUNS_FOLDER, name) : name;
  if (!isOnDisk(name) && !/[/\\.]/.test(name))
    throw unknownName("run", name, [...new Set([...begun.keys(), ...namesOfRuns()])]);
  const known = records.get(path);
  if (known) return known;
  const read = sourceAt(path, "compare").finally(() => records.delete(path));
  records.set(path, read);
  return read;
}

/** `name`, if it is the variable of a run or sweep that a cell has begun. */
export const begunAs = (name: string): string | undefined => (begun.has(name) ? name : undefined);

/** The folder of the run that `name` names: a variable, a name in ./runs or a path. Throws run/unknown, options/usage. */
export function folderOf(name: string): string {
  const known = begun.get(name);
  if (known) {
    if (isSweep(known)) throw usage(`${name} is a sweep; name one of its runs.`);
    return (known as Run).dir;
  }
  if (isOnDisk(name)) return join(RUNS_FOLDER, name);
  if (/[/\\.]/.test(name)) return name;
  throw unknownName("run", name, [...new Set([...begun.keys(), ...namesOfRuns()])]);
}

/** `%runs [folder]` lists the runs and sweeps there. */
export async function runsLine({ args }: Pick<Call, "args">): Promise<void> {
  const folder = args.trim();
  if (folder !== "" || namesOfRuns().length > 0) return watchRuns(folder === "" ? undefined : folder);
  console.log(`No runs in ${RUNS_FOLDER} yet; begin one with %%evolve, or name another folder: %runs FOLDER`);
}

/** Completes names, variables, and runs in ./runs. */
export const completing =
  (names: readonly string[]) =>
  (text: string, offset: number): unknown => {
    const typed = /\S*$/.exec(text.slice(0, offset))![0];
    const matches = [...new Set([...names, ...begun.keys(), ...namesOfRuns()])].filter((name) =>
      name.startsWith(typed),
    );
    return { start: offset - typed.length, end: offset, matches };
  };
