// Paints the lineage on a canvas: only what is in sight, with one stroke or fill for everything that looks alike, and fewer
// of the pale edges the further it is zoomed out. It looks like src/figures/scenes/lineage, which makes the files.

import type { Fate, Lineage } from "../../src/analysis/children.js";
import { taskPaint } from "../../src/figures/scenes/palette.js";
import { elideTo, shortNames } from "../../src/format/names.js";
import { plural } from "../../src/format/numbers.js";
import { plain } from "../dom.js";
import { columnsBetween, type Geometry, type Sight } from "./geometry.js";
import { curve, dot, type Look, Paths, radiusOf } from "./strokes.js";

/** Below these scales pale edges, and then all but the surviving ones, would only be a grey mist. */
const MIST = 0.3;
const FOG = 0.12;
/** Edges longer than this, in pixels, cross too much to be drawn at full strength. */
const LONG = 380;
/** Least pixels for a cut name, and most pixels for the newest activation's name. */
const LEAST = 44;
const LAST = 180;
/** Most letters of a name that are shown; names are measured in every frame. */
const LETTERS = 60;

/** The paint of a task, by its number. */
type PaintOf = (task: number) => string;

const isQuiet = (fate: Fate): boolean => fate === "discarded" || fate === "failed";

export function paintLineage(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  lineage: Lineage,
  sight: Sight,
  look: Look,
): void {
  context.clearRect(0, 0, sight.width, sight.height);
  const { tasks } = lineage;
  const paintOf: PaintOf = (task) => taskPaint(tasks, tasks[task] ?? null);
  paintBands(context, geometry, lineage, sight, look, paintOf);
  paintEdges(context, geometry, sight, look, paintOf);
  paintNodes(context, geometry, lineage, sight, look, paintOf);
  paintCounts(context, geometry, sight, look);
}

function paintBands(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  { tasks, privateTasks }: Lineage,
  sight: Sight,
  { color, font }: Look,
  paintOf: PaintOf,
): void {
  const top = (10 - sight.y) * sight.scaleY;
  const names = shortNames(tasks);
  const height = (geometry.foot - 6) * sight.scaleY;
  for (const band of geometry.bands) {
    const x = (band.x - sight.x) * sight.scale;
    const width = band.width * sight.scale;
    if (x > sight.width || x + width < 0) continue;
    const inset = Math.min(8, width / 8);
    context.fillStyle = color("panel");
    context.beginPath();
    context.roundRect(x, top, width, height, inset);
    context.fill();
    context.fillStyle = color(paintOf(band.task));
    context.fillRect(x + inset, top, Math.max(1, width - 2 * inset), 3);
    // A name stays in sight as long as any part of its band does.
    const left = Math.max(x, 0) + 8;
    // There is nothing beside the newest one.
    const end = band === geometry.bands.at(-1) ? Math.min(sight.width, x + Math.max(width, LAST)) : x + width;
    const room = Math.min(end, sight.width) - left - 6;
    context.font = `600 12px ${font}`;
    const name = tasks[band.task] ?? "";
    const whole = plain(names[band.task] ?? "");
    if (room < LEAST && context.measureText(whole).width > room) continue;
    context.fillStyle = color("ink");
    context.fillText(fitted(context, whole, room), left, top + 20);
    context.font = `11px ${font}`;
    context.fillStyle = color("muted");
    const isPrivate = privateTasks.includes(name) ? " · private" : "";
    const iteration = band.iteration + 1;
    const words =
      band.folded > 0
        ? [plural(band.folded, "activation"), `×${band.folded}`]
        : [`iteration ${iteration}${isPrivate}`, `iteration ${iteration}`, `${iteration}`];
    const fit = words.find((text) => context.measureText(text).width <= room);
    if (fit) context.fillText(fit, left, top + 34);
  }
}

/** `text`, cut in its middle if it is wider than `room` pixels. */
const fitted = (context: CanvasRenderingContext2D, text: string, room: number): string =>
  elideTo(text, (cut) => cut.length <= LETTERS && context.measureText(cut).width <= room);

/** Strength of an edge by importance: discarded, kept for a while, leading to today's network. */
const LEVELS = [
  { width: 0.8, alpha: 0.32, longAlpha: 0.1 },
  { width: 1.3, alpha: 0.6, longAlpha: 0.22 },
  { width: 2.6, alpha: 0.95, longAlpha: 0.8 },
] as const;

