import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHARACTERS } from "../../src/data/benchmarks.js";
import {
  chartLook,
  colorOf,
  DISTINCT_TASKS,
  onPaint,
  type Paint,
  paintCss,
  paletteCss,
  ROLES,
  TASK_PAINTS,
  type Theme,
  taskChartLook,
  taskColor,
  taskPaint,
} from "../../src/figures/scenes/palette.js";

type Triple = [number, number, number];

const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => {
    const x = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  }) as Triple;

const luminance = (hex: string): number => {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

// Machado, Oliveira and Fernandes 2009, severity 1.
const SIGHT: Record<string, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** OKLab (Ottosson 2020) of a colour as seen. */
function seen(hex: string, m: number[]): Triple {
  const rgb = linear(hex);
  const at = (row: number) =>
    Math.min(1, Math.max(0, m[row]! * rgb[0] + m[row + 1]! * rgb[1] + m[row + 2]! * rgb[2]));
  const [r, g, b] = [at(0), at(3), at(6)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const n = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * n - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * n + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * n - 0.808675766 * s,
  ];
}

const themes: Theme[] = ["light", "dark"];
const colors = (theme: Theme) => Array.from({ length: DISTINCT_TASKS }, (_, i) => taskColor(i, theme));

for (const theme of themes) {
  for (const [sight, matrix] of Object.entries(SIGHT))
    test(`task colours and that of a choice stay apart in ${theme} for ${sight} sight`, () => {
      const labs = [...colors(theme), ROLES[theme].chosen].map((hex) => seen(hex, matrix));
      for (const [i, a] of labs.entries())
        for (const b of labs.slice(i + 1))
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.08);
    });

  test(`task colours and roles can be seen on the ${theme} surface`, () => {
    const { surface, panel, ink, muted, alert, root, accent, chosen } = ROLES[theme];
    for (const color of [...colors(theme), root, chosen])
      expect(contrast(color, surface)).toBeGreaterThanOrEqual(2.99);
    for (const text of [ink, muted, alert, accent]) {
      expect(contrast(text, surface)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(text, panel)).toBeGreaterThanOrEqual(4.5);
    }
  });
}

test("text on a paint can be read, whatever the paint", () => {
  const paints = ["root", "muted", ...Array.from({ length: TASK_PAINTS }, (_, i) => `task-${i}`)] as Paint[];
  const css = paintCss(TASK_PAINTS);
  for (const theme of themes)
    for (const paint of paints) {
      expect(contrast(colorOf(onPaint(paint), theme), colorOf(paint, theme))).toBeGreaterThanOrEqual(4.5);
      expect(css).toContain(`.f-${onPaint(paint)}{`);
      expect(paletteCss(theme, TASK_PAINTS)).toContain(`--mulab-${onPaint(paint)}:`);
    }
});

test("more tasks than colours take shades, each unlike its neighbours", () => {
  const many = Array.from({ length: 69 }, (_, i) => taskColor(i, "light"));
  for (const color of many) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  expect(new Set(many).size).toBeGreaterThan(30);
});

test("there is a paint for every task, however many there are: a style sheet names them all", () => {
  const tasks = Array.from({ length: 2 * TASK_PAINTS + 3 }, (_, i) => `task ${i}`);
  const css = paintCss(TASK_PAINTS);
  for (const task of tasks) {
    const paint = taskPaint(tasks, task);
    expect(css).toContain(`.f-${paint}{`);
    expect(paint).toMatch(/^task-\d+$/);
  }
});

test("paints have colours, tasks by number", () => {
  expect(colorOf("task-2", "dark")).toBe(taskColor(2, "dark"));
  expect(colorOf("ink", "light")).toBe(ROLES.light.ink);
});

test("charts get short names", () => {
  expect(chartLook(["cmaterdb/bangla", "cmaterdb/telugu"], "light").labels).toEqual(["bangla", "telugu"]);
});

test("long names in charts are cut in their middle, and stay apart", () => {
  const family = [
    "institute/devanagari-manuscripts-2019-cleaned",
    "institute/devanagari-manuscripts-2020-cleaned",
  ];
  expect(taskChartLook([...family, "other"], "light").labels).toEqual([
    "institu…2019-cleaned",
    "institu…2020-cleaned",
    "other",
  ]);
  const alike = [`1${"x".repeat(30)}`, `2${"x".repeat(30)}`];
  expect(new Set(taskChartLook(alike, "light").labels).size).toBe(2);
});

describe("a task's colour", () => {
  const name = fc.stringMatching(/^[a-z]{2,9}(\/[a-z0-9]{1,4})?$/);
  const paints = (tasks: readonly string[]) => tasks.map((task) => taskPaint(tasks, task));

  test("of the papers' character tasks is the same in every list of them", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...CHARACTERS], { minLength: 1 }), (tasks) => {
        for (const task of tasks) expect(taskPaint(tasks, task)).toBe(taskPaint(CHARACTERS, task));
        expect(new Set(paints(tasks)).size).toBe(tasks.length);
      }),
    );
    expect(taskPaint(["own", "kmnist/first7000"], "kmnist/first7000")).toBe(taskPaint(CHARACTERS, "kmnist"));
  });

  test("stays when tasks are added that are not of that benchmark, and differs from the others' while there are any left", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), fc.nat(), (tasks, cut) => {
        fc.pre(tasks.every((task) => !CHARACTERS.includes(task)));
        const some = tasks.slice(0, 1 + (cut % tasks.length));
        expect(paints(tasks).slice(0, some.length)).toEqual(paints(some));
        expect(new Set(paints(tasks)).size).toBe(tasks.length);
        const distinct = new Set(paints(tasks).map((paint) => Number(paint.slice(5)) % DISTINCT_TASKS));
        expect(distinct.size).toBe(Math.min(tasks.length, DISTINCT_TASKS));
      }),
    );
  });
});
