// The lineage as a scene: a tree that grows to the right. The stem, from which today's network descends, runs along the top
// in full colour; models that were kept for a while hang below it; discarded ones are small and pale, but visible.

import { fateOf, type Lineage } from "../../analysis/children.js";
import type { ModelId } from "../../core/model.js";
import { shortNames } from "../../format/names.js";
import { formatList, formatPercent, plural } from "../../format/numbers.js";
import {
  type LineageLayout,
  type LineageLayoutOptions,
  layoutBefore,
  layoutLineage,
  type PlacedNode,
} from "./lineage-layout.js";
import { LEGEND_WIDTH, lineageLegend } from "./lineage-legend.js";
import { descent, lock, privateRing } from "./marks.js";
import { type Paint, taskPaint } from "./palette.js";
import { fitName, type Mark, px, type Scene, textWidth } from "./scene.js";

/** Width of columns if there are many, and at most if there are few. */
const COLUMN = 33;
const NARROWEST = 14;
/** Pixels of all columns together, as far as they are not narrower than that. */
const MOST_WIDTH = 1600;
const WIDEST = 56;
const BAND = 94;
const ROW = 22;
const BAND_GAP = 10;
const LEFT = 46;
/** Room above the first row for the names of activations, and where those stand upright because columns are narrow. */
const TOP = 72;
const TOP_UPRIGHT = 152;
/** Bands narrower than this have upright names. */
const LEVEL = 58;

export interface LineageSceneOptions extends LineageLayoutOptions {
  /** The lineage that this is a moment of, where it is one: everything is where it is in the whole. */
  readonly whole?: Lineage | undefined;
}

/** `lineage` as a picture; nodes carry `data-model`, edges `data-child` and `data-parent`. */
export function lineageScene(lineage: Lineage, { whole, ...options }: LineageSceneOptions = {}): Scene {
  const full = layoutLineage(whole ?? lineage, options);
  const layout = whole ? layoutBefore(full, lineage) : full;
  const { bands, nodes, rows, folded, surviving } = layout;
  const wide = columnWidth(full);
  const isUpright = full.bands.some(({ columns }) => columns * wide < LEVEL);
  const top = isUpright ? TOP_UPRIGHT : TOP;
  const bandOf: number[] = [];
  for (const [i, { firstColumn, columns }] of full.bands.entries())
    for (let c = 0; c < columns; c++) bandOf[firstColumn + c] = i;
  const xOf = (column: number) =>
    column === 0 ? LEFT - 18 : LEFT + (column - 0.5) * wide + ((bandOf[column] ?? 0) + 1) * BAND_GAP;
  const places = new Map(nodes.map((node) => [node.id, { x: xOf(node.column), y: top + node.row * ROW }]));
  const bottom = top + (rows - 1) * ROW + 20;
  const hasFolded = full.folded.some((count) => count > 0);
  const foot = bottom + (hasFolded ? 16 : 0);
  const width = xOf(layout.columns - 1) + wide / 2 + BAND_GAP + 6;

  const edges = nodes
    .filter(({ id }) => lineage.parent[id]! >= 0)
    .map(({ id }) => ({ id, quiet: quietness(lineage, layout, id) }))
    .sort((a, b) => a.quiet - b.quiet);
  return {
    width: Math.max(width, LEFT + LEGEND_WIDTH),
    height: foot + 46,
    title: "Lineage of all children",
    description: describe(lineage, layout),
    children: [
      ...bands.flatMap((band) => {
        const x = xOf(band.firstColumn) - wide / 2;
        const place = { x, width: band.columns * wide, foot };
        return isUpright ? uprightBand(lineage, band, place) : bandMarks(lineage, band, place, layout.detail);
      }),
      {
        kind: "group",
        class: "edges",
        children: edges.map(({ id }) => edge(lineage, layout, id, places)),
      },
      ...folded.flatMap((count, column): Mark[] =>
        count === 0
          ? []
          : [
              {
                kind: "text",
                x: xOf(column),
                y: foot - 4,
                text: `+${count}`,
                size: 10,
                anchor: "middle",
                fill: "muted",
                title: `${plural(count, "more child", "more children")}, not shown`,
              },
            ],
      ),
      {
        kind: "group",
        class: "nodes",
        children: nodes.map((node) => nodeMark(lineage, node, places.get(node.id)!, surviving, isUpright)),
      },
      { kind: "group", x: LEFT - 24, y: foot + 34, children: lineageLegend() },
    ],
  };
}

