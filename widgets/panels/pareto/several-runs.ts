// Quality against size between runs: one point per method and scale factor, and where the slider would move them.

import { comparisonOf } from "../../../src/analysis/compare.js";
import { methodsScene } from "../../../src/figures/scenes/methods.js";
import { plural } from "../../../src/format/numbers.js";
import { compared, type RunClient } from "../../client.js";
import { h, setText } from "../../dom.js";
import { sceneView } from "../scene-view.js";
import { scaleControl } from "./scale-control.js";

export function severalRuns(runs: readonly RunClient[], { hasSlider }: { readonly hasSlider: boolean }) {
  const control = scaleControl((scale) => {
    for (const each of runs) each.rescale(scale);
  });
  const view = sceneView("The network under scale factors", () => {});
  const said = h("p", { class: "mulab-note", attributes: { "aria-live": "polite" } });
  const pair = h("div", { class: "mulab-pair" }, view.element);
  const element = h("div", {}, hasSlider ? control.element : null, said, pair);
  let drawn: unknown[] = [];

  function update(): void {
    if (!runs.every(({ head }) => head)) return;
    const { scale, head } = runs[0]!;
    control.show(scale ?? head!.method.scaleFactor, { isMoved: scale !== null });
    const width = Math.max(360, Math.floor((element.clientWidth || 760) / 20) * 20);
    const now = [...runs.flatMap((run) => [run.state.models, run.state.retained, run.scale]), width];
    if (now.length === drawn.length && now.every((each, i) => each === drawn[i])) return;
    drawn = now;
    draw(scale, width);
  }

  function draw(scale: number | null, width: number): void {
    const comparison = comparisonOf(compared(runs), scale);
    const { points, again } = comparison;
    pair.hidden = points.length === 0;
    view.show(JSON.stringify([comparison, width]), () =>
      methodsScene(comparison, { width: Math.min(width, 860) }),
    );
    const counts = new Set(points.map(({ runs: count }) => count));
    const [each] = counts.size === 1 ? counts : [];
    const repeated = each === undefined || each === 1 ? "" : `, ${plural(each, "repetition")} per point`;
    const bars = each === 1 ? "" : " Bars are ± one standard deviation.";
    const rings = again.length > 0 ? ` Dashed rings: what the same runs would keep under s = ${scale}.` : "";
    setText(
      said,
      points.length === 0
        ? "No run has a candidate yet: size and quality are drawn once the first child has been kept."
        : `${plural(runs.length, "run")}${repeated}.${bars} Filled points are on the front.${rings}`,
    );
  }

  return { element, update };
}
