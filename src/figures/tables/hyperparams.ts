// Hyperparameters of the final models. µ2Net Fig. 5.

import { finalShares } from "../../analysis/sweep/hyperparams.js";
import { COUNT, WHOLE_SHARE } from "../../format/quantities.js";
import { view } from "../../format/table.js";
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
        { head: "method", value: ({ method }) => method },
        { head: "hyperparameter", value: ({ hyperparam }) => hyperparam },
        { head: "value", value: ({ value }) => value },
        { head: "models", of: COUNT, value: ({ count }) => count },
        { head: "share", of: WHOLE_SHARE, value: ({ share }) => share },
      ],
      "Values of the final models; hyperparameters that all of them share are left out.",
    ),
);
