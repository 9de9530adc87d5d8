// All views of one run together: progress on top, a tab for each picture, the chosen model's details beside them.

import type { Panel, RunClient } from "../client.js";
import { button, h } from "../dom.js";
import { lookingBack } from "../looking-back.js";
import { accuracyPanel } from "./accuracy.js";
import { againLine } from "./again-line.js";
import { architecturePanel } from "./architecture.js";
import { comparePanel } from "./compare/compare.js";
import { curvesPanel } from "./curves.js";
import { detailsPanel } from "./details.js";
import { exportMenu } from "./export-menu.js";
import { lineagePanel } from "./lineage.js";
import { paretoPanel } from "./pareto/pareto.js";
import { progressPanel } from "./progress.js";
import { scrubber } from "./scrubber.js";
import { transferPanel } from "./transfer.js";

interface Tab {
  readonly title: string;
  readonly panel: Panel;
  /** Shown with it, to fill the page. */
  readonly below?: Panel;
  /** Shows the run as it is now, whatever moment the others show. */
  readonly isNow?: true;
}

export function dashboardPanel(run: RunClient): Panel {
  const progress = progressPanel(run);
  const past = lookingBack(run);
  const film = scrubber(past);
  const details = detailsPanel(past);
  const tabs: readonly Tab[] = [
    { title: "Lineage", panel: lineagePanel(past), below: accuracyPanel([past]) },
    { title: "Architecture", panel: architecturePanel(past) },
    { title: "Knowledge transfer", panel: transferPanel(past) },
    { title: "Size and quality", panel: paretoPanel([past]) },
    { title: "Accuracy", panel: accuracyPanel([past]) },
    { title: "Over time", panel: curvesPanel(run), isNow: true },
    { title: "Compare", panel: comparePanel([run]), isNow: true },
  ];
  let current = 0;
  const id = `mulab-${Math.random().toString(36).slice(2, 8)}`;
  const again = againLine();
  const exports = h("span", { class: "mulab-exports" });
  const heads = tabs.map(({ title }, i) =>
    button(title, () => show(i), {
      class: "mulab-tab",
      attributes: { role: "tab", id: `${id}-tab-${i}`, "aria-controls": `${id}-panel-${i}` },
    }),
  );
  const bodies = tabs.map(({ panel, below }, i) =>
    h(
      "div",
      {
        class: "mulab-tabpanel",
        attributes: { role: "tabpanel", id: `${id}-panel-${i}`, "aria-labelledby": `${id}-tab-${i}` },
      },
      panel.element,
      below?.element,
    ),
  );
  const list = h(
    "div",
    {
      class: "mulab-tabs",
      attributes: { role: "tablist", "aria-label": "Views of the run", "data-lm-suppress-shortcuts": true },
    },
    ...heads,
  );
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    show((current + step + tabs.length) % tabs.length);
    heads[current]!.focus();
    event.preventDefault();
    event.stopPropagation();
  });
  const element = h(
    "div",
    { class: "mulab mulab-dashboard" },
    progress.element,
    h("div", { class: "mulab-tabrow" }, list, exports),
    h("div", { class: "mulab-filmrow" }, film.element),
    h("div", { class: "mulab-beside" }, h("div", { class: "mulab-bodies" }, ...bodies), details.element),
    again.element,
  );

  function show(index: number): void {
    current = index;
    for (const [i, head] of heads.entries()) {
      head.setAttribute("aria-selected", String(i === index));
      head.tabIndex = i === index ? 0 : -1;
      bodies[i]!.hidden = i !== index;
    }
    const { panel, below, isNow = false } = tabs[index]!;
    if (isNow) film.stop();
    film.element.parentElement!.hidden = isNow;
    exports.replaceChildren(...(panel.exports ? [exportMenu(panel.exports, element)] : []));
    panel.update();
    below?.update();
    again.show(panel.exports?.picture, [run]);
  }

  show(0);
  return {
    element,
    update() {
      progress.update();
      film.update();
      details.update(); // first, because it takes room from the others
      tabs[current]!.panel.update();
      tabs[current]!.below?.update();
      again.show(tabs[current]!.panel.exports?.picture, [run]);
    },
    dispose() {
      for (const panel of [progress, film, details, ...tabs.map((tab) => tab.panel)]) panel.dispose?.();
    },
  };
}
