// Every child's accuracy and the best so far, over time.

import { LEARNING_COLUMNS } from "../../analysis/columns.js";
import { childPoints } from "../../analysis/learning.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const learning: TableDefinition = {
  name: "learning",
  title: "every child's accuracy and the best so far, over time",
  paper: "",
  of: "run",
  make(source) {
    const { state, events } = runOf(source, "learning");
    return view(childPoints(state, events), LEARNING_COLUMNS);
  },
};
