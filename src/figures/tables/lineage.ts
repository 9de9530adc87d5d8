// Every child: its parent, what was changed, what became of it.

import { LINEAGE_COLUMNS } from "../../analysis/columns.js";
import { lineageRows } from "../../analysis/lineage.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const lineage: TableDefinition = {
  name: "lineage",
  title: "every child: its parent, what was changed, what became of it",
  paper: "",
  of: "run",
  make: (source) => view(lineageRows(runOf(source, "lineage").state), LINEAGE_COLUMNS),
};
