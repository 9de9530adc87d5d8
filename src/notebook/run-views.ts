// The views of a run: its results as a table, and its charts. The public entry attaches them to every run, so that the run
// loop imports nothing that draws.

import type { ColumnTable } from "arquero";
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
    charts: {
      configurable: true,
      get(this: Evolution & Run): Charts {
        return chartsOf(() => this);
      },
    },
  });
}
