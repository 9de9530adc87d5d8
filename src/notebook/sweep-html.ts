// A sweep at one moment as simple HTML that every front end shows: no scripts, no style sheet, theme colours only.

import { variantName } from "../core/variant.js";
import { html } from "../format/html.js";
import { curveName } from "../format/method-names.js";
import { formatDuration, formatParams, formatPercent } from "../format/numbers.js";
import type { SweepProgress } from "../sweep/progress.js";
import type { SweepFailure } from "../sweep/stored.js";
import { bestOfCurves } from "../terminal/sweep-lines.js";

/** Title, progress, and the best point of every curve. */
export function sweepHtml(
  title: string,
  status: string,
  progress: SweepProgress,
  failures: readonly SweepFailure[],
): string {
  const rows = bestOfCurves(progress.points).map(
    ({ variant, test, params, runs }) =>
      html`<tr>${[
        curveName(variant),
        variantName(variant),
        formatPercent(test),
        formatParams(params),
        runs,
      ].map((cell) => html`<td>${cell}</td>`)}</tr>`,
  );
  const head = HEAD.map((name) => html`<th>${name}</th>`);
  const table = html`<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  return html`<p><b>${title}</b>: ${status}; ${where(progress)}</p>${rows.length > 0 && table}${failures.map(
    ({ name, message }) => html`<p>${name} failed: ${message}</p>`,
  )}`.text;
}

const HEAD = ["curve", "best so far", "test accuracy", "parameters per task", "runs"] as const;

function where({ current, pointsDone, pointsTotal, secondsLeft }: SweepProgress): string {
  const run = current?.run;
  return [
    `${pointsDone} of ${pointsTotal} points`,
    ...(current ? [`now ${current.name}, repetition ${current.repetition + 1}`] : []),
    ...(run?.task ? [`${run.task}, ${run.childrenDone} of ${run.childrenTotal} children`] : []),
    ...(secondsLeft > 0 ? [`about ${formatDuration(secondsLeft)} left`] : []),
  ].join("; ");
}
