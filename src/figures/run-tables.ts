// The tables that need a run.

import { taskResults } from "../analysis/accuracy.js";
import { growthPoints } from "../analysis/growth.js";
import { childPoints } from "../analysis/learning.js";
import { lineageRows } from "../analysis/lineage.js";
import { transferCells } from "../analysis/transfer.js";
import { formatPercent } from "../format/numbers.js";
import { fixed, percent, view } from "../format/table.js";
import type { TableDefinition } from "./drawing.js";
import { runOf } from "./source.js";

const millions = (count: number | null): string => fixed(count === null ? null : count / 1e6, 3);

export const RUN_TABLES: readonly TableDefinition[] = [
  {
    name: "results",
    title: "each task's model: accuracy, blocks, own and shared parameters",
    paper: "",
    of: "run",
    make: (source) =>
      view(taskResults(runOf(source, "results").state), [
        { head: "task", text: ({ task }) => task },
        { head: "access", text: ({ access }) => access },
        { head: "validation", text: ({ validationAccuracy }) => formatPercent(validationAccuracy) },
        { head: "test", text: ({ testAccuracy }) => formatPercent(testAccuracy) },
        { head: "blocks", text: ({ blocks }) => fixed(blocks, 0) },
        { head: "own M", text: ({ ownParams }) => millions(ownParams) },
        { head: "shared M", text: ({ sharedParams }) => millions(sharedParams) },
        { head: "accounted M", text: ({ accountedParams }) => millions(accountedParams) },
      ]),
  },
  {
    name: "lineage",
    title: "every child: its parent, what was changed, what became of it",
    paper: "",
    of: "run",
    make: (source) =>
      view(lineageRows(runOf(source, "lineage").state), [
        { head: "child", text: ({ child }) => String(child) },
        { head: "parent", text: ({ parent }) => fixed(parent, 0) },
        { head: "task", text: ({ task }) => task ?? "–" },
        { head: "status", text: ({ status }) => status },
        { head: "validation", text: ({ validationAccuracy }) => formatPercent(validationAccuracy) },
        { head: "blocks", text: ({ blocks }) => String(blocks) },
        { head: "steps", text: ({ steps }) => String(steps) },
        { head: "changes", text: ({ mutations }) => mutations },
      ]),
  },
  {
    name: "learning",
    title: "every child's accuracy and the best so far, over time",
    paper: "",
    of: "run",
    make(source) {
      const { state, events } = runOf(source, "learning");
      return view(childPoints(state, events), [
        { head: "child", text: ({ child }) => String(child) },
        { head: "minutes", text: ({ minutes }) => fixed(minutes, 1) },
        { head: "task", text: ({ task }) => task },
        { head: "validation", text: ({ accuracy }) => percent(accuracy, 1) },
        { head: "kept", text: ({ kept }) => (kept ? "yes" : "no") },
        { head: "best", text: ({ best }) => formatPercent(best) },
      ]);
    },
  },
  {
    name: "transfer",
    title: "share of gradient steps by task in each model",
    paper: "µ2Net §5.1",
    of: "run",
    make: (source) =>
      view(transferCells(runOf(source, "transfer").state), [
        { head: "model of", text: ({ task }) => task },
        { head: "trained on", text: ({ source: from }) => from },
        { head: "share", text: ({ share }) => formatPercent(share) },
      ]),
  },
  {
    name: "growth",
    title: "the network after each activation",
    paper: "µ2Net Fig. 2 and Table 7",
    of: "run",
    make: (source) =>
      view(growthPoints(runOf(source, "growth").events), [
        { head: "activation", text: ({ activation }) => String(activation) },
        { head: "task", text: ({ task }) => task },
        { head: "tasks", text: ({ tasks }) => String(tasks) },
        { head: "network M", text: ({ systemParams }) => millions(systemParams) },
        { head: "activated", text: ({ activated }) => formatPercent(activated) },
        { head: "added/task M", text: ({ addedParams }) => millions(addedParams) },
      ]),
  },
];
