// The heatmap of knowledge transfer: its numbers can be read, its slanted names are inside it and over nothing.

import { expect, test } from "vitest";
import { colorOf, ROLES, TASK_PAINTS, type Theme } from "../../src/figures/scenes/palette.js";
import { marksOf, textWidth } from "../../src/figures/scenes/scene.js";
import { type HeatRow, heatScene } from "../../src/figures/scenes/transfer.js";

const rowOf = (source: string): HeatRow => ({
  label: source,
  title: source,
  shares: { [source]: 1 },
  say: () => source,
});

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
const luminance = (rgb: readonly number[]): number =>
  rgb
    .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4))
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i]!, 0);

test.each<Theme>(["light", "dark"])("numbers have 4.5 : 1 on the fullest cell of every task, %s", (theme) => {
  const tasks = Array.from({ length: TASK_PAINTS }, (_, i) => `t${i}`);
  const scene = heatScene(tasks.map(rowOf), tasks, {
    title: "",
    width: 800,
    rowsTitle: "",
    most: TASK_PAINTS,
  });
  const tints = [...marksOf(scene.children)].filter((mark) => mark.kind === "rect" && mark.opacity);
  expect(tints).toHaveLength(TASK_PAINTS);
  const panel = channels(ROLES[theme].panel);
  const ink = luminance(channels(ROLES[theme].ink));
  for (const { fill, opacity } of tints) {
    const tint = channels(colorOf(fill as never, theme));
    const ground = luminance(panel.map((x, i) => x * (1 - opacity!) + tint[i]! * opacity!));
    const [low, high] = [ink, ground].sort((a, b) => a - b) as [number, number];
    expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(4.5);
  }
});

test.each([300, 420, 860])("slanted names stay in the picture and off its title, %i wide", (width) => {
  const tasks = ["a-name-of-many-letters", "another-such-name", "WWWWWWWWWWWWWWWWWW"];
  const scene = heatScene(tasks.map(rowOf), tasks, { title: "", width, rowsTitle: "model of" });
  const texts = [...marksOf(scene.children)].flatMap((mark) => (mark.kind === "text" ? [mark] : []));
  const slanted = texts.filter(({ rotate }) => rotate);
  const caption = texts.find(({ text }) => text === "gradient steps on")!;
  if (width < 860) expect(slanted).toHaveLength(3);
  for (const { x, y, text } of slanted) {
    const angle = (40 * Math.PI) / 180;
    expect(x + Math.cos(angle) * textWidth(text, 12)).toBeLessThanOrEqual(scene.width);
    expect(y - Math.sin(angle) * textWidth(text, 12) - 12 * Math.cos(angle)).toBeGreaterThan(caption.y);
  }
});
