// The lines that show a sweep while it runs: a live block for a terminal, one line per point for a file.

import type { SweepPoint } from "../analysis/point.js";
import { type MethodRow, methodRows } from "../analysis/sweep/methods.js";
import { variantName } from "../core/variant.js";
import { curveName } from "../format/method-names.js";
import { formatDuration, formatParams, formatPercent } from "../format/numbers.js";
import { plainText } from "../format/plain.js";
import type { SweepProgress } from "../sweep/progress.js";
import { barLine, type Ink, joinFitting, noInk, whereLine } from "./lines.js";

/** Most lines of best points. */
const BEST_LINES = 4;

/** The live block; every line in `columns`. */
export function sweepLines(progress: SweepProgress, columns: number, ink: Ink = noInk): string[] {
  const { current, pointsDone, pointsTotal, failed, secondsDone, secondsLeft } = progress;
  const width = Math.max(20, columns);
  const head: [string, string][] = current
    ? [
        [ink.bold(current.name), current.name],
        ...plain(`repetition ${current.repetition + 1}`, `point ${pointsDone + failed + 1}/${pointsTotal}`),
      ]
    : plain(pointsDone + failed >= pointsTotal ? "done" : "between two points");
  const all = secondsDone + secondsLeft;
  const facts = [
    `${pointsDone}/${pointsTotal} points`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(secondsLeft > 0 ? [`about ${formatDuration(secondsLeft)} left`] : []),
  ];
  return [
    joinFitting(head, width),
    ...(current ? [whereLine(current.run, current.tasks, width, ink)] : []),
    barLine(all > 0 ? secondsDone / all : 1, facts, width, ink),
    ...bestLines(progress.points, width, ink),
  ];
}

const plain = (...texts: string[]): [string, string][] => texts.map((text) => [text, text]);

/** The best variant of each curve so far, by mean test accuracy. */
function bestLines(points: readonly SweepPoint[], width: number, ink: Ink): string[] {
  const best = bestOfCurves(points);
  return best.slice(0, BEST_LINES).map(({ variant, test, params }, i) => {
    const curve = plainText(curveName(variant));
    const value = plainText(formatPercent(test));
    const more = `${variantName(variant)}, ${plainText(formatParams(params))} per task`;
    return joinFitting(
      [
        [ink.task(i, curve), curve],
        [ink.bold(value), value],
        [more, more],
      ],
      width,
    );
  });
}

/** One row per curve, the best first. */
export function bestOfCurves(points: readonly SweepPoint[]): MethodRow[] {
  const rows = points.length === 0 ? [] : [...methodRows(points)].sort((a, b) => b.test - a.test);
  const curves = rows.map(({ variant }) => curveName(variant));
  return rows.filter((_, i) => curves.indexOf(curves[i]!) === i);
}

/** The log line for a point that has ended. */
export function pointLine(
  point: SweepPoint,
  { pointsDone, pointsTotal, secondsLeft }: SweepProgress,
): string {
  const [row] = methodRows([point]);
  const { variant, repetition, cost } = point;
  return plainText(
    [
      `${pointsDone}/${pointsTotal} ${variantName(variant)}, repetition ${repetition + 1}: test ${formatPercent(row!.test)}`,
      `${formatParams(row!.params)} parameters per task`,
      formatDuration(cost.wallSeconds),
      ...(secondsLeft > 0 ? [`about ${formatDuration(secondsLeft)} left`] : []),
    ].join("; "),
  );
}
