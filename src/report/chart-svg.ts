// Vega-Lite specs as SVG, drawn here and now: no browser, no network.

import type { ChartSpec } from "../analysis/chart.js";

/** `spec` drawn as an SVG document. `id` is put before the ids inside, so that several can stand in one page. */
export async function chartSvg(spec: ChartSpec, id = "chart"): Promise<string> {
  // Loaded when a chart is asked for: together they are larger than the rest of mulab.
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none", logLevel: vega.Error });
  try {
    const svg = await view.toSVG();
    return svg.replace(/ id="/g, ` id="${id}-`).replace(/url\(#/g, `url(#${id}-`);
  } finally {
    view.finalize();
  }
}
