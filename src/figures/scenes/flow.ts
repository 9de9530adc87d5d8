// Knowledge exchange as a graph: tasks on a circle, and arrows from each task to those whose models descend from its own;
// the larger its part in them, the wider the arrow. muNet Fig. 7; the width is (count + 0.5 · rowsum) / (1.5 · rowsum).

import type { FlowEdge } from "../../analysis/sweep/exchange.js";
import { elide, shortNames } from "../../format/names.js";
import { formatCount, plural } from "../../format/numbers.js";
import { taskPaint } from "./palette.js";
import { type Mark, px, type Scene, textWidth } from "./scene.js";

const WIDEST = 9;
const NODE = 7;
const SIZE = 13;
/** Up to this many tasks, names are level; those of more lead away from the middle, so that they stay apart. */
const LEVEL = 16;
/** Pixels along the circle between two such names. */
const LINE = 48;
/** Distance between an arrow's ends and the middle of a task's dot. */
const ROOM = NODE + 5;

/** Tasks on the circle; of more, those between which most was exchanged. */
const MOST = 48;

/** The arrows of `edges` between `tasks`, in the order of the tasks clockwise from the top. */
export function flowScene(allEdges: readonly FlowEdge[], all: readonly string[]): Scene {
  const tasks = mostExchanging(allEdges, all);
  const isShown = new Set(tasks);
  const edges = allEdges.filter(({ source, task }) => isShown.has(source) && isShown.has(task));
  const names = shortNames(tasks).map((name) => elide(name, 24));
  const longest = Math.max(0, ...names.map((name) => textWidth(name, SIZE, "bold")));
  const isRadial = tasks.length > LEVEL;
  const radius = isRadial ? (LINE * tasks.length) / (2 * Math.PI) : Math.max(120, 26 * tasks.length);
  const width = 2 * (radius + longest + 26);
  const height = isRadial ? width : 2 * radius + 90;
  const middle = { x: width / 2, y: height / 2 };
  const places = tasks.map((_, i) => {
    const angle = (2 * Math.PI * i) / Math.max(1, tasks.length) - Math.PI / 2;
    return { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle), angle };
  });
  const arrows = [...edges]
    .sort((a, b) => b.weight - a.weight)
    .map((edge): Mark => {
      const [from, to] = [edge.source, edge.task].map((task) => places[tasks.indexOf(task)]!);
      return arrow(edge, from!, to!, middle, all);
    });
  return {
    width,
    height,
    title: "Knowledge exchange between tasks",
    description: edges
      .map(({ source, task, count }) => `${source} to ${task}: ${plural(count, "ancestor")}`)
      .join("; "),
    children: [
      ...arrows,
      ...tasks.flatMap((task, i) => station(task, names[i]!, places[i]!, all, isRadial)),
      ...(edges.length === 0 ? [emptyNote(middle)] : []),
      ...(tasks.length < all.length ? [cutNote(tasks.length, all.length)] : []),
    ],
  };
}

const emptyNote = ({ x, y }: Place): Mark => ({
  kind: "text",
  x,
  y,
  text: "No model descends from another task's.",
  size: 12,
  anchor: "middle",
  fill: "muted",
});

const cutNote = (shown: number, all: number): Mark => ({
  kind: "text",
  x: 12,
  y: 18,
  text: `${shown} of ${formatCount(all)} tasks, those that exchange most`,
  size: 12,
  fill: "muted",
});

/** At most `MOST` of `tasks`, in their order. */
function mostExchanging(edges: readonly FlowEdge[], tasks: readonly string[]): readonly string[] {
  if (tasks.length <= MOST) return tasks;
  const counts = new Map<string, number>();
  for (const { source, task, count } of edges)
    for (const each of [source, task]) counts.set(each, (counts.get(each) ?? 0) + count);
  const order = tasks.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  const kept = new Set(order.slice(0, MOST));
  return tasks.filter((task) => kept.has(task));
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A curve that bends towards the middle, with a head at its end. */
function arrow(
  { source, task, count, share, weight }: FlowEdge,
  from: Place,
  to: Place,
  middle: Place,
  tasks: readonly string[],
): Mark {
  const paint = taskPaint(tasks, source);
  const line = 1 + (WIDEST - 1) * ((weight - 1 / 3) / (2 / 3));
  const head = 7 + 0.9 * line;
  // Arrows in opposite directions bend to different sides, so that both are visible.
  const bend = { x: 0.16 * (to.y - from.y), y: -0.16 * (to.x - from.x) };
  const control = {
    x: 0.55 * middle.x + 0.225 * (from.x + to.x) + bend.x,
    y: 0.55 * middle.y + 0.225 * (from.y + to.y) + bend.y,
  };
  const start = toward(from, control, ROOM);
  const tip = toward(to, control, ROOM);
  const neck = toward(tip, control, head);
  const [dx, dy] = [(tip.x - neck.x) / head, (tip.y - neck.y) / head];
  const half = 0.55 * head;
  const corner = (sign: number) => `${px(neck.x - sign * dy * half)} ${px(neck.y + sign * dx * half)}`;
  return {
    kind: "group",
    class: "flow",
    title: `${source} → ${task}: ${plural(count, "ancestor")}, ${(100 * share).toFixed(0)} % of its own`,
    opacity: 0.85,
    children: [
      {
        kind: "path",
        d: `M${px(start.x)} ${px(start.y)}Q${px(control.x)} ${px(control.y)} ${px(neck.x)} ${px(neck.y)}`,
        fill: "none",
        stroke: paint,
        strokeWidth: Math.round(line * 100) / 100,
      },
      { kind: "path", d: `M${px(tip.x)} ${px(tip.y)}L${corner(1)}L${corner(-1)}Z`, fill: paint },
    ],
  };
}

/** The point `length` away from `from` towards `to`. */
function toward(from: Place, to: Place, length: number): Place {
  const all = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) * length) / all, y: from.y + ((to.y - from.y) * length) / all };
}

function station(
  task: string,
  name: string,
  { x, y, angle }: Place & { readonly angle: number },
  tasks: readonly string[],
  isRadial: boolean,
): Mark[] {
  const dot: Mark = { kind: "circle", x, y, r: NODE, fill: taskPaint(tasks, task) };
  const common = { kind: "text", text: name, size: SIZE, weight: "bold", fill: "ink", title: task } as const;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  if (isRadial) {
    const degrees = (angle * 180) / Math.PI;
    const isLeft = cos < -1e-9;
    const at = { x: x + 14 * cos, y: y + 14 * sin };
    const turned = isLeft ? degrees + 180 : degrees;
    // The baseline is a little below the middle of a line.
    const down = {
      x: -4.5 * Math.sin((turned * Math.PI) / 180),
      y: 4.5 * Math.cos((turned * Math.PI) / 180),
    };
    return [
      dot,
      {
        ...common,
        x: at.x + down.x,
        y: at.y + down.y,
        anchor: isLeft ? "end" : "start",
        rotate: turned,
      },
    ];
  }
  const anchor = Math.abs(cos) < 0.25 ? "middle" : cos > 0 ? "start" : "end";
  return [
    dot,
    {
      ...common,
      x: x + (anchor === "middle" ? 0 : 14 * Math.sign(cos)),
      y: y + 4.5 + (anchor === "middle" ? 20 * Math.sign(sin) : 4 * sin),
      anchor,
    },
  ];
}
