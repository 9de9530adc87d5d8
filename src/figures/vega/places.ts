// Places labels so that they cover neither each other nor points. Vega-Lite can't do this, so the places are found here,
// from the ends of the axes, before the spec is made.

/** A label and its point, in units of the axes. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

/** "none": there is no room, so the label is left out (the tooltip still has it). */
export type Placement = "above" | "below" | "right" | "left" | "none";

/** The ends of both axes, and the plot's size in pixels. */
export interface Plane {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

const LETTER = 6.1;
const LINE = 12;
const DOT = 5;
const ORDER = ["above", "below", "right", "left"] as const;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A place for each label, the most important label first; if there is a choice, one nearer to its own point than to any other and off the `lines`. */
export function placeLabels(
  points: readonly Labelled[],
  plane: Plane,
  lines: readonly (readonly Omit<Labelled, "label">[])[] = [],
): Placement[] {
  const at = ({ x, y }: Omit<Labelled, "label">) => ({
    x: ((x - plane.x[0]) / (plane.x[1] - plane.x[0])) * plane.width,
    y: (1 - (y - plane.y[0]) / (plane.y[1] - plane.y[0])) * plane.height,
  });
  const crossed = lines.flatMap((line) => beads(line.map(at)));
  const taken: Box[] = points.map((point) => boxAround(at(point).x, at(point).y, 2 * DOT, 2 * DOT));
  return points.map((point, i) => {
    if (point.label === "") return "none";
    const { x, y } = at(point);
    const free = ORDER.filter((side) => {
      const box = labelBox(side, x, y, point.label.length * LETTER);
      const isInside =
        box.left >= -4 && box.right <= plane.width + 4 && box.top >= -4 && box.bottom <= plane.height;
      return isInside && !taken.some((other, j) => j !== i && overlap(box, other));
    });
    const isOwn = (side: (typeof ORDER)[number]) => {
      const box = labelBox(side, x, y, point.label.length * LETTER);
      const own = distance(box, { x, y });
      return !points.some((other, j) => j !== i && distance(box, at(other)) < own);
    };
    const isClear = (side: (typeof ORDER)[number]) =>
      !crossed.some((bead) => overlap(labelBox(side, x, y, point.label.length * LETTER), bead));
    const place =
      free.find((side) => isOwn(side) && isClear(side)) ?? free.find(isOwn) ?? free.find(isClear) ?? free[0];
    if (!place) return "none";
    taken.push(labelBox(place, x, y, point.label.length * LETTER));
    return place;
  });
}

/** Alignment of a text mark at each place. */
export const PLACED = {
  above: { dx: 0, dy: -11, align: "center" },
  below: { dx: 0, dy: 12, align: "center" },
  right: { dx: 9, dy: 0, align: "left" },
  left: { dx: -9, dy: 0, align: "right" },
} as const;

function labelBox(side: (typeof ORDER)[number], x: number, y: number, width: number): Box {
  const { dx, dy } = PLACED[side];
  const middle = side === "right" ? x + dx + width / 2 : side === "left" ? x + dx - width / 2 : x;
  return boxAround(middle, y + dy, width, LINE);
}

/** A line as small boxes along it. */
function beads(line: readonly { readonly x: number; readonly y: number }[]): Box[] {
  return line.slice(1).flatMap((to, i) => {
    const from = line[i]!;
    const count = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 4);
    return Array.from({ length: count }, (_, k) => {
      const t = (k + 0.5) / count;
      return boxAround(from.x + t * (to.x - from.x), from.y + t * (to.y - from.y), 2, 2);
    });
  });
}

const boxAround = (x: number, y: number, width: number, height: number): Box => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - height / 2,
  bottom: y + height / 2,
});

/** Distance from the middle of a box to a point. */
const distance = ({ left, right, top, bottom }: Box, { x, y }: { readonly x: number; readonly y: number }) =>
  Math.hypot((left + right) / 2 - x, (top + bottom) / 2 - y);

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The ends of an axis over `values` with a little room on both sides, at least `least` apart; [0, 1] without values. */
export function ends(values: readonly number[], least = 0, room = 0.06): [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const more = Math.max((high - low || Math.abs(high) || 1) * room, (least - (high - low)) / 2);
  return [low - more, high + more];
}
