// What a programme will do, before it begins: its segments with the time that each is forecast to take.

import type { Programme } from "../core/programme.js";
import { formatCount, formatForecast, plural } from "../format/numbers.js";
import { COUNT, HOURS_DURATION, NUMBER } from "../format/quantities.js";
import { type TableView, view } from "../format/table.js";
import { forecastOf } from "../programme/forecast.js";

/** The segments of `programme` on `threads` threads. */
export function planView(programme: Programme, threads: number): TableView {
  const forecast = forecastOf(programme, threads);
  const total = forecast.reduce((sum, { seconds }) => sum + seconds, 0);
  const children = forecast.reduce((sum, segment) => sum + segment.children, 0);
  return view(
    forecast.map((row, i) => ({ ...row, number: i + 1 })),
    [
      { head: "segment", of: NUMBER, value: ({ number }) => number },
      { head: "title", value: ({ title }) => title },
      { head: "tasks", of: COUNT, value: ({ tasks }) => tasks.length },
      { head: "new", of: COUNT, value: ({ fresh }) => fresh.length },
      { head: "system", of: COUNT, value: ({ system }) => system },
      {
        head: "iterations",
        of: COUNT,
        value: ({ iterations }) => iterations,
        text: ({ iterations, replicas }) => `${iterations}${replicas ? ` × ${replicas.copies} copies` : ""}`,
      },
      {
        head: "generations",
        of: COUNT,
        value: ({ experiment }) => experiment.generations,
        text: ({ experiment }) => `${experiment.generations} × ${experiment.children}`,
      },
      {
        head: "children",
        of: COUNT,
        value: (row) => row.children,
        text: (row) => formatCount(row.children),
      },
      {
        head: "about",
        of: HOURS_DURATION,
        value: ({ seconds }) => seconds / 3600,
        text: ({ seconds }) => formatForecast(seconds),
      },
    ],
    `${plural(children, "child", "children")}, about ${formatForecast(total)} on this machine, by an estimate that knows only its number of threads.`,
  );
}
