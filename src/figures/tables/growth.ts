// The network after each activation.

import { growthPoints } from "../../analysis/growth.js";
import { COUNT, NUMBER, PARAMS, SHARE } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const growth: TableDefinition = {
  name: "growth",
  title: "the network after each activation",
  paper: "µ2Net Fig. 2 and Table 7",
  of: "run",
  make: (source) =>
    view(growthPoints(runOf(source, "growth").events), [
      { head: "activation", of: NUMBER, value: ({ activation }) => activation },
      { head: "task", value: ({ task }) => task },
      { head: "tasks", of: COUNT, value: ({ tasks }) => tasks },
      { head: "network", of: PARAMS, value: ({ systemParams }) => systemParams },
      { head: "activated", of: SHARE, value: ({ activated }) => activated },
      { head: "added per task", of: PARAMS, value: ({ addedParams }) => addedParams },
    ]),
};
