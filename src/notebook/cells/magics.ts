// The evolver's magics: %%evolve and %%sweep run experiments with live widgets, %table and %figure show their results so
// far. They register with the kernel if there is one (kernel/commands); the kernel itself doesn't know them.

import { join } from "node:path";
import { MulabError, usage } from "../../core/errors/index.js";
import { limited } from "../../engine/limits.js";
import { FILM_VIEWS } from "../../figures/film.js";
import { open } from "../../run/open.js";
import { commLayer } from "../layer.js";
import { watch } from "../notebook.js";
import { type Call, untilDone, variableOf } from "./call.js";
import { causeLine } from "./cause-cell.js";
import { completeCell, inspectCell } from "./complete.js";
import { extendCell, forgetLine } from "./extend-cell.js";
import { mergeLine } from "./merge-cell.js";
import { parseEvolveCell } from "./parse.js";
import { predictLine } from "./predict-cell.js";
import { programmeCell } from "./programme-cell.js";
import { rooted } from "./rooted.js";
import {
  compareLine,
  completing,
  FIGURE_NAMES,
  figureLine,
  filmLine,
  remember,
  runsLine,
  TABLE_NAMES,
  tableLine,
} from "./show.js";
import { sweepCell } from "./sweep-cell.js";

interface Magic {
  readonly summary: string;
  run(call: Call): unknown;
  complete?(text: string, offset: number): unknown;
  inspect?(text: string, offset: number): string | undefined;
}

/**
 * The same magic, whose mistakes come without a stack: it would name only files of mulab, and the message says what to do. A
 * fault that nobody foresaw keeps its stack.
 */
const plainly = (magic: Magic): Magic => ({
  ...magic,
  async run(call) {
    try {
      return await magic.run(call);
    } catch (error) {
      if (error instanceof MulabError) error.stack = "";
      throw error;
    }
  },
});

/** What the kernel's layer offers for magics (kernel/comm/layer KernelLayer). */
interface MagicLayer {
  registerCellCommand(name: string, magic: Magic): () => void;
  registerLineCommand(name: string, magic: Magic): () => void;
}

/** The answer to an empty cell: a standard experiment takes minutes or hours, so nobody should begin one by accident. */
const ASKING =
  "%%evolve needs an experiment, as in\nexperiment: preliminary\nbudget: smoke\nPress Tab for the keys and their values, Shift-Tab for what they mean.";

async function evolveCell({ args, body, bodyLine, signal, define }: Call): Promise<void> {
  const variable = variableOf("%%evolve", args, "run");
  if (!/^\s*[^\s#]/m.test(body)) throw usage(ASKING);
  const cell = parseEvolveCell(body, bodyLine);
  const { out, wait } = cell;
  const experiment = await rooted(cell);
  const run = await open(out ?? join("runs", variable), experiment, limited(cell));
  remember(variable, run);
  define(variable, run, 'import("mulab").Run');
  watch(run);
  if (wait) await untilDone(run, signal);
}

/** Registers the magics with the kernel; does nothing without one. */
export function registerMagics(): void {
  const layer = commLayer() as (MagicLayer & object) | undefined;
  if (!layer || !("registerCellCommand" in layer)) return;
  const cellMagic = (name: string, magic: Magic) => layer.registerCellCommand(name, plainly(magic));
  const lineMagic = (name: string, magic: Magic) => layer.registerLineCommand(name, plainly(magic));
  cellMagic("evolve", {
    summary: "Evolve an experiment that a few lines of YAML describe; the run becomes a variable.",
    run: evolveCell,
    complete: (text, offset) => completeCell(text, offset),
    inspect: (text, offset) => inspectCell(text, offset),
  });
  cellMagic("sweep", {
    summary:
      "Evolve the variants of muNet's figures, or every combination of some settings; the sweep becomes a variable.",
    run: sweepCell,
    complete: (text, offset) => completeCell(text, offset, "sweep"),
    inspect: (text, offset) => inspectCell(text, offset, "sweep"),
  });
  cellMagic("extend", {
    summary: "Add a segment to a run that has ended: new tasks, its own ones again, other settings.",
    run: extendCell,
    complete: (text, offset) =>
      text.lastIndexOf("\n", offset - 1) < 0
        ? completing([])(text, offset)
        : completeCell(text, offset, "extend"),
    inspect: (text, offset) => inspectCell(text, offset, "extend"),
  });
  cellMagic("programme", {
    summary: "Grow one system by a programme of segments, as µ2Net's grew to 69 tasks, or continue it.",
    run: programmeCell,
    complete: (text, offset) => completeCell(text, offset, "programme"),
    inspect: (text, offset) => inspectCell(text, offset, "programme"),
  });
  lineMagic("forget", {
    summary:
      "Remove a task from a run that has ended: %forget TASK RUN; with --price, only say what it would cost.",
    run: forgetLine,
    complete: completing(["--price"]),
  });
  lineMagic("cause", {
    summary: "Say what accuracy of a task a donor task caused: %cause TASK DONOR RUN.",
    run: causeLine,
    complete: completing([]),
  });
  lineMagic("merge", {
    summary: "Make one run of two that have ended and have the same root: %merge A B FOLDER.",
    run: mergeLine,
    complete: completing([]),
  });
  lineMagic("predict", {
    summary: "Classify images with the model of a task: %predict TASK RUN IMAGES.",
    run: predictLine,
    complete: completing([]),
  });
  lineMagic("runs", {
    summary: "List the runs and sweeps in a folder (default: ./runs), to inspect and compare them.",
    run: runsLine,
  });
  lineMagic("compare", {
    summary: "Compare two runs, or two of their models (first#12), side by side.",
    run: compareLine,
    complete: completing([]),
  });
  lineMagic("table", {
    summary: `Show a table of a run or a sweep: ${TABLE_NAMES.join(", ")}.`,
    run: tableLine,
    complete: completing(TABLE_NAMES),
  });
  lineMagic("figure", {
    summary: `Show a figure of a run or a sweep: ${FIGURE_NAMES.join(", ")}.`,
    run: figureLine,
    complete: completing(FIGURE_NAMES),
  });
  lineMagic("film", {
    summary: `Replay a run from its journal as an animated GIF, with all or some of the views ${FILM_VIEWS.join(", ")}.`,
    run: filmLine,
    complete: completing(FILM_VIEWS),
  });
}
