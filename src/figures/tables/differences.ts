// Every variant minus a reference, paired by repetition, over all tasks and task by task.

import { sideOf } from "../../analysis/stats.js";
import { type DifferenceRow, differenceRows, taskDifferenceRows } from "../../analysis/sweep/differences.js";
import { variantLabel } from "../../format/method-names.js";
import { COUNT, PARAMS_DIFFERENCE, POINTS } from "../../format/quantities.js";
import { type Column, type TableView, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { chosenDifferences } from "../variants.js";

export const differences: TableDefinition = {
  name: "differences",
  title: "every variant minus muNet, paired, with intervals",
  paper: "",
  of: "sweep",
  make: (source, options) => differencesTable(chosenDifferences(source, options, differenceRows), false),
};

export const taskDifferences: TableDefinition = {
  name: "task-differences",
  title: "every variant minus muNet, task by task",
  paper: "",
  of: "sweep",
  make: (source, options) => differencesTable(chosenDifferences(source, options, taskDifferenceRows), true),
};

const SIDES = { above: "higher", below: "lower", "not shown": "not shown" } as const;

const differencesTable = (rows: readonly DifferenceRow[], hasTasks: boolean): TableView =>
  view<DifferenceRow>(
    rows,
    [
      { head: "method", value: ({ variant }) => variantLabel(variant) },
      { head: "minus", value: ({ against }) => variantLabel(against) },
      ...(hasTasks ? [{ head: "task", value: ({ task }) => task } satisfies Column<DifferenceRow>] : []),
      { head: "pairs", of: COUNT, value: ({ test }) => test.n },
      { head: "test", of: POINTS, value: ({ test }) => test.mean },
      { head: "test low", of: POINTS, value: ({ test }) => test.low },
      { head: "test high", of: POINTS, value: ({ test }) => test.high },
      { head: "accuracy", value: ({ test }) => SIDES[sideOf(test)] },
      { head: "parameters", of: PARAMS_DIFFERENCE, value: ({ params }) => params.mean },
      { head: "parameters low", of: PARAMS_DIFFERENCE, value: ({ params }) => params.low },
      { head: "parameters high", of: PARAMS_DIFFERENCE, value: ({ params }) => params.high },
      { head: "size", value: ({ params }) => SIDES[sideOf(params)] },
    ],
    'Test in points of per cent, parameters per task. Paired by repetition (same seed, data and root), Student\'s t; low and high are the 95 % interval; "not shown": it includes 0, or there are fewer than two pairs. Each interval is 95 % by itself; of twenty, one may miss.',
  );
