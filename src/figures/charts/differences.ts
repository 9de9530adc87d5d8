// Every variant minus a reference, with its interval.

import { pairWords } from "../../analysis/paired.js";
import { sideOf } from "../../analysis/stats.js";
import { type DifferenceRow, differenceRows } from "../../analysis/sweep/differences.js";
import { variantName } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { chartLook } from "../scenes/palette.js";
import { chosenDifferences, named } from "../variants.js";
import {
  type ChartLook,
  type ChartPanel,
  type ChartSpec,
  chartConfig,
  VEGA_LITE_SCHEMA,
} from "../vega/chart.js";
import { withoutOutliers } from "../vega/outliers.js";
import { nameAxis } from "../vega/parts.js";

export const differences: FigureDefinition = {
  name: "differences",
  title: "every variant minus muNet, with intervals",
  paper: "",
  of: "sweep",
  draw(source, options) {
    const rows = chosenDifferences(source, options, differenceRows);
    const plain = rows.map(({ against, ...row }) => ({ ...named(row), against: variantName(against) }));
    return chart(
      rows.some(({ test }) => test.n > 0) ? plain : [],
      (theme) => differenceSpec(rows, chartLook([], theme)),
      "No other variant has a repetition in common with the reference.",
    );
  },
};

const ROW = 22;

/** Forest plot: every variant minus the reference in accuracy and in size; hollow where the interval includes 0. */
function differenceSpec(rows: readonly DifferenceRow[], look: ChartLook): ChartSpec {
  const paired = rows.filter(({ test }) => test.n > 0); // nothing to draw without a pair
  const all = paired.map(({ variant, test, params }) => ({
    method: variantLabel(variant),
    n: test.n,
    test: test.mean,
    testLow: test.low,
    testHigh: test.high,
    testShown: sideOf(test) !== "not shown",
    params: params.mean / 1e6,
    paramsLow: params.low === null ? null : params.low / 1e6,
    paramsHigh: params.high === null ? null : params.high / 1e6,
    paramsShown: sideOf(params) !== "not shown",
  }));
  const { near: values, far } = withoutOutliers(all);
  const against = rows[0] ? variantLabel(rows[0].against) : "muNet";
  const singles = values.filter(({ n }) => n === 1).length;
  const notes = [
    ...(singles === 0
      ? []
      : singles === values.length
        ? [pairWords(singles)]
        : ["Without a line: a single pair of runs, which has no interval."]),
    ...(far.length > 0
      ? [
          `Not shown: ${far.map(({ method, test }) => `${method}, ${test.toFixed(1).replace("-", "−")} points`).join("; ")}`,
        ]
      : []),
  ];
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: `Every variant minus ${against}: paired differences with 95 % intervals`,
    ...(notes.length > 0 && {
      title: {
        text: notes,
        fontWeight: "normal",
        color: look.muted,
        fontSize: 12,
      },
    }),
    config: chartConfig(look),
    data: { values },
    hconcat: [
      forest(
        "test",
        `test accuracy minus that of ${against}, points`,
        true,
        look,
        values.map(({ method }) => method),
      ),
      forest(
        "params",
        "parameters per task, M",
        false,
        look,
        values.map(({ method }) => method),
      ),
    ],
  };
}

function forest(
  field: string,
  title: string,
  isNamed: boolean,
  look: ChartLook,
  methods: readonly string[],
): ChartPanel {
  const y = {
    field: "method",
    type: "nominal",
    sort: [...methods],
    title: null,
    axis: isNamed ? { ...nameAxis, grid: true } : { ...nameAxis, grid: true, labels: false },
  } as const;
  const x = { field, type: "quantitative", title, scale: { zero: true, nice: true } } as const;
  return {
    width: 330,
    height: { step: ROW },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 1.5, color: look.muted },
        encoding: { x: { datum: 0 } },
      },
      {
        mark: { type: "rule", strokeWidth: 2, color: look.accent },
        encoding: { x: { ...x, field: `${field}Low` }, x2: { field: `${field}High` }, y },
      },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1, stroke: look.accent, strokeWidth: 1.8 },
        encoding: {
          x,
          y,
          fill: {
            condition: { test: `datum.${field}Shown`, value: look.accent },
            value: look.surface,
          },
          tooltip: [
            { field: "method" },
            { field, format: "+.2f" },
            { field: `${field}Low`, format: "+.2f" },
            { field: `${field}High`, format: "+.2f" },
            { field: "n", title: "pairs" },
          ],
        },
      },
    ],
  };
}
