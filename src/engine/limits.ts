// What people say of the machine's share that training may take, in their units.

import { availableParallelism } from "node:os";

/** Threads of an engine for which no number is given. ONNX Runtime's own choice is one on some machines of two cores. */
export const defaultThreads = availableParallelism;

/** `threads` and `memory`, GB, each from 1 thread and above 0; what is left out is the engine's default. */
export interface Limits {
  readonly threads?: number;
  readonly memory?: number;
}

/** The same as options of `open` and `sweep`. */
export const limited = ({ threads, memory }: Limits): { threads?: number; maxBytes?: number } => ({
  ...(threads !== undefined && { threads }),
  ...(memory !== undefined && { maxBytes: memory * 1e9 }),
});
