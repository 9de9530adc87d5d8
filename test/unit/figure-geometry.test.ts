// No figure has a text on another or outside its frame, whatever it is made of: one child, many tasks, many methods, long names.

import { describe, expect, test } from "vitest";
import { svgOf } from "../../src/figures/export.js";
import { drawingOf, FIGURES } from "../../src/figures/index.js";
import { type PictureName, pictureScene } from "../../src/figures/scenes/pictures.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import type { RunSource, Source } from "../../src/figures/source.js";
import { readSweep } from "../../src/sweep/read.js";
import { madeUpSweep } from "../support/made-up-sweep.js";
import { picturedSample, RUN_PICTURES } from "../support/pictures/pictured.js";
import { manyTasks } from "../support/pictures/sources.js";
import { sampleRun } from "../support/sample-run.js";
import { outside, overlapping, textsOf } from "../support/svg-texts.js";

// The dashboard is made of the others.
const PICTURES = RUN_PICTURES.filter((name) => name !== "dashboard");
const LONG = ["institute-of-letters/a-very-long-name-of-a-task/1k", "b", "kitti/closest_vehicle_distance/1k"];
const named = (names: readonly string[]) => names.map((name) => ({ name, access: "public" as const }));

const runs: Readonly<Record<string, RunSource>> = {
  run: await sampleRun({ iterations: 2, generations: 4, children: 8 }),
  small: await sampleRun({ iterations: 1, generations: 1, children: 2 }),
  "long-names": await sampleRun({ iterations: 2, generations: 2, children: 4, tasks: named(LONG) }),
  "69-tasks": await sampleRun({ iterations: 1, generations: 1, children: 3, tasks: named(manyTasks(69)) }),
};
const sweeps: Readonly<Record<string, Source>> = {
  notebooks: await readSweep("notebooks/sweeps/characters-laptop.json.gz"),
  "made-up": { points: madeUpSweep() },
  once: { points: madeUpSweep({ repetitions: 1 }) },
  "69-tasks": { points: madeUpSweep({ repetitions: 2, scaleFactors: [0.3, 1], tasks: manyTasks(69) }) },
};

function check(svg: string): void {
  const texts = textsOf(svg);
  expect(overlapping(texts).slice(0, 12)).toEqual([]);
  expect(outside(texts).slice(0, 12)).toEqual([]);
  expect(texts.width).toBeLessThanOrEqual(2600);
  expect(texts.height).toBeLessThanOrEqual(5200);
}

const figuresOf = (sources: Readonly<Record<string, Source>>, not: "run" | "sweep") =>
  Object.keys(sources).flatMap((of) =>
    FIGURES.filter((figure) => figure.of !== not).map(({ name }) => [of, name]),
  );

describe("texts of figures are apart and inside", () => {
  test.each(figuresOf(runs, "sweep"))("of the run %s: %s", async (of, name) => {
    check(await svgOf(drawingOf(name!, runs[of!]!), "light"));
  });

  test.each(figuresOf(sweeps, "run"))("of the sweep %s: %s", async (of, name) => {
    check(await svgOf(drawingOf(name!, sweeps[of!]!), "light"));
  });

  test.each(
    Object.keys(runs).flatMap((of) => PICTURES.map((name) => [of, name])),
  )("of the still picture of %s: %s", (of, name) => {
    const scene = pictureScene(name as PictureName, [picturedSample(runs[of!]!, of!)]);
    if (scene) check(toSvg(scene, { colors: "light" }));
  });
});
