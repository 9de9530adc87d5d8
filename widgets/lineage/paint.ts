// Paints the lineage on a canvas: only what is in sight, one stroke or fill for all that looks alike, and less of what
// is quiet the further away it is seen from. The same look as src/view/lineage-scene, which makes the files.

import type { Fate, Lineage } from "../../src/view/lineage.js";
import { columnsBetween, type Geometry } from "./geometry.js";

/** Sheet to canvas: pixels = (sheet - offset) * scale. */
export interface Sight {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** Of the canvas, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Colours by paint (src/view/palette), as the page computes them. */
export type Colors = (paint: string) => string;

const RADIUS: Record<Fate, number> = {
  root: 7,
  training: 5,
  active: 5,
  retained: 7.5,
  dropped: 5,
  discarded: 3.4,
  failed: 3.4,
};

/** Below this scale quiet edges would only be a gray mist. */
const MIST = 0.3;

const paintOf = (task: number): string => (task < 0 ? "root" : `task-${task}`);
const isQuiet = (fate: Fate): boolean => fate === "discarded" || fate === "failed";

export function paintLineage(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  lineage: Lineage,
  sight: Sight,
  colors: Colors,
  font: string,
): void {
  const { scale } = sight;
  const x0 = sight.x;
  const x1 = sight.x + sight.width / scale;
  context.clearRect(0, 0, sight.width, sight.height);
  context.save();
  context.scale(scale, scale);
  context.translate(-sight.x, -sight.y);
  paintBands(context, geometry, lineage, { ...sight, x: x0 }, x1, colors, font);
  paintEdges(context, geometry, x0, x1, scale, colors);
  paintNodes(context, geometry, lineage, x0, x1, scale, colors);
  paintCounts(context, geometry, x0, x1, scale, colors, font);
  context.restore();
}

function paintBands(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  { tasks, privateTasks }: Lineage,
  sight: Sight,
  x1: number,
  colors: Colors,
  font: string,
): void {
  const unit = 1 / sight.scale;
  for (const band of geometry.bands) {
    if (band.x > x1 || band.x + band.width < sight.x) continue;
    context.fillStyle = colors("panel");
    context.beginPath();
    context.roundRect(band.x, 10, band.width, geometry.foot - 6, Math.min(8, band.width / 4));
    context.fill();
    context.fillStyle = colors(paintOf(band.task));
    context.fillRect(
      band.x + Math.min(8, band.width / 8),
      10,
      Math.max(1, band.width - Math.min(16, band.width / 4)),
      3 * Math.max(1, unit / 2),
    );
    // Names keep their size whatever the scale, and stay in sight while any of their band does.
    const left = Math.max(band.x + 8, sight.x + 8 * unit);
    const room = band.x + band.width - left - 6;
    if (room < 24 * unit) continue;
    const name = tasks[band.task] ?? "";
    const shown = `${fitted(context, name, room * sight.scale, `600 12px ${font}`)}`;
    const size = Math.min(1.15, unit);
    context.save();
    context.translate(left, 30);
    context.scale(size, size);
    context.fillStyle = colors("ink");
    context.font = `600 12px ${font}`;
    context.fillText(shown, 0, 0);
    context.font = `10px ${font}`;
    context.fillStyle = colors("muted");
    const rest = `iteration ${band.iteration + 1}${privateTasks.includes(name) ? " · private" : ""}`;
    context.fillText(fitted(context, rest, room / size, `10px ${font}`), 0, 13);
    context.restore();
  }
}

/** `text`, cut at its beginning where it is wider than `room` pixels: names of a family differ at the end. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number, font: string): string {
  context.font = font;
  if (context.measureText(text).width <= room) return text;
  const letters = [...text];
  while (letters.length > 1) {
    letters.shift();
    if (context.measureText(`…${letters.join("")}`).width <= room) return `…${letters.join("")}`;
  }
  return "";
}

/** From parent to child; a level edge over other columns bows, so that it doesn't seem to end at the nodes between. */
function curve(path: Path2D, ax: number, ay: number, bx: number, by: number): void {
  const bend = (bx - ax) / 2;
  const bow = ay === by && bx - ax > 44 ? Math.min(16, 6 + (bx - ax) / 24) : 0;
  path.moveTo(ax, ay);
  path.bezierCurveTo(ax + (bow ? bend / 2 : bend), ay - bow, bx - (bow ? bend / 2 : bend), by - bow, bx, by);
}

interface Style {
  readonly stroke: string;
  readonly width: number;
  readonly alpha: number;
  readonly dash: number[];
}

function paintEdges(
  context: CanvasRenderingContext2D,
  g: Geometry,
  x0: number,
  x1: number,
  scale: number,
  colors: Colors,
): void {
  // From quiet to loud, so that what matters lies on top.
  const layers: Map<string, { style: Style; path: Path2D }>[] = [new Map(), new Map(), new Map()];
  for (let i = 0; i < g.count; i++) {
    const from = g.from[i]!;
    if (from < 0) continue;
    const ax = g.x[from]!;
    const bx = g.x[i]!;
    if (bx < x0 - 20 || ax > x1 + 20) continue;
    const quiet = isQuiet(g.fate[i]!);
    if (quiet && scale < MIST) continue;
    const level = g.surviving[i] ? 2 : quiet ? 0 : 1;
    const paint = quiet ? "muted" : paintOf(g.task[i]!);
    const key = `${paint}/${g.skips[i]}`;
    let group = layers[level]!.get(key);
    if (!group) {
      const style = {
        stroke: colors(paint),
        width: [0.8, 1.3, 2.6][level]! * Math.max(1, 0.6 / scale),
        alpha: [0.32, 0.6, 0.95][level]!,
        dash: g.skips[i] ? [4, 3] : [],
      };
      group = { style, path: new Path2D() };
      layers[level]!.set(key, group);
    }
    const ay = g.y[from]!;
    const by = g.y[i]!;
    curve(group.path, ax, ay, bx, by);
  }
  for (const layer of layers)
    for (const { style, path } of layer.values()) {
      context.globalAlpha = style.alpha;
      context.strokeStyle = style.stroke;
      context.lineWidth = style.width;
      context.setLineDash(style.dash);
      context.stroke(path);
    }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function paintNodes(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { tasks, privateTasks }: Lineage,
  x0: number,
  x1: number,
  scale: number,
  colors: Colors,
): void {
  const [first, last] = columnsBetween(g, x0 - 20, x1 + 20);
  const grow = scale < 1 ? Math.min(2.2, 1 / Math.sqrt(scale)) : 1;
  const isFar = scale < MIST;
  const halos = new Path2D();
  const dots = new Map<string, Path2D>();
  const rings = new Map<string, Path2D>();
  const privates = new Map<string, Path2D>();
  const hearts = new Path2D();
  const crosses = new Path2D();
  const pathIn = (paths: Map<string, Path2D>, key: string): Path2D => {
    const known = paths.get(key);
    if (known) return known;
    const path = new Path2D();
    paths.set(key, path);
    return path;
  };
  const dot = (path: Path2D, x: number, y: number, r: number) => {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  };
  for (let i = g.columnStart[first] ?? g.count; i < (g.columnStart[last] ?? g.count); i++) {
    const x = g.x[i]!;
    const y = g.y[i]!;
    const fate = g.fate[i]!;
    const r = RADIUS[fate] * grow;
    const paint = paintOf(g.task[i]!);
    if (fate === "failed") {
      crosses.moveTo(x - 3.2, y - 3.2);
      crosses.lineTo(x + 3.2, y + 3.2);
      crosses.moveTo(x - 3.2, y + 3.2);
      crosses.lineTo(x + 3.2, y - 3.2);
      continue;
    }
    if (!isFar) dot(halos, x, y, r + 1.6);
    if (fate === "discarded" || fate === "training") dot(pathIn(rings, `${paint}/${fate}`), x, y, r);
    else
      dot(
        pathIn(dots, `${paint}/${g.surviving[i] || fate === "active" || fate === "root" ? 1 : 0.75}`),
        x,
        y,
        r,
      );
    if (fate === "retained") dot(hearts, x, y, 2.6 * grow);
    if (!isFar && fate !== "discarded" && privateTasks.includes(tasks[g.task[i]!] ?? ""))
      dot(pathIn(privates, paint), x, y, r + 3);
  }
  context.fillStyle = colors("panel");
  context.fill(halos);
  for (const [key, path] of rings) {
    const [paint, fate] = key.split("/") as [string, Fate];
    context.strokeStyle = colors(paint);
    context.lineWidth = fate === "training" ? 1.6 : 1.2;
    context.setLineDash(fate === "training" ? [2, 2] : []);
    context.globalAlpha = fate === "training" ? 1 : 0.75;
    context.stroke(path);
  }
  context.setLineDash([]);
  for (const [key, path] of dots) {
    const [paint, alpha] = key.split("/") as [string, string];
    context.globalAlpha = Number(alpha);
    context.fillStyle = colors(paint);
    context.fill(path);
  }
  context.globalAlpha = 1;
  context.setLineDash([2.4, 1.8]);
  context.lineWidth = 1.2;
  for (const [paint, path] of privates) {
    context.strokeStyle = colors(paint);
    context.stroke(path);
  }
  context.setLineDash([]);
  context.fillStyle = colors("panel");
  context.fill(hearts);
  context.strokeStyle = colors("alert");
  context.lineWidth = 1.8;
  context.stroke(crosses);
}

function paintCounts(
  context: CanvasRenderingContext2D,
  g: Geometry,
  x0: number,
  x1: number,
  scale: number,
  colors: Colors,
  font: string,
): void {
  if (scale < 0.6) return;
  context.fillStyle = colors("muted");
  context.font = `10px ${font}`;
  context.textAlign = "center";
  const [first, last] = columnsBetween(g, x0, x1);
  for (let column = first; column < last; column++)
    if (g.folded[column]) context.fillText(`+${g.folded[column]}`, g.columnX[column]!, g.foot - 4);
  if (g.count > 0 && x0 < 60) context.fillText("root", g.x[0]!, g.y[0]! + 24);
  context.textAlign = "start";
}

/** On the sheet above: the way from `chosen` to the root, and rings around what was found or is pointed at. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  g: Geometry,
  sight: Sight,
  colors: Colors,
  marks: { readonly hover: number; readonly selected: number; readonly found: ReadonlySet<number> },
): void {
  context.clearRect(0, 0, sight.width, sight.height);
  context.save();
  context.scale(sight.scale, sight.scale);
  context.translate(-sight.x, -sight.y);
  const unit = Math.max(1, 0.7 / sight.scale);
  const way = (node: number, paint: string, width: number) => {
    if (node < 0) return;
    const path = new Path2D();
    const dots = new Path2D();
    for (let i = node; i >= 0; i = g.from[i]!) {
      const [x, y, from] = [g.x[i]!, g.y[i]!, g.from[i]!];
      const r = RADIUS[g.fate[i]!] + 3;
      dots.moveTo(x + r, y);
      dots.arc(x, y, r, 0, 2 * Math.PI);
      if (from < 0) break;
      const [ax, ay] = [g.x[from]!, g.y[from]!];
      curve(path, ax, ay, x, y);
    }
    context.strokeStyle = colors(paint);
    context.lineWidth = width * unit;
    context.lineCap = "round";
    context.stroke(path);
    context.lineWidth = 1.6 * unit;
    context.stroke(dots);
  };
  const ring = (node: number, paint: string, grow: number, width: number) => {
    if (node < 0) return;
    context.beginPath();
    context.arc(g.x[node]!, g.y[node]!, RADIUS[g.fate[node]!] + grow * unit, 0, 2 * Math.PI);
    context.strokeStyle = colors(paint);
    context.lineWidth = width * unit;
    context.stroke();
  };
  for (const node of marks.found) ring(node, "accent", 3.5, 1.5);
  way(marks.selected, "accent", 3.4);
  ring(marks.selected, "accent", 6, 2.4);
  way(marks.hover, "ink", 2.2);
  ring(marks.hover, "ink", 4, 1.6);
  context.restore();
}
