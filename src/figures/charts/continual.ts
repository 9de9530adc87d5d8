// The accuracy matrix of continual learning: every task's test accuracy after each segment, or after each activation of a
// run that has one segment.

import { type Continual, continual } from "../../analysis/continual.js";
import { runChart } from "../kinds.js";
import { bounded } from "../vega/bounded.js";
import { type ChartLook, type ChartSpec, chartConfig, taskLabels, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { nameAxis } from "../vega/parts.js";

interface Cell {
  readonly task: string;
  readonly after: string;
  readonly number: number;
  readonly accuracy: number;
  /** Whether the segment or activation was (also) the task's own. */
  readonly isOwn: boolean;
}

export const continualChart = runChart(
  {
    name: "continual",
    title: "test accuracy of every task after each segment: what was learned, and that nothing is forgotten",
    paper: "µ2Net Tables 2 to 6; Lopez-Paz & Ranzato 2017",
  },
  (run) => cellsOf(continual(run)),
  continualSpec,
);

const cellsOf = ({ boundaries }: Continual): Cell[] =>
  boundaries.flatMap(({ number, title, activated, accuracies }) =>
    Object.entries(accuracies).flatMap(([task, accuracy]): Cell[] =>
      accuracy === null
        ? []
        : [{ task, after: `${number} ${title}`, number, accuracy, isOwn: activated.includes(task) }],
    ),
  );

/** Most tasks, and most segments or activations, that stay readable. */
const MOST = { tasks: 80, columns: 24 };

export function continualSpec(cells: readonly Cell[], look: ChartLook): ChartSpec {
  const { tasks, title } = bounded(look.tasks, MOST.tasks, look);
  const isShown = new Set(tasks);
  const columns = [...new Set(cells.map(({ after }) => after))].slice(-MOST.columns);
  const shown = cells.filter(({ task, after }) => isShown.has(task) && columns.includes(after));
  const rows = tasks.filter((task) => shown.some((cell) => cell.task === task));
  const isMany = rows.length > 24;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description:
      "Test accuracy of every task after each segment, in per cent; a dot where the task was trained",
    ...title,
    width: { step: 58 },
    height: { step: isMany ? 19 : 28 },
    config: chartConfig(look),
    data: { values: shown.map((cell) => ({ ...cell })) },
    transform: [
      { calculate: "(datum.isOwn ? '• ' : '') + format(100 * datum.accuracy, '.1f')", as: "label" },
    ],
    encoding: {
      x: {
        field: "after",
        type: "nominal",
        sort: columns,
        title: "test accuracy, %, after (• trained then)",
        axis: {
          ...nameAxis,
          orient: "top",
          labelAngle: -35,
          labelLimit: 300,
          labelPadding: 6,
          titleAnchor: "start",
        },
      },
      y: {
        field: "task",
        type: "nominal",
        sort: rows,
        title: null,
        axis: { ...nameAxis, labelExpr: taskLabels(look), labelLimit: 200 },
      },
    },
    layer: [
      {
        mark: { type: "rect", stroke: look.surface, strokeWidth: isMany ? 1 : 2, cornerRadius: 3 },
        encoding: {
          color: {
            field: "accuracy",
            type: "quantitative",
            scale: { domain: [0, 1], range: [look.panel, look.accent], interpolate: "lab" },
            legend: null,
          },
          tooltip: [
            { field: "task" },
            { field: "after" },
            { field: "accuracy", format: ".1%" },
            { field: "isOwn", title: "trained then" },
          ],
        },
      },
      {
        mark: { type: "text", fontSize: isMany ? 10.5 : 11.5 },
        encoding: {
          text: { field: "label" },
          color: {
            condition: { test: `datum.accuracy > ${look.dark ? 0.6 : 0.8}`, value: look.surface },
            value: look.ink,
          },
        },
      },
    ],
  };
}
