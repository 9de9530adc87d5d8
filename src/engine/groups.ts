// Which children are trained in one graph: as many as fit into memory.

import type { Task } from "../core/task.js";
import type { Training } from "../core/training.js";
import { trainingGraph } from "../graph/generation.js";
import type { Graph } from "../graph/node.js";
import type { Child } from "./child.js";
import { frozenBytes, groupBytes } from "./group-memory.js";

const stepGraph = (children: readonly Child[], task: Task, training: Training) =>
  trainingGraph(
    children.map(({ graph }) => graph),
    { batch: training.batchSize, classes: task.classes },
  );

interface Limits {
  readonly training: Training;
  readonly maxBytes?: number | undefined;
}

/** Children that are trained in one graph, and how long building it took. */
export interface Group {
  readonly children: readonly Child[];
  readonly graph: Graph;
  /** The estimated memory. */
  readonly bytes: number;
  readonly buildMs: number;
}

const DEFAULT_MAX_BYTES = 1_400_000_000;

/** An ONNX model can't exceed 2 GiB, including its constants. */
const MOST_FROZEN = 2 ** 31 - 2 ** 27;

/** Groups of consecutive children whose training stays under the limit, found by halving. */
export function* groups(children: readonly Child[], task: Task, limits: Limits): Generator<Group> {
  const began = performance.now();
  const graph = stepGraph(children, task, limits.training);
  const graphs = children.map((child) => child.graph);
  const bytes = groupBytes(graphs, graph);
  const isFit = bytes <= (limits.maxBytes ?? DEFAULT_MAX_BYTES) && frozenBytes(graphs) <= MOST_FROZEN;
  if (children.length <= 1 || isFit) {
    yield { children, graph, bytes, buildMs: performance.now() - began };
    return;
  }
  const half = Math.ceil(children.length / 2);
  yield* groups(children.slice(0, half), task, limits);
  yield* groups(children.slice(half), task, limits);
}
