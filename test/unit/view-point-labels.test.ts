// Labels beside points: off the points, off one another, and off the lines wherever there is room.

import { expect, test } from "vitest";
import { alongLine, type Box, type Label, placeLabels } from "../../src/figures/scenes/point-labels.js";
import { textWidth } from "../../src/figures/scenes/scene.js";

const plot = { left: 0, top: 0, width: 300, height: 200 };
const label = (x: number, y: number, text = "name"): Label => ({ x, y, r: 5, text, size: 10, fill: "ink" });

/** The boxes that the labels cover. */
const boxes = (labels: readonly Label[], avoid: readonly Box[] = []): Box[] =>
  placeLabels(labels, plot, avoid).flatMap((mark) => {
    if (mark.kind !== "text") return [];
    const y0 = mark.y - 8.5;
    return [{ x0: mark.x, x1: mark.x + textWidth(mark.text, 10), y0, y1: y0 + 10 }];
  });
const meet = (a: Box, b: Box) => a.x1 > b.x0 && a.x0 < b.x1 && a.y1 > b.y0 && a.y0 < b.y1;

test("a lone label is to the right of its point", () => {
  const [box] = boxes([label(100, 100)]);
  expect(box!.x0).toBeGreaterThan(105);
  expect(box!.y0).toBeLessThan(100);
  expect(box!.y1).toBeGreaterThan(100);
});

test("labels cover neither points nor one another", () => {
  const labels = [label(100, 100), label(112, 100), label(106, 108), label(100, 92)];
  const placed = boxes(labels);
  expect(placed).toHaveLength(4);
  for (const [i, box] of placed.entries()) {
    for (const other of placed.slice(i + 1)) expect(meet(box, other)).toBe(false);
    for (const [j, { x, y, r }] of labels.entries())
      if (i !== j) expect(meet(box, { x0: x - r, x1: x + r, y0: y - r, y1: y + r })).toBe(false);
  }
});

test("a label keeps off a line, level or slanted", () => {
  for (const end of [
    { x: 300, y: 100 },
    { x: 300, y: 60 },
  ]) {
    const line = alongLine([{ x: 100, y: 100 }, end]);
    const [box] = boxes([label(100, 100)], line);
    expect(line.some((each) => meet(box!, each))).toBe(false);
  }
});

test("a label is over a line where there is no other room, and is left out where there is none at all", () => {
  const everywhere = [{ x0: 0, x1: 300, y0: -20, y1: 200 }];
  expect(boxes([label(100, 100)], everywhere)).toHaveLength(1);
  expect(
    boxes([label(100, 100, "a name much too long for a plot of three hundred pixels".repeat(2))]),
  ).toEqual([]);
});

test("a label without room beside its point has a line to it, others have none", () => {
  const crowd = Array.from({ length: 9 }, (_, i) => label(100 + 5 * (i % 3), 100 + 5 * Math.floor(i / 3)));
  const marks = placeLabels(crowd, plot);
  expect(marks.filter(({ kind }) => kind === "text")).toHaveLength(9);
  const leaders = marks.filter((mark) => mark.class === "leader").length;
  expect(leaders).toBeGreaterThan(0);
  expect(leaders).toBeLessThan(9);
  expect(placeLabels([label(100, 100)], plot).map(({ kind }) => kind)).toEqual(["text"]);
});

test("above the plot is the title of its axis, and no label", () => {
  for (const { y0 } of boxes([label(20, 4), label(26, 8), label(32, 2)]))
    expect(y0).toBeGreaterThanOrEqual(-8);
});
