// The parts of a method as switches: settings that differ from the run's make the variant.

import { formatCount } from "../../src/format/numbers.js";
import { type AblationChanges, type AblationSettings, changesOf } from "../../src/wire/ablation.js";
import { button, h, setText } from "../dom.js";
import { positionOf, scaleOf, scaleSlider } from "./scale-slider.js";

export interface AblationForm {
  readonly element: HTMLElement;
  /** The settings that differ from the run's; undefined if none do. */
  changes(): AblationChanges | undefined;
}

type Flag = "adapters" | "tuning" | "depth" | "cloneUnlocked";

const FLAGS: readonly [Flag, string, string][] = [
  ["adapters", "Insert residual adapters", "muNet §2.2"],
  ["tuning", "Step hyperparameters (auto-tuning)", "muNet §3"],
  ["depth", "Insert and remove blocks", "muNet §2.2, µ2Net §4"],
  [
    "cloneUnlocked",
    "Always clone layers that no other task uses",
    "Otherwise with probability µ, like all others",
  ],
];

/** `changed` is called after every change. */
export function ablationForm(settings: AblationSettings, changed: () => void): AblationForm {
  const boxes = FLAGS.map(([flag, label, title]) => {
    const box = check(label, settings[flag] ?? false, title, changed);
    box.input.disabled = settings[flag] === null;
    return { flag, ...box };
  });
  const slider = scaleSlider(
    "Scale factor of the variant",
    () => {
      showScale();
      changed();
    },
    positionOf(settings.scaleFactor),
  );
  const shownScale = h("output", { class: "mulab-scale" });
  const showScale = () => {
    const scale = scaleOf(slider.valueAsNumber);
    setText(shownScale, String(scale));
    slider.setAttribute("aria-valuetext", `scale factor ${scale}`);
  };
  showScale();
  const mu = h(
    "select",
    {
      class: "mulab-input",
      attributes: { "aria-label": "Mutation probability µ", "data-lm-suppress-shortcuts": true },
      on: { change: changed },
    },
    ...settings.muValues.map((value) =>
      h("option", { text: String(value), attributes: { value, selected: value === settings.mu } }),
    ),
  );
  const tuned = settings.tuned.map((name) => ({ name, ...check(name, true, `Tune ${name}`, changed) }));
  const holdable = boxes.find(({ flag }) => flag === "tuning")!.input;
  // If nothing is tuned, nothing needs to be held.
  const follow = () => {
    for (const { input } of tuned) input.disabled = !holdable.checked;
  };
  holdable.addEventListener("change", follow);
  follow();
  const all = (isOn: boolean) => {
    for (const { input } of tuned) input.checked = isOn;
    changed();
  };
  const element = h(
    "fieldset",
    { class: "mulab-form" },
    h("legend", { text: "The variant, from the same seed" }),
    h("div", { class: "mulab-checks" }, ...boxes.map(({ element: box }) => box)),
    h(
      "div",
      { class: "mulab-tools mulab-slide" },
      h("span", {
        text: "Scale factor s",
        title: `Score = accuracy × s^(accounted parameters ÷ ${formatCount(settings.rootParams)}); the divisor is fixed for the run`,
      }),
      slider,
      shownScale,
      h("span", { text: "µ" }),
      mu,
    ),
    h(
      "details",
      { class: "mulab-tuned" },
      h("summary", { text: "Which hyperparameters are tuned" }),
      h("div", { class: "mulab-checks" }, ...tuned.map(({ element: box }) => box)),
      h(
        "span",
        { class: "mulab-buttons" },
        button("All", () => all(true), { class: "mulab-button mulab-quiet" }),
        button("None", () => all(false), { class: "mulab-button mulab-quiet" }),
      ),
    ),
  );
  return {
    element,
    changes: () =>
      changesOf(
        {
          ...Object.fromEntries(boxes.map(({ flag, input }) => [flag, input.checked])),
          // The slider has only round numbers; if it wasn't moved, the run's own value stays.
          scaleFactor:
            slider.valueAsNumber === positionOf(settings.scaleFactor)
              ? settings.scaleFactor
              : scaleOf(slider.valueAsNumber),
          mu: Number(mu.value),
          held: tuned.filter(({ input }) => !input.checked).map(({ name }) => name),
        },
        settings,
      ),
  };
}

function check(label: string, isOn: boolean, title: string, changed: () => void) {
  const input = h("input", {
    attributes: { type: "checkbox", "data-lm-suppress-shortcuts": true },
    on: { change: changed },
  });
  input.checked = isOn;
  return { input, element: h("label", { class: "mulab-check", title }, input, h("span", { text: label })) };
}
