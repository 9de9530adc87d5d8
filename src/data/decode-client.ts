// Runs a decode job in a worker, so that a notebook stays responsive.

import { decodeFailed, reviveError } from "../core/errors/index.js";
import type { Images } from "../core/task.js";
import { spawn } from "../disk/spawn.js";
import type { DecodeJob } from "./decode-job.js";
import type { DecodeMessage, DecodeResult } from "./decode-worker.js";
import type { FilesJob } from "./own/load-files.js";
import type { OwnJob, OwnLoaded } from "./own/load-own.js";

/** Limit of the worker's JavaScript heap, in MiB, so that runaway objects end the worker, not the process. Bytes are outside the heap; each format limits how far a file may unpack. */
const MOST_HEAP = 2048;

/** The fingerprint of the decoded splits, when their images are all there. Throws what decoding throws, or data/decode-failed. */
export function decodeInWorker(job: DecodeJob, onRows: (done: number) => void): Promise<string> {
  return run<string>(job, onRows);
}

/** A person's own images, loaded. Throws what loading throws, or data/decode-failed. */
export function loadOwnInWorker(
  job: OwnJob,
  onDone: (done: number, total: number) => void,
): Promise<OwnLoaded> {
  return run<OwnLoaded>(job, onDone);
}

/** Single images, decoded. Throws as loadOwnInWorker. */
export function loadFilesInWorker(
  job: FilesJob,
  onDone: (done: number, total: number) => void,
): Promise<Images> {
  return run<Images>(job, onDone);
}

function run<T extends DecodeResult>(
  job: DecodeJob | OwnJob | FilesJob,
  onDone: (done: number, total: number) => void,
): Promise<T> {
  const worker = spawn(import.meta.url, "decode-worker", {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP },
  });
  return new Promise<T>((resolve, reject) => {
    worker.on("message", (message: DecodeMessage) => {
      if ("done" in message) onDone(message.done, message.total);
      else if ("error" in message) reject(reviveError(message.error));
      else resolve(message.result as T);
    });
    worker.on("error", (error) => reject(decodeFailed(error)));
    worker.on("exit", (code) => reject(decodeFailed(`its worker ended with ${code}`)));
  });
}
