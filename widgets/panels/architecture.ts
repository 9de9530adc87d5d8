// The multitask network. It highlights the layers of the chosen model that are in the network. Under another scale factor,
// it shows the network of the models that would be kept.

import { architectureOf } from "../../src/analysis/architecture.js";
import { architectureScene } from "../../src/figures/scenes/architecture.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { rescore, type State, scoringOf, underFactor, withPicks } from "../../src/wire/browser.js";
import type { Panel, RunClient } from "../client.js";
import { architectureCsv } from "../csv.js";
import { h, setText } from "../dom.js";
import { themeOf } from "../theme.js";
import { sceneView } from "./scene-view.js";

/** The state that pictures of the network show: that of the slider's scale factor, if the slider was moved. */
export function pickedState({ state, scale, head }: RunClient): State {
  if (scale === null || !head) return state;
  return withPicks(state, rescore(state, underFactor(scoringOf(state, head.method), scale)));
}

/** Most tasks, on a page that scrolls. */
const MOST = 80;

/** Changes when the network must be redrawn. */
export const networkKey = (state: State): string =>
  JSON.stringify(
    state.tasks.map(({ name }) => {
      const model = state.models.get(state.retained[name] ?? -1);
      return [model?.id, model?.accuracy, model?.testAccuracy];
    }),
  );

export function architecturePanel(run: RunClient): Panel {
  let shown: State = run.state;
  let models: readonly number[] = [];
  const note = h("p", { class: "mulab-note" });
  const view = sceneView("Architecture of the multitask network", run.select.bind(run), (mark) => {
    const { task, layer } = mark.dataset ?? {};
    if (task !== undefined) return models[Number(task)];
    if (layer === undefined) return undefined;
    return models.find((id) => shown.models.get(id)?.path.some((each) => each.id === layer));
  });
  const element = h(
    "section",
    { class: "mulab-architecture", attributes: { "aria-label": "Architecture" } },
    note,
    view.element,
  );

  function update(): void {
    shown = pickedState(run);
    const { scale, selected } = run;
    const isEmpty = Object.keys(shown.retained).length === 0;
    view.element.hidden = isEmpty;
    const text = isEmpty
      ? "No task has a model yet: the network is drawn once the first activation has ended."
      : scale === null
        ? ""
        : `The network as it would be under scale factor ${scale}, which is set in “Size and quality”.`;
    setText(note, text);
    note.hidden = text === "";
    const frame = run.back?.extent;
    view.show(`${networkKey(shown)}/${width()}/${frame?.tasks.join("\n")}`, () => {
      const architecture = architectureOf(shown);
      models = architecture.tasks.map(({ model }) => model);
      return architectureScene(architecture, { width: width(), most: MOST, frame });
    });
    light(
      selected === null ? undefined : new Set(shown.models.get(selected)?.path.map(({ id }) => id)),
      selected,
    );
  }

  const width = () => Math.max(420, Math.min(1000, Math.floor((element.clientWidth || 720) / 20) * 20));

  function light(layers: ReadonlySet<string> | undefined, selected: number | null): void {
    view.svg?.classList.toggle("mulab-lit", layers !== undefined && layers.size > 0);
    view.svg?.querySelectorAll<SVGElement>(".station").forEach((station) => {
      station.classList.toggle("lit", layers?.has(station.dataset.layer ?? "") ?? false);
    });
    view.svg?.querySelectorAll<SVGElement>(".line").forEach((line) => {
      line.classList.toggle("lit", models[Number(line.dataset.task)] === selected);
    });
  }

  return {
    element,
    update,
    exports: {
      name: "architecture",
      picture: "architecture",
      svg: () => toSvg(architectureScene(architectureOf(shown)), { colors: themeOf(element) }),
      csv: () => architectureCsv(architectureOf(shown)),
    },
  };
}
