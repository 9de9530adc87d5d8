// Rules that hold for every still picture, whatever is in it: words stay in the picture and off each other, no tick says
// what its neighbour says, layers come in one order, and a thousand tasks make a picture that can still be shown.

import { expect, test } from "vitest";
import type { ComponentName } from "../../src/core/components.js";
import { pictureScene } from "../../src/figures/scenes/pictures.js";
import { axisFor } from "../../src/figures/scenes/plot.js";
import { type Mark, type Scene, textWidth } from "../../src/figures/scenes/scene.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { byPlace, componentLabel } from "../../src/format/components.js";
import { picturedSample, RUN_PICTURES } from "../support/pictures/pictured.js";
import { manyTasks } from "../support/pictures/sources.js";
import { type SampleOptions, sampleRun } from "../support/sample-run.js";

const publicTasks = (names: readonly string[]) => names.map((name) => ({ name, access: "public" as const }));

const SIZES: Readonly<Record<string, SampleOptions>> = {
  "a first generation": { iterations: 1, generations: 1, children: 2 },
  "three tasks": { iterations: 2, generations: 4, children: 8 },
  "eight tasks": { iterations: 1, generations: 2, children: 4, tasks: publicTasks(manyTasks(8)) },
  "69 tasks": { iterations: 1, generations: 1, children: 2, tasks: publicTasks(manyTasks(69)) },
  "1,000 tasks": { iterations: 1, generations: 1, children: 1, tasks: publicTasks(manyTasks(1000)) },
};

interface Word {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly rotate: number;
}

/** Where the words of a scene are; about, since scenes can't measure: `textWidth` is rather too much, so 0.9 of it. */
function* wordsOf(marks: readonly Mark[], dx = 0, dy = 0): Generator<Word> {
  for (const mark of marks)
    if (mark.kind === "group") yield* wordsOf(mark.children, dx + (mark.x ?? 0), dy + (mark.y ?? 0));
    else if (mark.kind === "text") {
      const size = mark.size ?? 12;
      const wide = 0.9 * textWidth(mark.text, size, mark.weight);
      const left = { start: 0, middle: wide / 2, end: wide }[mark.anchor ?? "start"];
      const x0 = dx + mark.x - left;
      const y1 = dy + mark.y;
      const rotate = mark.rotate ?? 0;
      yield { text: mark.text, x0, x1: x0 + wide, y0: y1 - 0.7 * size, y1, rotate };
    }
}

for (const [size, options] of Object.entries(SIZES)) {
  const run = sampleRun(options);
  for (const name of RUN_PICTURES) {
    const scene = run.then((made) => pictureScene(name, [picturedSample(made, "first")])!);

    test(`the ${name} of ${size} is of a size that a page can show`, async () => {
      const { width, height } = await scene;
      expect(width).toBeLessThan(2600);
      expect(height).toBeLessThan(name === "dashboard" ? 9000 : 3200);
      expect(toSvg(await scene, { colors: "light" }).length).toBeLessThan(name === "dashboard" ? 2e6 : 1e6);
    });

    test(`words in the ${name} of ${size} stay in the picture and off each other`, async () => {
      const { width, height, children } = await scene;
      const words = [...wordsOf(children)];
      for (const word of words)
        if (word.rotate === 0) {
          expect(word.x0, word.text).toBeGreaterThanOrEqual(-1);
          expect(word.x1, word.text).toBeLessThanOrEqual(width + 1);
          expect(word.y0, word.text).toBeGreaterThanOrEqual(-1);
          expect(word.y1, word.text).toBeLessThanOrEqual(height + 1);
        }
      expect(overlapsOf(words)).toEqual([]);
    });
  }
}

/** Pairs of level words that lie on each other by more than two pixels. */
function overlapsOf(words: readonly Word[]): string[] {
  const level = words.filter(({ rotate, text }) => rotate === 0 && text !== "").sort((a, b) => a.y0 - b.y0);
  return level.flatMap((a, i) => {
    const found: string[] = [];
    for (let k = i + 1; k < level.length && level[k]!.y0 < a.y1 - 2; k++) {
      const b = level[k]!;
      if (a.x0 < b.x1 - 2 && b.x0 < a.x1 - 2) found.push(`${a.text} | ${b.text}`);
    }
    return found;
  });
}

test("layers come in one order, the head on top, in every picture and with the final norm", async () => {
  const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
  const order = [...new Set(run.state.models.flatMap(({ path }) => path.map(({ name }) => name)))]
    .sort(byPlace)
    .reverse();
  const labels = order.map((name: ComponentName) => componentLabel(name));
  expect(labels.slice(0, 2)).toEqual(["head", "final norm"]);
  for (const name of ["architecture", "transfer"] as const) {
    const scene: Scene = pictureScene(name, [picturedSample(run, "first")])!;
    const columns = new Map<number, Word[]>();
    for (const word of wordsOf(scene.children))
      if (labels.includes(word.text))
        columns.set(Math.round(word.x1), [...(columns.get(Math.round(word.x1)) ?? []), word]);
    const rows = [...columns.values()].flat().sort((a, b) => a.y0 - b.y0 || a.x0 - b.x0);
    expect(rows.filter(({ text }) => text === "final norm").length).toBeGreaterThan(0);
    for (const column of columns.values()) {
      const places = column.sort((a, b) => a.y0 - b.y0).map(({ text }) => labels.indexOf(text));
      // Several models one below the other begin again at the head.
      for (const [i, place] of places.slice(1).entries())
        expect(place === 0 || place > places[i]!, `${name}: ${places}`).toBe(true);
    }
  }
});

test("differences below the least range do not fill an axis, and stay within its limits", () => {
  for (const values of [[0.652, 0.655], [0.999], [0.001, 0.002]]) {
    const { at } = axisFor(values, 0, 300, { limits: [0, 1], least: 0.1 });
    expect(Math.abs(at(1) - at(0))).toBeLessThanOrEqual(300 / 0.1 + 1e-6);
    for (const value of values) {
      expect(at(value)).toBeGreaterThanOrEqual(0);
      expect(at(value)).toBeLessThanOrEqual(300);
    }
  }
});
