// The interface of engines. An engine compiles a graph to a program; a program keeps its state (the parameters that a step
// changes) between runs wherever that is fastest.

import type { Graph } from "../graph/node.js";

/** Values by the name of an input or output, row-major. */
export type Tensors = Readonly<Record<string, Float32Array>>;

export interface CompileOptions {
  /** Values of inputs that stay the same for all runs. */
  readonly constants?: Tensors;
  /** Initial values of state: inputs whose next value is the output of the same name. The program takes over the arrays. */
  readonly state?: Tensors;
}

export interface Program {
  /** Runs once with the inputs that are neither constant nor state; returns the outputs that are not state, valid until the next run. Throws engine/failed. */
  run(feeds: Tensors): Promise<Tensors>;
  /** The state now, valid until the next run. */
  state(): Promise<Tensors>;
  /** Frees the program's resources; it can't run after that. */
  dispose(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
}
