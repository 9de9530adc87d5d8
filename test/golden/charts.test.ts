import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { architectureOf } from "../../src/analysis/architecture.js";
import { lineageOf } from "../../src/analysis/children.js";
import { childPoints, testPoints } from "../../src/analysis/learning.js";
import { layerTransferCells, transferCells } from "../../src/analysis/transfer.js";
import { layerTransferSpec } from "../../src/figures/charts/layers.js";
import { learningSpec } from "../../src/figures/charts/learning.js";
import { transferSpec } from "../../src/figures/charts/transfer.js";
import { architectureScene } from "../../src/figures/scenes/architecture.js";
import { lineageScene } from "../../src/figures/scenes/lineage.js";
import { chartLook, type Theme } from "../../src/figures/scenes/palette.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import type { ChartSpec } from "../../src/figures/vega/chart.js";
import { chartSvg } from "../../src/report/report.js";
import { fixedEvents, fixedState, type TaskNames } from "../support/fixed-state.js";

function charts(theme: Theme, names?: TaskNames): Record<string, ChartSpec> {
  const state = fixedState(names);
  const look = chartLook(
    state.tasks.map(({ name }) => name),
    theme,
  );
  return {
    learning: learningSpec(childPoints(state, fixedEvents(names)), testPoints(state), look),
    transfer: transferSpec(transferCells(state), look),
    layers: layerTransferSpec(layerTransferCells(state), look),
  };
}

const HOSTILE: TaskNames = ["<img src=x onerror=alert(1)>", '"]; alert(1); //', "datum.label']\\"];

describe.each(Object.entries(charts("light")))("chart %s", (name, spec) => {
  test("its Vega-Lite JSON stays as it is", async () => {
    await expect(`${JSON.stringify(spec, null, 2)}\n`).toMatchFileSnapshot(`charts/${name}.vl.json`);
  });

  test("Vega-Lite takes it without a warning, in either theme", () => {
    const said: unknown[] = [];
    const note = (...what: unknown[]) => {
      said.push(what);
      return logger;
    };
    const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
    // biome-ignore lint/suspicious/noExplicitAny: Vega's logger type wants overloads
    for (const theme of ["light", "dark"] as const) compile(charts(theme)[name]!, { logger: logger as any });
    expect(said).toEqual([]);
  });

  test("it is drawn the same twice, and names in it are text", async () => {
    const hostile = charts("dark", HOSTILE)[name]!;
    const [once, twice] = [await chartSvg(hostile, "x"), await chartSvg(hostile, "x")];
    expect(once).toBe(twice);
    expect(once).not.toContain("<img");
    expect(once).not.toMatch(/ style="/);
    expect(once).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
  });
});

test("scenes stay as they are", async () => {
  const state = fixedState();
  for (const [name, scene] of [
    ["architecture", architectureScene(architectureOf(state))],
    ["lineage", lineageScene(lineageOf(state))],
  ] as const)
    await expect(`${toSvg(scene, { colors: "light" }).replaceAll("><", ">\n<")}\n`).toMatchFileSnapshot(
      `charts/${name}.svg`,
    );
});
