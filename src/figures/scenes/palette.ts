// The colours of every picture, light and dark. Task colours were found by search, so that the first eight, the root's and
// that of a choice are distinguishable to normal, protan, deutan and tritan sight and keep a contrast of 3 : 1 to the
// surface; test/unit/view-palette measures this. Nothing relies on colour alone: every picture also names its tasks.

import { briefNames, shortNames } from "../../format/names.js";
import type { ChartLook } from "../vega/chart.js";

export type Theme = "light" | "dark";

/** The role of a paint; the renderer knows its colour in either theme. */
export type Paint = Fill | `on-${Fill}`;

type Fill = Role | `task-${number}`;

export type Role =
  /** The page. */
  | "surface"
  /** Cards and bands on it. */
  | "panel"
  /** Text. */
  | "ink"
  /** Secondary text. */
  | "muted"
  /** Hairlines, and what should hardly be seen. */
  | "faint"
  /** The root, and layers nobody trained. */
  | "root"
  /** Links, bars and the keyboard's focus. */
  | "accent"
  /** The chosen model; no task has its colour. */
  | "chosen"
  /** Something went wrong. */
  | "alert";

/** Colours by theme and role, as #rrggbb. */
export const ROLES: Readonly<Record<Theme, Readonly<Record<Role, string>>>> = {
  light: {
    surface: "#ffffff",
    panel: "#f5f6f8",
    ink: "#1b1f26",
    muted: "#5b6472",
    faint: "#d5d9e0",
    root: "#8a9099",
    accent: "#1f5fd0",
    chosen: "#3c00ff",
    alert: "#b3261e",
  },
  dark: {
    surface: "#14171c",
    panel: "#1d2128",
    ink: "#e8ebf0",
    muted: "#a0a8b5",
    faint: "#3a414c",
    root: "#8b929d",
    accent: "#8ab4ff",
    chosen: "#6f4ff8",
    alert: "#ff8a80",
  },
};

const TASKS: Readonly<Record<Theme, readonly string[]>> = {
  light: ["#2b70cd", "#d08160", "#155312", "#8e0b59", "#8c7a10", "#219fc9", "#b45f70", "#765699"],
  dark: ["#5f8dee", "#e6964d", "#32febe", "#a765a1", "#e0d853", "#71bcb3", "#cc552c", "#c99ffb"],
};

/** Number of distinct task colours; further tasks get lighter and darker shades of these. */
export const DISTINCT_TASKS = 8;

/** Number of task paints; further tasks repeat them, because a style sheet must list them all. */
export const TASK_PAINTS = 64;

/** The paint with number `index`. */
export const indexPaint = (index: number): Paint => `task-${Math.max(0, index) % TASK_PAINTS}`;

/** Colour of the task with number `place` in the run's list of tasks, as #rrggbb. */
export function taskColor(place: number, theme: Theme): string {
  const index = place % TASK_PAINTS;
  const base = TASKS[theme][index % DISTINCT_TASKS]!;
  const round = Math.floor(index / DISTINCT_TASKS);
  if (round === 0) return base;
  const toward = round % 2 === 1 ? ROLES[theme].surface : ROLES[theme].ink;
  return mix(base, toward, Math.min(0.6, 0.28 * Math.ceil(round / 2)));
}

/** Colour of `paint`, as #rrggbb. "on-…" is for text on that paint. */
export function colorOf(paint: Paint, theme: Theme): string {
  if (paint.startsWith("on-")) return readableOn(colorOf(paint.slice("on-".length) as Fill, theme));
  return paint.startsWith("task-")
    ? taskColor(Number(paint.slice("task-".length)), theme)
    : ROLES[theme][paint as Role];
}

/** The paint of text on top of `paint`. */
export const onPaint = (paint: Paint): Paint => `on-${paint as Fill}`;

/** Black or white, whichever has more contrast to `ground`: one of them always reaches 4.5 : 1. */
const readableOn = (ground: string): string => (luminance(ground) > 0.179 ? "#000000" : "#ffffff");

/** Relative luminance in [0, 1] of #rrggbb. WCAG 2.1. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The tasks whose colour never depends on the others: those of the papers' character benchmark. Their parts and variants ("kmnist/first7000") share it. */
const KNOWN = [
  "cmaterdb/bangla",
  "cmaterdb/devanagari",
  "cmaterdb/telugu",
  "mnist",
  "kmnist",
  "omniglot",
  "emnist/digits",
  "emnist/letters",
];

/** The colour that `name` would have by itself. */
function wishOf(name: string): number {
  const known = KNOWN.findIndex((task) => name === task || name.startsWith(`${task}/`));
  if (known >= 0) return known;
  let hash = 2166136261; // FNV-1a
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  return (hash >>> 0) % DISTINCT_TASKS;
}

