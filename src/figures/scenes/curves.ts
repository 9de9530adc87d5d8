// Accuracy over time as an interactive picture: the best so far of every task as a step line, the children as dots, over
// children, generations or minutes.

import type { ChildPoint } from "../../analysis/learning.js";
import { elide, shortNames } from "../../format/names.js";
import { formatPercent, plural } from "../../format/numbers.js";
import { type Paint, taskPaint } from "./palette.js";
import { type Axis, axisMarks, type PlotArea, roundTicks } from "./plot.js";
import { linePath } from "./point-labels.js";
import { clip, type Mark, type Scene } from "./scene.js";

/** The unit of time. */
export type CurveTime = "children" | "generations" | "minutes";

/** A child in time; `at` is in the requested unit. */
export interface CurvePoint extends ChildPoint {
  readonly at: number;
}

/** Most dots drawn; if there are more, those that set a new best and every nth of the others. */
const MOST_DOTS = 900;
/** Pixels from one label to the next. */
const LABEL = 15;

const TITLES: Readonly<Record<CurveTime, string>> = {
  children: "children trained",
  generations: "generations",
  minutes: "minutes of training",
};

/** What is drawn over time. */
export type CurveQuantity = "accuracy" | "score";

const QUANTITIES = {
  accuracy: {
    title: "Accuracy over time",
    axis: "validation accuracy",
    text: (value: number) => formatPercent(value),
    tick: (value: number) => formatPercent(value, 0),
  },
  score: {
    title: "Score over time",
    axis: "score, as layers are shared now",
    text: (value: number) => `score ${value.toFixed(4)}`,
    tick: (value: number) => value.toFixed(2),
  },
} as const;

export interface CurvesOptions {
  readonly time: CurveTime;
  /** Accuracy by default; of a score, the `points` are scores. */
  readonly of?: CurveQuantity;
  readonly width?: number;
  readonly height?: number;
}

/** The curves of `points`, which are in the order of time. */
export function curvesScene(
  points: readonly CurvePoint[],
  tasks: readonly string[],
  { time, of = "accuracy", width = 760, height = 380 }: CurvesOptions,
): Scene {
  const quantity = QUANTITIES[of];
  const plot: PlotArea = { left: 58, top: 34, width: width - 58 - 120, height: height - 34 - 48 };
  const right = plot.left + plot.width;
  const x = axisOf([0, ...points.map(({ at }) => at)], plot.left, right);
  // From 0, so that a rise of one point looks small, whatever the best is.
  const y = axisOf([0, ...points.map(({ accuracy }) => accuracy)], plot.top + plot.height, plot.top);
  const names = shortNames(tasks);
  const curves = tasks.flatMap((task) => {
    const own = points.filter((point) => point.task === task && point.best !== null);
    const corners = own.flatMap((point, i) => {
      const before = own[i - 1];
      if (before && before.best === point.best) return [];
      const at = { x: x.at(point.at), y: y.at(point.best!) };
      return before ? [{ x: at.x, y: y.at(before.best!) }, at] : [at];
    });
    const last = corners.at(-1);
    return last ? [{ task, corners: [...corners, { x: right, y: last.y }], best: own.at(-1)!.best! }] : [];
  });
  const lines = curves.map(
    ({ task, corners, best }): Mark => ({
      kind: "path",
      class: "curve",
      d: linePath(corners),
      fill: "none",
      stroke: taskPaint(tasks, task),
      strokeWidth: 2.2,
      title: `${task}: best so far ${quantity.text(best)}`,
    }),
  );
  const dots = thinned(points).map((point) => {
    const isBest = setsBest(point, points);
    const words = `${quantity.text(point.accuracy)}${isBest ? ", the best so far" : point.kept ? ", kept" : ", discarded"}`;
    return dot(point, isBest, words, taskPaint(tasks, point.task), {
      x: x.at(point.at),
      y: y.at(point.accuracy),
    });
  });
  const ends = spaced(curves.map(({ corners }) => corners.at(-1)!.y));
  const labels = curves.map(
    ({ task }, i): Mark => ({
      kind: "text",
      x: right + 8,
      y: ends[i]! + 4,
      text: elide(names[tasks.indexOf(task)] ?? task, 14),
      size: 11.5,
      weight: "bold",
      fill: taskPaint(tasks, task),
      title: task,
    }),
  );
  const digits = (ticks: readonly number[]) => (ticks.length > 1 && ticks[1]! - ticks[0]! < 1 ? 1 : 0);
  return {
    width,
    height,
    title: quantity.title,
    description: `${plural(points.length, "child", "children")}. ${curves.map(({ task, best }) => `${clip(task, 60)}: best ${quantity.text(best)}`).join("; ")}.`,
    children: [
      ...axisMarks(plot, x, y, {
        x: (ticks) => (value) => value.toFixed(digits(ticks)),
        y: quantity.tick,
        xTitle: TITLES[time],
        yTitle: quantity.axis,
      }),
      ...lines,
      ...dots,
      ...labels,
    ],
  };
}

/** A child, larger if it set a new best; only those can be chosen by keyboard. */
const dot = (
  { child, task, kept }: CurvePoint,
  isBest: boolean,
  words: string,
  fill: Paint,
  place: { readonly x: number; readonly y: number },
): Mark => ({
  kind: "group",
  class: "node",
  ...(isBest && { role: "button" as const }),
  ...place,
  title: `Model ${child} for ${task}: ${words}`,
  data: { model: child },
  children: [
    { kind: "circle", class: "hit", x: 0, y: 0, r: 6, fill: "surface", opacity: 0 },
    {
      kind: "circle",
      class: "dot",
      x: 0,
      y: 0,
      r: isBest ? 4.2 : 2.4,
      fill,
      opacity: isBest ? 1 : kept ? 0.5 : 0.25,
    },
  ],
});

/** `heights` moved at least a line apart, in order from the top, each as little as possible. */
function spaced(heights: readonly number[]): number[] {
  const order = heights.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  const placed = [...heights];
  let least = Number.NEGATIVE_INFINITY;
  for (const { y, i } of order) {
    placed[i] = Math.max(y, least);
    least = placed[i]! + LABEL;
  }
  return placed;
}

function axisOf(values: readonly number[], from: number, to: number): Axis {
  const most = Math.max(...values) * 1.04 || 1;
  return { at: (value) => from + ((to - from) * value) / most, ticks: roundTicks(0, most, 6) };
}

/** Whether no earlier child of its task was as good. */
const setsBest = (point: ChildPoint, points: readonly ChildPoint[]): boolean =>
  point.kept &&
  point.accuracy === point.best &&
  !points.some(
    (other) => other.task === point.task && other.child < point.child && other.best === point.best,
  );

function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  const nth = Math.ceil(points.length / MOST_DOTS);
  let [before, best] = [0, new Map<string, number>()];
  return points.filter((point) => {
    const isNew = point.best !== null && point.best !== best.get(point.task);
    if (point.best !== null) best = best.set(point.task, point.best);
    before += 1;
    return isNew || before % nth === 0;
  });
}
