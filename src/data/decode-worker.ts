// A worker that decodes one task's images and ends. Its job is its start data.

import { parentPort, workerData } from "node:worker_threads";
import { describeError, type ErrorData, MulabError } from "../core/errors/index.js";
import type { Images } from "../core/task.js";
import { type DecodeJob, decodeAll } from "./decode-job.js";
import { type FilesJob, loadFiles } from "./own/load-files.js";
import { loadOwn, type OwnJob, type OwnLoaded } from "./own/load-own.js";

/** The fingerprint of a published task's splits, a whole task of a person's own images, or single images. */
export type DecodeResult = string | OwnLoaded | Images;

/** The worker's progress, then its result or its error. */
export type DecodeMessage =
  | { readonly done: number; readonly total: number }
  | { readonly result: DecodeResult }
  | { readonly error: ErrorData };

const EVERY = 256;

const post = (message: DecodeMessage): void => parentPort!.postMessage(message);

function decode(job: DecodeJob | OwnJob | FilesJob): Promise<DecodeResult> {
  if ("kind" in job) {
    const progress = (done: number, total: number) => post({ done, total });
    return job.kind === "own" ? loadOwn(job, progress) : loadFiles(job, progress);
  }
  return decodeAll(job, (done) => {
    if (done % EVERY === 0) post({ done, total: 0 });
  });
}

try {
  post({ result: await decode(workerData as DecodeJob | OwnJob | FilesJob) });
} catch (error) {
  if (!(error instanceof MulabError)) throw error;
  post({ error: describeError(error) });
}