/** Columns are wider if there are few, or if an activation's name would not fit over its generations. */
function columnWidth({ detail, columns, bands }: LineageLayout): number {
  if (detail === "survivors") return Math.max(64, Math.min(BAND, 1800 / columns));
  const ended = bands.length > 1 ? bands.slice(0, -1) : bands; // the last may still grow
  const perBand = Math.min(...ended.map((band) => band.columns), columns);
  const roomy = Math.max(COLUMN, Math.min(WIDEST, 900 / columns), Math.min(BAND, 3000 / columns) / perBand);
  const wide = Math.max(NARROWEST, Math.min(roomy, MOST_WIDTH / columns));
  // The legend below is at least this wide, so that names have this room too.
  const spare = LEGEND_WIDTH - bands.length * BAND_GAP;
  return Math.max(wide, Math.min(BAND * 1.4, spare / columns));
}

/** Order of drawing: what matters most is on top. */
const quietness = (lineage: Lineage, { surviving }: LineageLayout, id: ModelId): number =>
  surviving.has(id) ? 2 : fateOf(lineage, id) === "discarded" || fateOf(lineage, id) === "failed" ? 0 : 1;

const paintOf = (lineage: Lineage, id: ModelId): Paint => {
  return taskPaint(lineage.tasks, lineage.tasks[lineage.task[id]!] ?? null);
};

const isPrivate = (lineage: Lineage, id: ModelId): boolean =>
  lineage.privateTasks.includes(lineage.tasks[lineage.task[id]!] ?? "");

interface BandPlace {
  readonly x: number;
  readonly width: number;
  readonly foot: number;
}

type Band = LineageLayout["bands"][number];

/** A band's panel with its task's colour on top. */
const ground = ({ x, width, foot }: BandPlace, { folded }: Band, paint: Paint): Mark[] => [
  { kind: "rect", class: "band", x, y: 10, width, height: foot - 6, r: 8, fill: "panel" },
  {
    kind: "rect",
    x: x + Math.min(8, width / 4),
    y: 10,
    width: width - 2 * Math.min(8, width / 4),
    height: 3,
    r: 1.5,
    fill: folded > 0 ? "faint" : paint,
  },
];

/** A narrow band: its name is upright. */
function uprightBand({ tasks, privateTasks }: Lineage, band: Band, place: BandPlace): Mark[] {
  const name = tasks[band.task] ?? "";
  const text =
    band.folded > 0 ? `×${band.folded}` : fitName(shortNames(tasks)[band.task] ?? "", 108, 11, "bold");
  const x = place.x + place.width / 2;
  return [
    ...ground(place, band, taskPaint(tasks, name)),
    { kind: "text", x: x + 4, y: 122, text, size: 11, weight: "bold", fill: "ink", title: name, rotate: -90 },
    ...(privateTasks.includes(name) ? [lock(x, 22, "muted")] : []),
  ];
}

function bandMarks(
  { tasks, privateTasks }: Lineage,
  band: Band,
  { x, width, foot }: BandPlace,
  detail: string,
): Mark[] {
  const name = tasks[band.task] ?? "";
  const locked = privateTasks.includes(name);
  const room = Math.max(2, Math.floor((width - 16 - (locked ? 16 : 0)) / textWidth("x", 12, "bold")));
  const shown = fitName(shortNames(tasks)[band.task] ?? "", width - 16 - (locked ? 16 : 0), 12, "bold");
  return [
    ...ground({ x, width, foot }, band, taskPaint(tasks, name)),
    { kind: "text", x: x + 8, y: 30, text: shown, size: 12, weight: "bold", fill: "ink", title: name },
    ...(locked ? [lock(x + 8 + textWidth(shown, 12, "bold") + 8, 25, "muted")] : []),
    ...(width > 60 || detail === "all"
      ? [
          {
            kind: "text",
            x: x + 8,
            y: 44,
            text: bandWords(band, room),
            size: 10,
            fill: "muted",
          } as const,
        ]
      : []),
  ];
}

const bandWords = ({ folded, iteration }: Band, room: number): string => {
  if (folded > 0) return room < 11 ? `×${folded}` : plural(folded, "activation");
  return room < 11 ? `it. ${iteration + 1}` : `iteration ${iteration + 1}`;
};

/** An edge as a path: level at both ends, and passing over the nodes in between if it runs along a row. */
function descentPath(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const [ax, ay, bx, by] = descent(from.x, from.y, to.x, to.y).map(px);
  return `M${px(from.x)} ${px(from.y)}C${ax} ${ay} ${bx} ${by} ${px(to.x)} ${px(to.y)}`;
}

