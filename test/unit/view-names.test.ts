import { expect, test } from "vitest";
import { fitStart } from "../../src/figures/scenes/scene.js";
import { cutStart } from "../../src/format/names.js";

const within = (most: number) => (text: string) => [...text].length <= most;

test("a name that is too long is cut at its beginning, before a folder's slash where that fits", () => {
  expect(cutStart("cmaterdb/bangla", within(15))).toBe("cmaterdb/bangla");
  expect(cutStart("cmaterdb/bangla", within(14))).toBe("…/bangla");
  expect(cutStart("a/family/of/names", within(12))).toBe("…/of/names");
  expect(cutStart("cmaterdb/devanagari", within(8))).toBe("…anagari");
  expect(cutStart("bangla", within(1))).toBe("");
  expect(fitStart("cmaterdb/bangla", 100, 12, "bold")).toBe("…/bangla");
  expect(fitStart("bangla", 1, 12, "bold")).toBe("…a");
});
