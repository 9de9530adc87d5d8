// The slider of the scale factor, with the formula of the score, whose divisor is fixed for the run.

import type { Scoring } from "../../../src/analysis/rescore.js";
import { formatCount } from "../../../src/format/numbers.js";
import { button, h, setText } from "../../dom.js";
import { helpOn } from "../../help.js";
import { positionOf, scaleOf, scaleSlider } from "../scale-slider.js";

export interface ScaleControl {
  readonly element: HTMLElement;
  /** Shows the factor of the pictures; `isMoved` if the user chose it. `scoring` is given for a single run. */
  show(scale: number, state: { readonly isMoved: boolean; readonly scoring?: Scoring | undefined }): void;
}

/** `rescale` takes a factor, or null for each run's own. */
export function scaleControl(rescale: (scale: number | null) => void): ScaleControl {
  const slider = scaleSlider("Scale factor to re-score with", () => rescale(scaleOf(slider.valueAsNumber)));
  const value = h("output", { class: "mulab-scale" });
  const reset = button("Reset", () => rescale(null), {
    class: "mulab-button mulab-quiet",
    title: "Back to the run's own scale factor",
  });
  const formula = h("p", { class: "mulab-note mulab-formula" });
  const help = helpOn("accounted parameters");
  const element = h(
    "div",
    {},
    h(
      "div",
      { class: "mulab-tools mulab-slide" },
      h("span", { text: "Scale factor" }),
      slider,
      value,
      reset,
      help.button,
    ),
    help.note,
    formula,
  );
  return {
    element,
    show(scale, { isMoved, scoring }) {
      if (document.activeElement !== slider || scaleOf(slider.valueAsNumber) !== scale)
        slider.value = String(positionOf(scale));
      const isOwn = !isMoved && scoring === undefined;
      setText(value, isOwn ? "each run's own" : String(scale));
      slider.setAttribute(
        "aria-valuetext",
        isOwn ? "each run's own scale factor" : `scale factor ${String(scale)}`,
      );
      reset.disabled = !isMoved;
      formula.hidden = scoring === undefined;
      if (scoring) setText(formula, formulaText(scoring));
    },
  };
}

/** The formula of the score; with a factor of 1 it is the accuracy. */
export function formulaText({ scaleFactor, rootParams, computeFactor = 1, score }: Scoring): string {
  if (score !== undefined)
    return `Score = ${score}, the run's own; the slider scores by accuracy and size instead.`;
  const byCompute = computeFactor === 1 ? "" : ` × ${computeFactor}^(operations ÷ the root's)`;
  const isAccuracy = scaleFactor === 1 && computeFactor === 1;
  return `Score = accuracy × ${scaleFactor}^(accounted parameters ÷ ${formatCount(rootParams)})${byCompute}${isAccuracy ? ", which is the accuracy" : ""}; the divisor is fixed for the run.`;
}
