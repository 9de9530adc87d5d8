// All tables by name, and how one is made.

import { type ColumnTable, from } from "arquero";
import { unknownName } from "../core/errors.js";
import type { TableView } from "../format/table.js";
import type { TableDefinition } from "./drawing.js";
import { flatRows } from "./flat.js";
import { GRID_TABLES } from "./grid-tables.js";
import { RUN_TABLES } from "./run-tables.js";
import { runOf, type Source, type SourceOptions } from "./source.js";

/** Every table, those of grids first. */
export const TABLES: readonly TableDefinition[] = [...GRID_TABLES, ...RUN_TABLES];

/** The table called `name`. Throws table/unknown. */
export function tableOf(name: string): TableDefinition {
  const found = TABLES.find((table) => table.name === name);
  if (!found)
    throw unknownName(
      "table",
      name,
      TABLES.map((table) => table.name),
    );
  return found;
}

/** The table `name` of `source` as it is printed. Throws table/unknown, figure/needs, variant/unknown. */
export function tableView(name: string, source: Source, options: SourceOptions = {}): TableView {
  const definition = tableOf(name);
  if (definition.of === "run") runOf(source, name);
  return definition.make(source, options);
}

/** A table of a run or a grid, for notebooks; `mulab table` lists the names. Throws as `figure` does. */
export const table = (name: string, source: Source, options: SourceOptions = {}): ColumnTable =>
  from(flatRows(tableView(name, source, options).rows));
