// Quality against size as pictures: the candidates of one run, and its network under many scale factors.

import type { FrontPoint, TaskFront } from "../../analysis/front/task-fronts.js";
import { type CandidatePoint, type Place, paretoFront } from "../../analysis/pareto.js";
import type { Rescored } from "../../analysis/rescore.js";
import { elide, shortNames } from "../../format/names.js";
import { formatParams, formatPercent, plural } from "../../format/numbers.js";
import { type Paint, taskPaint } from "./palette.js";
import { area, axes, chanceMarks, nearChance, type ParetoSize, texts } from "./pareto-axes.js";
import { type Axis, axisMarks } from "./plot.js";
import { alongLine, linePath, type Point, placeLabels } from "./point-labels.js";
import { type Mark, px, type Scene } from "./scene.js";

/** A step line, level to the next point and then up: the best accuracy for that many parameters. */
const staircase = (points: readonly Point[], right: number): Point[] => {
  const last = points.at(-1);
  const corners = points.flatMap((to, i) => (i === 0 ? [to] : [{ x: to.x, y: points[i - 1]!.y }, to]));
  return last ? [...corners, { x: right, y: last.y }] : [];
};

/** What a picture of candidates needs to know about each task. */
export interface PlottedTask {
  readonly name: string;
  readonly classes: number;
}

export interface CandidateOptions extends ParetoSize {
  /** What the axes span beside the points: those of the whole run, for a film. */
  readonly frame?: readonly Place[];
  /** The task whose choices are marked, each with its interval. */
  readonly chosen?: Pick<TaskFront, "task" | "points"> | undefined;
}

/** Every candidate of a run; each task's front is a line, kept models are large points, and chance is marked if it is near. */
export function candidateScene(
  points: readonly CandidatePoint[],
  all: readonly PlottedTask[],
  { width = 470, height = 330, frame = [], chosen }: CandidateOptions = {},
): Scene {
  const plot = area(width, height);
  const tasks = all.map(({ name }) => name);
  const spanned = [...points, ...frame];
  const chances = nearChance(
    spanned,
    all.filter(({ name }) => points.some(({ task }) => task === name)).map(({ classes }) => 1 / classes),
  );
  const intervals = chosen?.points.flatMap(({ low, high }) => [low, high]) ?? [];
  const { x, y } = axes(spanned, plot, [...chances, ...intervals]);
  const names = shortNames(tasks);
  const right = plot.left + plot.width;
  const stairs = tasks.flatMap((task) => {
    const front = paretoFront(points.filter((point) => point.task === task));
    const places = front.map((point) => ({ x: x.at(point.params), y: y.at(point.accuracy) }));
    return front.length === 0 ? [] : [{ task, line: staircase(places, right) }];
  });
  const fronts = stairs.map(
    ({ task, line }): Mark => ({
      kind: "path",
      class: "front",
      d: linePath(line),
      fill: "none",
      stroke: taskPaint(tasks, task),
      strokeWidth: 1.6,
      opacity: chosen && chosen.task !== task ? 0.35 : 0.75,
    }),
  );
  const order = [...points].sort((a, b) => Number(a.isKept) - Number(b.isKept));
  const labels = placeLabels(
    [
      ...order
        .filter(({ isKept }) => isKept)
        .map((point) => ({
          x: x.at(point.params),
          y: y.at(point.accuracy),
          r: 9,
          text: elide(names[tasks.indexOf(point.task)] ?? point.task, 20),
          size: 11.5,
          weight: "bold" as const,
          fill: "ink" as const,
          paint: taskPaint(tasks, point.task),
        })),
      ...(chosen?.points ?? []).flatMap(({ params, accuracy, why }) => {
        const text = why.flatMap((each) => (each === "kept" ? [] : [WHY_LABELS[each]])).join(", ");
        if (text === "") return [];
        return [{ x: x.at(params), y: y.at(accuracy), r: 9, text, size: 10.5, fill: "ink" as const }];
      }),
    ],
    plot,
    stairs.flatMap(({ line }) => alongLine(line)),
  );
  return {
    width,
    height,
    title: "Candidates by size and accuracy",
    description: `${plural(points.length, "candidate")}; large points are kept, lines are each task's Pareto front.`,
    children: [
      ...axisMarks(plot, x, y, texts(false, "")),
      ...chanceMarks(plot, y, chances),
      ...fronts,
      ...(chosen?.points ?? []).map((point) => intervalMark(point, x, y, taskPaint(tasks, chosen!.task))),
      ...order.map((point) => candidateMark(point, x, y, taskPaint(tasks, point.task))),
      ...labels,
    ],
  };
}

/** The choices in the picture, short. */
const WHY_LABELS = { best: "best", frugal: "within 1 SE", knee: "knee" } as const;

/** From what selection may leave of an accuracy to what was measured, as a bar with ends. */
function intervalMark({ params, low, high }: FrontPoint, x: Axis, y: Axis, paint: Paint): Mark {
  const at = x.at(params);
  const [bottom, top] = [y.at(low), y.at(high)];
  const end = (level: number) => `M${px(at - 4)} ${px(level)}H${px(at + 4)}`;
  return {
    kind: "path",
    class: "interval",
    d: `M${px(at)} ${px(bottom)}V${px(top)}${end(bottom)}${end(top)}`,
    fill: "none",
    stroke: paint,
    strokeWidth: 1.3,
  };
}

