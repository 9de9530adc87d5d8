// A worker that decodes one task's images and ends: its job is what it was started with.

import { parentPort, workerData } from "node:worker_threads";
import { MulabError } from "../core/errors.js";
import { type DecodeJob, decodeAll } from "./decode-job.js";

/** What the worker says: how far it is, then what came of it. */
export type DecodeMessage =
  | { readonly done: number }
  | { readonly fingerprint: string }
  | { readonly code: string; readonly message: string };

const EVERY = 256;

const tell = (message: DecodeMessage): void => parentPort!.postMessage(message);

try {
  const fingerprint = await decodeAll(workerData as DecodeJob, (done) => {
    if (done % EVERY === 0) tell({ done });
  });
  tell({ fingerprint });
} catch (error) {
  if (!(error instanceof MulabError)) throw error;
  tell({ code: error.code, message: error.message });
}
