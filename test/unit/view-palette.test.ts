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

/** CIE L*a*b*, D65. */
function lab(hex: string): Triple {
  const [r, g, b] = linear(hex);
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const degrees = (radians: number) => ((((radians * 180) / Math.PI) % 360) + 360) % 360;
const radians = (angle: number) => (angle * Math.PI) / 180;

/** CIEDE2000 (Sharma, Wu and Dalal 2005). */
function deltaE([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 1 + 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const [c1, c2] = [Math.hypot(g * a1, b1), Math.hypot(g * a2, b2)];
  const [h1, h2] = [degrees(Math.atan2(b1, g * a1)), degrees(Math.atan2(b2, g * a2))];
  const turn = h2 - h1 > 180 ? h2 - h1 - 360 : h2 - h1 < -180 ? h2 - h1 + 360 : h2 - h1;
  const [dl, dc] = [l2 - l1, c2 - c1];
  const dh = 2 * Math.sqrt(c1 * c2) * Math.sin(radians(turn / 2));
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const h = Math.abs(h1 - h2) > 180 ? (h1 + h2 + 360) / 2 : (h1 + h2) / 2;
  const cos = (angle: number) => Math.cos(radians(angle));
  const t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * c, 1 + 0.015 * c * t];
  const rc = 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const rt = -Math.sin(radians(60 * Math.exp(-(((h - 275) / 25) ** 2)))) * rc;
  return Math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh));
}

test("the difference of colours is that of the pairs that its authors published", () => {
  const difference = (a: Triple, b: Triple) => deltaE(a, b).toFixed(4);
  expect(difference([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBe("2.0425");
  expect(difference([50, 0, 0], [50, -1, 2])).toBe("2.3669");
  expect(difference([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBe("1.2644");
});

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

  test(`no two task colours look alike in ${theme}, nor like a choice, the root or a failure`, () => {
    const { chosen, root, alert } = ROLES[theme];
    const tasks = colors(theme);
    const apart = (a: string, b: string) => deltaE(lab(a), lab(b));
    const pairs = (all: readonly string[]) =>
      all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const));
    for (const [a, b] of pairs([...tasks, chosen]))
      expect(apart(a, b), `${a} and ${b}`).toBeGreaterThan(19.9);
    for (const a of [...tasks, chosen])
      for (const b of [root, alert]) expect(apart(a, b), `${a} and ${b}`).toBeGreaterThan(16.9);
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
