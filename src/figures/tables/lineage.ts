// Every child: its parent, what was changed, what became of it.

import { lineageRows } from "../../analysis/lineage.js";
import { formatPercent } from "../../format/numbers.js";
import { fixed, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const lineage: TableDefinition = {
  name: "lineage",
  title: "every child: its parent, what was changed, what became of it",
  paper: "",
  of: "run",
  make: (source) =>
    view(lineageRows(runOf(source, "lineage").state), [
      { head: "child", text: ({ child }) => String(child) },
      { head: "parent", text: ({ parent }) => fixed(parent, 0) },
      { head: "task", text: ({ task }) => task ?? "–" },
      { head: "status", text: ({ status }) => status },
      { head: "validation", text: ({ validationAccuracy }) => formatPercent(validationAccuracy) },
      { head: "blocks", text: ({ blocks }) => String(blocks) },
      { head: "steps", text: ({ steps }) => String(steps) },
      { head: "changes", text: ({ mutations }) => mutations },
    ]),
};
