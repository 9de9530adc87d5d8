import fc from "fast-check";
import { expect, test } from "vitest";
import { architectureOf } from "../../src/analysis/architecture.js";
import { lineageOf } from "../../src/analysis/children.js";
import { architectureScene } from "../../src/figures/scenes/architecture.js";
import { layoutArchitecture, placeRow } from "../../src/figures/scenes/architecture-layout.js";
import { lineageScene } from "../../src/figures/scenes/lineage.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { shortNames } from "../../src/format/names.js";
import { escapeXml } from "../../src/format/xml.js";
import { fixedState } from "../support/fixed-state.js";

/** Any text, and often what would hurt. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "</title></svg>",
    "]]>&amp;'",
    "\u0000\ud800\uffff",
    "a/b/".repeat(40),
    "__proto__",
    "constructor",
  ),
);

/** Reads XML of elements, attributes in double quotes and text, strictly; throws where it is anything else. */
function readXml(xml: string): void {
  const open: string[] = [];
  const token = /<(\/?)([A-Za-z]+)((?: [A-Za-z-]+="[^"<]*")*)(\/?)>|[^<]+|$/gy;
  for (let at = 0; at < xml.length; ) {
    token.lastIndex = at;
    const match = token.exec(xml);
    if (!match || match[0] === "") throw new Error(`not XML at ${at}: ${xml.slice(at, at + 80)}`);
    const [all, closing, name, attributes] = match;
    for (const text of [name === undefined ? all : (attributes ?? "")])
      if (/&(?!(amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`bare & in ${text}`);
    if (name !== undefined) {
      if (closing) {
        if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      } else if (!match[4]) open.push(name);
    }
    at += all.length;
  }
  if (open.length > 0) throw new Error(`${open} not closed`);
  for (const char of xml) {
    const code = char.codePointAt(0)!;
    if ((code < 32 && !"\t\n\r".includes(char)) || (code >= 0xd800 && code < 0xe000) || code === 0xffff)
      throw new Error(`U+${code.toString(16)} is not XML`);
  }
}

test("whatever tasks are called, pictures are XML and their names text", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hostile, { minLength: 3, maxLength: 3 }), (names) => {
      const state = fixedState(names as [string, string, string]);
      for (const scene of [
        architectureScene(architectureOf(state)),
        lineageScene(lineageOf(state), { detail: "all" }),
      ])
        for (const colors of ["css", "light", "dark"] as const) {
          const svg = toSvg(scene, { colors });
          readXml(svg);
          expect(svg).not.toMatch(/<(script|img|foreignObject|a|style)[ >]/i);
          expect(svg).not.toMatch(/ on[a-z]+="/i);
        }
    }),
    { numRuns: 60 },
  );
});

test("escaping leaves no markup and loses no ordinary text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(escapeXml(text)).not.toMatch(/[<>"']/);
      const back = escapeXml(text)
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'")
        .replaceAll("&amp;", "&");
      if (!back.includes("\ufffd")) expect(back).toBe(text);
    }),
  );
});

const slots = fc.array(
  fc.record({
    wish: fc.double({ min: 0, max: 1000, noNaN: true }),
    width: fc.integer({ min: 1, max: 80 }),
  }),
  { minLength: 1, maxLength: 30 },
);

test("nothing in a row touches, the order is that of the wishes, and the row as a whole stays in place", () => {
  fc.assert(
    fc.property(slots, (row) => {
      const middles = placeRow(row, 4);
      const order = row.map((slot, i) => ({ ...slot, i, x: middles[i]! })).sort((a, b) => a.x - b.x);
      for (const [k, slot] of order.entries()) {
        const before = order[k - 1];
        if (!before) continue;
        expect(slot.x - before.x).toBeGreaterThanOrEqual((slot.width + before.width) / 2 + 4 - 1e-6);
        expect(slot.wish).toBeGreaterThanOrEqual(before.wish);
      }
      const drift = row.reduce((sum, { wish }, i) => sum + middles[i]! - wish, 0);
      expect(Math.abs(drift)).toBeLessThan(1e-5 * row.length);
    }),
  );
});

test("short names are as different as the names", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hostile, { maxLength: 12 }), (names) => {
      const short = shortNames(names);
      expect(new Set(short).size).toBe(names.length);
      for (const [i, name] of names.entries()) expect(name.endsWith(short[i]!)).toBe(true);
    }),
  );
});

test("every line crosses every row once, inside the station that it stops at", () => {
  const architecture = architectureOf(fixedState());
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 40, max: 200 }), { minLength: 3, maxLength: 3 }), (steps) => {
      const columns = steps.map((_, i) => steps.slice(0, i + 1).reduce((a, b) => a + b, 0));
      const layout = layoutArchitecture(architecture, {
        columns,
        yOf: (row) => -50 * row,
        node: 22,
        track: 9,
        gap: 8,
      });
      for (const [t, task] of architecture.tasks.entries())
        for (const i of task.path) {
          const { x, y, width } = layout.stations[i]!;
          const crossing = layout.lines[t]!.find((point) => point.y === y)!;
          expect(Math.abs(crossing.x - x)).toBeLessThan(width / 2);
        }
    }),
  );
});
