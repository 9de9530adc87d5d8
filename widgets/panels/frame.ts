// The frame of a single picture: the run's name, the export menu, and the chosen model's details beside it.

import { plural } from "../../src/format/numbers.js";
import type { Panel, RunClient } from "../client.js";
import { h, setText } from "../dom.js";
import { againLine } from "./again-line.js";
import { exportMenu } from "./export-menu.js";

/** `panel` as a widget of its own. */
export function framed(panel: Panel, runs: readonly RunClient[], aside?: Panel): Panel {
  const title = h("span", { class: "mulab-muted mulab-frame-title" });
  const again = againLine();
  const element = h(
    "div",
    { class: "mulab" },
    h(
      "div",
      { class: "mulab-frame-head" },
      title,
      h("span", { class: "mulab-spring" }),
      panel.exports ? exportMenu(panel.exports, panel.element) : null,
    ),
    h("div", { class: "mulab-beside" }, panel.element, aside?.element),
    again.element,
  );
  return {
    element,
    update() {
      setText(title, frameTitle(runs));
      panel.update();
      aside?.update();
      again.show(panel.exports?.picture, runs);
    },
    dispose() {
      panel.dispose?.();
      aside?.dispose?.();
    },
  };
}

/** `panel`, whose own header says what it shows, as a widget of its own. */
export function boxed(panel: Panel, runs: readonly RunClient[]): Panel {
  if (panel.exports) panel.element.querySelector("header")?.append(exportMenu(panel.exports, panel.element));
  const again = againLine();
  return {
    ...panel,
    element: h("div", { class: "mulab" }, panel.element, again.element),
    update() {
      panel.update();
      again.show(panel.exports?.picture, runs);
    },
  };
}

/** Most runs that are named one by one. */
const MOST = 3;

/** The title: what is shown, and of which runs; an experiment's name appears once. */
function frameTitle(runs: readonly RunClient[]): string {
  const dirs = new Map<string, string[]>();
  for (const { head } of runs)
    if (head) dirs.set(head.experiment.title, [...(dirs.get(head.experiment.title) ?? []), head.dir]);
  return [...dirs]
    .map(([title, all]) => `${title} · ${all.length > MOST ? plural(all.length, "run") : all.join(", ")}`)
    .join("; ");
}
