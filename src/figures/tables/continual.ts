// Continual learning's measures of every task, with their means.

import { type Continual, type ContinualTask, continual } from "../../analysis/continual.js";
import type { Interval } from "../../analysis/stats.js";
import { formatPoints } from "../../format/numbers.js";
import { NUMBER, SHARE, SHARE_DIFFERENCE } from "../../format/quantities.js";
import { type TableView, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const continualTable: TableDefinition = {
  name: "continual",
  title:
    "what every task kept and gained while others were learned: backward and forward transfer, forgetting",
  paper: "µ2Net §1; Lopez-Paz & Ranzato 2017, Chaudhry et al. 2018",
  of: "run",
  make: (source) => continualView(continual(runOf(source, "continual"))),
};

type Row = Omit<ContinualTask, "learnedAt" | "learned" | "now" | "forgetting"> & {
  readonly learnedAt: number | null;
  readonly learned: number | null;
  readonly now: number | null;
  readonly forgetting: number | null;
};

export function continualView(of: Continual): TableView {
  const { kind, tasks, means, byOthers } = of;
  const all: Row = {
    task: "mean of all tasks",
    learnedAt: null,
    learned: null,
    now: means.now?.mean ?? null,
    backward: means.backward?.mean ?? null,
    forgetting: means.forgetting?.mean ?? null,
    byOthers,
    forward: means.forward?.mean ?? null,
  };
  return view<Row>(
    tasks.length > 0 ? [all, ...tasks] : [],
    [
      { head: "task", value: ({ task }) => task },
      { head: `learned in ${kind}`, of: NUMBER, value: ({ learnedAt }) => learnedAt },
      { head: "test then", of: SHARE, value: ({ learned }) => learned },
      { head: "test now", of: SHARE, value: ({ now }) => now },
      { head: "backward transfer", of: SHARE_DIFFERENCE, value: ({ backward }) => backward },
      { head: "forgetting", of: SHARE_DIFFERENCE, value: ({ forgetting }) => forgetting },
      { head: "by others' training", of: SHARE_DIFFERENCE, value: (row) => row.byOthers },
      { head: "forward transfer", of: SHARE_DIFFERENCE, value: ({ forward }) => forward },
    ],
    noteOf(of),
  );
}

function noteOf({ kind, means: { backward, forward }, byOthers }: Continual): string {
  return [
    `Backward transfer: test now minus test at the end of the ${kind} that learned the task${mean(backward)} (Lopez-Paz & Ranzato 2017, eq. 3). Forgetting: the best test accuracy it ever had, minus now (Chaudhry et al. 2018).`,
    byOthers === null
      ? ""
      : byOthers === 0
        ? "Other tasks' training changed nothing, and can't: no model ever changes, which `mulab verify` proves from the bytes. What forgetting there is comes from a task's own later activations, because models are chosen by validation, not by test accuracy."
        : "Other tasks' training changed a test accuracy, which should be impossible: check the run with `mulab verify`.",
    `Forward transfer: validation accuracy of the first generation's children of other tasks' models, minus that of the root's children${mean(forward)}; "–" where a task had only one kind. The published one (Lopez-Paz & Ranzato 2017, eq. 4) needs an accuracy before a task is learned, and here a task has no head before.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** ", on average +1.2 points (95 % interval 0.3 to 2.1, 20 tasks)". */
function mean(of: Interval | undefined): string {
  if (!of) return "";
  const { n, mean, low, high } = of;
  const range =
    low === null || high === null
      ? ""
      : ` (95 % interval ${formatPoints(low)} to ${formatPoints(high)}, ${n} tasks)`;
  return `, on average ${formatPoints(mean)} points${range}`;
}
