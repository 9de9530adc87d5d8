// How far the validation accuracy of the selected models is above their test, and how much of that the selection can explain.

import { selectionRows } from "../../analysis/sweep/selection-bias.js";
import { fixed, percent, signed, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { named } from "../variants.js";

export const selectionBias = pointsTable(
  {
    name: "selection-bias",
    formerly: "luck",
    title: "validation minus test of the selected models, and how much of it selection bias can explain",
    paper: "",
    of: "both",
  },
  (points) =>
    view(
      selectionRows(points).map(named),
      [
        { head: "method", text: ({ method }) => method },
        { head: "task", text: ({ task }) => task },
        { head: "runs", text: ({ runs }) => String(runs) },
        { head: "validation", text: ({ validation }) => percent(validation) },
        { head: "test", text: ({ test }) => percent(test) },
        { head: "gap", text: ({ gap }) => signed(100 * gap.mean, 2) },
        { head: "bias ≤", text: ({ bound }) => fixed(100 * bound, 2) },
        { head: "noise", text: ({ noise }) => fixed(100 * noise, 2) },
        { head: "evaluations", text: ({ evaluations }) => fixed(evaluations, 0) },
        { head: "images", text: ({ validationImages: v, testImages: t }) => `${v} / ${t}` },
        { head: "verdict", text: ({ verdict }) => verdict },
      ],
      "Gap: validation minus test, points. Bias: what the best of so many evaluations of equally good models would gain at most on so many validation images; replicas that end alike count once. Noise: standard error of the gap; all repetitions share the test images.",
    ),
);
