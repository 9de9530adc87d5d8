import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { preliminary } from "../../src/experiments/preliminary.js";
import { svgOf } from "../../src/figures/export.js";
import { drawingOf, FIGURES } from "../../src/figures/index.js";
import type { Theme } from "../../src/figures/scenes/palette.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import type { Source } from "../../src/figures/source.js";
import { fixedEvents, fixedState, type TaskNames } from "../support/fixed-state.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const HOSTILE: TaskNames = ["<img src=x onerror=alert(1)>", '"]; alert(1); //', "datum.label']\\"];

/** A small sweep, and the fixed run, under the names of these tasks. */
const sources = (names: TaskNames = ["a/one", "a/two", "b"]): Record<"sweep" | "run", Source> => ({
  sweep: { points: madeUpSweep({ repetitions: 2, scaleFactors: [0.3, 1], tasks: names }) },
  run: { state: fixedState(names), events: fixedEvents(names), experiment: preliminary() },
});
const EMPTY: Source = { points: [] };

const cases = FIGURES.flatMap(({ name, of }) =>
  (["sweep", "run"] as const)
    .filter((kind) => of === kind || of === "both")
    .map((kind) => ({ name, kind, of, file: kind === "sweep" ? `sweep-${name}` : `run-${name}` })),
);

/** What Vega-Lite says while it compiles. */
function warnings(spec: Parameters<typeof compile>[0]): unknown[] {
  const said: unknown[] = [];
  const note = (...what: unknown[]) => {
    said.push(what);
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  // biome-ignore lint/suspicious/noExplicitAny: Vega's logger type wants overloads
  compile(spec, { logger: logger as any });
  return said;
}

describe.each(cases)("figure $name of a $kind", ({ name, kind, of, file }) => {
  const draw = (names?: TaskNames) => drawingOf(name, sources(names)[kind]);

  test("it stays as it is", async () => {
    const drawing = draw();
    if (drawing.kind === "chart")
      await expect(`${JSON.stringify(drawing.spec("light"), null, 1)}\n`).toMatchFileSnapshot(
        `charts/${file}.vl.json`,
      );
    else
      await expect(
        `${toSvg(drawing.scene, { colors: "light" }).replaceAll("><", ">\n<")}\n`,
      ).toMatchFileSnapshot(`charts/${file}.svg`);
  });

  test("Vega-Lite takes it without a warning in either theme, and without anything in it", () => {
    for (const theme of ["light", "dark"] as Theme[]) {
      const drawing = draw();
      if (drawing.kind === "chart") expect(warnings(drawing.spec(theme))).toEqual([]);
      if (kind === "run") continue;
      const empty = drawingOf(name, EMPTY);
      if (empty.kind === "chart") expect(warnings(empty.spec(theme))).toEqual([]);
    }
  });

  // A figure of both is drawn by the same spec.
  if (kind === "run" && of === "both") return;
  test("it is drawn the same twice, and names in it are text", async () => {
    const hostile = draw(HOSTILE);
    const [once, twice] = [await svgOf(hostile, "dark"), await svgOf(hostile, "dark")];
    expect(once).toBe(twice);
    expect(once).not.toContain("<img");
    expect(once).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
  });
});
