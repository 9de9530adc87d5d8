// Quality against size: one curve per family of methods, ± one deviation as a band. muNet Fig. 3.

import { type QualityPoint, qualityPoints } from "../../analysis/sweep/curves.js";
import type { Variant } from "../../core/variant.js";
import { CURVES, qualityCurve } from "../../format/method-names.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { chartLook } from "../scenes/palette.js";
import { pointsOf } from "../source.js";
import { chosenPoints, variantNames } from "../variants.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { withoutOutliers } from "../vega/outliers.js";
import { seriesMarks } from "../vega/parts.js";
import { ends, PLACED, placeLabels } from "../vega/places.js";

/** A quality/size figure of the variants that `usual` takes. */
export const drawQuality =
  (usual: (variant: Variant) => boolean): FigureDefinition["draw"] =>
  (source, options) => {
    const points = chosenPoints(pointsOf(source), options, (all) => variantNames(all, usual));
    const rows = qualityPoints(points);
    const curves = [...new Set([...CURVES, ...points.map(({ variant }) => qualityCurve(variant))])];
    return chart(rows, (theme) => qualitySpec(rows, chartLook(curves, theme)));
  };

export const qualitySize: FigureDefinition = {
  name: "quality-size",
  title: "mean test accuracy against parameters per task, ± std, one curve per family of methods",
  paper: "muNet Fig. 3",
  of: "sweep",
  // muNet with and without auto-tuning, and the baselines.
  draw: drawQuality((variant) => variant.method !== "munet" || variant.adapters),
};

/** The least range of accuracy, in points, that the plot spans. */
const LEAST = 10;

/**
 * Curves of `points`; the look's series are the curves. x: millions of accounted parameters per task; y: mean test accuracy,
 * per cent. A method so far below the others that they would shrink to one line is named under the title instead. */
function qualitySpec(points: readonly QualityPoint[], look: ChartLook): ChartSpec {
  const [width, height] = [640, 400];
  const { near, far } = withoutOutliers(points);
  const plane = {
    x: ends(near.map(({ params }) => params)),
    y: ends(
      near.flatMap(({ testLow, testHigh }) => [testLow, testHigh]),
      LEAST,
    ),
    width,
    height,
  };
  const places = placeLabels(
    near.map(({ params, test, label }) => ({ x: params, y: test, label })),
    plane,
    look.tasks.map((curve) =>
      near.filter((point) => point.curve === curve).map(({ params, test }) => ({ x: params, y: test })),
    ),
  );
  const values = near.map((point, i) => ({ ...point, place: places[i] }));
  const curves = look.tasks.filter((curve) => near.some((point) => point.curve === curve));
  const { color, shape } = seriesMarks(look, "curve", width, curves);
  const x = {
    field: "params",
    type: "quantitative",
    title: "millions of parameters per task",
    scale: { domain: plane.x, nice: false, zero: false },
    axis: { format: "~g" },
  } as const;
  const y = (field: string) =>
    ({
      field,
      type: "quantitative",
      title: "mean test accuracy, %",
      scale: { domain: plane.y, nice: false, zero: false },
      axis: { format: "~g" },
    }) as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Mean test accuracy against accounted parameters per task, one curve per family of methods",
    ...(far.length > 0 && {
      title: { text: outside(far), fontWeight: "normal", color: look.muted, fontSize: 12 },
    }),
    width,
    height,
    config: chartConfig(look),
    data: { values },
    layer: [
      {
        mark: { type: "area", opacity: 0.16, line: false },
        encoding: { x, y: y("testLow"), y2: { field: "testHigh" }, color },
      },
      {
        mark: { type: "rule", strokeWidth: 1.2, opacity: 0.55 },
        encoding: { x, y: y("testLow"), y2: { field: "testHigh" }, color },
      },
      { mark: { type: "line", strokeWidth: 2 }, encoding: { x, y: y("test"), color } },
      {
        mark: { type: "point", filled: true, size: 64, opacity: 1 },
        encoding: {
          x,
          y: y("test"),
          color,
          shape,
          tooltip: [
            { field: "method" },
            { field: "test", format: ".2f", title: "test, %" },
            { field: "params", format: ".3f", title: "M per task" },
            { field: "runs", title: "repetitions" },
          ],
        },
      },
      ...Object.entries(PLACED).map(([place, how]) => ({
        transform: [{ filter: `datum.place === '${place}'` }],
        mark: { type: "text" as const, fontSize: 10.5, ...how },
        encoding: { x, y: y("test"), text: { field: "label" }, color: { value: look.muted } },
      })),
    ],
  };
}

const outside = (far: readonly QualityPoint[]): string =>
  `Below: ${far.map(({ method, test, params }) => `${method}, ${test.toFixed(1)}\u202f% at ${params.toFixed(2)} M`).join("; ")}`;
