// One side of a comparison: a choice among the retained models, and a button for the model that is chosen elsewhere.

import { formatPercent } from "../../../src/format/numbers.js";
import type { RunClient } from "../../client.js";
import { button, h, setText } from "../../dom.js";

interface ModelPicker {
  readonly element: HTMLElement;
  show(picked: number | null): void;
}

export function modelPicker(name: string, run: RunClient, pick: (id: number | null) => void): ModelPicker {
  const choice = h("select", {
    class: "mulab-input",
    attributes: { "aria-label": `${name} model`, "data-lm-suppress-shortcuts": true },
    on: { change: () => pick(choice.value === "" ? null : Number(choice.value)) },
  });
  const take = button("Take the chosen model", () => pick(run.selected), {
    class: "mulab-button mulab-quiet",
  });

  return {
    element: h("span", { class: "mulab-pick" }, h("span", { text: name }), choice, take),
    show(picked) {
      const { state, selected } = run;
      const options = optionsOf(run, picked);
      const key = options.map(({ textContent }) => textContent).join("\n");
      if (choice.dataset.shown !== key) {
        choice.replaceChildren(...options);
        choice.dataset.shown = key;
      }
      choice.value = picked === null ? "" : String(picked);
      const isOther = selected !== null && selected !== picked && state.models.get(selected) !== undefined;
      take.hidden = !isOther;
      setText(take, isOther ? `Take model ${selected}` : "");
    },
  };
}

/** The root, the retained models, and the picked one. */
function optionsOf({ state }: RunClient, picked: number | null): HTMLElement[] {
  const retained = state.tasks.flatMap(({ name }) => state.retained[name] ?? []);
  return [...new Set([0, ...retained, ...(picked === null ? [] : [picked])])].flatMap((id) => {
    const model = state.models.get(id);
    if (!model) return [];
    const accuracy = model.accuracy === null ? "" : ` · ${formatPercent(model.accuracy)}`;
    const text = model.task === null ? "the root" : `model ${id} · ${model.task}${accuracy}`;
    return h("option", { text, attributes: { value: id } });
  });
}
