// Shared by all charts: their look, and the type of a spec. A spec is plain Vega-Lite JSON with its data inside, so that
// anybody can change it, save it, or draw it anywhere.

import type { Config, TopLevelSpec } from "vega-lite";

/** A Vega-Lite specification with its data. */
export type ChartSpec = TopLevelSpec;

/** One of several charts beside each other in a spec. */
export type ChartPanel = Extract<ChartSpec, { hconcat: unknown }>["hconcat"][number];

/** The colours of charts; scenes/palette `chartLook` makes one for either theme. */
export interface ChartLook {
  readonly tasks: readonly string[];
  /** Short names of the tasks, for axes and legends. */
  readonly labels: readonly string[];
  readonly taskColors: readonly string[];
  readonly dark: boolean;
  readonly surface: string;
  readonly panel: string;
  readonly ink: string;
  readonly muted: string;
  readonly faint: string;
  readonly accent: string;
}

/** One of several marks over each other in a spec. */
export type ChartLayer = Extract<ChartSpec, { layer: unknown }>["layer"][number];

export const VEGA_LITE_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/** Fonts, lines and backgrounds for `look`. */
export const chartConfig = ({ ink, muted, faint }: ChartLook): Config => ({
  background: "transparent",
  font: FONT,
  view: { stroke: null },
  axis: {
    labelColor: muted,
    titleColor: muted,
    titleFontWeight: "normal",
    titleFontSize: 12,
    labelFontSize: 12,
    gridColor: faint,
    gridOpacity: 0.6,
    domainColor: faint,
    tickColor: faint,
  },
  legend: {
    labelColor: ink,
    titleColor: muted,
    labelFontSize: 12,
    titleFontSize: 12,
    symbolSize: 90,
    labelLimit: 260,
    columnPadding: 20,
  },
  header: { labelColor: ink, titleColor: muted, labelFontSize: 12 },
  title: { color: ink, fontSize: 13, anchor: "start" },
  text: { color: ink },
});

/** A picture of text, for charts with nothing to draw. */
export const wordsSpec = (words: string, look: ChartLook): ChartSpec => ({
  $schema: VEGA_LITE_SCHEMA,
  description: words,
  width: 420,
  height: 60,
  config: chartConfig(look),
  data: { values: [{ words }] },
  mark: { type: "text", fontSize: 13, align: "left" },
  encoding: { x: { value: 8 }, text: { field: "words" }, color: { value: look.muted } },
});

/** The colour scale of tasks, always over all tasks of the run, so that a task keeps its colour from chart to chart. */
export const taskScale = ({ tasks, taskColors }: ChartLook) => ({
  domain: [...tasks],
  range: [...taskColors],
});

/** A Vega expression that says the short name of the task in `datum.label`; names are string literals in it, never code. */
export const taskLabels = ({ tasks, labels }: ChartLook): string =>
  `(${literal(Object.fromEntries(tasks.map((task, i) => [task, labels[i]])))})[datum.label] || datum.label`;

/** JSON that is a Vega expression too, in whose strings two of Unicode's line ends must not occur. */
const literal = (value: unknown): string =>
  JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

/** How many entries of a task legend fit side by side in `width` pixels. */
export const legendColumns = ({ labels }: ChartLook, width: number): number =>
  Math.max(1, Math.floor(width / (Math.min(260, 7.2 * Math.max(1, ...labels.map((l) => l.length))) + 42)));
