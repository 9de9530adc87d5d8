// Tasks and published data. Without them no other run of a sweep would succeed, so these errors are fatal.

import { MulabError } from "./error.js";
import { reason, short } from "./phrases.js";

/** `tried`, if a download was tried, is a sentence without its full stop. */
export const dataMissing = (task: string, looked: readonly string[], remedy: string, tried?: string) =>
  new MulabError(
    "task/data-missing",
    `The data of task "${task}" was not found (looked in ${looked.join(", ")}).${tried === undefined ? "" : ` ${tried}.`}`,
    { remedy, fatal: true },
  );

export const badFile = (path: string, found: string, expected: string) =>
  new MulabError("data/bad-file", `${path}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Restore the file, or remove it and download it again (`mulab tasks` says how).",
    fatal: true,
  });

export const checksumMismatch = (path: string, found: string, expected: string) =>
  new MulabError(
    "data/checksum",
    `${path} is not the published file: its sha256 is ${short(found)}…, expected ${short(expected)}….`,
    { found, expected, remedy: "Remove it and download it again (`mulab tasks` says how).", fatal: true },
  );

export const downloadFailed = (url: string, cause: unknown) =>
  new MulabError("data/download-failed", `Could not download ${url}: ${reason(cause)}.`, {
    cause,
    fatal: true,
  });

export const downloadedOther = (url: string, found: string, expected: string) =>
  new MulabError(
    "data/checksum",
    `The file from ${url} is not the published one: its sha256 is ${short(found)}…, expected ${short(expected)}…. It was not kept.`,
    {
      found,
      expected,
      remedy: "Try again from another network, or put the published file into a folder named in MULAB_DATA.",
      fatal: true,
    },
  );

export const decodeFailed = (cause: unknown) =>
  new MulabError("data/decode-failed", `Decoding images failed: ${reason(cause)}.`, {
    remedy: "If a file needs more memory than there is, remove it or choose fewer images (limit).",
    fatal: true,
    cause,
  });

export const labelOutOfRange = (where: string, index: number, label: number, classes: number) =>
  new MulabError(
    "task/label-out-of-range",
    `${where}: image ${index} has label ${label}, but the task has ${classes} classes (labels 0…${classes - 1}).`,
    { found: String(label), expected: `0 to ${classes - 1}`, fatal: true },
  );

export const emptySplit = (task: string, split: string) =>
  new MulabError(
    "task/empty-split",
    `Task "${task}" has no ${split} images; every task needs train, validation and test images.`,
    { fatal: true },
  );

export const taskNotSound = (task: string, path: string, found: string, expected: string) =>
  new MulabError("task/not-sound", `Task "${task}": its ${path} is ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Correct the code that makes the task.",
    fatal: true,
  });
