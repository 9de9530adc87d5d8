// Methods compared by quality and size over repetitions: one line per method through its scale factors, ± one standard
// deviation, points on the front filled; dashed rings show where other scale factors would lead. muNet Fig. 3.

import type { Comparison } from "../../analysis/compare.js";
import { ONE_RUN } from "../../analysis/paired.js";
import { paretoFront, type RepeatedPoint } from "../../analysis/pareto.js";
import { formatParams, formatPercent, plural } from "../../format/numbers.js";
import { indexPaint, type Paint } from "./palette.js";
import { area, axes, type ParetoSize, texts } from "./pareto-axes.js";
import { axisMarks, errorBars } from "./plot.js";
import { alongLine, linePath, type Point, placeLabels } from "./point-labels.js";
import { clip, type Mark, type Scene, textWidth } from "./scene.js";

const LEGEND_ROW = 20;
/** Letters of a method's name. */
const LETTERS = 46;

interface Placed {
  readonly point: RepeatedPoint;
  readonly at: Point;
  /** One standard deviation, in pixels. */
  readonly spread: Point;
}

export function methodsScene(
  { curves: all, points, again, isTest, tasks }: Comparison,
  { width = 720, height = 400 }: ParetoSize = {},
): Scene {
  const plot = area(width, height);
  const corners = points.flatMap((p) => [
    { params: Math.max(0, p.params - p.paramsStd), accuracy: p.accuracy - p.accuracyStd },
    { params: p.params + p.paramsStd, accuracy: p.accuracy + p.accuracyStd },
  ]);
  const { x, y } = axes([...points, ...again, ...corners], plot);
  const place = (point: RepeatedPoint): Placed => {
    const at = { x: x.at(point.params), y: y.at(point.accuracy) };
    const far = { x: x.at(point.params + point.paramsStd), y: y.at(point.accuracy + point.accuracyStd) };
    return { point, at, spread: { x: Math.abs(far.x - at.x), y: Math.abs(far.y - at.y) } };
  };
  const placed = points.map(place);
  const paintOf = ({ curve }: Pick<RepeatedPoint, "curve">): Paint => indexPaint(all.indexOf(curve));
  const curves = all.filter((curve) => points.some((point) => point.curve === curve));
  const legendOf = curves.map((curve) => ({ curve, paint: paintOf({ curve }) }));
  const front = new Set(paretoFront(points));
  const ways = curves.map((curve) =>
    placed
      .filter(({ point }) => point.curve === curve)
      .sort((a, b) => a.at.x - b.at.x)
      .map(({ at }) => at),
  );
  const legend = legendMarks(legendOf, plot.left, height + 2, width);
  const isOnce = points.length > 1 && points.every(({ runs }) => runs === 1);
  return {
    width,
    height: height + legend.height + (isOnce ? LEGEND_ROW : 0),
    title: "Quality and size of methods",
    description: [
      ...points.map((p) => `${nameOf(p)}: ${formatPercent(p.accuracy)}, ${formatParams(p.params)} per task.`),
      ...(isOnce ? [ONE_RUN] : []),
    ].join(" "),
    children: [
      ...axisMarks(plot, x, y, {
        ...texts(isTest, " per task"),
        yTitle: `mean ${isTest ? "test" : "validation"} accuracy${overWhich(tasks)}`,
      }),
      ...ways.map(
        (way, i): Mark => ({
          kind: "path",
          d: linePath(way),
          fill: "none",
          stroke: legendOf[i]!.paint,
          strokeWidth: 2,
          opacity: 0.6,
        }),
      ),
      ...[...placed]
        .sort((a, b) => Number(front.has(a.point)) - Number(front.has(b.point))) // of equal points, the filled one stays visible
        .flatMap((each) => dot(each, paintOf(each.point), front.has(each.point))),
      ...again.map((point) => ring(place(point), paintOf(point))),
      ...placeLabels(labelsOf(placed), plot, [
        ...ways.flatMap(alongLine),
        ...placed.flatMap(({ at, spread }) => [
          { x0: at.x - spread.x, x1: at.x + spread.x, y0: at.y - 2, y1: at.y + 2 },
          { x0: at.x - 2, x1: at.x + 2, y0: at.y - spread.y, y1: at.y + spread.y },
        ]),
      ]),
      ...legend.marks,
      ...(isOnce
        ? [
            {
              kind: "text",
              x: plot.left,
              y: height + legend.height + 12,
              text: ONE_RUN,
              size: 11,
              fill: "muted",
            } as const,
          ]
        : []),
    ],
  };
}

/** What a mean covers, if not all tasks. */
const overWhich = ({ common, all }: Comparison["tasks"]): string =>
  common === all
    ? ""
    : common === 0
      ? ", each over its own tasks"
      : ` over ${common} of ${plural(all, "task")}`;

const nameOf = ({ curve, point }: RepeatedPoint): string => (point === "" ? curve : `${curve}, ${point}`);

function dot({ point: p, at, spread }: Placed, paint: Paint, isFront: boolean): Mark[] {
  const title = [
    `${nameOf(p)}: ${formatPercent(p.accuracy)} ± ${formatPercent(p.accuracyStd)}`,
    `${formatParams(p.params)} ± ${formatParams(p.paramsStd)} accounted parameters per task, over ${plural(p.runs, "run")}${isFront ? "; on the front" : ""}`,
  ].join(", ");
  return [
    errorBars(at.x, at.y, spread.x, spread.y),
    {
      kind: "group",
      class: isFront ? "front" : "beaten",
      role: "img",
      x: at.x,
      y: at.y,
      title,
      children: [
        {
          kind: "circle",
          x: 0,
          y: 0,
          r: 6.5,
          fill: isFront ? paint : "surface",
          stroke: paint,
          strokeWidth: 2,
        },
      ],
    },
  ];
}

const ring = ({ point, at }: Placed, paint: Paint): Mark => ({
  kind: "circle",
  class: "now",
  x: at.x,
  y: at.y,
  r: 9,
  fill: "none",
  stroke: paint,
  strokeWidth: 1.6,
  dash: "3 2",
  title: `${point.curve} re-scored with scale factor ${point.scaleFactor}: ${formatPercent(point.accuracy)}, ${formatParams(point.params)}`,
});

/** The number of runs behind a point is shown only if points differ in it. */
function labelsOf(placed: readonly Placed[]) {
  const isSame = placed.every(({ point }) => point.runs === placed[0]!.point.runs);
  return placed.flatMap(({ point, at }) => {
    const text = [point.point, ...(isSame ? [] : [plural(point.runs, "run")])].filter(Boolean).join(" · ");
    return text === "" ? [] : [{ ...at, r: 8, text, size: 11, fill: "muted" as const }];
  });
}

function legendMarks(
  curves: readonly { readonly curve: string; readonly paint: Paint }[],
  left: number,
  top: number,
  width: number,
): { marks: Mark[]; height: number } {
  let x = left;
  let row = 0;
  const marks = curves.flatMap(({ curve, paint }): Mark[] => {
    const text = clip(curve, LETTERS);
    const needs = 16 + textWidth(text, 12) + 16;
    if (x > left && x + needs > width) {
      x = left;
      row += 1;
    }
    const y = top + row * LEGEND_ROW;
    const at = x;
    x += needs;
    return [
      { kind: "circle", x: at + 5, y: y + 6, r: 5, fill: paint },
      { kind: "text", x: at + 16, y: y + 10, text, size: 12, fill: "ink", title: curve },
    ];
  });
  return { marks, height: curves.length === 0 ? 0 : (row + 1) * LEGEND_ROW + 4 };
}