function paintEdges(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { x, y, scale, scaleY, width }: Sight,
  { color }: Look,
  paintOf: PaintOf,
): void {
  // From pale to strong, so that what matters most is on top.
  const levels = LEVELS.map(() => new Paths());
  const least = scale < FOG ? 2 : scale < MIST ? 1 : 0;
  for (let i = 0; i < g.count; i++) {
    const from = g.from[i]!;
    if (from < 0) continue;
    const level = g.surviving[i] ? 2 : isQuiet(g.fate[i]!) ? 0 : 1;
    if (level < least) continue;
    const ax = (g.x[from]! - x) * scale;
    const bx = (g.x[i]! - x) * scale;
    if (bx < -20 || ax > width + 20) continue;
    const paint = level === 0 ? "muted" : paintOf(g.task[i]!);
    const path = levels[level]!.of(`${paint}/${g.skips[i]}/${bx - ax > LONG ? 1 : 0}`);
    curve(path, ax, (g.y[from]! - y) * scaleY, bx, (g.y[i]! - y) * scaleY);
  }
  for (const [level, paths] of levels.entries())
    for (const [style, path] of paths.all) {
      const [paint, skips, long] = style.split("/") as [string, string, string];
      const { width: thick, alpha, longAlpha } = LEVELS[level]!;
      context.globalAlpha = long === "1" ? longAlpha : alpha;
      context.strokeStyle = color(paint);
      context.lineWidth = scale < FOG ? 1.2 : thick;
      context.setLineDash(skips === "1" && scale > MIST ? [4, 3] : []);
      context.stroke(path);
    }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function paintNodes(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { tasks, privateTasks }: Lineage,
  sight: Sight,
  { color }: Look,
  paintOf: PaintOf,
): void {
  const { scale } = sight;
  const [first, last] = columnsBetween(g, sight.x - 20 / scale, sight.x + (sight.width + 20) / scale);
  const isNear = scale >= MIST;
  const isPrivate = tasks.map((name) => privateTasks.includes(name));
  const halos = new Path2D();
  const hearts = new Path2D();
  const crosses = new Path2D();
  const rings = new Paths();
  const dots = new Paths();
  const privates = new Paths();
  const tops = new Paths();
  for (let i = g.columnStart[first] ?? g.count; i < (g.columnStart[last] ?? g.count); i++) {
    const x = (g.x[i]! - sight.x) * scale;
    const y = (g.y[i]! - sight.y) * sight.scaleY;
    const fate = g.fate[i]!;
    const r = radiusOf(fate, scale);
    const paint = paintOf(g.task[i]!);
    if (fate === "failed") {
      crosses.moveTo(x - r, y - r);
      crosses.lineTo(x + r, y + r);
      crosses.moveTo(x - r, y + r);
      crosses.lineTo(x + r, y - r);
      continue;
    }
    if (isNear) dot(halos, x, y, r + 1.6);
    const isFull = g.surviving[i] || fate === "active" || fate === "root";
    if (fate === "discarded" || fate === "training") dot(rings.of(`${paint}/${fate}`), x, y, r);
    else dot((fate === "retained" ? tops : dots).of(`${paint}/${isFull ? 1 : 0.75}`), x, y, r);
    if (fate === "retained" && r > 4) dot(hearts, x, y, r * 0.35);
    if (isNear && fate !== "discarded" && isPrivate[g.task[i]!]) dot(privates.of(paint), x, y, r + 3);
  }
  context.fillStyle = color("panel");
  context.fill(halos);
  for (const [style, path] of rings.all) {
    const [paint, fate] = style.split("/") as [string, Fate];
    context.strokeStyle = color(paint);
    context.lineWidth = isNear ? (fate === "training" ? 1.6 : 1.2) : 0.7;
    context.setLineDash(fate === "training" && isNear ? [2, 2] : []);
    context.globalAlpha = fate === "training" ? 1 : isNear ? 0.75 : 0.4;
    context.stroke(path);
  }
  context.setLineDash([]);
  for (const [style, path] of [...dots.all, ...tops.all]) {
    const [paint, alpha] = style.split("/") as [string, string];
    context.globalAlpha = Number(alpha);
    context.fillStyle = color(paint);
    context.fill(path);
  }
  context.globalAlpha = 1;
  context.setLineDash([2.4, 1.8]);
  context.lineWidth = 1.2;
  for (const [paint, path] of privates.all) {
    context.strokeStyle = color(paint);
    context.stroke(path);
  }
  context.setLineDash([]);
  context.fillStyle = color("panel");
  context.fill(hearts);
  context.strokeStyle = color("alert");
  context.lineWidth = 1.8;
  context.stroke(crosses);
}

function paintCounts(
  context: CanvasRenderingContext2D,
  g: Geometry,
  sight: Sight,
  { color, font }: Look,
): void {
  const { scale } = sight;
  if (scale < 0.6) return;
  context.fillStyle = color("muted");
  context.font = `11px ${font}`;
  context.textAlign = "center";
  const [first, last] = columnsBetween(g, sight.x, sight.x + sight.width / scale);
  const y = (g.foot - 4 - sight.y) * sight.scaleY;
  for (let column = first; column < last; column++)
    if (g.folded[column]) context.fillText(`+${g.folded[column]}`, (g.columnX[column]! - sight.x) * scale, y);
  if (g.count > 0)
    context.fillText("root", (g.x[0]! - sight.x) * scale, (g.y[0]! - sight.y) * sight.scaleY + 22);
  context.textAlign = "start";
}
