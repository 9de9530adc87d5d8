// Every child's accuracy and the best so far, over time.

import { childPoints } from "../../analysis/learning.js";
import { formatPercent } from "../../format/numbers.js";
import { fixed, percent, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const learning: TableDefinition = {
  name: "learning",
  title: "every child's accuracy and the best so far, over time",
  paper: "",
  of: "run",
  make(source) {
    const { state, events } = runOf(source, "learning");
    return view(childPoints(state, events), [
      { head: "child", text: ({ child }) => String(child) },
      { head: "minutes", text: ({ minutes }) => fixed(minutes, 1) },
      { head: "task", text: ({ task }) => task },
      { head: "validation", text: ({ accuracy }) => percent(accuracy, 1) },
      { head: "kept", text: ({ kept }) => (kept ? "yes" : "no") },
      { head: "best", text: ({ best }) => formatPercent(best) },
    ]);
  },
};