const slots = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The number of each task's colour, derived from its name, so that it stays the same in other lists, in another order, or when tasks are added. If two tasks of a list would get the same colour, the later one takes the next free one. The first eight colours all differ, and so do the first 64. */
function slotsOf(tasks: readonly string[]): ReadonlyMap<string, number> {
  const known = slots.get(tasks);
  if (known) return known;
  const made = new Map<string, number>();
  const taken = new Set<number>();
  const take = (name: string, slot: number) => {
    made.set(name, slot);
    taken.add(slot);
  };
  const names = [...new Set(tasks)];
  for (const name of names.filter((each) => KNOWN.includes(each))) take(name, KNOWN.indexOf(name));
  for (const name of names) {
    if (made.has(name)) continue;
    const first = wishOf(name);
    const isFree = (slot: number) => !taken.has(slot);
    const near = Array.from({ length: DISTINCT_TASKS }, (_, i) => (first + i) % DISTINCT_TASKS).find(isFree);
    const far = () =>
      Array.from({ length: TASK_PAINTS }, (_, i) => i).find(isFree) ?? made.size % TASK_PAINTS;
    take(name, near ?? far());
  }
  slots.set(tasks, made);
  return made;
}

/** The paint of the task `name`; that of the root if it is null or unknown. */
export function taskPaint(tasks: readonly string[], name: string | null): Paint {
  const slot = name === null ? undefined : slotsOf(tasks).get(name);
  return slot === undefined ? "root" : indexPaint(slot);
}

/** Colours and short names for charts about `tasks`, or about anything else that has a name each. */
export function chartLook(tasks: readonly string[], theme: Theme): ChartLook {
  const { surface, panel, ink, muted, faint, accent } = ROLES[theme];
  const taskColors = tasks.map((_, i) => taskColor(i, theme));
  return {
    tasks,
    labels: shortNames(tasks),
    taskColors,
    dark: theme === "dark",
    surface,
    panel,
    ink,
    muted,
    faint,
    accent,
  };
}

/** Letters of a task's name in a chart; Vega would cut the end, where names of one family differ. */
const LETTERS = 20;

/** `chartLook` for tasks, whose names may be paths of any length. */
export const taskChartLook = (tasks: readonly string[], theme: Theme): ChartLook => ({
  ...chartLook(tasks, theme),
  taskColors: tasks.map((task) => colorOf(taskPaint(tasks, task), theme)),
  labels: briefNames(tasks, LETTERS),
});

/**
 * `text` with the palette's colours of the other theme exchanged for those of `theme`; a chart's spec as JSON, whose
 * colours are written out as #rrggbb.
 */
export function inTheme(text: string, theme: Theme): string {
  const other = theme === "light" ? "dark" : "light";
  const paints: Paint[] = [
    ...(Object.keys(ROLES.light) as Role[]),
    ...Array.from({ length: TASK_PAINTS }, (_, i): Paint => `task-${i}`),
  ];
  const exchanged = new Map(
    paints.map((paint) => [colorOf(paint, other), colorOf(paint, theme)]).reverse() as [string, string][],
  );
  return text.replace(/#[0-9a-f]{6}\b/gi, (color) => exchanged.get(color.toLowerCase()) ?? color);
}

/** `a` with `share` in [0, 1] of `b`; both #rrggbb, mixed as sRGB. */
function mix(a: string, b: string, share: number): string {
  const channel = (at: number): string => {
    const [x, y] = [a, b].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number];
    return Math.round(x + (y - x) * share)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** The CSS variables of a theme, `--mulab-ink` and so on, for the style sheet of pages whose scenes have "css" colours. */
export function paletteCss(theme: Theme, tasks: number): string {
  const roles = Object.entries(ROLES[theme]).map(([role, color]) => `--mulab-${role}:${color}`);
  const fills: Paint[] = Array.from({ length: tasks }, (_, i): Paint => `task-${i}`);
  const others = [...fills, ...["root" as const, "muted" as const, ...fills].map(onPaint)];
  return [...roles, ...others.map((paint) => `--mulab-${paint}:${colorOf(paint, theme)}`)].join(";");
}

/** Rules that paint the classes of scenes in "css" colours: `.f-ink` fills, `.s-ink` strokes. */
export function paintCss(tasks: number): string {
  const fills: Paint[] = Array.from({ length: tasks }, (_, i): Paint => `task-${i}`);
  const paints = [...(Object.keys(ROLES.light) as Role[]), ...fills];
  return [
    ...paints.map((p) => `.f-${p}{fill:var(--mulab-${p})}.s-${p}{stroke:var(--mulab-${p})}`),
    ...["root" as const, "muted" as const, ...fills]
      .map(onPaint)
      .map((p) => `.f-${p}{fill:var(--mulab-${p})}`),
  ].join("\n");
}
