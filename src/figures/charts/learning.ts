// Accuracy over time: every child, the best so far, and the tests.

import { type ChildPoint, childPoints, type TestPoint, testPoints } from "../../analysis/learning.js";
import { runChart } from "../kinds.js";
import { accuracyRange, chanceLayers, chanceLevels } from "../vega/accuracy.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { seriesColor } from "../vega/parts.js";

export const learning = runChart(
  {
    name: "learning",
    title: "every child's accuracy, the best so far, and the tests",
    paper: "",
  },
  ({ state, events }) => childPoints(state, events),
  (rows, look, { state }) =>
    learningSpec(rows, testPoints(state), look, {
      chances: chanceLevels(
        state.tasks,
        rows.map(({ task }) => task),
      ),
    }),
);

export interface LearningChartOptions {
  /** The chart's own size, without axes and legend, in pixels. */
  readonly width?: number;
  readonly height?: number;
  /** The most children drawn as dots; if there are more, those that set a new best and every nth of the others. */
  readonly mostDots?: number;
  /** Chance levels of the tasks, as shares; those near the data are marked. */
  readonly chances?: readonly number[];
}

/**
 * Every child as a dot (pale where it was discarded), the best kept so far of each task as a step line, and today's
 * survivors' test accuracies as rings. x: children in order of planning; y: accuracy, per cent.
 */
export function learningSpec(
  points: readonly ChildPoint[],
  tests: readonly TestPoint[],
  look: ChartLook,
  { width = 760, height = 280, mostDots = 1500, chances: levels = [] }: LearningChartOptions = {},
): ChartSpec {
  const last = points.at(-1)?.child ?? 1;
  const { domain, chances } = accuracyRange(
    [
      ...points.flatMap(({ accuracy, best }) => [accuracy ?? Number.NaN, best ?? Number.NaN]),
      ...tests.map(({ accuracy }) => accuracy),
    ],
    levels,
  );
  const color = seriesColor(look, "task", width);
  const x = {
    field: "child",
    type: "quantitative",
    title: "children trained",
    scale: { domainMin: 0, domainMax: last, nice: false },
    axis: { grid: false, tickMinStep: 1 },
  } as const;
  const y = (name: string) =>
    ({
      field: name,
      type: "quantitative",
      title: "accuracy",
      scale: { domain, nice: false },
      axis: { format: ".0%", tickCount: 6 },
    }) as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Validation accuracy of every child, and the best kept so far of each task",
    width,
    height,
    config: chartConfig(look),
    layer: [
      ...chanceLayers(chances, y("accuracy"), look),
      {
        data: {
          values: thinned(points, mostDots).map(({ child, task, accuracy, kept }) => ({
            child,
            task,
            accuracy,
            kept,
          })),
        },
        mark: { type: "point", filled: true, size: 26 },
        encoding: {
          x,
          y: y("accuracy"),
          color,
          opacity: {
            field: "kept",
            type: "ordinal",
            sort: null,
            scale: { domain: [true, false], range: [0.85, 0.28] },
            legend: null,
          },
        },
      },
      {
        data: { values: bestLines(points, last) },
        mark: { type: "line", interpolate: "step-after", strokeWidth: 2.5, strokeJoin: "round" },
        encoding: { x, y: y("best"), color },
      },
      ...ringLayers(tests, { x, y: y("accuracy"), color }, look),
    ],
  };
}

/** The tests as rings; a layer without data would have no scale. */
const ringLayers = <Encoding>(tests: readonly TestPoint[], encoding: Encoding, look: ChartLook) =>
  tests.length === 0
    ? []
    : [
        {
          data: { values: tests.map((point) => ({ ...point })) },
          mark: {
            type: "point",
            filled: false,
            size: 110,
            strokeWidth: 2.5,
            fill: look.surface,
            opacity: 1,
          },
          encoding,
        } as const,
      ];

function thinned(points: readonly ChildPoint[], most: number): readonly ChildPoint[] {
  const every = Math.ceil(points.length / most);
  return points.filter((point, i) => i % every === 0 || (point.kept && point.accuracy === point.best));
}

/** Each change of a task's best, and its value at the end. */
function bestLines(points: readonly ChildPoint[], last: number) {
  const lines: { child: number; task: string; best: number }[] = [];
  const bests = new Map<string, number>();
  for (const { child, task, best } of points) {
    if (best === null || bests.get(task) === best) continue;
    bests.set(task, best);
    lines.push({ child, task, best });
  }
  for (const [task, best] of bests) lines.push({ child: last, task, best });
  return lines;
}
