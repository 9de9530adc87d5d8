// Every child: its parent, what was changed, what became of it.

import { lineageRows } from "../../analysis/lineage.js";
import { COUNT, NUMBER, SHARE } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const lineage: TableDefinition = {
  name: "lineage",
  title: "every child: its parent, what was changed, what became of it",
  paper: "",
  of: "run",
  make: (source) =>
    view(lineageRows(runOf(source, "lineage").state), [
      { head: "child", of: NUMBER, value: ({ child }) => child },
      { head: "parent", of: NUMBER, value: ({ parent }) => parent },
      { head: "task", value: ({ task }) => task },
      { head: "parent's task", value: ({ parentTask }) => parentTask },
      { head: "iteration", of: NUMBER, value: ({ iteration }) => iteration },
      { head: "generation", of: NUMBER, value: ({ generation }) => generation },
      { head: "status", value: ({ status }) => status },
      { head: "validation", of: SHARE, value: ({ validationAccuracy }) => validationAccuracy },
      { head: "test", of: SHARE, value: ({ testAccuracy }) => testAccuracy },
      { head: "blocks", of: COUNT, value: ({ blocks }) => blocks },
      { head: "steps", of: COUNT, value: ({ steps }) => steps },
      { head: "changes", value: ({ mutations }) => mutations, text: ({ mutations }) => mutations },
    ]),
};
