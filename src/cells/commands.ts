// The evolver's cell commands: %%evolve and %%sweep run experiments with live widgets, %table and %figure show what a run
// has come to. Registered with the kernel where there is one (kernel/commands); the kernel knows nothing of them.

import { join } from "node:path";
import { accuracyTable, curvesTable, lineageTable, transferTable } from "../analysis/tables.js";
import { unknownName, usage } from "../core/errors.js";
import { commLayer } from "../notebook/layer.js";
import { watch } from "../notebook.js";
import { open, type Run } from "../run.js";
import { type Call, untilDone, variableOf } from "./call.js";
import { completeCell, inspectCell } from "./complete.js";
import { parseEvolveCell } from "./parse.js";
import { rooted } from "./rooted.js";
import { sweepCell } from "./sweep-cell.js";

interface Command {
  readonly summary: string;
  run(call: Call): unknown;
  complete?(text: string, offset: number): unknown;
  inspect?(text: string, offset: number): string | undefined;
}

/** What the kernel's layer offers for commands (kernel/layer KernelLayer). */
interface CommandLayer {
  registerCellCommand(name: string, command: Command): () => void;
  registerLineCommand(name: string, command: Command): () => void;
}

/** Runs that cells have begun, by variable, for %table and %figure. */
const runs = new Map<string, Run>();

async function evolveCell({ args, body, bodyLine, signal, define }: Call): Promise<void> {
  const variable = variableOf(args, "run");
  const cell = parseEvolveCell(body, bodyLine);
  const { out, threads, wait } = cell;
  const experiment = await rooted(cell);
  const run = await open(out ?? join("runs", variable), experiment, { ...(threads && { threads }) });
  runs.set(variable, run);
  define(variable, run, 'import("mulab").Run');
  watch(run);
  if (wait) await untilDone(run, signal);
}

const TABLES = {
  accuracy: accuracyTable,
  transfer: transferTable,
  lineage: lineageTable,
  curves: curvesTable,
} as const;

const FIGURES = ["progress", "lineage", "architecture", "transfer", "pareto", "accuracy"] as const;

/** "%table [name] [run]" or "%figure [name] [run]": the name among `names`, the run by its variable (default: the last). */
function argsOf(args: string, names: readonly string[], what: string): { name: string; run: Run } {
  const [first = names[0]!, second] = args.split(/\s+/).filter(Boolean);
  const isRun = second === undefined && runs.has(first);
  const name = isRun ? names[0]! : first;
  if (!names.includes(name)) throw unknownName(what, name, names);
  const variable = isRun ? first : (second ?? [...runs.keys()].at(-1));
  if (variable === undefined)
    throw usage(`No run has been begun in this notebook yet; begin one with %%evolve.`);
  const run = runs.get(variable);
  if (!run) throw unknownName("run", variable, [...runs.keys()]);
  return { name, run };
}

const completeArgs =
  (names: readonly string[]) =>
  (text: string, offset: number): unknown => {
    const typed = /\S*$/.exec(text.slice(0, offset))![0];
    const matches = [...names, ...runs.keys()].filter((name) => name.startsWith(typed));
    return { start: offset - typed.length, end: offset, matches };
  };

/** Registers the commands with the kernel; without one it does nothing. */
export function registerCells(): void {
  const layer = commLayer() as (CommandLayer & object) | undefined;
  if (!layer || !("registerCellCommand" in layer)) return;
  layer.registerCellCommand("evolve", {
    summary: "Evolve an experiment that a few lines of YAML describe; leaves the run in a variable.",
    run: evolveCell,
    complete: (text, offset) => completeCell(text, offset),
    inspect: (text, offset) => inspectCell(text, offset),
  });
  layer.registerCellCommand("sweep", {
    summary:
      "Evolve the grid of muNet's figures, or every combination of some settings; leaves it in a variable.",
    run: sweepCell,
    complete: (text, offset) => completeCell(text, offset, true),
    inspect: (text, offset) => inspectCell(text, offset, true),
  });
  layer.registerLineCommand("table", {
    summary: `Show a table of a run: ${Object.keys(TABLES).join(", ")}.`,
    run: ({ args }) => {
      const { name, run } = argsOf(args, Object.keys(TABLES), "table");
      return TABLES[name as keyof typeof TABLES](run.state);
    },
    complete: completeArgs(Object.keys(TABLES)),
  });
  layer.registerLineCommand("figure", {
    summary: `Show a live figure of a run: ${FIGURES.join(", ")}.`,
    run: ({ args }) => {
      const { name, run } = argsOf(args, FIGURES, "figure");
      watch[name as (typeof FIGURES)[number]](run);
    },
    complete: completeArgs(FIGURES),
  });
}
