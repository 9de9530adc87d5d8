// What runs graphs. An engine compiles a graph to a program; a program keeps its state (the parameters that a step
// changes) between runs wherever that is fastest.

import type { Graph } from "../graph/node.js";

/** Values by the name of an input or output, row-major. */
export type Tensors = Readonly<Record<string, Float32Array>>;

export interface CompileOptions {
  /** Values of inputs that stay the same for all runs. */
  readonly constants?: Tensors;
  /** First values of state: inputs for which the output of the same name is the next run's value. The arrays are the program's from then on. */
  readonly state?: Tensors;
}

export interface Program {
  /** Runs once with the inputs that are neither constant nor state; gives the outputs that are not state, valid until the next run. Throws engine/failed. */
  run(feeds: Tensors): Promise<Tensors>;
  /** The state now, valid until the next run. */
  state(): Promise<Tensors>;
  /** Frees what the program holds; it can't run after that. */
  dispose(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
}
