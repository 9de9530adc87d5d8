// Places the children of a run: columns are generations (grouped by activation), left to right in time; each column starts
// with the children that today's network descends from, then the kept, then the discarded, better ones higher. Children
// beyond what fits are folded into counts.

import { ancestorsOf, fateOf, type Lineage, survivingLine } from "../../analysis/children.js";
import type { ModelId } from "../../core/model.js";

/** How much is shown: every child; all but the discarded; or only what today's network descends from, one column per activation. */
export type Detail = "all" | "kept" | "survivors";

export interface LineageLayoutOptions {
  /** By default the most detail that fits `mostNodes`. */
  readonly detail?: Detail;
  readonly mostNodes?: number;
  /** How many of the newest activations are shown one by one; earlier ones share a column. All by default. */
  readonly mostActivations?: number;
  /** Models that are shown with their ancestors whatever is folded. */
  readonly focus?: readonly ModelId[];
}

export interface PlacedNode {
  readonly id: ModelId;
  /** Column and row, from 0; the root is in column 0. */
  readonly column: number;
  readonly row: number;
}

/** Consecutive columns of one activation, or one column for several that are not shown. */
export interface Band {
  /** The last activation, if there are several. */
  readonly activation: number;
  /** Activations folded into this band; 0 for one that is shown. */
  readonly folded: number;
  /** -1 where it is folded. */
  readonly task: number;
  readonly iteration: number;
  readonly firstColumn: number;
  readonly columns: number;
}

export interface LineageLayout {
  readonly detail: Detail;
  readonly nodes: readonly PlacedNode[];
  readonly bands: readonly Band[];
  readonly columns: number;
  readonly rows: number;
  /** Children that each column doesn't show. */
  readonly folded: readonly number[];
  readonly surviving: ReadonlySet<ModelId>;
}

/** What is shown of `lineage`, and where. */
export function layoutLineage(
  lineage: Lineage,
  { detail: wanted, mostNodes = 500, mostActivations, focus = [] }: LineageLayoutOptions = {},
): LineageLayout {
  const surviving = survivingLine(lineage);
  const focused = new Set(focus.flatMap((id) => ancestorsOf(lineage, id)));
  const ids = lineage.parent.map((_, id) => id);
  const isLong = new Set(lineage.activation).size - 1 > (mostActivations ?? Number.POSITIVE_INFINITY);
  const detail = wanted ?? (isLong ? "survivors" : fittingDetail(lineage, surviving, mostNodes));
  const first = detail === "survivors" ? firstActivation(lineage, surviving, mostActivations) : 0;
  const isLate = (id: ModelId) => lineage.parent[id]! < 0 || lineage.activation[id]! >= first;
  const shown = (id: ModelId) =>
    focused.has(id) || (isLate(id) && (surviving.has(id) || isShown(fateOf(lineage, id), detail)));

  const bands: Band[] = [];
  const cells: ModelId[][] = [];
  const folded: number[] = [];
  const seen = new Set(
    detail === "survivors" ? ids.filter(shown).map((id) => lineage.activation[id]!) : lineage.activation,
  );
  const columnOf = columnFinder(lineage, detail, seen);
  for (const id of ids) {
    const column = columnOf(id);
    while (cells.length <= column) {
      cells.push([]);
      folded.push(0);
    }
    const band = bands.at(-1);
    const activation = lineage.activation[id]!;
    if (activation < 0 || band?.activation === activation) {
      if (band) bands[bands.length - 1] = { ...band, columns: column - band.firstColumn + 1 };
    } else if (band && column < band.firstColumn + band.columns)
      bands[bands.length - 1] = { ...band, activation, folded: band.folded + 1 };
    else
      bands.push({
        activation,
        folded: seen.has(activation) ? 0 : 1,
        task: seen.has(activation) ? lineage.task[id]! : -1,
        iteration: lineage.iteration[id]!,
        firstColumn: column,
        columns: 1,
      });
    if (shown(id)) cells[column]!.push(id);
    else folded[column]! += 1;
  }

  const nodes = cells.flatMap((cell, column) => {
    const order = cell.map((id) => ({ id, rank: rankOf(lineage, id, surviving) }));
    order.sort((a, b) =>
      detail === "survivors"
        ? a.id - b.id // a whole activation in one column: time runs downwards
        : a.rank - b.rank || lineage.accuracy[b.id]! - lineage.accuracy[a.id]! || a.id - b.id,
    );
    return order.map(({ id }, row) => ({ id, column, row }));
  });
  const rows = Math.max(1, ...cells.map((cell) => cell.length));
  return { detail, nodes, bands, columns: cells.length, rows, folded, surviving };
}

/** The first of the last `most` activations with something to show. */
function firstActivation(lineage: Lineage, surviving: ReadonlySet<ModelId>, most = Number.POSITIVE_INFINITY) {
  const ids = lineage.parent.map((_, id) => id);
  const wanted = ids.filter((id) => surviving.has(id) || isShown(fateOf(lineage, id), "survivors"));
  const activations = [...new Set(wanted.map((id) => lineage.activation[id]!))].sort((a, b) => a - b);
  return activations.length <= most ? 0 : activations.at(-most)!;
}

/** Models on the stem, models that were kept, models that were not. */
function rankOf(lineage: Lineage, id: ModelId, surviving: ReadonlySet<ModelId>): number {
  if (surviving.has(id)) return 0;
  const fate = fateOf(lineage, id);
  return fate === "discarded" || fate === "failed" ? 2 : 1;
}

function isShown(fate: ReturnType<typeof fateOf>, detail: Detail): boolean {
  switch (detail) {
    case "all":
      return true;
    case "kept":
      return fate !== "discarded" && fate !== "failed";
    case "survivors":
      return fate === "root" || fate === "retained" || fate === "active" || fate === "training";
  }
}

function fittingDetail(lineage: Lineage, surviving: ReadonlySet<ModelId>, most: number): Detail {
  if (lineage.parent.length <= most) return "all";
  let kept = 0;
  for (const id of lineage.parent.keys())
    if (surviving.has(id) || isShown(fateOf(lineage, id), "kept")) kept += 1;
  return kept <= most ? "kept" : "survivors";
}

/** Columns in order of time, in which ids already are. Activations that are not in `seen` share a column with their neighbours. */
function columnFinder(lineage: Lineage, detail: Detail, seen: ReadonlySet<number>): (id: ModelId) => number {
  let column = -1;
  let last = "";
  return (id) => {
    const activation = lineage.activation[id]!;
    const whole = seen.has(activation) ? `${activation}` : "folded";
    const key = detail === "survivors" ? whole : `${activation}/${lineage.generation[id]}`;
    if (key !== last) column += 1;
    last = key;
    return column;
  };
}

/** What of the layout of a whole run is there when the run has come as far as `past`: everything is where it will be. */
export function layoutBefore(layout: LineageLayout, past: Lineage): LineageLayout {
  const last = Math.max(...past.activation);
  const bands = layout.bands.filter(({ activation, folded }) => activation - folded <= last);
  return {
    ...layout,
    nodes: layout.nodes.filter(({ id }) => id < past.parent.length),
    bands,
    folded: layout.folded.map((count, column) => (column <= lastColumn(bands) ? count : 0)),
    surviving: survivingLine(past),
  };
}

const lastColumn = (bands: readonly Band[]): number =>
  Math.max(0, ...bands.map(({ firstColumn, columns }) => firstColumn + columns - 1));