function candidateMark(point: CandidatePoint, x: Axis, y: Axis, paint: Paint): Mark {
  return {
    kind: "group",
    class: point.isKept ? "node kept" : "node",
    ...(point.isKept && { role: "button" as const }),
    x: x.at(point.params),
    y: y.at(point.accuracy),
    title: `Model ${point.model.id} for ${point.task}${point.isKept ? ", kept" : ""}: ${formatPercent(point.accuracy)} with ${formatParams(point.params)} accounted parameters`,
    data: { model: point.model.id },
    children: point.isKept
      ? [
          { kind: "circle", x: 0, y: 0, r: 9, fill: "surface" },
          { kind: "circle", class: "dot", x: 0, y: 0, r: 7, fill: paint },
          { kind: "circle", x: 0, y: 0, r: 2.4, fill: "surface" },
        ]
      : [
          { kind: "circle", class: "hit", x: 0, y: 0, r: 7, fill: "surface", opacity: 0 },
          { kind: "circle", class: "dot", x: 0, y: 0, r: 3.2, fill: paint, opacity: 0.5 },
        ],
  };
}

/** The whole network under a range of scale factors; `now` is the chosen one. */
export function sweepScene(
  all: readonly Rescored[],
  now: Rescored,
  { width = 470, height = 330, frame = [] }: Pick<CandidateOptions, "width" | "height" | "frame"> = {},
): Scene {
  const plot = area(width, height);
  const placed = [...all, now]
    .filter(({ kept }) => kept.length > 0)
    .map((rescored) => ({ rescored, ...placeOf(rescored) }));
  const { x, y } = axes([...placed, ...frame], plot);
  const front = new Set(paretoFront(placed.slice(0, -1)));
  const line = staircase(
    [...front].map(({ params, accuracy }) => ({ x: x.at(params), y: y.at(accuracy) })),
    plot.left + plot.width,
  );
  const groups = new Map<string, typeof placed>();
  for (const point of placed.slice(0, -1)) {
    const key = `${point.params}/${point.accuracy}`;
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const points = [...groups.values()].map((same): Mark => {
    const { params, accuracy } = same[0]!;
    const scales = same.map(({ rescored }) => rescored.scaleFactor);
    const isFront = same.some((point) => front.has(point));
    const text = scales.length > 1 ? `${scales[0]}–${scales.at(-1)}` : String(scales[0]);
    return {
      kind: "group",
      class: isFront ? "front" : "beaten",
      x: x.at(params),
      y: y.at(accuracy),
      title: `Scale factor ${text}: mean accuracy ${formatPercent(accuracy)}, ${formatParams(params)} accounted parameters per task${isFront ? "; on the front" : ""}`,
      children: [
        {
          kind: "circle",
          x: 0,
          y: 0,
          r: 5,
          fill: isFront ? "ink" : "surface",
          stroke: isFront ? "ink" : "muted",
          strokeWidth: 1.5,
        },
      ],
    };
  });
  const isNow = now.kept.length > 0;
  const [nowX, nowY] = [x.at(now.meanAccounted), y.at(now.meanAccuracy)];
  const ringBox = isNow ? [{ x0: nowX - 12, x1: nowX + 12, y0: nowY - 12, y1: nowY + 12 }] : [];
  const labels = placeLabels(
    [...groups.values()].map((same) => {
      const scales = same.map(({ rescored }) => rescored.scaleFactor);
      const text = scales.length > 1 ? `${scales[0]}–${scales.at(-1)}` : String(scales[0]);
      return { x: x.at(same[0]!.params), y: y.at(same[0]!.accuracy), r: 7, text, size: 11, fill: "muted" };
    }),
    plot,
    [...alongLine(line), ...ringBox],
  );
  const chosen: Mark[] = isNow
    ? [
        {
          kind: "circle",
          class: "now",
          x: nowX,
          y: nowY,
          r: 10,
          fill: "none",
          stroke: "chosen",
          strokeWidth: 2.6,
        },
      ]
    : [];
  return {
    width,
    height,
    title: "The whole network under other scale factors",
    description: `Scale factor ${now.scaleFactor}: mean accuracy ${formatPercent(now.meanAccuracy)} with ${formatParams(now.meanAccounted)} accounted parameters per task.`,
    children: [
      ...axisMarks(plot, x, y, {
        ...texts(false, " per task"),
        yTitle: "mean validation accuracy, by scale factor",
      }),
      { kind: "path", d: linePath(line), fill: "none", stroke: "muted", strokeWidth: 1.5, opacity: 0.7 },
      ...points,
      ...chosen,
      ...labels,
    ],
  };
}

/** Where a network is in the picture. */
export const placeOf = ({ meanAccounted, meanAccuracy }: Rescored): Place => ({
  params: meanAccounted,
  accuracy: meanAccuracy,
});
