// Two models side by side, of one run or of two: their differences in scores, path, hyperparameters and transfer. For two
// runs, a table compares the runs task by task first; a task's row chooses its two models.

import { compareModels, type ModelComparison } from "../../../src/analysis/compare-models.js";
import { comparisonSentence } from "../../../src/analysis/compare-words.js";
import type { Panel, RunClient } from "../../client.js";
import { button, h, keepingFocus, setText } from "../../dom.js";
import { comparisonCsv } from "./csv.js";
import { modelPicker } from "./model-picker.js";
import { type Picked, withDefaults } from "./picked.js";
import { modelTables, runTables } from "./tables.js";

/** `runs` is one run or two; `models` are the models to begin with. */
export function comparePanel(runs: readonly RunClient[], models: readonly (number | null)[] = []): Panel {
  const [first, second] = [runs[0]!, runs.at(-1)!];
  const isTwo = runs.length > 1;
  let picked: Picked = { a: models[0] ?? null, b: models[1] ?? null };
  const pickers = {
    a: modelPicker("First", first, (a) => pick({ ...picked, a })),
    b: modelPicker("Second", second, (b) => pick({ ...picked, b })),
  };
  const swap = button("Swap", () => pick({ a: picked.b, b: picked.a }), {
    class: "mulab-button mulab-quiet",
    title: "Exchange the two",
  });
  const said = h("p", { class: "mulab-note", attributes: { role: "status" } });
  const whole = h("div", { class: "mulab-compared" });
  const body = h("div", { class: "mulab-compared" });
  const element = h(
    "section",
    { class: "mulab-compare", attributes: { "aria-label": "Compare two models" } },
    whole,
    h("div", { class: "mulab-tools" }, pickers.a.element, pickers.b.element, ...(isTwo ? [] : [swap])),
    said,
    body,
  );
  let drawn: unknown[] = [];

  function pick(models: Picked): void {
    picked = models;
    update();
  }

  /** Null until both models are there. */
  function compared(): ModelComparison | null {
    const a = first.state.models.get(picked.a ?? -1);
    const b = second.state.models.get(picked.b ?? -1);
    return a && b ? compareModels({ state: first.state, model: a }, { state: second.state, model: b }) : null;
  }

  function update(): void {
    if (!runs.every(({ head }) => head)) return;
    picked = withDefaults(picked, runs);
    const now = [
      ...runs.flatMap(({ state, selected }) => [state.models, state.retained, selected]),
      picked.a,
      picked.b,
    ];
    if (now.length === drawn.length && now.every((value, i) => value === drawn[i])) return;
    drawn = now;
    pickers.a.show(picked.a);
    pickers.b.show(picked.b);
    swap.disabled = picked.a === null || picked.b === null;
    if (isTwo)
      keepingFocus(whole, () => whole.replaceChildren(...runTables(first, second, (a, b) => pick({ a, b }))));
    const comparison = compared();
    if (!comparison) {
      setText(said, "Models can be compared once there are two: of two tasks, or one in each run.");
      body.replaceChildren();
      return;
    }
    setText(said, comparisonSentence(comparison));
    const tasks = [...new Set(runs.flatMap(({ state }) => state.tasks.map(({ name }) => name)))];
    keepingFocus(body, () => body.replaceChildren(...modelTables(comparison, tasks)));
  }

  return {
    element,
    update,
    exports: { name: "comparison", picture: "compare", csv: () => comparisonCsv(runs, compared()) },
  };
}
