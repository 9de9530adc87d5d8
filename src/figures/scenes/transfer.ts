// Knowledge transfer as heatmaps with numbers: tasks by tasks, and the layers of a model by tasks. A cell has the colour of
// the task whose training it counts, a bar as long as its share, and the share as text. µ2Net §5.1.

import { layerTransfer, modelTransfer, type Shares } from "../../analysis/transfer.js";
import type { Layer, Model, TaskName } from "../../core/model.js";
import type { State } from "../../core/state.js";
import { componentLabel } from "../../format/components.js";
import { elide, shortNames } from "../../format/names.js";
import { formatCount, formatPercent } from "../../format/numbers.js";
import { type Paint, taskPaint } from "./palette.js";
import { type Mark, type Scene, textWidth } from "./scene.js";

const ROW = 30;
const GAP = 3;
/** Letters of a name that is slanted for lack of room, and the number of letters that a level name needs room for. */
const SLANTED = 14;
const UPRIGHT = 12;
/** How far a slanted name reaches up and to the right, as a share of its length: 40°. */
const SIN = 0.643;
const COS = 0.766;

export interface HeatRow {
  readonly label: string;
  readonly title: string;
  readonly shares: Shares;
  readonly data?: Readonly<Record<string, string | number>>;
  /** The description of a cell, which the share follows. */
  readonly say: (source: string) => string;
  readonly isChosen?: boolean;
}

/** Rows of a heatmap: the retained models. */
export const modelRows = (state: State, models: readonly Model[], selected: number | null): HeatRow[] => {
  const tasks = state.tasks.map(({ name }) => name);
  const names = shortNames(tasks);
  return models.map((model) => ({
    label: names[tasks.indexOf(model.task ?? "")] ?? "root",
    title: `model ${model.id} of ${model.task}`,
    shares: modelTransfer(model),
    data: { model: model.id },
    isChosen: model.id === selected,
    say: (source) => `${model.task} learned from ${source}`,
  }));
};

/** Rows of a heatmap at a moment of a run: a row for each of `tasks`, empty where it has none of `models` yet. */
export function framedRows(
  state: State,
  models: readonly Model[],
  selected: number | null,
  tasks: readonly TaskName[],
): HeatRow[] {
  const all = state.tasks.map(({ name }) => name);
  const names = shortNames(all);
  const rest = models.filter(({ task }) => task === null || !tasks.includes(task));
  return [
    ...tasks.flatMap((task): HeatRow[] => {
      const own = models.filter((model) => model.task === task);
      if (own.length > 0) return modelRows(state, own, selected);
      const title = `no model of ${task} yet`;
      return [{ label: names[all.indexOf(task)] ?? task, title, shares: {}, say: () => title }];
    }),
    ...modelRows(state, rest, selected),
  ];
}

/** Rows of a heatmap: the layers of one model, the head on top as in the architecture. */
export const layerRows = (model: Model): HeatRow[] =>
  [...model.path].reverse().map((layer) => ({
    label: componentLabel(layer.name),
    title: `layer ${layer.id.slice(0, 8)}`,
    shares: layerTransfer(layer),
    say: (source) =>
      `${componentLabel(layer.name)}: ${formatCount(stepsOn(layer, source))} steps on ${source}`,
  }));

const stepsOn = ({ history }: Layer, source: string): number =>
  history.reduce((sum, { task, steps }) => sum + (task === source ? steps : 0), 0);

export interface HeatOptions {
  readonly title: string;
  readonly width: number;
  /** Title above the row labels. */
  readonly rowsTitle: string;
  /** Rows and columns at most; 40 where not given. */
  readonly most?: number;
}

/** `rows` by the tasks of the run or, if there are too many, by the tasks that the rows were trained on. */
export function heatScene(
  allRows: readonly HeatRow[],
  allTasks: readonly string[],
  { title, width, rowsTitle, most = 40 }: HeatOptions,
): Scene {
  const rows = allRows.slice(0, most);
  const tasks = columnsOf(rows, allTasks, most);
  const cut = [
    ...(rows.length < allRows.length ? [`${rows.length} of ${formatCount(allRows.length)} rows`] : []),
    ...(tasks.length < allTasks.length ? [`${tasks.length} of ${formatCount(allTasks.length)} tasks`] : []),
  ].join(", ");
  const frame = frameOf(rows, tasks, rowsTitle, width);
  const { left, top, cell, tableWidth, overhang, isNarrow } = frame;
  const head = tasks.map((task, i) => headMark(task, i, frame));
  const body = rows.map((row, r): Mark => {
    const cells = tasks.flatMap((task, i) =>
      cellMarks(row, task, taskPaint(allTasks, task), left + cell * i, cell),
    );
    return rowMark(row, top + r * ROW, frame, cells);
  });
  return {
    width: Math.max(width, tableWidth + overhang + 8),
    height: top + rows.length * ROW + 8,
    title,
    description: rows
      .map(
        (row) =>
          `${row.label}: ${tasks.map((task) => `${task} ${formatPercent(row.shares[task] ?? 0)}`).join(", ")}.`,
      )
      .join(" "),
    children: [
      { kind: "text", x: left - 12, y: top - 10, text: rowsTitle, size: 11, anchor: "end", fill: "muted" },
      {
        kind: "text",
        x: left,
        y: isNarrow ? 14 : 12,
        text: cut === "" ? "gradient steps on" : `gradient steps on (${cut})`,
        size: 11,
        fill: "muted",
      },
      ...head,
      ...body,
    ],
  };
}

