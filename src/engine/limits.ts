// Limits on training's use of the machine, in the units of users.

import { availableParallelism } from "node:os";

/** Threads of an engine for which no number is given. ONNX Runtime's own choice is one on some machines of two cores. */
export const defaultThreads = availableParallelism;

/** `threads`, at least 1, and `memory` in GB, above 0; both default to the engine's choice. */
export interface Limits {
  readonly threads?: number;
  readonly memory?: number;
}

/** The same as options of `open` and `sweep`. */
export const limited = ({ threads, memory }: Limits): { threads?: number; maxBytes?: number } => ({
  ...(threads !== undefined && { threads }),
  ...(memory !== undefined && { maxBytes: memory * 1e9 }),
});
