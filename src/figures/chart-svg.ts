// Vega-Lite specs as SVG, drawn here and now: no browser, no network.

import { xmlText } from "../format/xml.js";
import type { ChartSpec } from "./vega/chart.js";

/** A chart has its data in its spec; whatever else it names is not looked for. */
const refuse = async (address: string): Promise<never> => {
  throw new Error(`A chart is drawn from its own data only, so ${address} is not read.`);
};

/** `spec` drawn as an SVG document. `id` is put before the ids inside, so that several can stand in one page. */
export async function chartSvg(spec: ChartSpec, id = "chart"): Promise<string> {
  // Loaded when a chart is asked for: together they are larger than the rest of mulab.
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new vega.View(vega.parse(compile(parsable(spec)).spec), {
    renderer: "none",
    logLevel: vega.Error,
    loader: { ...vega.loader(), load: refuse, sanitize: refuse },
  });
  try {
    return renamed(xmlText(await view.toSVG()), id);
  } finally {
    view.finalize();
  }
}

/** Vega-Lite makes expressions of a task's name, in which two of Unicode's line ends may not stand; older runs may have such names. */
function parsable(spec: ChartSpec): ChartSpec {
  const text = JSON.stringify(spec);
  return /[\u2028\u2029]/.test(text) ? JSON.parse(text.replace(/[\u2028\u2029]/g, " ")) : spec;
}

/** Ids numbered from 0: Vega counts on from chart to chart, so the same chart would be another one the next time. */
function renamed(svg: string, id: string): string {
  const ids = [...new Set([...svg.matchAll(/ id="((?:clip|gradient_)\d+)"/g)].map(([, name]) => name!))];
  const numbered = (name: string) => `${id}-${ids.indexOf(name)}`;
  return svg
    .replace(/ id="((?:clip|gradient_)\d+)"/g, (_, name) => ` id="${numbered(name)}"`)
    .replace(/url\(#((?:clip|gradient_)\d+)\)/g, (_, name) => `url(#${numbered(name)})`);
}
