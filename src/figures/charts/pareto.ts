// Quality against size within a run: every candidate, with each task's front as a line. muNet Fig. 3 shows the same across
// runs.

import { candidatePoints, paretoFront } from "../../analysis/pareto.js";
import { rescore } from "../../analysis/rescore.js";
import { experimentAt } from "../../core/experiment.js";
import type { Method } from "../../core/methods.js";
import type { State } from "../../core/state.js";
import { runChart } from "../kinds.js";
import { accuracyRange, chanceLayers, chanceLevels } from "../vega/accuracy.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { countAxis, seriesColor } from "../vega/parts.js";

export const pareto = runChart(
  {
    name: "pareto",
    title: "accuracy against accounted parameters of every candidate",
    paper: "",
  },
  ({ state, experiment }) => candidateRows(state, experimentAt(experiment, state).method),
  (rows, look, { state }) =>
    paretoSpec(
      rows,
      look,
      chanceLevels(
        state.tasks,
        rows.map(({ task }) => task),
      ),
    ),
);

/** A candidate with its accounted parameters (a count) and its accuracy in [0, 1]. */
interface CandidateRow {
  readonly task: string;
  readonly model: number;
  readonly params: number;
  readonly accuracy: number;
  readonly kept: boolean;
  /** Whether no candidate of its task is better in both respects. */
  readonly front: boolean;
}

/** Every candidate, task by task. */
function candidateRows(state: State, method: Method): CandidateRow[] {
  const points = candidatePoints(state, rescore(state, method));
  return state.tasks.flatMap(({ name: task }) => {
    const own = points.filter((point) => point.task === task);
    const front = new Set(paretoFront(own));
    return own.map((point) => ({
      task,
      model: point.model.id,
      params: point.params,
      accuracy: point.accuracy,
      kept: point.isKept,
      front: front.has(point),
    }));
  });
}

const WIDTH = 520;

/** The look's series are the tasks. */
function paretoSpec(rows: readonly CandidateRow[], look: ChartLook, levels: readonly number[]): ChartSpec {
  const { domain, chances } = accuracyRange(
    rows.map(({ accuracy }) => accuracy),
    levels,
  );
  const x = {
    field: "params",
    type: "quantitative",
    title: "accounted parameters",
    axis: { ...countAxis, tickCount: 6 },
  } as const;
  const y = {
    field: "accuracy",
    type: "quantitative",
    title: "validation accuracy",
    scale: { domain, nice: false },
    axis: { format: ".0%", tickCount: 6 },
  } as const;
  const color = seriesColor(look, "task", WIDTH);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Accuracy against accounted parameters of every candidate, each task's front joined",
    width: WIDTH,
    height: 320,
    config: chartConfig(look),
    data: { values: rows.map((row) => ({ ...row })) },
    layer: [
      ...chanceLayers(chances, y, look),
      {
        transform: [{ filter: "datum.front" }],
        // Between two models nothing was found, so the smaller model is the best for that many parameters.
        mark: { type: "line", strokeWidth: 1.5, interpolate: "step-after" },
        encoding: { x, y, color },
      },
      {
        mark: { type: "point", filled: true },
        encoding: {
          x,
          y,
          color,
          size: { condition: { test: "datum.kept", value: 140 }, value: 36 },
          opacity: { condition: { test: "datum.front || datum.kept", value: 1 }, value: 0.4 },
          tooltip: [
            { field: "model" },
            { field: "task" },
            { field: "accuracy", format: ".1%" },
            { field: "params", format: ",.0f" },
          ],
        },
      },
    ],
  };
}
