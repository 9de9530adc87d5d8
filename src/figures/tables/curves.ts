// Validations along the lineage of each final model. muNet Fig. 5.

import { learningCurves } from "../../analysis/learning.js";
import { NUMBER, SHARE } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const curves: TableDefinition = {
  name: "curves",
  title: "validations along the lineage of each final model",
  paper: "muNet Fig. 5",
  of: "run",
  make: (source) =>
    view(learningCurves(runOf(source, "curves").state), [
      { head: "task", value: ({ task }) => task },
      { head: "validation no.", of: NUMBER, value: ({ validation }) => validation },
      { head: "model", of: NUMBER, value: ({ model }) => model },
      { head: "accuracy", of: SHARE, value: ({ accuracy }) => accuracy },
    ]),
};
