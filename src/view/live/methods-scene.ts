// Methods compared by quality and size, over repetitions. muNet Fig. 3.

import { formatParams, formatPercent, plural } from "../format.js";
import type { Paint } from "../palette.js";
import type { Mark, Scene } from "../scene.js";
import { paretoFront, type RepeatedPoint } from "./pareto.js";
import { area, axes, type ParetoSize, texts } from "./pareto-axes.js";
import { axisMarks, errorBars } from "./plot.js";
import { alongLine, linePath, placeLabels } from "./point-labels.js";

/** Methods over repetitions: a line a method through its scale factors, ± std, the front filled. */
export function methodsScene(
  points: readonly RepeatedPoint[],
  again: readonly RepeatedPoint[],
  isTest: boolean,
  { width = 720, height = 400 }: ParetoSize = {},
): Scene {
  const plot = area(width, height);
  const corners = points.flatMap((p) => [
    { params: Math.max(0, p.params - p.paramsStd), accuracy: p.accuracy - p.accuracyStd },
    { params: p.params + p.paramsStd, accuracy: p.accuracy + p.accuracyStd },
  ]);
  const { x, y } = axes([...points, ...again, ...corners], plot);
  const methods = [...new Set(points.map(({ method }) => method))];
  const paintOf = (method: string): Paint => `task-${methods.indexOf(method)}`;
  const front = new Set(paretoFront(points));
  const ways = methods.map((method) =>
    points
      .filter((point) => point.method === method)
      .sort((a, b) => a.params - b.params)
      .map((p) => ({ x: x.at(p.params), y: y.at(p.accuracy) })),
  );
  const lines = ways.map(
    (way, i): Mark => ({
      kind: "path",
      d: linePath(way),
      fill: "none",
      stroke: paintOf(methods[i]!),
      strokeWidth: 2,
      opacity: 0.6,
    }),
  );
  const dots = points.flatMap((p): Mark[] => {
    const [cx, cy] = [x.at(p.params), y.at(p.accuracy)];
    const isFront = front.has(p);
    return [
      errorBars(
        cx,
        cy,
        Math.abs(x.at(p.params + p.paramsStd) - cx),
        Math.abs(y.at(p.accuracy + p.accuracyStd) - cy),
      ),
      {
        kind: "group",
        class: isFront ? "front" : "beaten",
        x: cx,
        y: cy,
        title: `${p.method}, scale factor ${p.scaleFactor}: ${formatPercent(p.accuracy)} ± ${formatPercent(p.accuracyStd)}, ${formatParams(p.params)} ± ${formatParams(p.paramsStd)} accounted parameters a task, over ${plural(p.runs, "run")}${isFront ? "; on the front" : ""}`,
        children: [
          {
            kind: "circle",
            x: 0,
            y: 0,
            r: 6.5,
            fill: isFront ? paintOf(p.method) : "surface",
            stroke: paintOf(p.method),
            strokeWidth: 2,
          },
        ],
      },
    ];
  });
  const labels = placeLabels(
    points.map((p) => ({
      x: x.at(p.params),
      y: y.at(p.accuracy),
      r: 8,
      text: `s ${p.scaleFactor}${p.runs > 1 ? ` · ${p.runs} runs` : ""}`,
      size: 11,
      fill: "muted",
    })),
    plot,
    [
      ...ways.flatMap(alongLine),
      ...points.flatMap((p) => {
        const [cx, cy] = [x.at(p.params), y.at(p.accuracy)];
        const dx = Math.abs(x.at(p.params + p.paramsStd) - cx);
        const dy = Math.abs(y.at(p.accuracy + p.accuracyStd) - cy);
        return [
          { x0: cx - dx, x1: cx + dx, y0: cy - 2, y1: cy + 2 },
          { x0: cx - 2, x1: cx + 2, y0: cy - dy, y1: cy + dy },
        ];
      }),
    ],
  );
  const ghosts = again.map(
    (p): Mark => ({
      kind: "circle",
      class: "now",
      x: x.at(p.params),
      y: y.at(p.accuracy),
      r: 9,
      fill: "none",
      stroke: paintOf(p.method),
      strokeWidth: 1.6,
      dash: "3 2",
      title: `${p.method} re-scored with scale factor ${p.scaleFactor}: ${formatPercent(p.accuracy)}, ${formatParams(p.params)}`,
    }),
  );
  const legend = methods.flatMap((method, i): Mark[] => [
    {
      kind: "circle",
      x: plot.left + plot.width - 8,
      y: plot.top + plot.height - 14 - 18 * i,
      r: 5,
      fill: paintOf(method),
    },
    {
      kind: "text",
      x: plot.left + plot.width - 20,
      y: plot.top + plot.height - 10 - 18 * i,
      text: method,
      size: 12,
      anchor: "end",
      fill: "ink",
    },
  ]);
  return {
    width,
    height,
    title: "Quality and size of methods",
    description: points
      .map(
        (p) =>
          `${p.method} with scale factor ${p.scaleFactor}: ${formatPercent(p.accuracy)}, ${formatParams(p.params)} a task.`,
      )
      .join(" "),
    children: [
      ...axisMarks(plot, x, y, {
        ...texts(isTest, " a task"),
        yTitle: isTest ? "mean test accuracy" : "mean validation accuracy",
      }),
      ...lines,
      ...dots,
      ...ghosts,
      ...labels,
      ...legend,
    ],
  };
}
