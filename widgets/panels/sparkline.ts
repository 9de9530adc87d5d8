// A few numbers as a small line, with the last and the best as text.

import { px } from "../../src/figures/scenes/scene.js";
import { formatPercent } from "../../src/format/numbers.js";
import { drawScene } from "../draw.js";

/** Shares in [0, 1] in order of time. */
export function sparkline(values: readonly number[]): SVGSVGElement {
  const [width, height] = [72, 18];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const heightOf = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
  const points = values.map((value, i) => [
    3 + ((width - 6) * i) / Math.max(1, values.length - 1),
    height - 3 - (height - 6) * heightOf(value),
  ]);
  const best = values.indexOf(high);
  return drawScene({
    width,
    height,
    title: `Validations: ${values.map((value) => formatPercent(value)).join(", ")}`,
    description: "",
    children: [
      {
        kind: "path",
        d: `M${points.map(([x, y]) => `${px(x!)} ${px(y!)}`).join("L")}`,
        fill: "none",
        stroke: "muted",
        strokeWidth: 1.5,
      },
      { kind: "circle", x: points[best]![0]!, y: points[best]![1]!, r: 2.4, fill: "accent" },
    ],
  });
}
