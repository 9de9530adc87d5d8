// The tree in words: its legend, and a model in a few lines.

import { fateOf, type Lineage } from "../../src/analysis/children.js";
import { legendEntries } from "../../src/figures/scenes/lineage-legend.js";
import { formatPercent } from "../../src/format/numbers.js";
import { type ModelId, mutationWords } from "../../src/wire/browser.js";
import type { RunClient } from "../client.js";
import { h } from "../dom.js";
import { drawScene } from "../draw.js";

/** The legend, on as many lines as the page's width requires. */
export const legend = (): HTMLElement =>
  h(
    "ul",
    { class: "mulab-legend", attributes: { "aria-label": "Legend" } },
    h("li", { text: "gray ground: an activation, its generations from left to right" }),
    ...legendEntries().map(({ sign, text }) => {
      const scene = { width: 16, height: 16, title: text, description: "" };
      const entry = h("li", {}, text);
      entry.prepend(drawScene({ ...scene, children: [{ kind: "group", x: 2, y: 12, children: sign }] }));
      return entry;
    }),
  );

/** A model in a few lines. */
export function describe({ state, failures }: RunClient, lineage: Lineage, id: ModelId): string {
  const model = state.models.get(id);
  if (!model) return "";
  if (model.task === null) return "The root: all lines begin here";
  const fate = fateOf(lineage, id);
  const mutations = model.mutations.map(mutationWords);
  const test = model.testAccuracy === null ? "" : `, test ${formatPercent(model.testAccuracy)}`;
  return [
    `Model ${id} · ${model.task} · ${fate}`,
    ...(fate === "failed" && failures[id] ? [failures[id].message] : []),
    `validation ${formatPercent(model.accuracy)}${test}`,
    `child of ${model.parent === 0 ? "the root" : `model ${model.parent}`}`,
    ...(mutations.length > 0 ? [mutations.slice(0, 4).join("; ") + (mutations.length > 4 ? "; …" : "")] : []),
  ].join("\n");
}
