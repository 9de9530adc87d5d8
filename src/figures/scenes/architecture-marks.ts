// The marks of the architecture: a layer's station, a task's line, and the two ends of the line.

import type { Architecture, ArchitectureNode } from "../../analysis/architecture.js";
import { componentLabel } from "../../format/components.js";
import { elide } from "../../format/names.js";
import { formatCount, formatList, formatPercent } from "../../format/numbers.js";
import type { Point } from "./architecture-layout.js";
import { lock } from "./marks.js";
import { onPaint, taskPaint } from "./palette.js";
import { type Mark, px, textWidth } from "./scene.js";

/** Height of a station, and where the accuracies end above the first row, in pixels. */
export const NODE = 22;
export const TOP = 52;

/** Up through `points`: straight within a column, S-shaped between columns. */
export function linePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let at = first!;
  let d = `M${px(at.x)} ${px(at.y)}`;
  for (const to of rest) {
    const bend = (at.y - to.y) / 2;
    d +=
      Math.abs(to.x - at.x) < 0.01
        ? `V${px(to.y)}`
        : `C${px(at.x)} ${px(at.y - bend)} ${px(to.x)} ${px(to.y + bend)} ${px(to.x)} ${px(to.y)}`;
    at = to;
  }
  return d;
}

/** A layer, as wide as the lines through it. */
export function station(
  node: ArchitectureNode,
  { x, y, width }: Point & { width: number },
  architecture: Architecture,
): Mark {
  const { taskNames, tasks } = architecture;
  const paint = taskPaint(taskNames, node.trainedBy);
  const users = node.users.map((t) => tasks[t]!.name);
  const title = [
    `${componentLabel(node.name)} · ${formatCount(node.paramCount)} parameters`,
    node.trainedBy === null ? "the root's, never trained" : `trained by ${trainers(node)}`,
    users.length > 1
      ? `shared by ${formatList(users)}`
      : `used by ${users[0]} alone${node.isRoots ? " (and the root)" : ""}`,
    ...(node.isPrivate ? ["private"] : []),
    `layer ${node.id.slice(0, 8)}`,
  ].join("\n");
  const box = (grow: number) => ({
    x: x - width / 2 - grow,
    y: y - NODE / 2 - grow,
    width: width + 2 * grow,
    height: NODE + 2 * grow,
    r: NODE / 2 + grow,
  });
  return {
    kind: "group",
    class: "station",
    role: "img",
    title,
    data: { layer: node.id },
    children: [
      { kind: "rect", ...box(2), fill: "surface" },
      { kind: "rect", ...box(0), fill: paint },
      ...(node.isPrivate
        ? [
            {
              kind: "rect",
              ...box(3.5),
              fill: "none",
              stroke: paint,
              strokeWidth: 1.3,
              dash: "3 2.2",
            } as const,
          ]
        : []),
      ...(users.length > 1
        ? [
            {
              kind: "text",
              x,
              y: y + 4,
              text: `×${users.length}`,
              size: 11,
              weight: "bold",
              anchor: "middle",
              fill: onPaint(paint),
            } as const,
          ]
        : []),
    ],
  };
}

const trainers = ({ history }: ArchitectureNode): string =>
  formatList(history.map(({ task, steps }) => (steps > 0 ? `${task} (${formatCount(steps)} steps)` : task)));

/** Where a task's line begins and ends, and the short name that distinguishes the task. */
interface TaskPlace {
  readonly x: number;
  readonly top: Point;
  readonly label: string;
}

/** The layout of the names at the foot of the picture. */
interface NameLook {
  readonly foot: number;
  /** Between two lines, in pixels. */
  readonly spacing: number;
  readonly letters: number;
  readonly isSlanted: boolean;
}

/** A task's accuracy at the top of its line and its name at the foot, which selects its model. */
export function taskEnds(
  { tasks, taskNames }: Architecture,
  t: number,
  { x, top, label }: TaskPlace,
  { foot, spacing, letters, isSlanted }: NameLook,
): Mark[] {
  const task = tasks[t]!;
  const paint = taskPaint(taskNames, task.name);
  const isPrivate = task.access === "private";
  const name = elide(label, letters);
  const half = textWidth(name, 13, "bold") / 2;
  return [
    {
      kind: "text",
      x: top.x,
      y: TOP - 14,
      text: formatPercent(task.validationAccuracy).replace(spacing < 62 ? /\s?%$/ : "", ""),
      size: spacing < 62 ? 11 : 15,
      weight: "bold",
      anchor: "middle",
      fill: "ink",
      title: `${task.name}: validation accuracy ${formatPercent(task.validationAccuracy)}`,
    },
    {
      kind: "group",
      class: "end",
      role: "button",
      title: `${task.name}: model ${task.model}`,
      data: { task: t },
      children: [
        { kind: "circle", x, y: foot - 10, r: 4.5, fill: paint },
        {
          kind: "text",
          x: isSlanted ? x + 4 : x,
          y: foot + 13,
          text: name,
          size: 13,
          weight: "bold",
          anchor: isSlanted ? "end" : "middle",
          fill: "ink",
          ...(isSlanted ? { rotate: -40 } : {}),
        },
        ...(isPrivate ? [isSlanted ? lock(x + 14, foot + 4) : lock(x + half + 11, foot + 8)] : []),
      ],
    },
  ];
}
