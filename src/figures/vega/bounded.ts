// Charts of many tasks show as many as stay readable, and say how many there are.

import { formatCount } from "../../format/numbers.js";
import type { ChartLook } from "./chart.js";

export interface Bounded {
  readonly tasks: readonly string[];
  /** A title that says what is left out; undefined if nothing is. */
  readonly title: { readonly title?: Title };
}

export interface Title {
  readonly text: string;
  readonly fontWeight: "normal";
  readonly fontSize: number;
  readonly color: string;
}

/** The first `most` of `tasks`. */
export function bounded(tasks: readonly string[], most: number, look: ChartLook): Bounded {
  if (tasks.length <= most) return { tasks, title: {} };
  return {
    tasks: tasks.slice(0, most),
    title: {
      title: {
        text: `${most} of ${formatCount(tasks.length)} tasks; the CSV has all`,
        fontWeight: "normal",
        fontSize: 12,
        color: look.muted,
      },
    },
  };
}
