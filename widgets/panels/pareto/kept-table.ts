// What every task would keep under the slider's scale factor, and with whom it would share layers.

import type { Rescored } from "../../../src/analysis/rescore.js";
import { elide, shortNames } from "../../../src/format/names.js";
import { formatList, formatParams, formatPercent } from "../../../src/format/numbers.js";
import type { Model } from "../../../src/wire/browser.js";
import type { RunClient } from "../../client.js";
import { button, h, keepingFocus } from "../../dom.js";
import { taskCell } from "../../task-name.js";

const TITLES = ["Task", "Would keep", "Validation", "Test", "Accounted", "Score", "Layers shared"];

export interface KeptTable {
  readonly element: HTMLElement;
  /** `was`: what the run itself keeps. */
  show(now: Rescored, was: Rescored): void;
}

export function keptTable(run: RunClient): KeptTable {
  const element = h("div", { class: "mulab-scroll mulab-kept" });
  let shown = "";
  return {
    element,
    show(now, was) {
      const tasks = run.state.tasks.map(({ name }) => name);
      const key = JSON.stringify([
        now.kept.map(({ model, accountedParams, score }) => [
          model.id,
          model.accuracy,
          model.testAccuracy,
          accountedParams,
          score,
        ]),
        was.kept.map(({ task, model }) => [task, model.id]),
        tasks,
        run.selected,
        run.scale,
      ]);
      if (key === shown) return;
      shown = key;
      keepingFocus(element, () => element.replaceChildren(table(run, now, was, tasks)));
    },
  };
}

function table(run: RunClient, now: Rescored, was: Rescored, tasks: readonly string[]): HTMLElement {
  const names = shortNames(tasks);
  const short = (task: string) => elide(names[tasks.indexOf(task)] ?? task, 18);
  const rows = now.kept.map((kept) => {
    const before = was.kept.find(({ task }) => task === kept.task)?.model;
    return row(run, kept, before, tasks, short);
  });
  const head = TITLES.map((text, i) =>
    h("th", { text, class: i > 1 && i < 6 ? "mulab-number" : "", attributes: { scope: "col" } }),
  );
  return h(
    "table",
    { class: "mulab-table mulab-wide" },
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...rows),
  );
}

function row(
  run: RunClient,
  { task, model, accountedParams, score, sharedWith }: Rescored["kept"][number],
  before: Model | undefined,
  tasks: readonly string[],
  short: (task: string) => string,
): HTMLElement {
  const shared = sharedWith.filter((users) => users.length > 0).length;
  const withTasks = [...new Set(sharedWith.flat())];
  const cells: (Node | string)[] = [
    taskCell(tasks, task),
    h(
      "span",
      {},
      modelLink(run, model),
      before && before !== model
        ? h("span", { class: "mulab-changednote", text: ` instead of ${before.id}` })
        : null,
    ),
    h("strong", { text: formatPercent(model.accuracy) }), // the parts of the score
    formatPercent(model.testAccuracy),
    formatParams(accountedParams),
    score.toFixed(4),
    shared === 0
      ? "none"
      : h("span", {
          text: `${shared} of ${model.path.length} with ${formatList(withTasks.map(short))}`,
          title: formatList(withTasks),
        }),
  ];
  const classOf = (i: number) => (i > 5 ? "mulab-words" : i > 1 ? "mulab-number" : "");
  return h(
    "tr",
    model.id === run.selected ? { class: "mulab-chosen" } : {},
    ...cells.map((content, i) =>
      i === 0 ? h("th", { attributes: { scope: "row" } }, content) : h("td", { class: classOf(i) }, content),
    ),
  );
}

/** A button that chooses `model`. */
export const modelLink = (run: RunClient, { id }: Pick<Model, "id">): HTMLElement =>
  button(`model ${id}`, () => run.select(id), {
    class: "mulab-link",
    attributes: { "data-key": `model ${id}` },
  });
