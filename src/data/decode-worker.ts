// A worker that decodes one task's images and ends. Its job is its start data.

import { parentPort, workerData } from "node:worker_threads";
import { describeError, type ErrorData, MulabError } from "../core/errors/index.js";
import { type DecodeJob, decodeAll } from "./decode-job.js";
import { loadOwn, type OwnJob, type OwnLoaded } from "./own/load-own.js";

/** The fingerprint of a published task's splits, or a whole task of a person's own images. */
export type DecodeResult = string | OwnLoaded;

/** The worker's progress, then its result or its error. */
export type DecodeMessage =
  | { readonly done: number; readonly total: number }
  | { readonly result: DecodeResult }
  | { readonly error: ErrorData };

const EVERY = 256;

const post = (message: DecodeMessage): void => parentPort!.postMessage(message);

function decode(job: DecodeJob | OwnJob): Promise<DecodeResult> {
  if ("kind" in job) return loadOwn(job, (done, total) => post({ done, total }));
  return decodeAll(job, (done) => {
    if (done % EVERY === 0) post({ done, total: 0 });
  });
}

try {
  post({ result: await decode(workerData as DecodeJob | OwnJob) });
} catch (error) {
  if (!(error instanceof MulabError)) throw error;
  post({ error: describeError(error) });
}
