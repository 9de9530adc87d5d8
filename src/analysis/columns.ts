// Columns of tables that the views in the browser save as CSV too, so that both have the same names and count alike.

import type { TaskName } from "../core/model.js";
import { COUNT, MINUTES, NUMBER, PARAMS, SHARE } from "../format/quantities.js";
import type { Column } from "../format/table.js";
import type { TaskResult } from "./accuracy.js";
import type { ChildPoint } from "./learning.js";
import type { LineageRow } from "./lineage.js";

export const LINEAGE_COLUMNS: readonly Column<LineageRow>[] = [
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
];

export const LEARNING_COLUMNS: readonly Column<ChildPoint>[] = [
  { head: "child", of: NUMBER, value: ({ child }) => child },
  { head: "minutes", of: MINUTES, value: ({ minutes }) => minutes },
  { head: "task", value: ({ task }) => task },
  { head: "validation", of: SHARE, value: ({ accuracy }) => accuracy },
  { head: "kept", value: ({ kept }) => kept },
  { head: "best", of: SHARE, value: ({ best }) => best },
];

export const TASK_COLUMNS: readonly Column<Pick<TaskResult, "task" | "access">>[] = [
  { head: "task", value: ({ task }) => task },
  { head: "access", value: ({ access }) => access },
];

export const ACCURACY_COLUMNS: readonly Column<TaskResult>[] = [
  { head: "validation", of: SHARE, value: ({ validationAccuracy }) => validationAccuracy },
  { head: "test", of: SHARE, value: ({ testAccuracy }) => testAccuracy },
];

export const SIZE_COLUMNS: readonly Column<TaskResult>[] = [
  { head: "blocks", of: COUNT, value: ({ blocks }) => blocks },
  { head: "own", of: PARAMS, value: ({ ownParams }) => ownParams },
  { head: "shared", of: PARAMS, value: ({ sharedParams }) => sharedParams },
  { head: "accounted", of: PARAMS, value: ({ accountedParams }) => accountedParams },
];

/** One column per task: its share of the gradient steps of the row's model. `labels`: what a task is called. */
export const transferColumns = (
  tasks: readonly TaskName[],
  labels: Readonly<Record<TaskName, string>>,
): Column<TaskResult>[] =>
  tasks.map((name) => ({
    head: `from ${labels[name] ?? name}`,
    of: SHARE,
    value: ({ transfer, validationAccuracy }) => (validationAccuracy === null ? null : (transfer[name] ?? 0)),
  }));
