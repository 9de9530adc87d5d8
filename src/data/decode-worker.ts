// A worker that decodes one task's images and ends: its job is what it was started with.

import { parentPort, workerData } from "node:worker_threads";
import { describeError, type ErrorData, MulabError } from "../core/errors.js";
import { type DecodeJob, decodeAll } from "./decode-job.js";

/** What the worker says: how far it is, then what came of it. */
export type DecodeMessage =
  | { readonly done: number }
  | { readonly fingerprint: string }
  | { readonly error: ErrorData };

const EVERY = 256;

const tell = (message: DecodeMessage): void => parentPort!.postMessage(message);

try {
  const fingerprint = await decodeAll(workerData as DecodeJob, (done) => {
    if (done % EVERY === 0) tell({ done });
  });
  tell({ fingerprint });
} catch (error) {
  if (!(error instanceof MulabError)) throw error;
  tell({ error: describeError(error) });
}
