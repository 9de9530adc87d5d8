// Places the nodes and lines of the multitask graph. Rows are components; within a row, order and places follow from the
// tasks' columns. A path that skips a row crosses it in a thin slot of its own, so that no line runs under a node that it
// doesn't use.

import type { Architecture } from "../../analysis/architecture.js";
import type { ComponentName } from "../../core/components.js";
import { byPlace } from "../../format/components.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ArchitectureLayout {
  /** Components in use, image to head. */
  readonly rows: readonly ComponentName[];
  /** A node's middle and width, in the order of the architecture's nodes. */
  readonly stations: readonly (Point & { readonly width: number })[];
  /** What each task's line runs through, image to head, one point per row. */
  readonly lines: readonly (readonly Point[])[];
}

export interface LayoutOptions {
  /** Components that have a row whether or not a node is in it. */
  readonly components?: readonly ComponentName[] | undefined;
  /** Middle of each task's column. */
  readonly columns: readonly number[];
  readonly yOf: (row: number, rows: number) => number;
  /** Size of a node with one line, and the increase per further line. */
  readonly node: number;
  readonly track: number;
  /** Least distance between neighbours. */
  readonly gap: number;
}

/** Places every node and line of `architecture`. */
export function layoutArchitecture(
  { tasks, nodes }: Architecture,
  { components = [], columns, yOf, node, track, gap }: LayoutOptions,
): ArchitectureLayout {
  const rows = [...new Set([...nodes.map(({ name }) => name), ...components])].sort(byPlace);
  const wishes = nodes.map(({ users }) => mean(users.map((t) => columns[t]!)));
  const stations: (Point & { width: number })[] = [];
  const lines: Point[][] = tasks.map(() => []);
  for (const [row, name] of rows.entries()) {
    const y = yOf(row, rows.length);
    const inRow = nodes.flatMap((n, i) => (n.name === name ? [i] : []));
    const passing = tasks.flatMap(({ path }, t) => (path.some((i) => nodes[i]!.name === name) ? [] : [t]));
    const widths = inRow.map((i) => node + (nodes[i]!.users.length - 1) * track);
    const middles = placeRow(
      [
        ...inRow.map((i, k) => ({ wish: wishes[i]!, width: widths[k]! })),
        ...passing.map((t) => ({ wish: wayThrough(t, row), width: track })),
      ],
      gap,
    );
    for (const [k, i] of inRow.entries()) {
      const x = middles[k]!;
      const { users } = nodes[i]!;
      stations[i] = { x, y, width: widths[k]! };
      for (const [j, t] of users.entries())
        lines[t]!.push({ x: x + (j - (users.length - 1) / 2) * track, y });
    }
    for (const [k, t] of passing.entries()) lines[t]!.push({ x: middles[inRow.length + k]!, y });
  }
  return { rows, stations, lines };

  /** Where line `t` would cross a row in which it has no node, going straight from the node below to the node above. */
  function wayThrough(t: number, row: number): number {
    const stops = tasks[t]!.path.map((i) => ({ row: rows.indexOf(nodes[i]!.name), x: wishes[i]! }));
    const below = stops.findLast((stop) => stop.row < row) ?? { row: -1, x: columns[t]! };
    const above = stops.find((stop) => stop.row > row) ?? below;
    if (above.row === below.row) return below.x;
    return below.x + ((above.x - below.x) * (row - below.row)) / (above.row - below.row);
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A node or a passage in a row: the best place for its middle, and the width that it needs. */
export interface Slot {
  readonly wish: number;
  readonly width: number;
}

/** Middles of `slots` in one row: as near as possible to their best places (least squares, by pooling adjacent violators) while at least `gap` apart. */
export function placeRow(slots: readonly Slot[], gap: number): number[] {
  const order = slots.map((slot, index) => ({ ...slot, index }));
  order.sort((a, b) => a.wish - b.wish || a.index - b.index);
  // Once each slot's least distance from the first is subtracted, "apart" means "non-decreasing".
  let reach = 0;
  const offsets = order.map(({ width }, i) => {
    if (i > 0) reach += (order[i - 1]!.width + width) / 2 + gap;
    return reach;
  });
  const pools: { mean: number; count: number }[] = [];
  for (const [i, { wish }] of order.entries()) {
    let pool = { mean: wish - offsets[i]!, count: 1 };
    for (let last = pools.at(-1); last && last.mean > pool.mean; last = pools.at(-1)) {
      const count = last.count + pool.count;
      pool = { mean: (last.mean * last.count + pool.mean * pool.count) / count, count };
      pools.pop();
    }
    pools.push(pool);
  }
  const means = pools.flatMap(({ mean, count }) => Array<number>(count).fill(mean));
  const middles: number[] = [];
  for (const [i, { index }] of order.entries()) middles[index] = means[i]! + offsets[i]!;
  return middles;
}