/** Where everything is, in pixels. */
interface Frame {
  /** Where the cells begin. */
  readonly left: number;
  readonly top: number;
  /** Width of a cell, and of the whole table. */
  readonly cell: number;
  readonly tableWidth: number;
  /** How far the last name reaches beyond its column. */
  readonly overhang: number;
  /** Whether the names are slanted for lack of room. */
  readonly isNarrow: boolean;
  /** The names of the columns, cut to fit. */
  readonly shown: readonly string[];
}

function frameOf(
  rows: readonly HeatRow[],
  tasks: readonly string[],
  rowsTitle: string,
  width: number,
): Frame {
  const names = shortNames(tasks);
  const left = Math.min(
    170,
    Math.max(textWidth(rowsTitle, 11), ...rows.map(({ label }) => textWidth(label, 12))) + 22,
  );
  const count = Math.max(1, tasks.length);
  const cellIn = (room: number, cells: number) => Math.max(46, Math.min(108, room / cells));
  const room = width - left - 8;
  const letters = Math.floor((cellIn(room, count) - 6) / textWidth("x", 12));
  const isNarrow = letters < UPRIGHT && names.some((name) => [...name].length > letters);
  const shown = names.map((name) => elide(name, isNarrow ? SLANTED : letters));
  const longest = Math.max(0, ...shown.map((name) => textWidth(name, 12)));
  // A slanted name begins in the middle of its column and needs room above the table and beside it.
  const cell = isNarrow ? cellIn(room - longest * COS, count - 0.5) : cellIn(room, count);
  return {
    left,
    top: isNarrow ? Math.max(86, 34 + longest * SIN + 12 * COS) : 40,
    cell,
    tableWidth: left + cell * tasks.length,
    overhang: isNarrow ? Math.max(0, longest * COS - cell / 2) : 0,
    isNarrow,
    shown,
  };
}

function headMark(task: string, i: number, { left, top, cell, isNarrow, shown }: Frame): Mark {
  const x = left + cell * (i + 0.5);
  const text = { kind: "text", y: top - 10, text: shown[i]!, size: 12, fill: "ink", title: task } as const;
  return isNarrow ? { ...text, x: x - 4, rotate: -40 } : { ...text, x, anchor: "middle" };
}

function rowMark(row: HeatRow, y: number, { left, tableWidth }: Frame, cells: readonly Mark[]): Mark {
  return {
    kind: "group",
    class: row.data ? "row node" : "row",
    ...(row.data && { role: "button" as const, data: row.data }),
    y,
    title: row.title,
    children: [
      ...(row.isChosen
        ? [
            {
              kind: "rect",
              x: 0,
              y: 0,
              width: tableWidth,
              height: ROW - GAP + 2,
              r: 4,
              fill: "none",
              stroke: "chosen",
              strokeWidth: 2,
            } as const,
          ]
        : []),
      {
        kind: "text",
        x: left - 12,
        y: ROW / 2 + 3,
        text: elide(row.label, 19),
        size: 12,
        anchor: "end",
        fill: "ink",
      },
      ...cells,
    ],
  };
}

/** At most `most` of `tasks`, in their order: first those with the largest shares. */
function columnsOf(rows: readonly HeatRow[], tasks: readonly string[], most: number): readonly string[] {
  if (tasks.length <= most) return tasks;
  const largest = new Map<string, number>();
  for (const { shares } of rows)
    for (const [task, share] of Object.entries(shares))
      largest.set(task, Math.max(share, largest.get(task) ?? 0));
  const order = tasks.map((task, place) => ({ task, place, share: largest.get(task) ?? 0 }));
  const kept = order.sort((a, b) => b.share - a.share || a.place - b.place).slice(0, most);
  return kept.sort((a, b) => a.place - b.place).map(({ task }) => task);
}

function cellMarks(row: HeatRow, task: string, paint: Paint, x: number, width: number): Mark[] {
  const share = row.shares[task] ?? 0;
  const isNone = share < 0.0005;
  const box = { x: x + GAP / 2, y: 1, width: width - GAP, height: ROW - GAP };
  return [
    { kind: "rect", ...box, r: 3, fill: "panel" },
    {
      kind: "group",
      class: "cell",
      title: `${row.say(task)}: ${formatPercent(share)}`,
      children: [
        ...(isNone
          ? []
          : [
              {
                kind: "rect",
                ...box,
                r: 3,
                fill: paint,
                opacity: Math.round((0.05 + 0.31 * share) * 100) / 100, // any more and numbers fall below 4.5 : 1
              } as const,
              {
                kind: "rect",
                x: box.x,
                y: ROW - GAP - 2,
                width: Math.max(2, box.width * share),
                height: 3,
                r: 1.5,
                fill: paint,
              } as const,
            ]),
        {
          kind: "text",
          x: x + width / 2,
          y: ROW / 2 + 3,
          text: isNone ? "–" : formatPercent(share, width < 60 ? 0 : 1),
          size: 12,
          anchor: "middle",
          fill: isNone ? "muted" : "ink",
          ...(share > 0.5 && { weight: "bold" as const }),
        },
      ],
    },
  ];
}
