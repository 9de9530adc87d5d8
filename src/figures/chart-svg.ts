// Vega-Lite specs as SVG, drawn in this process without a browser or a network.

import { xmlText } from "../format/xml.js";
import type { ChartSpec } from "./vega/chart.js";

/** A chart has its data in its spec; nothing else that it names is loaded. */
const refuse = async (address: string): Promise<never> => {
  throw new Error(`Charts are drawn only from the data inside them, so ${address} is not read.`);
};

/** `spec` drawn as an SVG document. `id` prefixes the ids inside, so that one page can hold several charts. */
export async function chartSvg(spec: ChartSpec, id = "chart"): Promise<string> {
  // Loaded with the first chart: together they are larger than the rest of mulab.
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

/** Vega-Lite turns a task's name into an expression, which must not contain two of Unicode's line ends; older runs may have such names. */
function parsable(spec: ChartSpec): ChartSpec {
  const text = JSON.stringify(spec);
  return /[\u2028\u2029]/.test(text) ? JSON.parse(text.replace(/[\u2028\u2029]/g, " ")) : spec;
}

/** Numbers the ids from 0: Vega keeps counting from chart to chart, so the same chart would differ the next time. */
function renamed(svg: string, id: string): string {
  const ids = [...new Set([...svg.matchAll(/ id="((?:clip|gradient_)\d+)"/g)].map(([, name]) => name!))];
  const numbered = (name: string) => `${id}-${ids.indexOf(name)}`;
  return svg
    .replace(/ id="((?:clip|gradient_)\d+)"/g, (_, name) => ` id="${numbered(name)}"`)
    .replace(/url\(#((?:clip|gradient_)\d+)\)/g, (_, name) => `url(#${numbered(name)})`);
}
