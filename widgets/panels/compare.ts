// Two models side by side, of one run or of two: their differences in scores, path, hyperparameters and transfer. For two
// runs, a table compares the runs task by task first; a task's row chooses its two models.

import {
  compareModels,
  compareRuns,
  type LayerDifference,
  type ModelComparison,
} from "../../src/analysis/compare-models.js";
import {
  type ComparedLine,
  comparisonSentence,
  factLines,
  headLines,
  hyperparamLines,
  layerLines,
  RELATION_WORDS,
  taskLines,
  transferLines,
} from "../../src/analysis/compare-words.js";
import { taskPaint } from "../../src/figures/scenes/palette.js";
import { componentLabel } from "../../src/format/components.js";
import { toCsv } from "../../src/format/csv.js";
import { formatParams, formatPercent } from "../../src/format/numbers.js";
import type { Model } from "../../src/wire/browser.js";
import type { Panel, RunClient } from "../client.js";
import { button, h, keepingFocus, nameText, plain, setText } from "../dom.js";
import { swatch } from "./progress.js";
import { trainingBar } from "./training-bar.js";

type Side = "a" | "b";
const SIDES = ["a", "b"] as const;
const NAMES: Readonly<Record<Side, string>> = { a: "First", b: "Second" };

/** `runs` is one run or two; `models` are the models to begin with. */
export function comparePanel(runs: readonly RunClient[], models: readonly (number | null)[] = []): Panel {
  const runOf = (side: Side): RunClient => (side === "a" ? runs[0]! : runs.at(-1)!);
  const isTwo = runs.length > 1;
  const picked: Record<Side, number | null> = { a: models[0] ?? null, b: models[1] ?? null };
  const said = h("p", { class: "mulab-note", attributes: { role: "status" } });
  const whole = h("div", { class: "mulab-scroll" });
  const body = h("div", { class: "mulab-compared" });
  const pickers = { a: picker("a"), b: picker("b") };
  const swap = button("Swap", () => pick(picked.b, picked.a), {
    class: "mulab-button mulab-quiet",
    title: "Exchange the two",
  });
  const element = h(
    "section",
    { class: "mulab-compare", attributes: { "aria-label": "Compare two models" } },
    whole,
    h("div", { class: "mulab-tools" }, pickers.a.element, pickers.b.element, ...(isTwo ? [] : [swap])),
    said,
    body,
  );
  let drawn: unknown[] = [];

  function picker(side: Side) {
    const choice = h("select", {
      class: "mulab-input",
      attributes: { "aria-label": `${NAMES[side]} model`, "data-lm-suppress-shortcuts": true },
      on: {
        change: () => {
          const id = choice.value === "" ? null : Number(choice.value);
          pick(side === "a" ? id : picked.a, side === "b" ? id : picked.b);
        },
      },
    });
    const take = button("Take the chosen model", () => {
      const id = runOf(side).selected;
      pick(side === "a" ? id : picked.a, side === "b" ? id : picked.b);
    });
    take.className = "mulab-button mulab-quiet";
    return {
      choice,
      take,
      element: h("span", { class: "mulab-pick" }, h("span", { text: NAMES[side] }), choice, take),
    };
  }

  function pick(a: number | null, b: number | null): void {
    picked.a = a;
    picked.b = b;
    update();
  }

  const modelOf = (side: Side): Model | undefined => runOf(side).state.models.get(picked[side] ?? -1);

  /** Where nothing was picked yet: the chosen model and its parent; else the first two tasks, of two runs the same task. */
  function choose(): void {
    const { state, selected } = runs[0]!;
    const retained = state.tasks.flatMap(({ name }) => state.retained[name] ?? []);
    if (isTwo) {
      const other = runs[1]!.state.retained;
      const task = state.tasks.find(
        ({ name }) => state.retained[name] !== undefined && other[name] !== undefined,
      );
      picked.a ??= (task && state.retained[task.name]) ?? retained[0] ?? null;
      picked.b ??= (task && other[task.name]) ?? Object.values(other)[0] ?? null;
      return;
    }
    const chosen = selected === null ? undefined : state.models.get(selected);
    if (picked.a === null && picked.b === null && chosen?.parent != null) {
      picked.a = chosen.parent;
      picked.b = chosen.id;
    }
    picked.a ??= retained.find((id) => id !== picked.b) ?? null;
    picked.b ??= retained.find((id) => id !== picked.a) ?? null;
  }

  function update(): void {
    if (!runs.every(({ head }) => head)) return;
    choose();
    const now = [
      ...runs.flatMap(({ state, selected }) => [state.models, state.retained, selected]),
      picked.a,
      picked.b,
    ];
    if (now.length === drawn.length && now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    for (const side of SIDES) showPicker(side);
    swap.disabled = picked.a === null || picked.b === null;
    if (isTwo) keepingFocus(whole, () => whole.replaceChildren(...runTables()));
    const [a, b] = [modelOf("a"), modelOf("b")];
    if (!a || !b) {
      setText(said, "Models can be compared once there are two: of two tasks, or one in each run.");
      body.replaceChildren();
      return;
    }
    const comparison = compared(a, b);
    setText(said, comparisonSentence(comparison));
    keepingFocus(body, () => body.replaceChildren(...modelTables(comparison)));
  }

  const compared = (a: Model, b: Model): ModelComparison =>
    compareModels({ state: runOf("a").state, model: a }, { state: runOf("b").state, model: b });

  /** The retained models, what is picked, and a button for the model that is chosen elsewhere. */
  function showPicker(side: Side): void {
    const { choice, take } = pickers[side];
    const { state, selected } = runOf(side);
    const retained = state.tasks.flatMap(({ name }) => state.retained[name] ?? []);
    const own = picked[side];
    const ids = [...new Set([0, ...retained, ...(own === null ? [] : [own])])].filter((id) =>
      state.models.get(id),
    );
    const options = ids.map((id) => {
      const model = state.models.get(id)!;
      const accuracy = model.accuracy === null ? "" : ` · ${formatPercent(model.accuracy)}`;
      const text = model.task === null ? "the root" : `model ${id} · ${model.task}${accuracy}`;
      return h("option", { text, attributes: { value: id } });
    });
    const key = options.map(({ textContent }) => textContent).join("\n");
    if (choice.dataset.shown !== key) {
      choice.replaceChildren(...options);
      choice.dataset.shown = key;
    }
    choice.value = own === null ? "" : String(own);
    const isOther = selected !== null && selected !== own && state.models.get(selected) !== undefined;
    take.hidden = !isOther;
    setText(take, isOther ? `Take model ${selected}` : "");
  }

  /** The runs: what differs in how they began, and their tasks. */
  function runTables(): HTMLElement[] {
    const [first, second] = runs as [RunClient, RunClient];
    const comparison = compareRuns(first, second);
    const { split, lines } = taskLines(comparison);
    const settings = headLines(first.head!, second.head!);
    const names = [first.head!.dir, second.head!.dir];
    const tasks = first.state.tasks.map(({ name }) => name);
    return [
      linesTable(
        `${split === "test" ? "Test" : "Validation"} accuracy by task`,
        "Task",
        names,
        lines,
        (name, i) => {
          const task = comparison.tasks[i];
          if (!task) return h("strong", { text: name });
          const { a, b } = task.models;
          const content = [swatch(taskPaint(tasks, name)), nameText(name)];
          if (a === null || b === null) return h("span", { class: "mulab-taskcell" }, ...content);
          const link = button("", () => pick(a, b), {
            class: "mulab-link mulab-plain",
            title: `Compare models ${a} and ${b}`,
            attributes: { "data-key": `task ${name}`, "aria-label": `${name}: compare models ${a} and ${b}` },
          });
          link.append(...content);
          return h("span", { class: "mulab-taskcell" }, link);
        },
      ),
      settings.length === 0
        ? h("p", { class: "mulab-note", text: "They began with the same settings." })
        : linesTable("Settings that differ", "Setting", names, settings),
    ];
  }

  function modelTables(comparison: ModelComparison): HTMLElement[] {
    const { facts } = comparison;
    const names = SIDES.map((side) =>
      facts[side].task === null ? "the root" : `model ${facts[side].model}`,
    );
    const hyperparams = hyperparamLines(comparison);
    const equal = comparison.hyperparams.length - hyperparams.length;
    const tasks = [...new Set(SIDES.flatMap((side) => runOf(side).state.tasks.map(({ name }) => name)))];
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
              (name) =>
                h("span", { class: "mulab-taskcell" }, swatch(taskPaint(tasks, name)), nameText(name)),
            ),
          ]
        : []),
    ];
  }

  return {
    element,
    update,
    exports: { name: "comparison", picture: "compare", csv: () => comparisonCsv() },
  };

  function comparisonCsv(): string {
    const [a, b] = [modelOf("a"), modelOf("b")];
    const runLines = isTwo
      ? [
          ...taskLines(compareRuns(runs[0]!, runs[1]!)).lines.map((line) => ["task", line] as const),
          ...headLines(runs[0]!.head!, runs[1]!.head!).map((line) => ["setting", line] as const),
        ]
      : [];
    const comparison = a && b ? compared(a, b) : null;
    const modelLines = comparison
      ? [
          ...factLines(comparison).map((line) => ["model", line] as const),
          ...layerLines(comparison).map((line) => ["layer", line] as const),
          ...hyperparamLines(comparison).map((line) => ["hyperparameter", line] as const),
          ...transferLines(comparison).map((line) => ["trained on", line] as const),
        ]
      : [];
    return toCsv(
      [...runLines, ...modelLines].map(([kind, [what, first, second, difference]]) => ({
        kind,
        what,
        first,
        second,
        difference,
      })),
    );
  }
}

/** `lines` under the names of both sides; `label` draws what a line is about. */
function linesTable(
  caption: string,
  what: string,
  names: readonly string[],
  lines: readonly ComparedLine[],
  label: (name: string, index: number) => Node = (name) => document.createTextNode(plain(name)),
): HTMLElement {
  const head = [what, ...names, "Difference"].map((text, i) =>
    h("th", { text, class: i > 0 ? "mulab-number" : "", attributes: { scope: "col" } }),
  );
  const body = lines.map(([name, a, b, difference], i) =>
    h(
      "tr",
      difference === "=" ? { class: "mulab-equal" } : {},
      h("th", { attributes: { scope: "row" } }, label(name, i)),
      ...[a, b].map((text) => h("td", { class: "mulab-number", text })),
      h("td", { class: "mulab-number mulab-muted", text: difference }),
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
