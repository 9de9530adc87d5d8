// Hyperparameters of the final models. µ2Net Fig. 5.

import { finalShares, type HyperparamShare } from "../../analysis/sweep/hyperparams.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { chartLook } from "../scenes/palette.js";
import { pointsOf } from "../source.js";
import { chosenPoints, oneVariant, variantLabels } from "../variants.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { seriesColor } from "../vega/parts.js";
import { panels, VALUE_STEP, valueAxis } from "../vega/values.js";

export const final: FigureDefinition = {
  name: "final",
  title: "hyperparameters of the final models",
  paper: "µ2Net Fig. 5",
  of: "both",
  draw(source, options) {
    const points =
      options.variants === undefined
        ? oneVariant(source, options)
        : chosenPoints(pointsOf(source), options, () => []);
    const rows = finalShares(points);
    return chart(
      rows,
      (theme) => finalSpec(rows, chartLook(variantLabels(points), theme)),
      "All final models have the same hyperparameters.",
    );
  },
};

/** One panel per hyperparameter, one bar per value, as shares of the final models. */
function finalSpec(rows: readonly HyperparamShare[], look: ChartLook): ChartSpec {
  const methods = [...new Set(rows.map(({ method }) => method))];
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Values of the hyperparameters of the final models, as shares",
    config: chartConfig(look),
    data: { values: rows.map((row) => ({ ...row })) },
    facet: panels(rows),
    columns: 4,
    resolve: { scale: { x: "independent" } },
    spec: {
      width: { step: methods.length > 1 ? VALUE_STEP + 8 * methods.length : VALUE_STEP + 6 },
      height: 90,
      mark: { type: "bar", cornerRadiusEnd: 2 },
      encoding: {
        x: valueAxis,
        ...(methods.length > 1 && { xOffset: { field: "method", type: "nominal", sort: methods } as const }),
        y: {
          field: "share",
          type: "quantitative",
          title: "share of models",
          scale: { domain: [0, 1] },
          axis: { format: ".0%", tickCount: 3 },
        },
        color: methods.length > 1 ? seriesColor(look, "method", 600, methods) : { value: look.accent },
        tooltip: [{ field: "method" }, { field: "value" }, { field: "count" }],
      },
    },
  };
}
