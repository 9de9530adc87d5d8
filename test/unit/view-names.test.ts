// Names where there is little room: what is left says which one it is.

import fc from "fast-check";
import { expect, test } from "vitest";
import { fitName } from "../../src/figures/scenes/scene.js";
import { briefNames, elide, elideTo, shortNames } from "../../src/format/names.js";
import { manyTasks } from "../support/pictures/sources.js";

const within = (most: number) => (text: string) => [...text].length <= most;

test("a name that is too long is cut in its middle", () => {
  expect(elide("institute/manuscripts/1k", 14)).toBe("insti…ripts/1k");
  expect(elideTo("cmaterdb/bangla", within(15))).toBe("cmaterdb/bangla");
  expect(elideTo("cmaterdb/bangla", within(14))).toBe("cmater…/bangla");
  expect(elideTo("cmaterdb/devanagari", within(13))).toBe("c…/devanagari");
  expect(elideTo("cmaterdb/devanagari", within(8))).toBe("cm…agari");
  expect(elide("vtab/caltech101/1k", 8)).toBe("vt…01/1k");
  expect(elideTo("bangla", within(1))).toBe("");
  expect(fitName("cmaterdb/bangla", 100, 12, "bold")).toMatch(/^c.*….*gla$/);
  expect(fitName("bangla", 1, 12, "bold")).toBe("…la");
});

test("a cut name has at most as many letters as it may, and begins and ends as the whole does", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme-ascii", minLength: 1 }),
      fc.integer({ min: 4, max: 30 }),
      (name, most) => {
        const cut = elide(name, most);
        expect([...cut].length).toBeLessThanOrEqual(most);
        if (cut !== name) {
          expect(cut[0]).toBe(name[0]);
          expect(cut.at(-1)).toBe(name.at(-1));
        }
        expect(elideTo(name, within(most))).toBe(cut);
      },
    ),
  );
});

test("the size of a data set never stands alone for it", () => {
  expect(shortNames(["dtd/1k"])).toEqual(["dtd/1k"]);
  expect(shortNames(["scans/2019", "scans/2020"])).toEqual(["scans/2019", "scans/2020"]);
  expect(shortNames(["cmaterdb/bangla", "cmaterdb/telugu"])).toEqual(["bangla", "telugu"]);
  expect(shortNames(["mine/cats"])).toEqual(["cats"]);
  const all = manyTasks(1000);
  for (const most of [8, 12, 20]) {
    const brief = briefNames(all, most);
    expect(new Set(brief).size).toBe(all.length);
    for (const name of brief) expect(name).not.toMatch(/^….?\/?1k$/);
  }
});
