// Graphs, engines and their workers.

import { MulabError } from "./error.js";
import { reason } from "./phrases.js";

export const graphInvalid = (op: string, found: string) =>
  new MulabError("graph/invalid", `${op}: ${found}.`, { found });

export const engineMissing = (engine: string, remedy: string) =>
  new MulabError("engine/missing", `The ${engine} engine is not installed.`, { remedy, fatal: true });

export const telemetryNotOff = (variable: string, cause: unknown) =>
  new MulabError(
    "engine/telemetry-not-off",
    `ONNX Runtime is not loaded: in this worker thread its telemetry can't be turned off (${reason(cause)}).`,
    {
      cause,
      remedy: `Set ${variable}=1 before Node starts, or load mulab in the main thread too.`,
      fatal: true,
    },
  );

export const engineFailed = (what: string, cause: unknown) =>
  new MulabError("engine/failed", `${what} failed in the engine: ${reason(cause)}`, { cause });

export const memoryTooSmall = (needed: number, given: number) =>
  new MulabError(
    "engine/memory-too-small",
    `Training a single child of this generation takes about ${gigabytes(needed)} GB, by mulab's estimate, but --memory (maxBytes) allows ${given / 1e9}. Nothing is lost.`,
    {
      found: `${given / 1e9} GB`,
      expected: `at least ${gigabytes(needed)} GB`,
      remedy: `Continue with \`mulab resume\` and --memory ${gigabytes(needed)} or more, or start again with a smaller batch.`,
    },
  );

/** Rounded up, so that the suggested amount is enough. */
const gigabytes = (bytes: number): string => String(Math.ceil(bytes / 1e7) / 100);

/** Journals hold this text and digests cover it, so it must never change. */
export const childDiverged = (step: number, loss: number) =>
  new MulabError(
    "engine/diverged",
    `The child diverged: its loss is ${loss} at step ${step}. Evolution goes on without it; a smaller learning rate may help.`,
    { found: String(loss), expected: "a finite loss" },
  );

export const workerEnded = (worker: string, how: string) =>
  new MulabError(
    "engine/worker-ended",
    `The ${worker} worker ended (${how}), so its work in progress is lost.`,
    {
      found: how,
      remedy:
        "Resume the run; if it happens again, give it less to do at once (fewer children or a smaller batch).",
    },
  );
