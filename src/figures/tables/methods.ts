// Quality, size and cost of every variant. muNet Tables 1 and 2.

import { methodRows } from "../../analysis/sweep/methods.js";
import { formatDuration } from "../../format/numbers.js";
import { fixed, percent, scaled, spread, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { named } from "../variants.js";

export const methods = pointsTable(
  {
    name: "methods",
    title: "quality, size and cost of every variant",
    paper: "muNet Tables 1 and 2",
    of: "both",
  },
  (points) =>
    view(
      methodRows(points).map(named),
      [
        { head: "method", text: ({ method }) => method },
        { head: "runs", text: ({ runs }) => String(runs) },
        { head: "test max", text: ({ testMax }) => percent(testMax) },
        { head: "test avg ± std", text: ({ test, testStd, runs }) => spread(test, testStd, runs, 2) },
        { head: "params/task M", text: ({ params }) => fixed(params / 1e6, 3) },
        { head: "core-h", text: ({ coreHours }) => fixed(coreHours, 3) },
        { head: "examples", text: ({ examples }) => scaled(examples) },
        { head: "FLOPs", text: ({ flops }) => scaled(flops) },
        { head: "wall", text: ({ wallHours }) => (wallHours === 0 ? "–" : formatDuration(3600 * wallHours)) },
      ],
      "Accuracies in per cent, mean over tasks; ± is the population deviation over runs. Costs are of one run; examples and FLOPs are counted for all its children. The replicas of full, top and multi-head fine-tuning begin and end alike, so one is trained for all: core-h and wall are of that one.",
    ),
);
