// Each task's model: accuracy, blocks, own and shared parameters.

import { taskResults } from "../../analysis/accuracy.js";
import { formatPercent } from "../../format/numbers.js";
import { fixed, millions, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const results: TableDefinition = {
  name: "results",
  title: "each task's model: accuracy, blocks, own and shared parameters",
  paper: "",
  of: "run",
  make: (source) =>
    view(taskResults(runOf(source, "results").state), [
      { head: "task", text: ({ task }) => task },
      { head: "access", text: ({ access }) => access },
      { head: "validation", text: ({ validationAccuracy }) => formatPercent(validationAccuracy) },
      { head: "test", text: ({ testAccuracy }) => formatPercent(testAccuracy) },
      { head: "blocks", text: ({ blocks }) => fixed(blocks, 0) },
      { head: "own M", text: ({ ownParams }) => millions(ownParams) },
      { head: "shared M", text: ({ sharedParams }) => millions(sharedParams) },
      { head: "accounted M", text: ({ accountedParams }) => millions(accountedParams) },
    ]),
};
