// How far the validation accuracy of the selected models is above their test, and how much of that the selection can explain.

import { selectionRows } from "../../analysis/sweep/selection-bias.js";
import { variantLabel } from "../../format/method-names.js";
import { COUNT, SHARE_2, SHARE_DIFFERENCE, SHARE_SPREAD } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";

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
      selectionRows(points),
      [
        { head: "method", value: ({ variant }) => variantLabel(variant) },
        { head: "task", value: ({ task }) => task },
        { head: "runs", of: COUNT, value: ({ runs }) => runs },
        { head: "validation", of: SHARE_2, value: ({ validation }) => validation },
        { head: "test", of: SHARE_2, value: ({ test }) => test },
        { head: "gap", of: SHARE_DIFFERENCE, value: ({ gap }) => gap.mean },
        { head: "gap low", of: SHARE_DIFFERENCE, value: ({ gap }) => gap.low },
        { head: "gap high", of: SHARE_DIFFERENCE, value: ({ gap }) => gap.high },
        { head: "bias ≤", of: SHARE_DIFFERENCE, value: ({ bound }) => bound },
        { head: "noise", of: SHARE_SPREAD, value: ({ noise }) => noise },
        { head: "evaluations", of: COUNT, value: ({ evaluations }) => evaluations },
        { head: "validation images", of: COUNT, value: ({ validationImages }) => validationImages },
        { head: "test images", of: COUNT, value: ({ testImages }) => testImages },
        { head: "verdict", value: ({ verdict }) => verdict },
      ],
      "Gap: validation minus test, points, with its 95 % interval. Bias: what the best of so many evaluations of equally good models would gain at most on so many validation images; replicas that end alike count once. Noise: standard error of the gap; all repetitions share the test images.",
    ),
);
