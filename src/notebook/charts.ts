// A Vega-Lite spec as the value of a cell: the spec itself, for front ends that draw it, and a picture of it for those that
// don't (GitHub, nbviewer).

import { chartSvg } from "../figures/chart-svg.js";
import { pngOf } from "../figures/png.js";
import { ROLES } from "../figures/scenes/palette.js";
import type { ChartSpec } from "../figures/vega/chart.js";
import { CHART_MIME, VEGA_LITE_MIME } from "../wire/schema.js";
import { commLayer, type MimeBundle } from "./layer.js";

const SHOWN_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";
/** Largest picture, in bytes, that is stored beside the spec. */
const MOST_BYTES = 150_000;

/** Makes the kernel show charts with their pictures. */
export function showCharts(): void {
  commLayer()?.addRenderer?.(renderChart);
}

/** 64-bit columns arrive as BigInt, which JSON lacks. */
const bigAsNumber = (_key: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);

/** The bundle of a Vega-Lite spec with inline data; undefined for any other value. */
export function renderChart(value: object): Promise<MimeBundle> | undefined {
  const { $schema } = value as { $schema?: unknown };
  if (typeof $schema !== "string" || !/\/schema\/vega-lite\/v\d/.test($schema)) return undefined;
  if (/"url"\s*:/.test(JSON.stringify(value, bigAsNumber))) return undefined; // left to the front end, which may load it
  return bundleOf(value as ChartSpec);
}

async function bundleOf(spec: ChartSpec): Promise<MimeBundle> {
  const { title, description } = spec as { title?: unknown; description?: unknown };
  const grounded = withGround(spec);
  const name = [title, description].find((text) => typeof text === "string");
  return {
    ...(hasOurColors(spec) && { [CHART_MIME]: {} }),
    [VEGA_LITE_MIME]: { ...grounded, $schema: SHOWN_SCHEMA },
    "text/plain": name === undefined ? "Vega-Lite chart" : `Vega-Lite chart: ${name}`,
    ...(await pictures(grounded)),
  };
}

/** No picture if the spec can't be drawn: the front end then reports what is wrong. */
async function pictures(spec: ChartSpec): Promise<MimeBundle> {
  const svg = await chartSvg(spec).catch(() => undefined);
  if (svg === undefined) return {};
  const png = await pngOf(svg, MOST_BYTES);
  return {
    ...(svg.length <= MOST_BYTES && { "image/svg+xml": svg }),
    ...(png !== undefined && { "image/png": png }),
  };
}

/** The chart on a background of its own, because the colour of the page is unknown. */
const withGround = (spec: ChartSpec): ChartSpec => {
  const { background = spec.config?.background } = spec;
  return {
    ...spec,
    background: background === "transparent" || background === undefined ? groundOf(spec) : background,
  };
};

/** Whether the colours are from the palette, so that the other theme's can replace them. */
const hasOurColors = ({ config }: ChartSpec): boolean =>
  [ROLES.light.muted, ROLES.dark.muted].some((muted) => muted === config?.axis?.labelColor);

/** A background on which the chart's labels are readable. */
function groundOf({ config }: ChartSpec): string {
  const ink = config?.axis?.labelColor;
  const isLight = typeof ink === "string" && /^#[89a-f].[89a-f].[89a-f].$/i.test(ink);
  return isLight ? ROLES.dark.surface : ROLES.light.surface;
}
