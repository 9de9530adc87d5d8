// The multitask graph as a scene. Each task is a line in its colour that runs from the image to its head; a layer is a
// station, as wide as the lines through it, coloured by the task that trained it last (gray: the root's, never trained).

import type { Architecture, ArchitectureNode } from "../../analysis/architecture.js";
import type { RunExtent } from "../../analysis/moments.js";
import { isPublic } from "../../core/access.js";
import { componentLabel } from "../../format/components.js";
import { elide, shortNames } from "../../format/names.js";
import { formatCount, formatList, formatParams, formatPercent, plural } from "../../format/numbers.js";
import { layoutArchitecture, type Point } from "./architecture-layout.js";
import { lock } from "./marks.js";
import { onPaint, taskPaint } from "./palette.js";
import { type Mark, px, type Scene, textWidth } from "./scene.js";

const ROW = 54;
const NODE = 22;
const TRACK = 9;
const GAP = 12;
const TOP = 52;
const LEGEND = 22;
/** Letters of a name that is slanted for lack of room, and the number of letters that a level name needs room for. */
const SLANTED = 18;
const UPRIGHT = 12;

export interface ArchitectureSceneOptions {
  /** Least width, in pixels. */
  readonly width?: number;
  /** Tasks at most; 40 where not given. */
  readonly most?: number;
  /** Columns and rows of a whole run, whose picture at one moment this is: everything is where it will be. */
  readonly frame?: Pick<RunExtent, "tasks" | "components"> | undefined;
}

/** `architecture` as a picture. */
export function architectureScene(
  whole: Architecture,
  { width: least = 720, most = 40, frame }: ArchitectureSceneOptions = {},
): Scene {
  const architecture = firstTasks(whole, most);
  const { tasks, nodes, taskNames } = architecture;
  const components = [...nodes.map(({ name }) => name), ...(frame?.components ?? [])];
  const labels = [...new Set(components.map(componentLabel))];
  const places = placesOf(tasks, frame?.tasks.slice(0, most));
  const count = Math.max(1, frame?.tasks.slice(0, most).length ?? 0, ...places.map((place) => place + 1));
  const left = Math.max(0, ...labels.map((label) => textWidth(label, 12))) + 30;
  const spacing = Math.min(180, Math.max(46, (least - left - 24) / count));
  const width = Math.max(least, left + spacing * count + 24);
  const begin = left + (width - left - 24 - spacing * count) / 2;
  const columns = places.map((place) => begin + spacing * (place + 0.5));
  const layout = layoutArchitecture(architecture, {
    components: frame?.components,
    columns,
    yOf: (row, rows) => TOP + (rows - 1 - row) * ROW + NODE / 2,
    node: NODE,
    track: TRACK,
    gap: GAP,
  });
  const foot = TOP + layout.rows.length * ROW;
  const names = shortNames(taskNames);
  const shown = new Map(taskNames.map((task, i) => [task, names[i]!]));
  const letters = Math.floor((spacing - 24) / textWidth("x", 13, "bold"));
  const slanted = letters < UPRIGHT && names.some((name) => [...name].length > letters);
  const longest = Math.max(0, ...names.map((name) => Math.min(SLANTED, [...name].length)));
  const legendY = foot + (slanted ? 34 + longest * 13 * 0.67 * 0.64 : 44);

  const rules = layout.rows.flatMap((name, row): Mark[] => {
    const y = TOP + (layout.rows.length - 1 - row) * ROW + NODE / 2;
    const label = componentLabel(name);
    return [
      {
        kind: "path",
        d: `M${px(left - 6)} ${px(y)}H${px(width - 12)}`,
        fill: "none",
        stroke: "faint",
        strokeWidth: 1,
        dash: "1 4",
      },
      { kind: "text", x: left - 16, y: y + 4, text: label, size: 12, anchor: "end", fill: "muted" },
    ];
  });
  const lines = tasks.map(
    (task, t): Mark => ({
      kind: "path",
      class: "line",
      data: { task: t },
      title: `${task.name}: the path of model ${task.model}`,
      d: linePath([{ x: columns[t]!, y: foot - 10 }, ...layout.lines[t]!]),
      fill: "none",
      stroke: taskPaint(taskNames, task.name),
      strokeWidth: 3,
    }),
  );
  const stations = nodes.map((node, i) => station(node, layout.stations[i]!, architecture));
  const ends = tasks.flatMap((_, t) =>
    taskEnds(
      architecture,
      t,
      columns[t]!,
      foot,
      layout.lines[t]!,
      slanted ? SLANTED : letters,
      slanted,
      spacing,
      shown.get(tasks[t]!.name) ?? tasks[t]!.name,
    ),
  );
  const { marks, lines: legendLines } = legend(12, legendY, width);
  const rest = whole.tasks.length - tasks.length;
  const note: Mark[] =
    rest > 0
      ? [
          {
            kind: "text",
            x: 12,
            y: 16,
            text: `${tasks.length} of ${plural(whole.tasks.length, "task")}`,
            size: 12,
            fill: "muted",
          },
        ]
      : [];
  return {
    width,
    height: legendY + legendLines * LEGEND + 12,
    title: "Architecture of the multitask network",
    description: describe(whole),
    children: [...note, ...rules, ...lines, ...stations, ...ends, ...marks],
  };
}

