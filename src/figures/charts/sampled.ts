// How often each value of a hyperparameter was sampled under each configuration. muNet Fig. 8.

import { type HyperparamShare, sampledShares } from "../../analysis/sweep/hyperparams.js";
import type { Variant } from "../../core/variant.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { chartLook } from "../scenes/palette.js";
import { pointsOf } from "../source.js";
import { chosenPoints, variantNames } from "../variants.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { nameAxis } from "../vega/parts.js";
import { panels, VALUE_STEP, valueAxis } from "../vega/values.js";

const isPlainMunet = (variant: Variant): boolean =>
  variant.method === "munet" && variant.adapters && variant.tuning;

export const sampled: FigureDefinition = {
  name: "sampled",
  title: "sampled hyperparameters, by scale factor",
  paper: "muNet Fig. 8",
  of: "both",
  draw(source, options) {
    const points = chosenPoints(pointsOf(source), options, (all) => {
      const munets = variantNames(all, isPlainMunet);
      return munets.length > 0 ? munets : variantNames(all);
    });
    const rows = sampledShares(points);
    return chart(
      rows,
      (theme) => sampledSpec(rows, chartLook([], theme)),
      "No hyperparameter was sampled with more than one value.",
    );
  },
};

/** One panel per hyperparameter: one row per configuration, one column per value; darker means more often. */
function sampledSpec(rows: readonly HyperparamShare[], look: ChartLook): ChartSpec {
  const methods = [...new Set(rows.map(({ method }) => method))];
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "How often each value of a hyperparameter was sampled, by configuration",
    config: chartConfig(look),
    data: { values: rows.map((row) => ({ ...row })) },
    facet: panels(rows),
    columns: 3,
    resolve: { scale: { x: "independent" } },
    spec: {
      width: { step: VALUE_STEP + 4 },
      height: { step: VALUE_STEP },
      mark: { type: "rect", stroke: look.surface, strokeWidth: 1 },
      encoding: {
        x: { ...valueAxis, axis: { ...valueAxis.axis, orient: "bottom" } },
        y: { field: "method", type: "nominal", sort: methods, title: null, axis: nameAxis },
        color: {
          field: "share",
          type: "quantitative",
          title: "share of samples",
          scale: { domain: [0, 1], range: [look.panel, look.accent], interpolate: "lab" },
          legend: { format: ".0%", orient: "right", gradientLength: 120, titleFontWeight: "normal" },
        },
        tooltip: [
          { field: "method" },
          { field: "value" },
          { field: "share", format: ".1%" },
          { field: "count" },
        ],
      },
    },
  };
}
