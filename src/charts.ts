// A run's charts as Vega-Lite specs: data that a notebook shows as it is, or changes first.

import { type ChartSpec, chartConfig, taskLabels, taskScale, VEGA_LITE_SCHEMA } from "./analysis/chart.js";
import { childPoints, learningCurves, testPoints } from "./analysis/learning.js";
import { curvesSpec, learningSpec } from "./analysis/learning-chart.js";
import { layerTransferCells, transferCells } from "./analysis/transfer.js";
import { layerTransferSpec, transferSpec } from "./analysis/transfer-chart.js";
import type { Event } from "./core/event.js";
import type { Experiment } from "./core/experiment.js";
import type { State } from "./core/state.js";
import { candidatePoints, paretoFront } from "./view/live/pareto.js";
import { rescore } from "./view/live/rescore.js";
import { chartLook, type Theme } from "./view/palette.js";

/** Each gives a new spec of what the run has come to by now. */
export interface Charts {
  /** Every child's accuracy, the best so far, and the tests. */
  learning(theme?: Theme): ChartSpec;
  /** Validation accuracy along each survivor's lineage. muNet Fig. 5. */
  curves(theme?: Theme): ChartSpec;
  /** Share of gradient steps, tasks × tasks. µ2Net §5.1. */
  transfer(theme?: Theme): ChartSpec;
  /** The same, layer by layer. */
  layers(theme?: Theme): ChartSpec;
  /** Accuracy against accounted parameters of every candidate, each task's front joined. muNet Fig. 3. */
  pareto(theme?: Theme): ChartSpec;
}

/** The charts of a run whose present is `now`. */
export function chartsOf(
  now: () => { state: State; events: readonly Event[]; experiment: Experiment },
): Charts {
  const look = (state: State, theme: Theme = "light") =>
    chartLook(
      state.tasks.map((task) => task.name),
      theme,
    );
  return {
    learning(theme) {
      const { state, events } = now();
      return learningSpec(childPoints(state, events), testPoints(state), look(state, theme));
    },
    curves(theme) {
      const { state } = now();
      return curvesSpec(learningCurves(state), look(state, theme));
    },
    transfer(theme) {
      const { state } = now();
      return transferSpec(transferCells(state), look(state, theme));
    },
    layers(theme) {
      const { state } = now();
      return layerTransferSpec(layerTransferCells(state), look(state, theme));
    },
    pareto(theme) {
      const { state, experiment } = now();
      const colors = look(state, theme);
      const points = candidatePoints(state, rescore(state, experiment.method));
      const values = colors.tasks.flatMap((task) => {
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
      const x = {
        field: "params",
        type: "quantitative",
        title: "accounted parameters",
        axis: { format: "~s" },
      } as const;
      const y = {
        field: "accuracy",
        type: "quantitative",
        title: "validation accuracy",
        scale: { zero: false },
        axis: { format: ".0%" },
      } as const;
      const color = {
        field: "task",
        type: "nominal",
        scale: taskScale(colors),
        legend: { title: null, orient: "top", labelExpr: taskLabels(colors) },
      } as const;
      return {
        $schema: VEGA_LITE_SCHEMA,
        description: "Accuracy against accounted parameters of every candidate, each task's front joined",
        width: 520,
        height: 320,
        config: chartConfig(colors),
        data: { values },
        layer: [
          {
            transform: [{ filter: "datum.front" }],
            mark: { type: "line", strokeWidth: 1.5 },
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
    },
  };
}
