import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import type { ChartSpec } from "../../src/analysis/chart.js";
import { childPoints, testPoints } from "../../src/analysis/learning.js";
import { learningSpec } from "../../src/analysis/learning-chart.js";
import { layerTransferCells, transferCells } from "../../src/analysis/transfer.js";
import { layerTransferSpec, transferSpec } from "../../src/analysis/transfer-chart.js";
import { chartSvg } from "../../src/report.js";
import { architectureOf } from "../../src/view/architecture.js";
import { architectureScene } from "../../src/view/architecture-scene.js";
import { lineageOf } from "../../src/view/lineage.js";
import { lineageScene } from "../../src/view/lineage-scene.js";
import { chartLook, type Theme } from "../../src/view/palette.js";
import { toSvg } from "../../src/view/svg.js";
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
