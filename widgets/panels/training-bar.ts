// The tasks that trained a layer, as a small bar in their colours.

import { taskPaint } from "../../src/figures/scenes/palette.js";
import { formatCount } from "../../src/format/numbers.js";
import type { Model } from "../../src/wire/browser.js";
import { h } from "../dom.js";

type Layer = Model["path"][number];

/** A bar of the steps in `layer`'s history, oldest first; `tasks` are the run's and determine the colours. */
export function trainingBar({ history }: Pick<Layer, "history">, tasks: readonly string[]): HTMLElement {
  const steps = history.reduce((sum, span) => sum + span.steps, 0);
  const by = history.map((span) => `${span.task} ${formatCount(span.steps)} steps`).join(", then ");
  return h(
    "span",
    {
      class: "mulab-share",
      attributes: { role: "img", "aria-label": by || "never trained" },
      title: by || "the root's, never trained",
    },
    ...(steps === 0
      ? [h("span", { style: { flex: "1", background: "var(--mulab-faint)" } })]
      : history.map((span) =>
          h("span", {
            style: {
              flex: String(span.steps),
              background: `var(--mulab-${taskPaint(tasks, span.task)})`,
            },
          }),
        )),
  );
}