function edge(
  lineage: Lineage,
  { surviving }: LineageLayout,
  id: ModelId,
  places: ReadonlyMap<ModelId, { x: number; y: number }>,
): Mark {
  const parent = lineage.parent[id]!;
  const to = places.get(id)!;
  // A folded parent's edge begins at its nearest ancestor that is shown.
  let at = parent;
  while (at >= 0 && !places.has(at)) at = lineage.parent[at]!;
  const from = places.get(at) ?? to;
  const fate = fateOf(lineage, id);
  const looks = surviving.has(id)
    ? { strokeWidth: 2.6, opacity: 0.95 }
    : fate === "discarded" || fate === "failed"
      ? { strokeWidth: 0.8, opacity: 0.32 }
      : { strokeWidth: 1.3, opacity: 0.6 };
  return {
    kind: "path",
    class: `edge${surviving.has(id) ? " surviving" : ""}`,
    data: { child: id, parent },
    d: descentPath(from, to),
    fill: "none",
    stroke: fate === "discarded" || fate === "failed" ? "muted" : paintOf(lineage, id),
    ...looks,
    ...(at === parent ? {} : { dash: "4 3" }),
  };
}

function nodeMark(
  lineage: Lineage,
  { id, column, row }: PlacedNode,
  { x, y }: { x: number; y: number },
  surviving: ReadonlySet<ModelId>,
  isNarrow: boolean,
): Mark {
  const fate = fateOf(lineage, id);
  const paint = paintOf(lineage, id);
  const r =
    fate === "retained" ? 7.5 : fate === "root" ? 7 : fate === "discarded" || fate === "failed" ? 3.4 : 5;
  const accuracy = lineage.accuracy[id]!;
  const children: Mark[] = [
    { kind: "circle", class: "hit", x: 0, y: 0, r: 10.5, fill: "surface", opacity: 0 },
  ];
  if (fate === "failed")
    children.push({
      kind: "path",
      d: "M-3.2 -3.2L3.2 3.2M-3.2 3.2L3.2 -3.2",
      fill: "none",
      stroke: "alert",
      strokeWidth: 1.8,
    });
  else {
    children.push({ kind: "circle", class: "halo", x: 0, y: 0, r: r + 1.6, fill: "panel" });
    if (isPrivate(lineage, id) && fate !== "discarded") children.push(privateRing(0, 0, r + 3, paint));
    const dot = { kind: "circle", class: "dot", x: 0, y: 0, r } as const;
    if (fate === "training")
      children.push({ ...dot, fill: "panel", stroke: paint, strokeWidth: 1.5, dash: "2 2" });
    else if (fate === "discarded")
      children.push({ ...dot, fill: "panel", stroke: paint, strokeWidth: 1.2, opacity: 0.75 });
    else children.push({ ...dot, fill: paint, opacity: surviving.has(id) || fate === "active" ? 1 : 0.75 });
    if (fate === "retained") children.push({ kind: "circle", x: 0, y: 0, r: 2.6, fill: "panel" });
  }
  if (fate === "retained" && row === 0)
    children.push({
      kind: "text",
      x: 0,
      y: -13,
      text: isNarrow ? (100 * accuracy).toFixed(0) : formatPercent(accuracy),
      size: 10,
      weight: "bold",
      anchor: "middle",
      fill: "ink",
      stroke: "panel",
      strokeWidth: 3,
    });
  if (fate === "root")
    children.push({ kind: "text", x: 0, y: 24, text: "root", size: 11, anchor: "middle", fill: "muted" });
  return {
    kind: "group",
    class: `node ${fate}${surviving.has(id) ? " surviving" : ""}`,
    role: "button",
    x,
    y,
    title: nodeTitle(lineage, id),
    data: { model: id, column, row },
    children,
  };
}

/** A model in one line. */
function nodeTitle(lineage: Lineage, id: ModelId): string {
  const fate = fateOf(lineage, id);
  if (fate === "root") return "The root: all lines begin here";
  const parent = lineage.parent[id]!;
  const parentTask = lineage.tasks[lineage.task[parent]!];
  const accuracy = lineage.accuracy[id]!;
  return [
    `Model ${id} for ${lineage.tasks[lineage.task[id]!]}, ${fate}`,
    ...(accuracy >= 0 ? [`validation accuracy ${formatPercent(accuracy)}`] : []),
    `child of ${parent === 0 ? "the root" : `model ${parent}${parentTask ? ` (${parentTask})` : ""}`}`,
  ].join("; ");
}

function describe(lineage: Lineage, { surviving, detail }: LineageLayout): string {
  const counts = new Map<string, number>();
  for (const id of lineage.parent.keys()) {
    const fate = fateOf(lineage, id);
    counts.set(fate, (counts.get(fate) ?? 0) + 1);
  }
  counts.delete("root");
  const fates = formatList([...counts].map(([fate, count]) => `${count} ${fate}`));
  const shown = detail === "all" ? "" : " What was not kept is folded into counts.";
  return `${plural(lineage.parent.length - 1, "child", "children")}: ${fates}. ${surviving.size - 1} of them are retained models or their ancestors.${shown}`;
}
