// How panels name a task: a dot in its colour, and its name.

import { taskPaint } from "../src/figures/scenes/palette.js";
import { h, nameText } from "./dom.js";

/** A dot in a task's colour. */
export const swatch = (paint: string): HTMLElement =>
  h("span", {
    class: "mulab-swatch",
    style: { "--swatch": `var(--mulab-${paint})` },
    attributes: { "aria-hidden": "true" },
  });

/** `tasks` are all tasks of the run, from whose order the colour follows; `name` is shown instead of the task's own text. */
export const taskCell = (
  tasks: readonly string[],
  task: string,
  name: Node = nameText(task),
  after: Node | null = null,
): HTMLElement => h("span", { class: "mulab-taskcell" }, swatch(taskPaint(tasks, task)), name, after);
