// The multitask graph as a scene. Each task is a line in its colour that runs from the image to its head; a layer is a
// station, as wide as the lines through it, coloured by the task that trained it last (gray: the root's, never trained).

import type { Architecture } from "../../analysis/architecture.js";
import type { RunExtent } from "../../analysis/moments.js";
import { componentLabel } from "../../format/components.js";
import { shortNames } from "../../format/names.js";
import { formatParams, formatPercent, plural } from "../../format/numbers.js";
import { layoutArchitecture } from "./architecture-layout.js";
import { LEGEND, legend } from "./architecture-legend.js";
import { linePath, NODE, station, TOP, taskEnds } from "./architecture-marks.js";
import { taskPaint } from "./palette.js";
import { type Mark, px, type Scene, textWidth } from "./scene.js";

const ROW = 54;
const TRACK = 9;
const GAP = 12;
/** Letters of a name that is slanted for lack of room, and the number of letters that a level name needs room for. */
const SLANTED = 18;
const UPRIGHT = 12;

export interface ArchitectureSceneOptions {
  /** Least width, in pixels. */
  readonly width?: number;
  /** Tasks at most; 40 where not given. */
  readonly most?: number;
  /** The columns and rows of the whole run, if this is its picture at one moment, so that everything is where it will be. */
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
  const isSlanted = letters < UPRIGHT && names.some((name) => [...name].length > letters);
  const longest = Math.max(0, ...names.map((name) => Math.min(SLANTED, [...name].length)));
  const legendY = foot + (isSlanted ? 34 + longest * 13 * 0.67 * 0.64 : 44);

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
      { x: columns[t]!, top: layout.lines[t]!.at(-1)!, label: shown.get(tasks[t]!.name) ?? tasks[t]!.name },
      { foot, spacing, letters: isSlanted ? SLANTED : letters, isSlanted },
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

/** The column of each of `tasks`: its place in `frame`, or one after the last for tasks that are not in it. */
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

/** Most paths that the description lists one by one. */
const MOST_PATHS = 40;

function describe({ tasks, nodes }: Architecture): string {
  const shared = nodes.filter(({ users }) => users.length > 1);
  const params = nodes.reduce((sum, node) => sum + node.paramCount, 0);
  const paths = tasks
    .slice(0, MOST_PATHS)
    .map(
      ({ name, path, validationAccuracy }) =>
        `${name}: ${path.map((i) => `${componentLabel(nodes[i]!.name)} (${nodes[i]!.trainedBy ?? "root"})`).join(", ")}; validation accuracy ${formatPercent(validationAccuracy)}.`,
    );
  return `${tasks.length} paths over ${nodes.length} layers with ${formatParams(params)} parameters, ${shared.length} of them shared. ${paths.join(" ")}`;
}
