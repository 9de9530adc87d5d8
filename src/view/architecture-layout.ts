// Where the nodes of the multitask graph stand and where its lines run. Rows are components; within a row the order and
// the places follow from the tasks' columns. A path that skips a row passes it on a thin slot of its own, so that no
// line runs under a node that is not on it.

import { byPlace } from "../analysis/labels.js";
import type { ComponentName } from "../core/components.js";
import type { Architecture } from "./architecture.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ArchitectureLayout {
  /** Components in use, image to head. */
  readonly rows: readonly ComponentName[];
  /** A node's middle and width, in the order of the architecture's nodes. */
  readonly stations: readonly (Point & { readonly width: number })[];
  /** What each task's line runs through, image to head, a point a row. */
  readonly lines: readonly (readonly Point[])[];
}

export interface LayoutOptions {
  /** Middle of each task's column. */
  readonly columns: readonly number[];
  readonly yOf: (row: number, rows: number) => number;
  /** Size of a node with one line, and what each further line adds. */
  readonly node: number;
  readonly track: number;
  /** Least distance between neighbours. */
  readonly gap: number;
}

/** Places every node and line of `architecture`. */
export function layoutArchitecture(
  { tasks, nodes }: Architecture,
  { columns, yOf, node, track, gap }: LayoutOptions,
): ArchitectureLayout {
  const rows = [...new Set(nodes.map(({ name }) => name))].sort(byPlace);
  const stations: (Point & { width: number })[] = [];
  const lines: Point[][] = tasks.map(() => []);
  for (const [row, name] of rows.entries()) {
    const y = yOf(row, rows.length);
    const inRow = nodes.flatMap((n, i) => (n.name === name ? [i] : []));
    const passing = tasks.flatMap(({ path }, t) => (path.some((i) => nodes[i]!.name === name) ? [] : [t]));
    const slots: Slot[] = [
      ...inRow.map((i) => ({
        columns: nodes[i]!.users,
        width: node + (nodes[i]!.users.length - 1) * track,
      })),
      ...passing.map((t) => ({ columns: [t], width: track })),
    ];
    const middles = placeRow(slots, columns, gap);
    for (const [k, slot] of slots.entries()) {
      const i = inRow[k];
      const x = middles[k]!;
      if (i !== undefined) stations[i] = { x, y, width: slot.width };
      for (const [j, t] of slot.columns.entries())
        lines[t]!.push({ x: x + (j - (slot.columns.length - 1) / 2) * track, y });
    }
  }
  return { rows, stations, lines };
}

/** A node or a passage in a row: the columns of the lines through it, and the width that it needs. */
export interface Slot {
  readonly columns: readonly number[];
  readonly width: number;
}

/**
 * Middles of `slots` in one row: as near as can be to the mean of their columns' `places` while at least `gap` apart.
 * Least squares, by pooling adjacent violators.
 */
export function placeRow(slots: readonly Slot[], places: readonly number[], gap: number): number[] {
  const wanted = slots.map((slot, index) => {
    const x = slot.columns.reduce((sum, column) => sum + places[column]!, 0) / slot.columns.length;
    return { index, slot, x };
  });
  wanted.sort((a, b) => a.x - b.x || a.slot.columns[0]! - b.slot.columns[0]!);
  // With each slot's least distance from the first taken off, "apart" means "not falling".
  let reach = 0;
  const offsets = wanted.map(({ slot }, i) => {
    if (i > 0) reach += (wanted[i - 1]!.slot.width + slot.width) / 2 + gap;
    return reach;
  });
  const pools: { mean: number; count: number }[] = [];
  for (const [i, { x }] of wanted.entries()) {
    let pool = { mean: x - offsets[i]!, count: 1 };
    for (let last = pools.at(-1); last && last.mean > pool.mean; last = pools.at(-1)) {
      const count = last.count + pool.count;
      pool = { mean: (last.mean * last.count + pool.mean * pool.count) / count, count };
      pools.pop();
    }
    pools.push(pool);
  }
  const means = pools.flatMap(({ mean, count }) => Array<number>(count).fill(mean));
  const middles: number[] = [];
  for (const [i, { index }] of wanted.entries()) middles[index] = means[i]! + offsets[i]!;
  return middles;
}
