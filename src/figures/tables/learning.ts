// Every child's accuracy and the best so far, over time.

import { childPoints } from "../../analysis/learning.js";
import { MINUTES, NUMBER, SHARE } from "../../format/quantities.js";
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
    return view(childPoints(state, events), [
      { head: "child", of: NUMBER, value: ({ child }) => child },
      { head: "minutes", of: MINUTES, value: ({ minutes }) => minutes },
      { head: "task", value: ({ task }) => task },
      { head: "validation", of: SHARE, value: ({ accuracy }) => accuracy },
      { head: "kept", value: ({ kept }) => kept },
      { head: "best", of: SHARE, value: ({ best }) => best },
    ]);
  },
};
