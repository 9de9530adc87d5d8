// Accuracy of every method at the same budgets of examples and of operations.

import { computeRows } from "../../analysis/sweep/compute.js";
import { COUNT, SCALED, SHARE_2 } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";

export const compute = pointsTable(
  {
    name: "compute",
    title: "accuracy of every method at the same budgets of examples and of operations",
    paper: "",
    of: "sweep",
  },
  (points) =>
    view(
      [...computeRows(points, "examples"), ...computeRows(points, "flops")],
      [
        { head: "method", value: ({ method }) => method },
        { head: "of", value: ({ spent }) => (spent === "flops" ? "operations" : spent) },
        { head: "per task", of: SCALED, value: ({ budget }) => budget },
        { head: "validation", of: SHARE_2, value: ({ accuracy }) => accuracy / 100 },
        { head: "low", of: SHARE_2, value: ({ low }) => (low === null ? null : low / 100) },
        { head: "high", of: SHARE_2, value: ({ high }) => (high === null ? null : high / 100) },
        { head: "runs", of: COUNT, value: ({ runs }) => runs },
        { head: "ended", value: ({ lasts }) => lasts },
      ],
      "Validation: the best accuracy found by the time that so much had been spent on each task, mean over tasks and repetitions with its 95 % interval; like every best of many it is above the test. Ended: the method had ended with less, and its last value lasts. Runs of earlier versions have not stored their course, and have no rows.",
    ),
);
