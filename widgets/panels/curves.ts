// Accuracy over time: each task's best so far, updated while the run continues, over children, generations or minutes.
// Children that set a new best can be chosen by pointer or keyboard.

import { curvePoints, scoredPoints } from "../../src/analysis/curve-points.js";
import { type Scoring, scoringOf } from "../../src/analysis/rescore.js";
import { type CurveQuantity, type CurveTime, curvesScene } from "../../src/figures/scenes/curves.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import type { Panel, RunClient } from "../client.js";
import { curvesCsv } from "../csv.js";
import { h, setText } from "../dom.js";
import { themeOf } from "../theme.js";
import { sceneView } from "./scene-view.js";

const TIMES: readonly (readonly [CurveTime, string])[] = [
  ["children", "children"],
  ["generations", "generations"],
  ["minutes", "minutes"],
];

const QUANTITIES: readonly CurveQuantity[] = ["accuracy", "score"];

export function curvesPanel(run: RunClient): Panel {
  const choice = h(
    "select",
    {
      class: "mulab-input",
      attributes: { "aria-label": "Time is counted in", "data-lm-suppress-shortcuts": true },
      on: { change: () => update() },
    },
    ...TIMES.map(([value, text]) => h("option", { text, attributes: { value } })),
  );
  const quantity = h(
    "select",
    {
      class: "mulab-input",
      attributes: { "aria-label": "What is shown", "data-lm-suppress-shortcuts": true },
      on: { change: () => update() },
    },
    ...QUANTITIES.map((text) => h("option", { text, attributes: { value: text } })),
  );
  const what = h("label", { class: "mulab-tools" }, h("span", { text: "Show" }), quantity);
  const about = h("p", {
    class: "mulab-muted mulab-about",
    text: "Score: the accuracy times the scale factor to the power of the size, which counts layers as they are shared now. Discarded children have no layers any more, so they have no score.",
  });
  const note = h("p", { class: "mulab-note" });
  const view = sceneView("Accuracy over time", run.select.bind(run));
  const element = h(
    "section",
    { class: "mulab-curves", attributes: { "aria-label": "Accuracy over time" } },
    h("div", { class: "mulab-tools" }, h("span", { text: "Over" }), choice, what),
    about,
    note,
    view.element,
  );

  const time = (): CurveTime => choice.value as CurveTime;
  const width = () => Math.max(420, Math.min(1100, Math.floor((element.clientWidth || 760) / 20) * 20));
  /** How children are scored, if size counts: under the slider's scale factor or the run's own. */
  const scoring = (): Scoring | null => {
    const scaleFactor = run.scale ?? run.head?.method.scaleFactor ?? 1;
    return run.head && scaleFactor < 1 ? { ...scoringOf(run.state, run.head.method), scaleFactor } : null;
  };
  const of = (): CurveQuantity => (scoring() && quantity.value === "score" ? "score" : "accuracy");
  const points = () => {
    const all = curvePoints(run.state, time(), run.minutes);
    return of() === "score" ? scoredPoints(all, run.state, scoring()!) : all;
  };

  function update(): void {
    const { state, selected } = run;
    what.hidden = scoring() === null;
    about.hidden = of() !== "score";
    const shown = points();
    const text =
      shown.length > 0
        ? ""
        : time() === "minutes"
          ? "No generation has ended yet, or this run was saved without its clock: choose children or generations."
          : "No child has ended yet.";
    setText(note, text);
    note.hidden = text === "";
    view.element.hidden = shown.length === 0;
    if (shown.length === 0) return;
    const ended = shown.at(-1)!;
    // Scores change with what is shared, too.
    const sum = shown.reduce((all, { accuracy }) => all + accuracy, 0);
    view.show(`${of()}/${sum}/${time()}/${shown.length}/${ended.child}/${ended.best}/${width()}`, () =>
      curvesScene(
        shown,
        state.tasks.map(({ name }) => name),
        { time: time(), of: of(), width: width() },
      ),
    );
    view.svg?.querySelectorAll<SVGElement>("[data-model]").forEach((node) => {
      node.classList.toggle("chosen", Number(node.dataset.model) === selected);
    });
  }

  return {
    element,
    update,
    exports: {
      name: "curves",
      picture: "learning",
      svg: () =>
        toSvg(
          curvesScene(
            points(),
            run.state.tasks.map(({ name }) => name),
            { time: time(), of: of() },
          ),
          { colors: themeOf(element) },
        ),
      csv: () => curvesCsv(run),
    },
  };
}