/** Which column each of `tasks` has: its own among `frame`, those of no place there after it. */
function placesOf(tasks: Architecture["tasks"], frame: readonly string[] | undefined): number[] {
  if (!frame) return tasks.map((_, i) => i);
  let next = frame.length;
  return tasks.map(({ name }) => (frame.includes(name) ? frame.indexOf(name) : next++));
}

/** The paths of the first `most` tasks, and the layers on them. */
function firstTasks(whole: Architecture, most: number): Architecture {
  if (whole.tasks.length <= most) return whole;
  const tasks = whole.tasks.slice(0, most);
  const used = [...new Set(tasks.flatMap(({ path }) => path))].sort((a, b) => a - b);
  const place = new Map(used.map((node, i) => [node, i]));
  return {
    taskNames: whole.taskNames,
    tasks: tasks.map((task) => ({ ...task, path: task.path.map((node) => place.get(node)!) })),
    nodes: used.map((node) => ({
      ...whole.nodes[node]!,
      users: whole.nodes[node]!.users.filter((user) => user < most),
    })),
  };
}

/** Up through `points`: straight within a column, S-shaped between columns. */
function linePath(points: readonly Point[]): string {
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

function station(
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

/** A task's accuracy at the top of its line and its name at the foot, which selects its model. */
function taskEnds(
  { tasks, taskNames }: Architecture,
  t: number,
  x: number,
  foot: number,
  line: readonly Point[],
  letters: number,
  slanted: boolean,
  spacing: number,
  whole: string,
): Mark[] {
  const task = tasks[t]!;
  const paint = taskPaint(taskNames, task.name);
  const isPrivate = !isPublic(task.access);
  const top = line.at(-1)!;
  const name = elide(whole, letters);
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
          x: slanted ? x + 4 : x,
          y: foot + 13,
          text: name,
          size: 13,
          weight: "bold",
          anchor: slanted ? "end" : "middle",
          fill: "ink",
          ...(slanted ? { rotate: -40 } : {}),
        },
        ...(isPrivate ? [slanted ? lock(x + 14, foot + 4) : lock(x + half + 11, foot + 8)] : []),
      ],
    },
  ];
}

function legend(x: number, y: number, width: number): { marks: Mark[]; lines: number } {
  const items: [Mark[], string][] = [
    [
      [{ kind: "rect", x: 0, y: -8, width: 16, height: 16, r: 8, fill: "root" }],
      "the root's layer, never trained",
    ],
    [
      [{ kind: "rect", x: 0, y: -8, width: 16, height: 16, r: 8, fill: "muted" }],
      "colour: the task that trained it last",
    ],
    [
      [
        { kind: "rect", x: 0, y: -8, width: 28, height: 16, r: 8, fill: "muted" },
        {
          kind: "text",
          x: 14,
          y: 4,
          text: "×2",
          size: 10,
          weight: "bold",
          anchor: "middle",
          fill: onPaint("muted"),
        },
      ],
      "shared by tasks",
    ],
    [
      [
        {
          kind: "rect",
          x: 0,
          y: -8,
          width: 16,
          height: 16,
          r: 8,
          fill: "none",
          stroke: "muted",
          strokeWidth: 1.3,
          dash: "3 2.2",
        },
      ],
      "private",
    ],
  ];
  const marks: Mark[] = [];
  let at = x;
  let line = y;
  for (const [sign, text] of items) {
    const signWidth = text.startsWith("shared") ? 28 : 16;
    const needs = signWidth + 7 + textWidth(text, 11) + 18;
    if (at + needs > width && at > x) {
      at = x;
      line += LEGEND;
    }
    marks.push(
      { kind: "group", x: at, y: line, children: sign },
      { kind: "text", x: at + signWidth + 7, y: line + 4, text, size: 11, fill: "muted" },
    );
    at += needs;
  }
  return { marks, lines: 1 + (line - y) / LEGEND };
}

/** Most paths that the description lists one by one. */
const TOLD = 40;

function describe({ tasks, nodes }: Architecture): string {
  const shared = nodes.filter(({ users }) => users.length > 1);
  const params = nodes.reduce((sum, node) => sum + node.paramCount, 0);
  const paths = tasks
    .slice(0, TOLD)
    .map(
      ({ name, path, validationAccuracy }) =>
        `${name}: ${path.map((i) => `${componentLabel(nodes[i]!.name)} (${nodes[i]!.trainedBy ?? "root"})`).join(", ")}; validation accuracy ${formatPercent(validationAccuracy)}.`,
    );
  return `${tasks.length} paths over ${nodes.length} layers with ${formatParams(params)} parameters, ${shared.length} of them shared. ${paths.join(" ")}`;
}
