// The labels of VTAB's counting and distance tasks, with numbers worked out by hand from their definitions.

import { expect, test } from "vitest";
import type { DerivedLabel } from "../../src/data/catalog-entry.js";
import { labelOf } from "../../src/data/labels.js";

const label = (derived: DerivedLabel, features: Record<string, readonly number[]>) =>
  labelOf({ derived }, new Map(Object.entries(features)), "here");

test("clevr: three objects are class 0, cylinders are counted, distances fall into six bins", () => {
  expect(label("clevr/count_all", { "objects/size": [0, 1, 0] })).toBe(0);
  expect(label("clevr/count_all", { "objects/size": new Array(10).fill(1) })).toBe(7);
  expect(label("clevr/count_cylinders", { "objects/shape": [2, 0, 1, 2] })).toBe(2);
  const closest = (...depths: number[]) =>
    label("clevr/closest_object_distance", {
      "objects/pixel_coords": depths.flatMap((depth) => [200, 100, depth]),
    });
  expect([closest(12, 7.9), closest(8.2), closest(8.5), closest(9.7, 9.6), closest(11)]).toEqual([
    0, 1, 1, 4, 5,
  ]);
});

test("kitti: distances of objects and of vehicles, and how many vehicles up to three", () => {
  const objects = (...list: [type: number, depth: number][]) => ({
    "objects/type": list.map(([type]) => type),
    "objects/location": list.flatMap(([, depth]) => [-3, 1.5, depth]),
  });
  expect(label("kitti/closest_object_distance", objects([7, 5], [0, 30]))).toBe(0);
  expect(label("kitti/closest_object_distance", objects([0, 30]))).toBe(4);
  expect(label("kitti/count_vehicles", objects([0, 1], [1, 1], [2, 1], [2, 1], [3, 1]))).toBe(3);
  expect(label("kitti/count_vehicles", objects([3, 1], [2, 1]))).toBe(1);
  expect(label("kitti/closest_vehicle_distance", objects([3, 2], [0, 9], [1, 50]))).toBe(1);
  expect(label("kitti/closest_vehicle_distance", objects([3, 2]))).toBe(3);
});

test("a label that is missing, repeated or not a number is reported", () => {
  const features = new Map<string, readonly number[] | readonly Uint8Array[]>([
    ["two", [1, 2]],
    ["text", [new Uint8Array(1)]],
  ]);
  expect(labelOf({ feature: "one" }, new Map([["one", [7]]]), "here")).toBe(7);
  expect(() => labelOf({ feature: "label" }, features, "here")).toThrow(
    "here: no numbers as label among two, text",
  );
  expect(() => labelOf({ feature: "two" }, features, "here")).toThrow("2 values as two; expected one label");
  expect(() => labelOf({ feature: "text" }, features, "here")).toThrow("no numbers as text");
});
