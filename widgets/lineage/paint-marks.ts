// Marks over the tree for what is chosen, pointed at or found.

import type { Lineage } from "../../src/analysis/children.js";
import { taskPaint } from "../../src/figures/scenes/palette.js";
import type { Geometry, Sight } from "./geometry.js";
import { curve, dot, type Look, radiusOf } from "./strokes.js";

export interface Pointed {
  /** Nodes by index; -1 if none. */
  readonly hover: number;
  readonly selected: number;
  readonly found: ReadonlySet<number>;
}

/** Paints, on the upper canvas, the paths from the chosen node and the node under the pointer to the root, and search results, in full colour over the dimmed tree. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { tasks }: Lineage,
  sight: Sight,
  { color }: Look,
  { hover, selected, found }: Pointed,
): void {
  context.clearRect(0, 0, sight.width, sight.height);
  const xOf = (i: number) => (g.x[i]! - sight.x) * sight.scale;
  const yOf = (i: number) => (g.y[i]! - sight.y) * sight.scaleY;
  const ring = (i: number, paint: string, grow: number, width: number) => {
    const path = new Path2D();
    dot(path, xOf(i), yOf(i), radiusOf(g.fate[i]!, sight.scale) + grow);
    context.strokeStyle = color(paint);
    context.lineWidth = width;
    context.stroke(path);
  };
  const way = (node: number, paint: string, width: number) => {
    const path = new Path2D();
    const dots = new Path2D();
    for (let i = node; i >= 0; i = g.from[i]!) {
      dot(dots, xOf(i), yOf(i), radiusOf(g.fate[i]!, sight.scale) + 2.5);
      const from = g.from[i]!;
      if (from >= 0) curve(path, xOf(from), yOf(from), xOf(i), yOf(i));
    }
    context.strokeStyle = color(paint);
    context.lineCap = "round";
    context.lineWidth = width;
    context.stroke(path);
    context.lineWidth = 1.6;
    context.stroke(dots);
    ring(node, paint, 5.5, 2.2);
  };
  for (const node of found) {
    const heart = new Path2D();
    dot(heart, xOf(node), yOf(node), radiusOf(g.fate[node]!, sight.scale));
    context.fillStyle = color(taskPaint(tasks, tasks[g.task[node]!] ?? null));
    context.fill(heart);
    ring(node, "ink", 2.5, 1.5);
  }
  if (selected >= 0) way(selected, "chosen", 3.2);
  if (hover >= 0) way(hover, "ink", 2);
}
