// Which tasks trained every model and every layer: first tasks by tasks, then the layers of the chosen model, or of every
// retained one.

import { transferPicture } from "../../src/figures/scenes/pictures.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { framedRows, heatScene, layerRows } from "../../src/figures/scenes/transfer.js";
import type { Model } from "../../src/wire/browser.js";
import type { Panel, RunClient } from "../client.js";
import { transferCsv } from "../csv.js";
import { h, setText } from "../dom.js";
import { themeOf } from "../theme.js";
import { networkKey, pickedState } from "./architecture.js";
import { type SceneView, sceneView } from "./scene-view.js";

/** Width of a model's layers, in pixels, and the gap between two models. */
const LEAST = 330;
const GAP = 24;
/** Up to this many models, the layers of all are unfolded; with more, all start folded. */
const OPEN = 4;
/** Most models that are listed with their layers; others show theirs when they are chosen. */
const LISTED = 80;
/** Most rows and columns of a table, which scrolls. */
const MOST = 80;

export function transferPanel(run: RunClient): Panel {
  const select = run.select.bind(run);
  const note = h("p", { class: "mulab-note" });
  const summary = sceneView("Knowledge transfer, tasks by tasks", select);
  const layers = h("div", { class: "mulab-grid" });
  const parts = new Map<number, { place: HTMLDetailsElement; title: HTMLElement; view: SceneView }>();
  const element = h(
    "section",
    { class: "mulab-transfer", attributes: { "aria-label": "Knowledge transfer" } },
    note,
    summary.element,
    layers,
  );
  let survivors: readonly Model[] = [];
  let opened: number | null = null;

  const width = () => Math.max(380, Math.min(860, Math.floor((element.clientWidth || 640) / 20) * 20));

  function update(): void {
    const state = pickedState(run);
    const tasks = state.tasks.map(({ name }) => name);
    const chosen = run.selected === null ? undefined : state.models.get(run.selected);
    survivors = tasks.flatMap((name) => state.models.get(state.retained[name] ?? -1) ?? []);
    const isOther = chosen?.task != null && chosen.path.length > 0 && !survivors.includes(chosen);
    const models = isOther ? [...survivors, chosen] : survivors;
    setText(
      note,
      models.length === 0
        ? "No task has a model yet: transfer is shown once the first activation has ended."
        : "",
    );
    note.hidden = models.length > 0;
    summary.element.hidden = models.length === 0;
    if (models.length > 0)
      summary.show(`${networkKey(state)}/${run.selected}/${width()}/${run.moment}`, () =>
        heatScene(framedRows(state, models, run.selected, run.back?.extent.tasks ?? []), tasks, {
          title: "Knowledge transfer between tasks",
          rowsTitle: "model of",
          most: MOST,
          width: width(),
        }),
      );
    const detailed = chosen?.task != null && chosen.path.length > 0 ? [chosen] : survivors.slice(0, LISTED);
    const ids = new Set(detailed.map(({ id }) => id));
    for (const [id, { place }] of parts)
      if (!ids.has(id)) {
        place.remove();
        parts.delete(id);
      }
    const isColumn = detailed.length === 1 || width() < 2 * LEAST + GAP;
    const each = isColumn ? width() : Math.max(LEAST, Math.min((width() - GAP) / 2, 420));
    for (const [i, model] of detailed.entries()) {
      const part = parts.get(model.id) ?? addPart(model, detailed.length <= OPEN);
      setText(part.title, `Layers of model ${model.id} (${model.task})`);
      part.view.show(`${model.path.map(({ id }) => id).join()}/${each}`, () =>
        heatScene(layerRows(model), tasks, {
          title: `Training of every layer of model ${model.id}`,
          rowsTitle: "layer",
          most: MOST,
          width: each,
        }),
      );
      if (run.selected === model.id && opened !== model.id) part.place.open = true;
      // Only if it is not there yet, because moving an element takes its focus away.
      if (layers.children[i] !== part.place) layers.insertBefore(part.place, layers.children[i] ?? null);
    }
    opened = run.selected;
  }

  function addPart(model: Model, isOpen: boolean) {
    const view = sceneView(`Knowledge transfer, layers of model ${model.id}`, select);
    const title = h("summary");
    const place = h("details", { attributes: { open: isOpen } }, title, view.element);
    const part = { place, title, view };
    parts.set(model.id, part);
    return part;
  }

  return {
    element,
    update,
    exports: {
      name: "transfer",
      picture: "transfer",
      svg: () => toSvg(transferPicture({ state: pickedState(run) }), { colors: themeOf(element) }),
      csv: () => transferCsv(pickedState(run)),
    },
  };
}
