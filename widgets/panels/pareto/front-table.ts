// The front of one task, with reasons to choose a model on it, in the words of `mulab table front`.

import type { TaskFront } from "../../../src/analysis/front/task-fronts.js";
import { dominatedText, reasonText } from "../../../src/analysis/front/words.js";
import { formatParams, formatPercent } from "../../../src/format/numbers.js";
import type { RunClient } from "../../client.js";
import { h, keepingFocus, setText } from "../../dom.js";
import { modelLink } from "./kept-table.js";

const TITLES = ["Model", "Accounted", "Validation", "Interval", "Test", "Dominates", "Why"];
const INTERVAL =
  "From what the accuracy would be if selection explained as much of it as possible to what was measured, with one standard error on either side";

export interface FrontTable {
  readonly element: HTMLElement;
  /** The task whose front is shown: the chosen one, otherwise that of the chosen model, otherwise the first. */
  taskOf(): string | undefined;
  show(front: TaskFront | undefined): void;
}

/** `changed` is called when another task was chosen. */
export function frontTable(run: RunClient, changed: () => void): FrontTable {
  let chosen: string | undefined;
  let selected: number | null = null;
  let shown = "";
  const choice = h("select", {
    class: "mulab-input",
    attributes: { "aria-label": "Task whose front is shown", "data-lm-suppress-shortcuts": true },
    on: {
      change: () => {
        chosen = choice.value;
        changed();
      },
    },
  });
  const said = h("p", { class: "mulab-note" });
  const place = h("div", { class: "mulab-scroll" });
  const element = h(
    "section",
    { class: "mulab-front", attributes: { "aria-label": "Choose on the front" } },
    h("div", { class: "mulab-tools" }, h("h5", { text: "Choose on the front of" }), choice),
    said,
    place,
  );

  function taskOf(): string | undefined {
    const { state } = run;
    if (run.selected !== selected) {
      selected = run.selected;
      chosen = (selected === null ? null : state.models.get(selected)?.task) ?? chosen;
    }
    const names = state.tasks.map(({ name }) => name);
    return chosen !== undefined && names.includes(chosen)
      ? chosen
      : names.find((name) => name in state.retained);
  }

  function show(front: TaskFront | undefined): void {
    element.hidden = front === undefined;
    if (!front) return;
    const tasks = run.state.tasks.map(({ name }) => name);
    const key = JSON.stringify([front.points, front.dominated, front.evaluations, tasks, run.selected]);
    if (key === shown) return;
    shown = key;
    choice.replaceChildren(...tasks.map((text) => h("option", { text, attributes: { value: text } })));
    choice.value = front.task;
    setText(said, dominatedText(front));
    keepingFocus(place, () => place.replaceChildren(table(run, front)));
  }

  return { element, taskOf, show };
}

const table = (run: RunClient, front: TaskFront): HTMLElement =>
  h(
    "table",
    { class: "mulab-table mulab-wide" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ...TITLES.map((text, i) =>
          h("th", {
            text,
            class: i > 0 && i < 6 ? "mulab-number" : "",
            ...(text === "Interval" && { title: INTERVAL }),
            attributes: { scope: "col" },
          }),
        ),
      ),
    ),
    h("tbody", {}, ...front.points.map((point) => row(run, point, front))),
  );

function row(run: RunClient, point: TaskFront["points"][number], front: TaskFront): HTMLElement {
  const number = (text: string) => h("td", { class: "mulab-number", text });
  return h(
    "tr",
    point.model === run.selected ? { class: "mulab-chosen" } : {},
    h("th", { attributes: { scope: "row" } }, modelLink(run, { id: point.model })),
    number(formatParams(point.params)),
    number(formatPercent(point.accuracy)),
    number(`${formatPercent(point.low)} – ${formatPercent(point.high)}`),
    number(formatPercent(point.testAccuracy)),
    number(point.isFront ? String(point.dominates) : "–"),
    h("td", { class: "mulab-words", text: reasonText(point, front) }),
  );
}
