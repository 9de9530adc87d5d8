// A sweep as one HTML file: its claims, its numbers beside the papers', and all its figures.

import type { SweepPoint } from "../analysis/point.js";
import { tasksOf } from "../analysis/sweep/exchange.js";
import { groupPoints } from "../analysis/sweep/groups.js";
import { drawingOf, figureOf } from "../figures/index.js";
import { toSvg } from "../figures/scenes/svg.js";
import { tableOf, tableView } from "../figures/tables/index.js";
import { type Html, html, svg } from "../format/html.js";
import { formatCount, formatDuration, plural } from "../format/numbers.js";
import { reportTable } from "../format/table-html.js";
import { figureCommand } from "./figure-command.js";
import { page } from "./page.js";
import { footer } from "./sections.js";
import { themedChart } from "./themed.js";

/** What the report is made from, such as a `Sweep`. */
export interface ReportSweep {
  /** Its folder or file, for the commands that make its figures again; none are shown where it is not given. */
  readonly dir?: string;
  readonly plan: {
    readonly title: string;
    readonly repetitions: number;
    readonly variants: readonly object[];
  };
  readonly points: readonly SweepPoint[];
  readonly failures: readonly { readonly name: string; readonly message: string }[];
}

/** The sections in order: heading, table and figures. */
const SECTIONS: readonly {
  readonly title: string;
  readonly tables: readonly string[];
  readonly figures: readonly string[];
}[] = [
  { title: "What it shows", tables: ["claims"], figures: ["quality-size", "ablation"] },
  { title: "Methods", tables: ["methods"], figures: ["differences", "compute"] },
  { title: "Tasks", tables: ["tasks"], figures: ["tasks", "curves", "spread"] },
  { title: "Selection bias", tables: [], figures: ["selection-bias"] },
  { title: "The network", tables: [], figures: ["architecture", "shared", "exchange", "flow"] },
  { title: "Hyperparameters", tables: [], figures: ["sampled", "final", "schedule"] },
];
/** Long tables are folded. */
const FOLDED = ["published", "differences", "task-differences", "selection-bias", "hyperparams"];

/** The report of a sweep, finished or not, as one HTML file. */
export async function sweepReport(sweep: ReportSweep): Promise<string> {
  const { plan, points, dir } = sweep;
  const sections: (Html | null)[] = [];
  if (points.length > 0) for (const section of SECTIONS) sections.push(await sectionOf(section, points, dir));
  const body = html`${header(sweep)}
<main>
${sections}
${points.length > 0 && numbersSection(points)}
</main>
${footer}`;
  return page(plan.title, body, tasksOf(points).length);
}

function header({ plan, points, failures }: ReportSweep): Html {
  const budgets = [...new Set(points.map(({ budget }) => budget))].join(", ");
  const roots = [...new Set(points.map(({ root }) => root))].join("; ");
  const sum = (of: (point: SweepPoint) => number) => points.reduce((all, point) => all + of(point), 0);
  const facts: [string, string][] = [
    ["variants", formatCount(groupPoints(points).length)],
    ["repetitions", formatCount(plan.repetitions)],
    ["runs", `${points.length} of ${plan.variants.length * plan.repetitions}`],
    ["children", formatCount(sum(({ cost }) => cost.children))],
    ["time", formatDuration(sum(({ cost }) => cost.wallSeconds))],
  ];
  return html`<header>
<p class="kicker">${budgets ? `Sweep, ${budgets} budget` : "Sweep"}</p>
<h1>${plan.title}</h1>
<p class="lead">${roots && `Root: ${roots}. `}${plural(tasksOf(points).length, "task")}: ${tasksOf(points).join(", ")}.</p>
${failures.length > 0 && html`<p>${plural(failures.length, "run")} failed: ${failures.map(({ name, message }) => `${name} (${message})`).join("; ")}</p>`}
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

async function sectionOf(
  { title, tables, figures }: (typeof SECTIONS)[number],
  points: readonly SweepPoint[],
  dir: string | undefined,
): Promise<Html> {
  const pictures: Html[] = [];
  for (const name of figures) pictures.push(await figureHtml(name, points, dir));
  return html`<section><h2>${title}</h2>
${tables.map((name) => reportTable(tableView(name, { points }), `table-${name}`))}
${pictures}</section>`;
}

async function figureHtml(
  name: string,
  points: readonly SweepPoint[],
  dir: string | undefined,
): Promise<Html> {
  const { title, paper } = figureOf(name);
  const drawing = drawingOf(name, { points });
  const picture =
    drawing.kind === "chart"
      ? await themedChart(name, drawing.spec)
      : svg(toSvg(drawing.scene, { colors: "css", id: name }));
  return html`<figure><div class="wide">${picture}</div><figcaption>${sentence(title)}${paper && ` (${paper})`}</figcaption>${figureCommand(name, dir, "sweep")}</figure>`;
}

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

const numbersSection = (points: readonly SweepPoint[]): Html =>
  html`<section><h2>Numbers</h2>
${FOLDED.map((name) => html`<details id="numbers-${name}"><summary>${sentence(tableOf(name).title)}</summary>${reportTable(tableView(name, { points }), `table-${name}`)}</details>`)}</section>`;
