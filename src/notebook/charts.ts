// A Vega-Lite spec as the value of a cell: the spec itself, for front ends that draw it, and beside it what it looks like,
// for those that don't (GitHub, nbviewer, a reader of the file).

import { chartSvg } from "../figures/chart-svg.js";
import type { ChartSpec } from "../figures/charts/chart.js";
import { pngOf } from "../figures/png.js";
import { commLayer, type MimeBundle } from "./layer.js";

/** The version that JupyterLab 4 draws. */
const SHOWN_AS = "application/vnd.vegalite.v5+json";
const SHOWN_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";
/** Bytes of a picture that is still stored beside the spec. */
const MOST_BYTES = 150_000;
const DARK_GROUND = "#14171c";

/** From now on the kernel shows charts with their pictures. */
export function showCharts(): void {
  commLayer()?.addRenderer?.(renderChart);
}

/** 64-bit columns come as BigInt, of which JSON knows nothing. */
const bigAsNumber = (_key: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);

/** The bundle of a Vega-Lite spec whose data are its own; undefined for any other value. */
export function renderChart(value: object): Promise<MimeBundle> | undefined {
  const { $schema } = value as { $schema?: unknown };
  if (typeof $schema !== "string" || !/\/schema\/vega-lite\/v\d/.test($schema)) return undefined;
  if (/"url"\s*:/.test(JSON.stringify(value, bigAsNumber))) return undefined; // to be fetched by whoever draws it
  return bundleOf(value as ChartSpec);
}

async function bundleOf(spec: ChartSpec): Promise<MimeBundle> {
  const { title, description } = spec as { title?: unknown; description?: unknown };
  const name = [title, description].find((text) => typeof text === "string");
  return {
    [SHOWN_AS]: { ...spec, $schema: SHOWN_SCHEMA },
    "text/plain": name === undefined ? "Vega-Lite chart" : `Vega-Lite chart: ${name}`,
    ...(await pictures(spec)),
  };
}

/** None where the spec can't be drawn: the front end then says what is wrong with it. */
async function pictures(spec: ChartSpec): Promise<MimeBundle> {
  const svg = await chartSvg({ ...spec, background: spec.background ?? groundOf(spec) }).catch(
    () => undefined,
  );
  if (svg === undefined) return {};
  const png = await pngOf(svg, MOST_BYTES);
  return {
    ...(svg.length <= MOST_BYTES && { "image/svg+xml": svg }),
    ...(png !== undefined && { "image/png": png }),
  };
}

/** A page under the chart that its labels can be read on; the chart itself is transparent. */
function groundOf({ config }: ChartSpec): string {
  const ink = config?.axis?.labelColor;
  const isLight = typeof ink === "string" && /^#[89a-f].[89a-f].[89a-f].$/i.test(ink);
  return isLight ? DARK_GROUND : "#ffffff";
}
