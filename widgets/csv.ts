// The contents of the views as CSV, in the columns of the tables that the command line prints and under the names on the
// screen. Values are in full precision (docs/tables.md has their units).

import type { AccuracyRow } from "../src/analysis/accuracy-rows.js";
import { type Architecture, componentLabel } from "../src/analysis/architecture.js";
import {
  ACCURACY_COLUMNS,
  LEARNING_COLUMNS,
  LINEAGE_COLUMNS,
  SIZE_COLUMNS,
  TASK_COLUMNS,
  transferColumns,
} from "../src/analysis/columns.js";
import { type ComparedRun, comparedAccuracies } from "../src/analysis/compare.js";
import { curvePoints } from "../src/analysis/curve-points.js";
import { LISTING_COLUMNS, type RunListing } from "../src/analysis/run-listing.js";
import { toCsv } from "../src/format/csv.js";
import { shortNames } from "../src/format/names.js";
import type { Value } from "../src/format/quantities.js";
import { type Column, view } from "../src/format/table.js";
import {
  layerTransferCells,
  lineageRows,
  type Rescored,
  type State,
  standingTasks,
} from "../src/wire/browser.js";
import type { Failures } from "../src/wire/failures.js";
import type { RunClient } from "./client.js";

function csvOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const { head, rows: values } = view(rows, columns);
  return toCsv(values, "\r\n", head);
}

const column = <Row>(head: string, value: (row: Row) => Value): Column<Row> => ({ head, value });

export const lineageCsv = (state: State, failures: Failures): string =>
  csvOf(lineageRows(state), [...LINEAGE_COLUMNS, column("failure", ({ child }) => failures[child]?.message)]);

/** One row per layer of the network. */
export const architectureCsv = ({ nodes, tasks }: Architecture): string =>
  csvOf(nodes, [
    column("layer", ({ name }) => componentLabel(name)),
    column("parameters", ({ paramCount }) => paramCount),
    column("used by", ({ users }) => users.map((user) => tasks[user]!.name).join("; ")),
    column("trained last by", ({ trainedBy }) => trainedBy),
    column("steps by task", ({ history }) =>
      history.map(({ task, steps }) => `${task}: ${steps}`).join("; "),
    ),
    column("private", ({ isPrivate }) => isPrivate),
    column("root's", ({ isRoots }) => isRoots),
    column("id", ({ id }) => id),
  ]);

/** One row per layer of a retained model and task that may have trained it. */
export const transferCsv = (state: State): string =>
  csvOf(layerTransferCells(state), [
    column("model of", ({ task }) => task),
    column("layer", ({ layer }) => componentLabel(layer)),
    column("trained on", ({ source }) => source),
    column("share", ({ share }) => share),
    column("steps", ({ steps }) => steps),
  ]);

/** One row per task, as the table "results" has it, with the accuracy after each iteration. */
export function accuracyCsv(rows: readonly AccuracyRow[]): string {
  const tasks = rows.map(({ task }) => task);
  const labels = Object.fromEntries(shortNames(tasks).map((label, i) => [tasks[i]!, label]));
  const iterations = (rows[0]?.iterations ?? []).map((_, i) =>
    column<AccuracyRow>(`iteration ${i + 1}`, (row) => row.iterations[i]?.accuracy),
  );
  return csvOf(rows, [
    ...TASK_COLUMNS,
    column("model", ({ model }) => model),
    ...ACCURACY_COLUMNS,
    ...iterations,
    ...SIZE_COLUMNS,
    ...transferColumns(tasks, labels),
  ]);
}

/** One row per task and run. */
export function comparedCsv(runs: readonly ComparedRun[]): string {
  const { columns, rows, isTest } = comparedAccuracies(runs);
  const cells = rows.flatMap(({ task, cells }) =>
    cells.flatMap(({ accuracies }, c) =>
      accuracies.map((accuracy, i) => ({ task, of: columns[c]!, seed: columns[c]!.seeds[i], accuracy })),
    ),
  );
  return csvOf(cells, [
    column("task", ({ task }) => task),
    column("method", ({ of }) => of.curve),
    column("variant", ({ of }) => of.point),
    column("seed", ({ seed }) => seed),
    column(isTest ? "test" : "validation", ({ accuracy }) => accuracy),
  ]);
}

/** A run under each scale factor. */
interface Swept {
  readonly run: string;
  readonly method: string;
  readonly seed: number;
  readonly all: readonly Rescored[];
}

/** One row per run and scale factor: what the archive would keep. */
export function paretoCsv(runs: readonly Swept[]): string {
  const rows = runs.flatMap(({ all, ...of }) => all.map((rescored) => ({ ...of, ...rescored })));
  const tasks = [...new Set(rows.flatMap(({ kept }) => kept.map(({ task }) => task)))];
  return csvOf(rows, [
    column("run", ({ run }) => run),
    column("method", ({ method }) => method),
    column("seed", ({ seed }) => seed),
    column("scale factor", ({ scaleFactor }) => scaleFactor),
    column("mean validation", ({ meanAccuracy }) => meanAccuracy),
    column("mean test", ({ meanTest }) => meanTest),
    column("mean accounted", ({ meanAccounted }) => meanAccounted),
    ...tasks.map((task) =>
      column<(typeof rows)[number]>(
        `model of ${task}`,
        ({ kept }) => kept.find((one) => one.task === task)?.model.id,
      ),
    ),
  ]);
}

/** One row per child, as the table "learning" has it, with its generation counted over the whole run. */
export function curvesCsv({ state, minutes }: RunClient): string {
  const inMinutes = new Map(curvePoints(state, "minutes", minutes).map(({ child, at }) => [child, at]));
  const points = curvePoints(state, "generations").map(({ at, ...point }) => ({
    ...point,
    minutes: inMinutes.get(point.child) ?? null,
    generation: at,
  }));
  return csvOf(points, [...LEARNING_COLUMNS, column("generation", ({ generation }) => generation)]);
}

/** One row per task: its progress, the best so far, and the retained model. */
export function progressCsv({ head, state, progress, status }: RunClient): string {
  const modelOf = (task: string) => state.models.get(state.retained[task] ?? -1);
  return csvOf(standingTasks(state), [
    column("run", () => head?.dir),
    column("status", () => status),
    column("children", () => progress?.childrenDone),
    column("of children", () => progress?.childrenTotal),
    column("examples", () => progress?.examplesDone),
    column("task", ({ name }) => name),
    column("access", ({ access }) => access),
    column("best validation", ({ name }) => progress?.best[name]),
    column("model", ({ name }) => modelOf(name)?.id),
    column("validation", ({ name }) => modelOf(name)?.accuracy),
    column("test", ({ name }) => modelOf(name)?.testAccuracy),
  ]);
}

/** One row per run or sweep in the list. */
export const listingCsv = (listings: readonly RunListing[]): string =>
  csvOf(listings, [
    ...LISTING_COLUMNS.flatMap((of): Column<RunListing>[] => {
      if (of.head === "done") return [column("done", ({ done }) => done), column("of", ({ total }) => total)];
      return of.head === "changed" ? [column("changed", ({ changedAt }) => isoOf(changedAt))] : [of];
    }),
    column("kind", ({ kind }) => kind),
    column("problem", ({ problem }) => problem),
  ]);

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
