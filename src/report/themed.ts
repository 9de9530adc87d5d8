// A chart that follows the reader's theme: the page holds it twice, and the style sheet shows the one that fits.

import { chartSvg } from "../figures/chart-svg.js";
import type { Theme } from "../figures/scenes/palette.js";
import type { ChartSpec } from "../figures/vega/chart.js";
import { type Html, html, svg } from "../format/html.js";

/** A chart for both themes. `id` prefixes the ids inside. */
export async function themedChart(id: string, make: (theme: Theme) => ChartSpec): Promise<Html> {
  const light = await chartSvg(make("light"), `${id}-light`);
  const dark = await chartSvg(make("dark"), `${id}-dark`);
  return html`<div class="chart only-light">${svg(light)}</div><div class="chart only-dark">${svg(dark)}</div>`;
}
