// All tables by name, those of sweeps first; makes them. Each table is a file of this folder.

import type { ColumnTable } from "arquero";
import type { TableView } from "../../format/table.js";
import { byName, type TableDefinition } from "../drawing.js";
import { runOf, type Source, type SourceOptions } from "../source.js";
import { claims } from "./claims.js";
import { compute } from "./compute.js";
import { continualTable } from "./continual.js";
import { curves } from "./curves.js";
import { differences, taskDifferences } from "./differences.js";
import { front } from "./front.js";
import { growth } from "./growth.js";
import { hyperparams } from "./hyperparams.js";
import { learning } from "./learning.js";
import { lineage } from "./lineage.js";
import { methods } from "./methods.js";
import { next } from "./next.js";
import { papers } from "./papers.js";
import { published } from "./published.js";
import { results } from "./results.js";
import { segments, segmentTasks } from "./segments.js";
import { selectionBias } from "./selection-bias.js";
import { shownTable } from "./shown.js";
import { systemClaimsTable } from "./system-claims.js";
import { taskDetails } from "./task-details.js";
import { tasks } from "./tasks.js";
import { transfer } from "./transfer.js";

export const TABLES: readonly TableDefinition[] = [
  ...[
    methods,
    tasks,
    taskDetails,
    published,
    claims,
    compute,
    differences,
    taskDifferences,
    selectionBias,
    hyperparams,
    papers,
  ],
  ...[
    results,
    front,
    lineage,
    learning,
    curves,
    transfer,
    growth,
    segments,
    segmentTasks,
    continualTable,
    systemClaimsTable,
    next,
  ],
];

/** The table called `name`. Throws table/unknown. */
export const tableOf = (name: string): TableDefinition => byName("table", TABLES, name);

/** The table `name` of `source` as it is printed. Throws table/unknown, figure/needs, variant/unknown. */
export function tableView(name: string, source: Source, options: SourceOptions = {}): TableView {
  const definition = tableOf(name);
  if (definition.of === "run") runOf(source, name);
  return definition.make(source, options);
}

/** A table of a run or a sweep, for notebooks: its values in full precision. `mulab table` lists the names. Throws as `figure` does. */
export const table = (name: string, source: Source, options: SourceOptions = {}): ColumnTable =>
  shownTable(tableView(name, source, options));
