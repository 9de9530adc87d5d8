// What of the lineage is looked at: a model that is asked for comes into sight, and nothing else leaves it without need.

import { expect, test } from "vitest";
import { lineageOf } from "../../src/analysis/children.js";
import { layoutLineage } from "../../src/figures/scenes/lineage-layout.js";
import { geometryOf } from "../../widgets/lineage/geometry.js";
import { fits, fitTo, reveal, type Sheet } from "../../widgets/lineage/sheet.js";
import { fixedState } from "../support/fixed-state.js";

const lineage = lineageOf(fixedState());
const geometry = geometryOf(lineage, layoutLineage(lineage, { detail: "all" }));
const newest = geometry.count - 1;

function sheetOf(width: number): Sheet {
  const sheet: Sheet = { x: 0, y: 0, scale: 1, width, height: 300, follows: "newest" };
  fitTo(sheet, geometry, "newest");
  return sheet;
}

test("the newest model is in sight already: to choose it moves nothing, and the tree is followed on", () => {
  for (const width of [2 * geometry.width, geometry.width, geometry.width / 2]) {
    const sheet = sheetOf(width);
    const before = { ...sheet };
    reveal(sheet, geometry, newest);
    expect(sheet).toEqual(before);
  }
});

test("what is out of sight comes into it, with some air where there is some tree", () => {
  const sheet = sheetOf(geometry.width / 3);
  reveal(sheet, geometry, 1);
  const at = (geometry.x[1]! - sheet.x) * sheet.scale;
  expect(at).toBeGreaterThan(20);
  expect(at).toBeLessThan(sheet.width - 20);
  expect(sheet.follows).toBeUndefined();
  reveal(sheet, geometry, 0);
  expect(sheet.x).toBe(0);
});

test("a tree that fits is wholly in sight, however wide the page", () => {
  for (const share of [0.61, 0.8, 1, 3]) {
    const sheet = sheetOf(geometry.width * share);
    expect(fits(geometry, sheet.width)).toBe(true);
    expect(geometry.width * sheet.scale).toBeLessThanOrEqual(sheet.width + 0.01);
    expect(sheet.x).toBeLessThanOrEqual(0);
  }
  expect(fits(geometry, geometry.width * 0.5)).toBe(false);
});
