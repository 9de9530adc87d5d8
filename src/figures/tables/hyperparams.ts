// Hyperparameters of the final models. µ2Net Fig. 5.

import { finalShares } from "../../analysis/sweep/hyperparams.js";
import { percent, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";

export const hyperparams = pointsTable(
  {
    name: "hyperparams",
    title: "hyperparameters of the final models",
    paper: "µ2Net Fig. 5",
    of: "both",
  },
  (points) =>
    view(
      finalShares(points),
      [
        { head: "method", text: ({ method }) => method },
        { head: "hyperparameter", text: ({ hyperparam }) => hyperparam },
        { head: "value", text: ({ value }) => value },
        { head: "models", text: ({ count }) => String(count) },
        { head: "share", text: ({ share }) => percent(share, 0) },
      ],
      "Values of the final models; hyperparameters that all of them share are left out.",
    ),
);
