// Figures stay of a size that can be read, however many tasks and activations there are.

import { describe, expect, test } from "vitest";
import { lineageOf } from "../../src/analysis/children.js";
import { foldEvents } from "../../src/core/state.js";
import { drawingOf } from "../../src/figures/index.js";
import { flowScene } from "../../src/figures/scenes/flow.js";
import { lineageScene } from "../../src/figures/scenes/lineage.js";
import { madeUpSweep } from "../support/made-up-sweep.js";
import { sampleRun } from "../support/sample-run.js";

const names = Array.from({ length: 1000 }, (_, i) => `institute/collection-${i}/characters`);
const sweep = { points: madeUpSweep({ repetitions: 2, scaleFactors: [0.3, 1], tasks: names.slice(0, 120) }) };

/** All legends anywhere in a spec. */
function legendsOf(value: unknown): { values?: unknown[]; title?: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === "legend" && inner && "orient" in (inner as object) ? [inner as { values?: unknown[] }] : []),
    ...legendsOf(inner),
  ]);
}

describe("figures of many tasks", () => {
  test.each([
    "tasks",
    "selection-bias",
    "schedule",
    "spread",
  ])("%s has a legend of at most 40 entries", (name) => {
    const drawing = drawingOf(name, sweep);
    if (drawing.kind !== "chart") throw new Error("a chart was expected");
    const spec = drawing.spec("light");
    const legends = legendsOf(spec);
    expect(legends.length).toBeGreaterThan(0);
    for (const { values } of legends) expect(values!.length).toBeLessThanOrEqual(40);
    if (name !== "spread") expect(JSON.stringify(spec)).toMatch(/\d+ of 120 tasks; the CSV has all/);
    else expect(legends[0]!.title).toBe("the first 40 of 120");
  });

  test("the flow shows those that exchange most, and says so", () => {
    const edges = names.slice(900, 960).map((task, i) => ({
      source: names[i]!,
      task,
      count: 1 + (i % 3),
      share: 0.5,
      weight: 0.5,
    }));
    const { width, children } = flowScene(edges as never, names);
    expect(width).toBeLessThan(3400);
    expect(JSON.stringify(children)).toContain("48 of 1\u202f000 tasks, those that exchange most");
  });
});

test("a lineage is no wider while an activation has just begun than when it has ended", async () => {
  const { events } = await sampleRun({ iterations: 6, generations: 4, children: 3 });
  const ends = events.flatMap(({ type }, i) => (type === "generation-ended" ? [i + 1] : []));
  const widthAt = (nth: number) => lineageScene(lineageOf(foldEvents(events.slice(0, ends[nth])))).width;
  for (const nth of [4, 12, 20, 32, 48, 60]) {
    expect(widthAt(nth)).toBeLessThanOrEqual(widthAt(nth + 3) + 1);
    expect(widthAt(nth)).toBeLessThan(1950);
  }
});
