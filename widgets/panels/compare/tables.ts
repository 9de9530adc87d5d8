// The tables of a comparison: the two runs by task and setting, the two models in numbers, layers, hyperparameters and
// transfer.

import {
  compareRuns,
  type LayerDifference,
  type ModelComparison,
} from "../../../src/analysis/compare-models.js";
import {
  type ComparedLine,
  factLines,
  headLines,
  hyperparamLines,
  RELATION_WORDS,
  taskLines,
  transferLines,
} from "../../../src/analysis/compare-words.js";
import { pairWords } from "../../../src/analysis/paired.js";
import { componentLabel } from "../../../src/format/components.js";
import { formatParams } from "../../../src/format/numbers.js";
import type { RunClient } from "../../client.js";
import { button, h, nameText, plain } from "../../dom.js";
import { taskCell } from "../../task-name.js";
import { trainingBar } from "../training-bar.js";

/** The runs: their tasks, and what differs in how they began. `pick` compares the models of a task. */
export function runTables(
  first: RunClient,
  second: RunClient,
  pick: (a: number, b: number) => void,
): HTMLElement[] {
  const comparison = compareRuns(first, second);
  const { split, lines } = taskLines(comparison);
  const settings = headLines(first.head!, second.head!);
  const names = [first.head!.dir, second.head!.dir];
  const tasks = first.state.tasks.map(({ name }) => name);
  const label = (name: string, i: number): Node => {
    const task = comparison.tasks[i];
    if (!task) return h("strong", { text: name });
    const { a, b } = task.models;
    if (a === null || b === null) return taskCell(tasks, name);
    const link = button("", () => pick(a, b), {
      class: "mulab-link mulab-plain",
      title: `Compare models ${a} and ${b}`,
      attributes: { "data-key": `task ${name}`, "aria-label": `${name}: compare models ${a} and ${b}` },
    });
    link.append(nameText(name));
    return taskCell(tasks, name, link);
  };
  return [
    h(
      "div",
      {},
      linesTable(`${split === "test" ? "Test" : "Validation"} accuracy by task`, "Task", names, lines, label),
      h("p", { class: "mulab-note", text: pairWords(1) }),
    ),
    settings.length === 0
      ? h("p", { class: "mulab-note", text: "They began with the same settings." })
      : linesTable("Settings that differ", "Setting", names, settings),
  ];
}

/** `tasks` are those of both runs, from whose order the colours follow. */
export function modelTables(comparison: ModelComparison, tasks: readonly string[]): HTMLElement[] {
  const { a, b } = comparison.facts;
  const names = [a, b].map(({ task, model }) => (task === null ? "the root" : `model ${model}`));
  const hyperparams = hyperparamLines(comparison);
  const equal = comparison.hyperparams.length - hyperparams.length;
  return [
    linesTable("In numbers", "", names, factLines(comparison)),
    pathTable(comparison.layers, names, tasks),
    hyperparams.length === 0
      ? h("p", { class: "mulab-note", text: "All hyperparameters are the same." })
      : linesTable(`Hyperparameters that differ (${equal} are the same)`, "", names, hyperparams),
    ...(comparison.transfer.length > 0
      ? [
          linesTable(
            "Share of gradient steps in the layers",
            "Trained on",
            names,
            transferLines(comparison),
            (name) => taskCell(tasks, name),
          ),
        ]
      : []),
  ];
}

/** `lines` under the names of both sides, and their differences where any has one; `label` draws what a line is about. */
function linesTable(
  caption: string,
  what: string,
  names: readonly string[],
  lines: readonly ComparedLine[],
  label: (name: string, index: number) => Node = (name) => document.createTextNode(plain(name)),
): HTMLElement {
  const isDifferent = lines.some(([, , , difference]) => difference !== "");
  const head = [what, ...names, ...(isDifferent ? ["Difference"] : [])].map((text, i) =>
    h("th", { text, class: i > 0 ? "mulab-number" : "", attributes: { scope: "col" } }),
  );
  const body = lines.map(([name, a, b, difference], i) =>
    h(
      "tr",
      difference === "=" ? { class: "mulab-equal" } : {},
      h("th", { attributes: { scope: "row" } }, label(name, i)),
      ...[a, b].map((text) => h("td", { class: "mulab-number", text })),
      isDifferent ? h("td", { class: "mulab-number mulab-muted", text: difference }) : null,
    ),
  );
  return h(
    "div",
    { class: "mulab-scroll" },
    h(
      "table",
      { class: "mulab-table mulab-wide" },
      h("caption", { text: caption }),
      h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...body),
    ),
  );
}

/** The path, the head on top: the layers of both side by side, with those who trained them. */
function pathTable(
  layers: readonly LayerDifference[],
  names: readonly string[],
  tasks: readonly string[],
): HTMLElement {
  const head = ["Layer", ...names, "", "Params"].map((text) =>
    h("th", { text, attributes: { scope: "col" } }),
  );
  const cell = (layer: LayerDifference["a"]): HTMLElement =>
    layer === null
      ? h("td", { class: "mulab-muted", text: "–" })
      : h(
          "td",
          { title: `layer ${layer.id.slice(0, 8)}` },
          h("code", { class: "mulab-hash", text: layer.id.slice(0, 6) }),
          trainingBar(layer, tasks),
        );
  const rows = layers
    .toReversed()
    .map(({ name, a, b, relation }) =>
      h(
        "tr",
        relation === "same" ? { class: "mulab-equal" } : {},
        h("th", { text: componentLabel(name), attributes: { scope: "row" } }),
        cell(a),
        cell(b),
        h("td", { class: relation === "same" ? "mulab-muted" : "", text: RELATION_WORDS[relation] }),
        h("td", { class: "mulab-number", text: formatParams((a ?? b)!.paramCount) }),
      ),
    );
  return h(
    "div",
    { class: "mulab-scroll" },
    h(
      "table",
      { class: "mulab-table mulab-wide" },
      h("caption", { text: "Path, head to image; the bar says who trained a layer" }),
      h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...rows),
    ),
  );
}
