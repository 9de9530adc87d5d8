// The system at the end of each segment, and each task's accuracy then.

import { type SegmentRow, segmentRows } from "../../analysis/segments.js";
import { COUNT, HOURS_DURATION, NUMBER, PARAMS, SHARE } from "../../format/quantities.js";
import { type Column, type TableView, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { type RunSource, runOf, type Source } from "../source.js";

const rowsOf = (source: Source, name: string): SegmentRow[] => {
  const { experiment, events, threads } = runOf(source, name);
  return segmentRows(experiment, events, threads);
};

export const segments: TableDefinition = {
  name: "segments",
  title: "the system at the end of each segment: its size, the share that a task activates, and what it cost",
  paper: "µ2Net Table 7",
  of: "run",
  make: (source) => segmentsView(rowsOf(source, "segments")),
};

export const segmentsView = (rows: readonly SegmentRow[]): TableView =>
  view(
    rows,
    [
      { head: "segment", of: NUMBER, value: ({ segment }) => segment },
      { head: "title", value: ({ title }) => title },
      { head: "activations", of: COUNT, value: ({ activations }) => activations },
      { head: "new", of: COUNT, value: ({ fresh }) => fresh.length },
      { head: "tasks", of: COUNT, value: ({ tasks }) => tasks },
      { head: "system", of: PARAMS, value: ({ systemParams }) => systemParams },
      { head: "activated", of: SHARE, value: ({ activatedShare }) => activatedShare },
      { head: "added per task", of: PARAMS, value: ({ addedParams }) => addedParams },
      { head: "test", of: SHARE, value: ({ test }) => test },
      { head: "core-hours", of: HOURS_DURATION, value: ({ coreHours }) => coreHours },
    ],
    "Activated: the mean share of the system's parameters that one model uses. Test: the mean over all tasks that the system has by then.",
  );

export const segmentTasks: TableDefinition = {
  name: "segment-tasks",
  title: "test accuracy of every task after each segment; what a segment leaves alone does not change",
  paper: "µ2Net Tables 2 to 6",
  of: "run",
  make: (source) => segmentTasksView(rowsOf(source, "segment-tasks"), runOf(source, "segment-tasks")),
};

function segmentTasksView(rows: readonly SegmentRow[], { state }: Pick<RunSource, "state">): TableView {
  const columns = rows.map(
    ({ segment, accuracies }): Column<string> => ({
      head: `after ${segment}`,
      of: SHARE,
      value: (task) => accuracies[task] ?? null,
    }),
  );
  return view(
    state.tasks.map(({ name }) => name),
    [{ head: "task", value: (task) => task }, ...columns],
    `Segments: ${rows.map(({ segment, title }) => `${segment} ${title}`).join(", ")}.`,
  );
}
