// A run beside its ablations: switches for the parts of its method, a button that trains the variant, one picture of quality
// and size for all, and the differences task by task.

import { curvesOf } from "../../src/analysis/compare.js";
import { indexPaint } from "../../src/figures/scenes/palette.js";
import { pictureScene } from "../../src/figures/scenes/pictures.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { formatCount } from "../../src/format/numbers.js";
import { changeWords } from "../../src/wire/ablation.js";
import type { AblationClient } from "../ablation-client.js";
import { compared, type Panel, pictured, type RunClient } from "../client.js";
import { button, h, setAttributes, setText } from "../dom.js";
import { themeOf } from "../theme.js";
import { type AblationForm, ablationForm } from "./ablation-form.js";
import { differencesCsv, differenceTable, nameOf } from "./difference-table.js";
import { exportMenu } from "./export-menu.js";
import { paretoPanel } from "./pareto/pareto.js";
import { STATUS_WORDS } from "./progress.js";

export function ablationPanel(client: AblationClient): Panel {
  const title = h("h3", { class: "mulab-title" });
  const start = button("Run the variant", () => wish(), { class: "mulab-button mulab-strong" });
  const said = h("p", { class: "mulab-note", attributes: { role: "status" } });
  const place = h("div");
  const list = h("ul", { class: "mulab-variants", attributes: { "aria-label": "The run and its variants" } });
  const picture = h("div");
  const table = h("div", { class: "mulab-scroll" });
  let form: AblationForm | undefined;
  let pareto: Panel | undefined;
  let shownRuns = 0;

  const exports = {
    name: "ablation",
    svg: () => toSvg(pictureScene("ablation", pictured(client.runs))!, { colors: themeOf(element) }),
    csv: () => differencesCsv(client.runs),
  };
  const element = h(
    "div",
    { class: "mulab mulab-ablation" },
    h("header", { class: "mulab-head" }, title, h("span", { class: "mulab-spring" })),
    place,
    h("div", { class: "mulab-tools" }, start, said),
    list,
    picture,
    table,
  );
  element.querySelector("header")!.append(exportMenu(exports, element));

  function wish(): void {
    const changes = form?.changes();
    if (changes) client.ablate(changes);
  }

  /** The variant that the button would train. */
  function foretell(): void {
    const changes = form?.changes();
    start.disabled = !client.isConnected || !changes;
    start.title = changes ? changeWords(changes) : "Change something first";
    const { message, isError } = client;
    const next = changes ? `The variant would be ${changeWords(changes)}.` : "Nothing is changed yet.";
    const text = client.isConnected
      ? (message ?? next)
      : "The kernel does not answer: this is the last known state.";
    setText(said, text);
    said.dataset.status = isError && message !== null ? "failed" : "";
  }

  function update(): void {
    const { runs, settings } = client;
    setText(title, `Ablation of ${runs[0]?.head?.dir ?? "a run"}`);
    if (!form && settings) {
      form = ablationForm(settings, foretell);
      place.replaceChildren(form.element);
    }
    foretell();
    showRuns(runs);
    if (runs.length === 0 || !runs.every(({ head }) => head)) return;
    if (!pareto || shownRuns !== runs.length) {
      pareto?.dispose?.();
      pareto = paretoPanel(runs, { hasSlider: false });
      picture.replaceChildren(pareto.element);
      shownRuns = runs.length;
    }
    pareto.update();
    table.replaceChildren(differenceTable(runs));
  }

  const rows: RunRow[] = [];
  function showRuns(runs: readonly RunClient[]): void {
    while (rows.length < runs.length) {
      const row = runRow(runs[rows.length]!);
      rows.push(row);
      list.append(row.element);
    }
    const curves = curvesOf(compared(runs));
    for (const row of rows) row.update(curves);
  }

  return { element, update, dispose: () => pareto?.dispose?.() };
}

interface RunRow {
  readonly element: HTMLElement;
  /** `curves`: the methods in the order of their colours. */
  update(curves: readonly string[]): void;
}

/** A run on one line: its colour in the picture, its label, its progress and its buttons. */
function runRow(run: RunClient): RunRow {
  const name = h("span", { class: "mulab-task" });
  const pill = h("span", { class: "mulab-pill" });
  const far = h("span", { class: "mulab-muted" });
  const pause = button("Pause", () => run.command(run.status === "paused" ? "resume" : "pause"), {
    class: "mulab-button mulab-quiet",
  });
  const stop = button("Stop", () => run.command("stop"), { class: "mulab-button mulab-quiet" });
  const dot = h("span", {
    class: "mulab-swatch",
    attributes: { "aria-hidden": "true" },
  });
  const element = h("li", {}, dot, name, pill, far, h("span", { class: "mulab-spring" }), pause, stop);
  return {
    element,
    update(curves) {
      dot.style.setProperty("--swatch", `var(--mulab-${indexPaint(curves.indexOf(nameOf(run)))})`);
      const { status, progress: p, failure } = run;
      const words = nameOf(run);
      setText(name, words);
      name.title = run.head?.dir ?? "";
      setText(pill, STATUS_WORDS[status]);
      pill.dataset.status = status;
      const done = p ? `${formatCount(p.childrenDone)} of ${formatCount(p.childrenTotal)} children` : "";
      setText(far, status === "failed" && failure ? failure : done);
      const canAct = run.isConnected && (status === "running" || status === "paused");
      setText(pause, status === "paused" ? "Resume" : "Pause");
      for (const each of [pause, stop]) {
        each.hidden = !canAct;
        setAttributes(each, { "aria-label": `${each.textContent}: ${words}` });
      }
    },
  };
}
