// The figures of one network, of a run or of one variant of a grid: its architecture, what its tasks share and took from
// each other, and how its hyperparameters came about.

import type { SweepPoint } from "../analysis/point.js";
import { exchangeCells, flowEdges, sharedCells, tasksOf } from "../analysis/sweep/exchange.js";
import { scheduleSteps } from "../analysis/sweep/hyperparams.js";
import { scheduleSpec } from "./charts/hyperparam.js";
import { exchangeSpec, sharedSpec } from "./charts/matrix.js";
import { chart, type FigureDefinition } from "./drawing.js";
import { architectureOfPoint } from "./point-architecture.js";
import { architectureScene } from "./scenes/architecture.js";
import { flowScene } from "./scenes/flow.js";
import { type Theme, taskChartLook } from "./scenes/palette.js";
import { onePoint, oneVariant, pointsOf } from "./source.js";

const taskLook = (points: readonly SweepPoint[]) => (theme: Theme) => taskChartLook(tasksOf(points), theme);

export const NETWORK_FIGURES: readonly FigureDefinition[] = [
  {
    name: "architecture",
    title: "the multitask network, a line a task",
    paper: "muNet Fig. 2, 9; µ2Net Fig. 1, 3",
    of: "both",
    draw(source, options) {
      const point = onePoint(pointsOf(source), options);
      const rows = (point?.tasks ?? []).flatMap(({ task, layers }) =>
        layers.map((layer) => ({ task, ...layer })),
      );
      return {
        kind: "scene",
        rows,
        scene: architectureScene(architectureOfPoint(point ?? { tasks: [] }), { width: 640 }),
      };
    },
  },
  {
    name: "shared",
    title: "layers that the final models of two tasks have in common",
    paper: "muNet's analysis",
    of: "both",
    draw(source, options) {
      const points = oneVariant(pointsOf(source), options);
      const rows = sharedCells(points);
      return chart(rows, (theme) => sharedSpec(rows, taskLook(points)(theme)));
    },
  },
  {
    name: "exchange",
    title: "ancestors of each task's models by task, per cent of a row",
    paper: "muNet Fig. 6",
    of: "both",
    draw(source, options) {
      const points = oneVariant(pointsOf(source), options);
      const rows = exchangeCells(points);
      return chart(rows, (theme) => exchangeSpec(rows, taskLook(points)(theme)));
    },
  },
  {
    name: "flow",
    title: "the same as a graph, arrows from whom to whom",
    paper: "muNet Fig. 7",
    of: "both",
    draw(source, options) {
      const points = oneVariant(pointsOf(source), options);
      const rows = flowEdges(exchangeCells(points));
      return { kind: "scene", rows, scene: flowScene(rows, tasksOf(points)) };
    },
  },
  {
    name: "schedule",
    title: "hyperparameters along the lineage of each final model",
    paper: "muNet's analysis",
    of: "both",
    draw(source, options) {
      const point = onePoint(pointsOf(source), options);
      const rows = scheduleSteps(point ?? { tasks: [] });
      return chart(
        rows,
        (theme) => scheduleSpec(rows, taskLook(point ? [point] : [])(theme)),
        "No hyperparameter changed along the lineages.",
      );
    },
  },
];
