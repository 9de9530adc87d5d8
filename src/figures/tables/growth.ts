// The network after each activation.

import { growthPoints } from "../../analysis/growth.js";
import { formatPercent } from "../../format/numbers.js";
import { millions, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const growth: TableDefinition = {
  name: "growth",
  title: "the network after each activation",
  paper: "µ2Net Fig. 2 and Table 7",
  of: "run",
  make: (source) =>
    view(growthPoints(runOf(source, "growth").events), [
      { head: "activation", text: ({ activation }) => String(activation) },
      { head: "task", text: ({ task }) => task },
      { head: "tasks", text: ({ tasks }) => String(tasks) },
      { head: "network M", text: ({ systemParams }) => millions(systemParams) },
      { head: "activated", text: ({ activated }) => formatPercent(activated) },
      { head: "added/task M", text: ({ addedParams }) => millions(addedParams) },
    ]),
};
