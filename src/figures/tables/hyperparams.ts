// Hyperparameters of the final models. µ2Net Fig. 5.

import type { SweepPoint } from "../../analysis/point.js";
import { finalShares } from "../../analysis/sweep/hyperparams.js";
import { percent, type TableView, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { pointsOf } from "../source.js";
import { chosenPoints } from "../variants.js";

export const hyperparams: TableDefinition = {
  name: "hyperparams",
  title: "hyperparameters of the final models",
  paper: "µ2Net Fig. 5",
  of: "both",
  make: (source, options) => hyperparamsTable(chosenPoints(pointsOf(source), options)),
};

const hyperparamsTable = (points: readonly SweepPoint[]): TableView =>
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
  );
