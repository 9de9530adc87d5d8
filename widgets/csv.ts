// The contents of the views as CSV.

import type { AccuracyRow } from "../src/analysis/accuracy-rows.js";
import type { Architecture } from "../src/analysis/architecture.js";
import { type ComparedRun, comparedAccuracies } from "../src/analysis/compare.js";
import { accessText } from "../src/format/access.js";
import { toCsv } from "../src/format/csv.js";
import {
  layerTransferCells,
  lineageRows,
  type Rescored,
  type State,
  standingTasks,
} from "../src/wire/browser.js";
import type { Failures } from "../src/wire/failures.js";
import type { RunClient } from "./client.js";

export const lineageCsv = (state: State, failures: Failures): string =>
  toCsv(lineageRows(state).map((row) => ({ ...row, failure: failures[row.child]?.message })));

export const architectureCsv = ({ nodes, tasks }: Architecture): string =>
  toCsv(
    nodes.map(({ id, name, paramCount, trainedBy, isPrivate, isRoots, users, history }) => ({
      layer: id,
      component: name,
      paramCount,
      trainedBy,
      isPrivate,
      isRoots,
      users: users.map((user) => tasks[user]!.name).join("; "),
      history: history.map(({ task, steps }) => `${task}: ${steps}`).join("; "),
    })),
  );

export const transferCsv = (state: State): string =>
  toCsv(layerTransferCells(state).map((row) => ({ ...row })));

export const accuracyCsv = (rows: readonly AccuracyRow[]): string =>
  toCsv(
    rows.map(({ transfer, iterations, classNames: _, ...row }) => ({
      ...row,
      access: accessText(row.access),
      ...Object.fromEntries(iterations.map(({ accuracy }, i) => [`iteration${i + 1}`, accuracy])),
      ...Object.fromEntries(Object.entries(transfer).map(([task, share]) => [`transfer:${task}`, share])),
    })),
  );

/** One row per task and run. */
export function comparedCsv(runs: readonly ComparedRun[]): string {
  const { columns, rows, isTest } = comparedAccuracies(runs);
  return toCsv(
    rows.flatMap(({ task, cells }) =>
      cells.flatMap(({ accuracies }, c) =>
        accuracies.map((accuracy, i) => ({
          task,
          method: columns[c]!.curve,
          point: columns[c]!.point,
          seed: columns[c]!.seeds[i]!,
          split: isTest ? "test" : "validation",
          accuracy,
        })),
      ),
    ),
  );
}

/** One row per run and scale factor: what the archive would keep. */
export const paretoCsv = (
  runs: readonly {
    readonly run: string;
    readonly method: string;
    readonly seed: number;
    readonly all: readonly Rescored[];
  }[],
): string =>
  toCsv(
    runs.flatMap(({ all, ...about }) =>
      all.map(({ scaleFactor, meanAccuracy, meanTest, meanAccounted, kept }) => ({
        ...about,
        scaleFactor,
        meanValidationAccuracy: meanAccuracy,
        meanTestAccuracy: meanTest,
        meanAccountedParams: meanAccounted,
        ...Object.fromEntries(kept.map(({ task, model }) => [`model:${task}`, model.id])),
      })),
    ),
  );

/** One row per task: its progress, the best so far, and the retained model. */
export function progressCsv({ head, state, progress, status }: RunClient): string {
  return toCsv(
    standingTasks(state).map(({ name, access }) => {
      const model = state.models.get(state.retained[name] ?? -1);
      return {
        run: head?.dir,
        status,
        childrenDone: progress?.childrenDone,
        childrenTotal: progress?.childrenTotal,
        examplesDone: progress?.examplesDone,
        task: name,
        access: accessText(access),
        bestValidationAccuracy: progress?.best[name],
        model: model?.id,
        validationAccuracy: model?.accuracy,
        testAccuracy: model?.testAccuracy,
      };
    }),
  );
}
