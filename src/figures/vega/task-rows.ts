// Charts with one row per task and one mark per method in it: the rows, the marks' places and looks, and what is left out where
// there are more tasks than can be read.

import { bounded } from "./bounded.js";
import type { ChartLook } from "./chart.js";
import { nameAxis, seriesMarks } from "./parts.js";

/** Rows that can be read. */
const MOST = 60;
export const ROWS_WIDTH = 520;

interface Value {
  readonly method: string;
  readonly task: string;
}

/** The rows of `all`, whose tasks are labels. The look's series are the methods. `hasGrid`: lines along the rows. */
export function taskRowParts<V extends Value>(all: readonly V[], look: ChartLook, { hasGrid = false } = {}) {
  const { tasks, title } = bounded([...new Set(all.map(({ task }) => task))], MOST, look);
  const isShown = new Set(tasks);
  const methods = [...new Set(all.map(({ method }) => method))];
  const y = {
    field: "task",
    type: "nominal",
    sort: [...tasks],
    title: null,
    axis: hasGrid ? { ...nameAxis, grid: true } : nameAxis,
  } as const;
  const yOffset = { field: "method", type: "nominal", sort: methods } as const;
  return {
    values: all.filter(({ task }) => isShown.has(task)),
    methods,
    title,
    y,
    yOffset,
    ...seriesMarks(look, "method", ROWS_WIDTH, methods),
  };
}
