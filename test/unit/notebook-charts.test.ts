// A chart as a cell's value: drawn where it can't be, and never by asking the network.

import { expect, test } from "vitest";
import { inTheme, ROLES, taskColor } from "../../src/figures/scenes/palette.js";
import { renderChart } from "../../src/notebook/charts.js";
import { CHART_MIME, VEGA_LITE_MIME } from "../../src/wire/schema.js";

const spec = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  title: "Two bars",
  data: {
    values: [
      { a: "x", b: 1 },
      { a: "<b>y</b>", b: 3 },
    ],
  },
  mark: "bar",
  encoding: { x: { field: "a", type: "nominal" }, y: { field: "b", type: "quantitative" } },
};

test("a spec is shown with an SVG, a PNG and text beside it", async () => {
  const bundle = (await renderChart(spec))!;
  expect(bundle["application/vnd.vegalite.v5+json"]).toMatchObject({
    mark: "bar",
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  });
  expect(bundle["text/plain"]).toBe("Vega-Lite chart: Two bars");
  expect(bundle["image/svg+xml"]).toMatch(/^<svg .*&lt;b&gt;y/s);
  expect(Buffer.from(String(bundle["image/png"]), "base64").subarray(1, 4).toString()).toBe("PNG");
});

test("what is not a chart, and a chart whose data are elsewhere, are left to the kernel", () => {
  expect(renderChart({ mark: "bar" })).toBeUndefined();
  expect(renderChart({ $schema: "https://vega.github.io/schema/vega/v6.json" })).toBeUndefined();
  expect(renderChart({ ...spec, data: { url: "https://example.org/a.csv" } })).toBeUndefined();
});

test("a spec of 64-bit columns is shown too; the kernel sends these as numbers", async () => {
  const bundle = (await renderChart({ ...spec, data: { values: [{ a: "x", b: 7n }] } }))!;
  expect(bundle["application/vnd.vegalite.v5+json"]).toMatchObject({ data: { values: [{ a: "x", b: 7n }] } });
});

test("a spec that can't be drawn is still shown as a spec", async () => {
  const bundle = (await renderChart({ ...spec, mark: { type: "nonsense" } }))!;
  expect(bundle["image/svg+xml"]).toBeUndefined();
  expect(bundle["application/vnd.vegalite.v5+json"]).toMatchObject({ mark: { type: "nonsense" } });
});

test("a chart for dark pages is drawn on a dark one", async () => {
  const dark = { ...spec, config: { axis: { labelColor: "#a0a8b5" } } };
  expect((await renderChart(dark))!["image/svg+xml"]).toContain("#14171c");
});

test("a chart in the palette's colours may follow the page's theme, and has a ground of its own where it can't", async () => {
  const ours = { ...spec, config: { background: "transparent", axis: { labelColor: ROLES.light.muted } } };
  const bundle = (await renderChart(ours))!;
  expect(bundle[CHART_MIME]).toEqual({});
  expect(bundle[VEGA_LITE_MIME]).toMatchObject({ background: ROLES.light.surface });
  const dark = JSON.parse(inTheme(JSON.stringify(bundle[VEGA_LITE_MIME]), "dark"));
  expect(dark).toMatchObject({
    background: ROLES.dark.surface,
    config: { axis: { labelColor: ROLES.dark.muted } },
  });
  expect(inTheme(JSON.stringify(dark), "light")).toBe(JSON.stringify(bundle[VEGA_LITE_MIME]));
});

test("a person's own colours are left alone, on a ground that suits them", async () => {
  const bundle = (await renderChart(spec))!;
  expect(bundle[CHART_MIME]).toBeUndefined();
  expect(bundle[VEGA_LITE_MIME]).toMatchObject({ background: ROLES.light.surface });
});

test("every colour of a task has one of its own in the other theme, so that charts can be exchanged there and back", () => {
  const colors = Array.from({ length: 24 }, (_, i) => taskColor(i, "light"));
  expect(colors.map((color) => inTheme(color, "dark"))).toEqual(colors.map((_, i) => taskColor(i, "dark")));
});
