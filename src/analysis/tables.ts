// The rows of the other files as arquero tables, for notebooks: what a person filters, joins and saves.

import { type ColumnTable, from } from "arquero";
import { componentKind } from "../core/components.js";
import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import { taskResults } from "./accuracy.js";
import { childPoints, learningCurves } from "./learning.js";
import { lineageRows } from "./lineage.js";
import { layerTransferCells, transferCells } from "./transfer.js";

/** The results: a column a field of `TaskResult`, and one `transfer:<task>` for every task. */
export const accuracyTable = (state: State): ColumnTable =>
  from(
    taskResults(state).map(({ transfer, classNames: _, ...plain }) => ({
      ...plain,
      ...Object.fromEntries(state.tasks.map(({ name }) => [`transfer:${name}`, transfer[name] ?? 0])),
    })),
  );

/** All models, the root first. */
export const lineageTable = (state: State): ColumnTable => from(lineageRows(state));

/** Every child in the order of the run: child, minutes, task, accuracy, kept, best. */
export const learningTable = (state: State, events: Iterable<Event> = []): ColumnTable =>
  from(childPoints(state, events));

/** Validations along the survivors' lineages: task, validation, model, accuracy. */
export const curvesTable = (state: State): ColumnTable => from(learningCurves(state));

/** Tasks × tasks: task, source, share. */
export const transferTable = (state: State): ColumnTable => from(transferCells(state));

/** Layers × tasks: task, layer, kind, source, share, steps. */
export const layerTransferTable = (state: State): ColumnTable =>
  from(layerTransferCells(state).map((cell) => ({ ...cell, kind: componentKind(cell.layer) })));
