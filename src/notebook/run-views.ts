// The views of a run: its results as a table, its charts, and what its models predict. The public entry attaches them to
// every run, so that the run loop imports nothing that draws.

import type { ColumnTable } from "arquero";
import type { TaskName } from "../core/model.js";
import type { ImageSource } from "../data/own/load-files.js";
import { type Prediction, type PredictOptions, predict } from "../export/predict.js";
import { type Charts, chartsOf } from "../figures/run-charts.js";
import { resultsView } from "../figures/tables/results.js";
import { shownTable } from "../figures/tables/shown.js";
import { Evolution, type Run } from "../run/evolution.js";

/** The views of a run. */
export interface RunViews {
  /** The results so far, one row per task, as an arquero table: `table("results", run)`. */
  accuracy(): ColumnTable;
  /** Vega-Lite specs of the results so far. */
  readonly charts: Charts;
  /** What the model that is retained for `task` says of images: files, folders, patterns, or bytes of image files. Throws as `predict`. */
  predict(
    task: TaskName,
    images: ImageSource | readonly ImageSource[],
    options?: PredictOptions,
  ): Promise<Prediction[]>;
}

declare module "../run/evolution.js" {
  interface Run extends RunViews {}
}

/** Gives every run of this process its views. */
export function attachRunViews(): void {
  Object.defineProperties(Evolution.prototype, {
    accuracy: {
      configurable: true,
      writable: true,
      value(this: Evolution): ColumnTable {
        return shownTable(resultsView(this.state));
      },
    },
    predict: {
      configurable: true,
      writable: true,
      value(
        this: Evolution,
        task: TaskName,
        images: ImageSource | readonly ImageSource[],
        options?: PredictOptions,
      ) {
        return predict(this.dir, task, images, options);
      },
    },
    charts: {
      configurable: true,
      get(this: Evolution & Run): Charts {
        return chartsOf(() => this);
      },
    },
  });
}
