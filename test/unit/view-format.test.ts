import { expect, test } from "vitest";
import { shortNames } from "../../src/format/names.js";
import {
  formatCount,
  formatDuration,
  formatForecast,
  formatList,
  formatParams,
  formatPercent,
  plural,
} from "../../src/format/numbers.js";

const plain = (text: string) => text.replaceAll("\u202f", " ");

test("numbers read as people write them", () => {
  expect(plain(formatPercent(0.92731))).toBe("92.7 %");
  expect(formatPercent(null)).toBe("–");
  expect(plain(formatParams(1_484_162))).toBe("1.48 M");
  expect(plain(formatParams(6_192))).toBe("6.2 k");
  expect(formatParams(40)).toBe("40");
  expect(plain(formatCount(1_234_567))).toBe("1 234 567");
  expect(formatList(["a", "b", "c"])).toBe("a, b and c");
  expect(plural(1, "child", "children")).toBe("1 child");
});

test("durations grow with their units, and round up to the next", () => {
  expect(formatDuration(8.44)).toBe("8.4 s");
  expect(formatDuration(59.6)).toBe("1 min 00 s");
  expect(formatDuration(65)).toBe("1 min 05 s");
  expect(formatDuration(3599.7)).toBe("1 h 00 min");
  expect(formatDuration(7380)).toBe("2 h 03 min");
  expect(formatDuration(null)).toBe("–");
});

test("forecasts come in the unit that suits them, seconds to years", () => {
  const minutes = [0.3, 3, 600, 65_000, 1_300_000, 59_388_000];
  expect(minutes.map((each) => plain(formatForecast(60 * each)))).toEqual([
    "18 s",
    "3 min",
    "10 h",
    "45 days",
    "2.5 years",
    "113 years",
  ]);
});

test("short names leave out the folders that all names begin with, and stay different", () => {
  expect(shortNames(["cmaterdb/bangla", "cmaterdb/telugu"])).toEqual(["bangla", "telugu"]);
  expect(shortNames(["a/b/x", "a/c/x"])).toEqual(["b/x", "c/x"]);
  expect(shortNames(["a/x", "b/x"])).toEqual(["a/x", "b/x"]);
  expect(shortNames(["a/", "a/x"])).toEqual(["a/", "a/x"]);
  expect(shortNames(["cmaterdb/bangla"])).toEqual(["bangla"]);
  expect(shortNames([])).toEqual([]);
});
