// Learning curves along lineages, one panel per task: "+" is the selected model, a ring its test. muNet Fig. 5.

import { type LearningPoint, learningPoints } from "../../analysis/sweep/curves.js";
import { tasksOf } from "../../analysis/sweep/exchange.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { chartLook } from "../scenes/palette.js";
import { labelsOf } from "../source.js";
import { mainPoints, variantLabels, variantNames } from "../variants.js";
import { accuracyRange } from "../vega/accuracy.js";
import { bounded } from "../vega/bounded.js";
import {
  type ChartLayer,
  type ChartLook,
  type ChartSpec,
  chartConfig,
  VEGA_LITE_SCHEMA,
} from "../vega/chart.js";
import { seriesColor } from "../vega/parts.js";

export const curves: FigureDefinition = {
  name: "curves",
  title: "validations along the lineage of each final model; + marks the selected one, a ring its test",
  paper: "muNet Fig. 5",
  of: "both",
  draw(source, options) {
    const points = mainPoints(source, options);
    const rows = learningPoints(points, variantNames(points));
    const labels = labelsOf(tasksOf(points));
    const classes = new Map(points.flatMap(({ tasks }) => tasks.map((each) => [each.task, each.classes])));
    const chances = [...classes].map(([task, count]) => ({ task, chance: 1 / count }));
    return chart(rows, (theme) => curvesSpec(rows, chartLook(variantLabels(points), theme), labels, chances));
  },
};

/** Most panels that stay readable. */
const MOST = 24;

/** The look's series are the methods. x: validations along the lineage; y: accuracy, per cent. */
function curvesSpec(
  points: readonly LearningPoint[],
  look: ChartLook,
  labels: Readonly<Record<string, string>>,
  chances: readonly { readonly task: string; readonly chance: number }[],
): ChartSpec {
  const [width, height] = [230, 150];
  const methods = look.tasks.filter((method) => points.some((point) => point.method === method));
  const { tasks, title } = bounded([...new Set(points.map(({ task }) => task))], MOST, look);
  const isShown = new Set(tasks);
  const perRow = tasks.length === 4 ? 2 : 3;
  const color = seriesColor(look, "method", width * Math.min(perRow, Math.max(1, tasks.length)), methods);
  const lines = {
    ...color,
    legend: { ...color.legend, symbolType: "stroke", symbolStrokeWidth: 3 },
  } as const;
  const label = (task: string) => labels[task] ?? task;
  const levels = new Map(chances.map(({ task, chance }) => [task, chance]));
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Validation accuracy along the lineage of each final model, with its selection and its test",
    ...title,
    config: chartConfig(look),
    data: {
      values: [
        ...points
          .filter(({ task }) => isShown.has(task))
          .map((point) => ({ ...point, task: label(point.task), percent: 100 * point.accuracy })),
        ...tasks.flatMap((task) =>
          rangeValues(points, task, levels).map((value) => ({ ...value, task: label(task) })),
        ),
      ],
    },
    facet: {
      field: "task",
      type: "nominal",
      sort: tasks.map(label),
      title: null,
      header: { labelFontWeight: "bold", labelLimit: width },
    },
    columns: perRow,
    // With a shared axis, a panel above an empty place would have to use the axis far below it.
    resolve: { scale: { y: "independent" }, axis: { x: "independent" } },
    spec: {
      width,
      height,
      encoding: { color: lines },
      layer: [...chanceLayers(look), RANGE_LAYER, ...lineLayers(), ...markLayers(look)],
    },
  };
}

const X = {
  field: "validation",
  type: "quantitative",
  title: "validations along the lineage",
  scale: { nice: false, zero: true },
  axis: { grid: false, tickMinStep: 1, tickCount: 5 },
} as const;

const Y = {
  field: "percent",
  type: "quantitative",
  title: "accuracy, %",
  scale: { zero: false, nice: false },
  axis: { tickCount: 5 },
} as const;

const only = (...kinds: readonly (LearningPoint["kind"] | "chance" | "range")[]) => [
  { filter: kinds.map((kind) => `datum.kind === '${kind}'`).join(" || ") },
];

/** Only the axis sees the ends of its range. */
const RANGE_LAYER: ChartLayer = {
  transform: only("range"),
  mark: { type: "point", opacity: 0 },
  encoding: { y: Y },
};

/** The chance level as a dashed rule, with its name. */
const chanceLayers = (look: ChartLook): ChartLayer[] => [
  {
    transform: only("chance"),
    mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.2 },
    encoding: { y: Y, color: { value: look.muted } },
  },
  {
    transform: only("chance"),
    mark: { type: "text", align: "left", dx: 4, dy: -6, fontSize: 10 },
    encoding: { y: Y, x: { value: 0 }, text: { value: "chance" }, color: { value: look.muted } },
  },
];

/** Each lineage's validations, and dashed from its selected one to its test. */
function lineLayers(): ChartLayer[] {
  const encoding = { x: X, y: Y, detail: [{ field: "repetition" }, { field: "method" }] };
  return [
    {
      transform: only("validation"),
      mark: { type: "line", strokeWidth: 1.4, opacity: 0.75 },
      encoding,
    },
    {
      transform: only("selected", "test"),
      mark: { type: "line", strokeWidth: 1, strokeDash: [2, 2] },
      encoding,
    },
  ];
}

const markLayers = (look: ChartLook): ChartLayer[] => [
  {
    transform: only("selected"),
    mark: {
      type: "point",
      shape: "M-1,0H1M0,-1V1",
      strokeWidth: 1.6,
      size: 90,
      filled: false,
      opacity: 1,
    },
    encoding: { x: X, y: Y },
  },
  {
    transform: only("test"),
    mark: {
      type: "point",
      shape: "circle",
      size: 40,
      strokeWidth: 1.8,
      filled: false,
      fill: look.surface,
      opacity: 1,
    },
    encoding: { x: X, y: Y },
  },
];

/** The ends of a panel's own axis, and its task's chance level if that is near. */
function rangeValues(points: readonly LearningPoint[], task: string, levels: ReadonlyMap<string, number>) {
  const own = points.filter((point) => point.task === task).map(({ accuracy }) => accuracy);
  const level = levels.get(task);
  const { domain, chances } = accuracyRange(own, level === undefined ? [] : [level]);
  const valuesOf = (kind: "range" | "chance", shares: readonly number[]) =>
    shares.map((share) => ({ kind, percent: 100 * share }));
  return [...valuesOf("range", domain), ...valuesOf("chance", chances)];
}
