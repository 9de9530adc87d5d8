// Picks candidates by size and accuracy: with a lasso in the picture or, for keyboards and touch screens, by ranges. The
// picked ones are listed, and all others are dimmed, here and in the lineage.

import type { CandidatePoint } from "../../../src/analysis/pareto.js";
import { formatParams, formatPercent, plural } from "../../../src/format/numbers.js";
import type { ModelId } from "../../../src/wire/browser.js";
import type { RunClient } from "../../client.js";
import { button, h, keepingFocus, setText } from "../../dom.js";
import { taskCell } from "../../task-name.js";
import { modelLink } from "./kept-table.js";

/** Most models that are listed. */
const MOST = 40;

export interface Brush {
  readonly element: HTMLElement;
  /** The list of the picked candidates. */
  readonly list: HTMLElement;
  /** Lists those of `points` that are picked. */
  show(points: readonly CandidatePoint[]): void;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** The models in both ranges: accuracies in [0, 1], parameters as counts. */
export const inRanges = (
  points: readonly CandidatePoint[],
  accuracy: Range,
  params: Range,
): ReadonlySet<ModelId> => {
  const isIn = (value: number, { low, high }: Range) => value >= low && value <= high;
  return new Set(
    points
      .filter((point) => isIn(point.accuracy, accuracy) && isIn(point.params, params))
      .map(({ model }) => model.id),
  );
};

export function brush(run: RunClient): Brush {
  let all: readonly CandidatePoint[] = [];
  let shown = "";
  const field = (name: string, end: "from" | "to", step: number) =>
    h("input", {
      class: "mulab-input mulab-bound",
      attributes: {
        type: "number",
        min: 0,
        step,
        placeholder: end,
        "aria-label": `${name}, ${end}`,
        "data-lm-suppress-shortcuts": true,
      },
      on: { input: () => pick() },
    });
  const bounds = {
    accuracy: [
      field("Validation accuracy in per cent", "from", 0.1),
      field("Validation accuracy in per cent", "to", 0.1),
    ],
    params: [
      field("Accounted parameters in millions", "from", 0.01),
      field("Accounted parameters in millions", "to", 0.01),
    ],
  } as const;
  const clear = button("Show all", () => run.brush(null), { class: "mulab-button mulab-quiet" });
  const said = h("span", { class: "mulab-muted", attributes: { "aria-live": "polite" } });
  const place = h("div", {
    class: "mulab-scroll mulab-picked",
    attributes: { role: "region", "aria-label": "Picked candidates" },
  });
  const element = h(
    "section",
    { class: "mulab-brush", attributes: { "aria-label": "Pick out candidates" } },
    h(
      "div",
      { class: "mulab-tools" },
      h("span", { text: "Pick: draw around points, or give accuracy" }),
      ...bounds.accuracy,
      h("span", { text: "%, parameters" }),
      ...bounds.params,
      h("span", { text: "M" }),
      clear,
      said,
    ),
  );

  function pick(): void {
    const [accuracy, params] = [rangeOf(bounds.accuracy, 100), rangeOf(bounds.params, 1e-6)];
    run.brush(accuracy || params ? inRanges(all, accuracy ?? EVERYTHING, params ?? EVERYTHING) : null);
  }

  function show(points: readonly CandidatePoint[]): void {
    all = points;
    const { brushed } = run;
    clear.hidden = brushed === null;
    place.hidden = brushed === null;
    if (brushed === null && !element.contains(document.activeElement))
      for (const input of [...bounds.accuracy, ...bounds.params]) input.value = "";
    const own = points
      .filter(({ model }) => brushed?.has(model.id))
      .toSorted((a, b) => b.accuracy - a.accuracy || a.params - b.params);
    const key = JSON.stringify([
      brushed !== null,
      points.length,
      run.selected,
      own.map(({ model, params }) => [model.id, params]),
    ]);
    if (key === shown) return;
    shown = key;
    setText(
      said,
      brushed ? `${own.length} of ${plural(points.length, "candidate")}, in the lineage too.` : "",
    );
    keepingFocus(place, () => place.replaceChildren(...(own.length > 0 ? [table(run, own)] : [])));
  }

  return { element, list: place, show };
}

const EVERYTHING: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** The range in two fields, divided by `units`; undefined if both are empty. */
function rangeOf(
  [from, to]: readonly [HTMLInputElement, HTMLInputElement],
  units: number,
): Range | undefined {
  if (from.value === "" && to.value === "") return undefined;
  return {
    low: from.value === "" ? EVERYTHING.low : from.valueAsNumber / units,
    high: to.value === "" ? EVERYTHING.high : to.valueAsNumber / units,
  };
}

function table(run: RunClient, points: readonly CandidatePoint[]): HTMLElement {
  const tasks = run.state.tasks.map(({ name }) => name);
  const rows = points
    .slice(0, MOST)
    .map(({ model, task, accuracy, params, isKept }) =>
      h(
        "tr",
        model.id === run.selected ? { class: "mulab-chosen" } : {},
        h("th", { attributes: { scope: "row" } }, modelLink(run, model)),
        h("td", {}, taskCell(tasks, task)),
        h("td", { class: "mulab-number", text: formatPercent(accuracy) }),
        h("td", { class: "mulab-number", text: formatParams(params) }),
        h("td", { text: isKept ? "kept" : "" }),
      ),
    );
  const more = points.length - rows.length;
  return h(
    "table",
    { class: "mulab-table mulab-wide" },
    h("caption", {
      text: more > 0 ? `The ${MOST} most accurate of those picked, and ${more} more` : "Picked candidates",
    }),
    h("tbody", {}, ...rows),
  );
}
