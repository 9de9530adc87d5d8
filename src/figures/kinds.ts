// Builders for figures and tables of the same kind: each needs only its name, its rows and its spec.

import type { SweepPoint } from "../analysis/point.js";
import { tasksOf } from "../analysis/sweep/exchange.js";
import type { Variant } from "../core/variant.js";
import type { TableView } from "../format/table.js";
import { chart, type FigureDefinition, type TableDefinition } from "./drawing.js";
import { chartLook, taskChartLook } from "./scenes/palette.js";
import { labelsOf, pointsOf, type RunSource, runOf } from "./source.js";
import { chosenPoints, mainPoints, named, oneVariant, variantLabels } from "./variants.js";
import type { ChartLook, ChartSpec } from "./vega/chart.js";

type Facts<D extends FigureDefinition | TableDefinition> = Pick<D, "name" | "formerly" | "title" | "paper">;
type Spec<Row> = (rows: readonly Row[], look: ChartLook) => ChartSpec;

/** A chart that needs a run. The look's series are its tasks. */
export const runChart = <Row extends object>(
  facts: Facts<FigureDefinition>,
  rowsOf: (run: RunSource) => readonly Row[],
  spec: (rows: readonly Row[], look: ChartLook, run: RunSource) => ChartSpec,
): FigureDefinition => ({
  ...facts,
  of: "run",
  draw(source) {
    const run = runOf(source, facts.name);
    const rows = rowsOf(run);
    const tasks = run.state.tasks.map(({ name }) => name);
    return chart(rows, (theme) => spec(rows, taskChartLook(tasks, theme), run));
  },
});

/** A chart of one variant of a sweep, or of a run. The look's series are its tasks. */
export const variantChart = <Row extends object>(
  facts: Facts<FigureDefinition> & Pick<FigureDefinition, "of">,
  rowsOf: (points: readonly SweepPoint[]) => readonly Row[],
  spec: Spec<Row>,
  why?: string,
): FigureDefinition => ({
  ...facts,
  draw(source, options) {
    const points = oneVariant(source, options);
    const rows = rowsOf(points);
    return chart(rows, (theme) => spec(rows, taskChartLook(tasksOf(points), theme)), why);
  },
});

/** A chart of every task by method, for a few methods. The look's series are the methods. */
export const methodChart = <Row extends { readonly variant: Variant }>(
  facts: Facts<FigureDefinition>,
  rowsOf: (points: readonly SweepPoint[]) => readonly Row[],
  spec: (rows: readonly Row[], look: ChartLook, taskLabels: Readonly<Record<string, string>>) => ChartSpec,
): FigureDefinition => ({
  ...facts,
  of: "both",
  draw(source, options) {
    const points = mainPoints(source, options);
    const rows = rowsOf(points);
    return chart(rows.map(named), (theme) =>
      spec(rows, chartLook(variantLabels(points), theme), labelsOf(tasksOf(points))),
    );
  },
});

/** A table of the points of a sweep, of all variants unless the options name some. */
export const pointsTable = (
  facts: Facts<TableDefinition> & Pick<TableDefinition, "of">,
  make: (points: readonly SweepPoint[]) => TableView,
): TableDefinition => ({
  ...facts,
  make: (source, options) => make(chosenPoints(pointsOf(source), options)),
});
