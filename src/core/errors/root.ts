// Roots and the checkpoints that they are read from.

import { MulabError } from "./error.js";
import { quote, short } from "./phrases.js";

/** Where to get weights. */
const GET_A_ROOT =
  "Make one with `mulab pretrain`, or put a published file (such as Ti_16-i21k-300ep-lr_0.001-aug_light1-wd_0.1-do_0.0-sd_0.0.npz of gs://vit_models/augreg) into one of these folders.";

export const rootMissing = (file: string, looked: readonly string[]) =>
  new MulabError("root/missing", `The root ${quote(file)} was not found (looked in ${looked.join(", ")}).`, {
    remedy: GET_A_ROOT,
    fatal: true,
  });

export const rootChanged = (path: string, found: string, expected: string) =>
  new MulabError(
    "root/checksum",
    `${path} is not the expected root: its sha256 is ${short(found)}…, expected ${short(expected)}….`,
    {
      found,
      expected,
      remedy: "Restore that file, or start a new run with this one.",
      fatal: true,
    },
  );

const ANOTHER_ROOT =
  "Download the file again, name another with --root, or make a root with `mulab pretrain`.";

export const badCheckpoint = (path: string, found: string, expected: string) =>
  new MulabError("root/bad-file", `${path}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: ANOTHER_ROOT,
    fatal: true,
  });

/** The error for a file of weights, from a reader of a format that data are published in too. */
export const badCheckpointFile = (cause: MulabError) =>
  new MulabError("root/bad-file", cause.problem, {
    found: cause.found,
    expected: cause.expected,
    remedy: ANOTHER_ROOT,
    fatal: true,
    cause,
  });

export const rootTooShallow = (path: string, has: number, asked: number) =>
  new MulabError(
    "root/too-few-blocks",
    `${path} has ${has} transformer ${has === 1 ? "block" : "blocks"}, but ${asked} were requested.`,
    {
      found: String(has),
      expected: `at least ${asked}`,
      remedy: `Ask for fewer, or pretrain a deeper root with \`mulab pretrain --blocks ${asked}\`.`,
    },
  );

/** `why` is a whole sentence. */
export const pretrainingFailed = (task: string, why: string) =>
  new MulabError("root/pretraining-failed", `Pretraining on "${task}" failed: ${why} Nothing was written.`, {
    remedy: "Try a smaller learning rate or another seed.",
  });
