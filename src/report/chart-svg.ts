// Vega-Lite specs as SVG, drawn here and now: no browser, no network.

import type { ChartSpec } from "../analysis/chart.js";

/** A chart has its data in its spec; whatever else it names is not looked for. */
const refuse = async (address: string): Promise<never> => {
  throw new Error(`A chart is drawn from its own data only, so ${address} is not read.`);
};

/** `spec` drawn as an SVG document. `id` is put before the ids inside, so that several can stand in one page. */
export async function chartSvg(spec: ChartSpec, id = "chart"): Promise<string> {
  // Loaded when a chart is asked for: together they are larger than the rest of mulab.
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new vega.View(vega.parse(compile(spec).spec), {
    renderer: "none",
    logLevel: vega.Error,
    loader: { ...vega.loader(), load: refuse, sanitize: refuse },
  });
  try {
    const svg = await view.toSVG();
    return svg.replace(/ id="/g, ` id="${id}-`).replace(/url\(#/g, `url(#${id}-`);
  } finally {
    view.finalize();
  }
}
