// A run's charts as Vega-Lite specs, which a notebook can show as they are or change first. Each has the name of its figure.

import { drawingOf } from "./index.js";
import type { Theme } from "./scenes/palette.js";
import type { RunSource } from "./source.js";
import type { ChartSpec } from "./vega/chart.js";

/** Each call makes a new spec of the run's present state. */
export interface Charts {
  /** Every child's accuracy, the best so far, and the tests. */
  learning(theme?: Theme): ChartSpec;
  /** Validation accuracy along each survivor's lineage, selected and tested. muNet Fig. 5. */
  curves(theme?: Theme): ChartSpec;
  /** Share of gradient steps, tasks × tasks. µ2Net §5.1. */
  transfer(theme?: Theme): ChartSpec;
  /** The same, layer by layer. */
  layers(theme?: Theme): ChartSpec;
  /** Accuracy against accounted parameters of every candidate, each task's front joined. muNet Fig. 3. */
  pareto(theme?: Theme): ChartSpec;
  /** Ancestors of each task's model by task. muNet Fig. 6. */
  exchange(theme?: Theme): ChartSpec;
  /** Layers that two tasks' models have in common. */
  shared(theme?: Theme): ChartSpec;
  /** Hyperparameters along the lineage of each task's model. */
  schedule(theme?: Theme): ChartSpec;
  /** Hyperparameters of all children. muNet Fig. 8. */
  sampled(theme?: Theme): ChartSpec;
  /** The network after each activation: what a task activates, what it adds. µ2Net Fig. 2. */
  growth(theme?: Theme): ChartSpec;
  /** Which task may build on which, and which does. µ2Net §3.4. */
  access(theme?: Theme): ChartSpec;
  /** Validation minus test of the selected models, and how much of it selection bias can explain. */
  selectionBias(theme?: Theme): ChartSpec;
  /** @deprecated The name that `selectionBias` had in earlier versions. */
  luck(theme?: Theme): ChartSpec;
}

const NAMES = {
  learning: "learning",
  curves: "curves",
  transfer: "transfer",
  layers: "layers",
  pareto: "pareto",
  exchange: "exchange",
  shared: "shared",
  schedule: "schedule",
  sampled: "sampled",
  growth: "growth",
  access: "access",
  selectionBias: "selection-bias",
  luck: "luck",
} as const satisfies Readonly<Record<keyof Charts, string>>;

/** The charts of a run whose present state `now` returns. */
export const chartsOf = (now: () => RunSource): Charts =>
  Object.fromEntries(
    Object.entries(NAMES).map(([method, name]) => [
      method,
      (theme: Theme = "light"): ChartSpec => {
        const drawing = drawingOf(name, now());
        if (drawing.kind === "scene") throw new TypeError(`${name} is a picture`);
        return drawing.spec(theme);
      },
    ]),
  ) as Record<keyof Charts, (theme?: Theme) => ChartSpec>;
