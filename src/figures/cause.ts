// The result of a comparison with and without a donor task, as a table and a chart. Its source is neither a run nor a sweep,
// so these are not among the figures by name.

import type { CauseResult } from "../analysis/cause.js";
import { formatPercent, formatPoints } from "../format/numbers.js";
import { type Chart, chart } from "./drawing.js";
import { chartLook } from "./scenes/palette.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "./vega/chart.js";

export const CAUSE_TITLE = "test accuracy with a donor task and without it, in pairs of one seed";

/** One row per run. */
const rowsOf = ({ pairs, without }: CauseResult) =>
  pairs.flatMap(({ seed, ...arms }) =>
    (["with", "without"] as const).map((arm) => ({
      seed,
      arm: `${arm} ${without}`,
      test: arms[arm].test,
      validation: arms[arm].validation,
      share: arms[arm].share,
    })),
  );

/** Two columns of points, a line per seed between them; the title says the difference and its interval. */
export function causeChart(result: CauseResult): Chart {
  const rows = rowsOf(result);
  return chart(
    rows,
    (theme) => causeSpec(result, chartLook([result.task], theme)),
    "No pair of runs has ended yet.",
  );
}

function causeSpec(result: CauseResult, look: ChartLook): ChartSpec {
  const values = rowsOf(result).flatMap(({ test, ...row }) =>
    test === null
      ? []
      : [{ ...row, side: row.arm.startsWith("without ") ? "without it" : "with it", percent: 100 * test }],
  );
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: causeSentence(result),
    title: { text: causeHead(result), subtitle: causeShare(result), subtitleColor: look.muted },
    config: chartConfig(look),
    width: 360,
    height: 260,
    data: { values },
    encoding: {
      x: {
        field: "side",
        type: "nominal",
        title: result.without,
        sort: ["with it", "without it"],
        scale: { type: "point", padding: 0.6 },
        axis: { labelAngle: 0, grid: false },
      },
      y: {
        field: "percent",
        type: "quantitative",
        title: `test accuracy of ${result.task}, %`,
        scale: { zero: false, nice: true },
      },
      detail: { field: "seed" },
    },
    layer: [
      { mark: { type: "line", color: look.muted, opacity: 0.7, strokeWidth: 1.5 } },
      {
        mark: { type: "point", filled: true, size: 80, color: look.accent, opacity: 1 },
        encoding: {
          tooltip: [
            { field: "seed", title: "seed" },
            { field: "percent", title: "test accuracy, %", format: ".1f" },
          ],
        },
      },
      {
        mark: { type: "text", align: "left", dx: 8, fontSize: 11, color: look.muted },
        transform: [{ filter: { field: "side", equal: "without it" } }],
        encoding: { text: { field: "seed", type: "nominal" } },
      },
    ],
  };
}

/** "khmer caused +1.20 points (95 % −0.30 to +2.70)". */
export function causeHead({ without, caused }: CauseResult): string {
  if (caused.n === 0) return `what ${without} caused is not known yet`;
  const range =
    caused.low === null || caused.high === null
      ? "no interval from one pair"
      : `95 % ${formatPoints(caused.low)} to ${formatPoints(caused.high)}`;
  return `${without} caused ${formatPoints(caused.mean)} points (${range})`;
}

const causeShare = ({ without, share }: CauseResult): string =>
  share === null ? "" : `${without} has ${formatPercent(share)} of the steps with it`;

const VERDICTS = {
  above: "more than chance explains",
  below: "a loss, more than chance explains",
  "not shown": "within what chance explains",
} as const;

/** The result in two sentences. */
export function causeSentence(result: CauseResult): string {
  const { task, without, also, pairs, caused, verdict, share, shareInRun } = result;
  if (caused.n === 0) return `No pair of runs with and without ${without} has a model of ${task}.`;
  const whom = also.length === 0 ? without : `${without} (with ${also.join(", ")}, which grew from it)`;
  const left = pairs.length - caused.n;
  return [
    `${whom} caused ${formatPoints(caused.mean)} points of ${task}'s test accuracy over ${caused.n} ${caused.n === 1 ? "pair" : "pairs"}`,
    caused.low === null || caused.high === null
      ? "; one pair has no interval."
      : ` (95 % interval ${formatPoints(caused.low)} to ${formatPoints(caused.high)}): ${VERDICTS[verdict]}.`,
    left > 0 ? ` ${left} more had no model of ${task} on a side.` : "",
    share === null
      ? ""
      : ` The analysis credits ${without} with ${formatPercent(share)} of its model's steps`,
    share === null
      ? ""
      : shareInRun === null
        ? "."
        : ` there, and with ${formatPercent(shareInRun)} in the run.`,
  ].join("");
}

/** Head and rows of the table: one row per pair. */
export function causeTable({ without, pairs }: CauseResult): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  return {
    head: [
      "seed",
      `with ${without}`,
      `without ${without}`,
      "difference, points",
      `${without}'s share of steps`,
    ],
    rows: pairs.map(({ seed, with: one, without: other }) => [
      String(seed),
      formatPercent(one.test),
      formatPercent(other.test),
      one.test === null || other.test === null ? "–" : formatPoints(one.test - other.test),
      formatPercent(one.share),
    ]),
  };
}
