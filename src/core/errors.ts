// Every error that a person can cause, in one place: what happened, what was found and expected, where, and what to
// do. Codes are stable. Impossible states are `satisfies never` where they would arise, not errors here.

import { meant, nearestNumbers } from "./nearest.js";

/** What is known about an error besides its sentence. */
export interface ErrorDetails {
  /** What was found and what was expected instead, each a phrase. */
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  /** What the reader can do about it, in whole sentences; the last part of the message. */
  readonly remedy?: string | undefined;
  /** Whether the next run on this machine would fail in the same way, so that a sweep stops. */
  readonly fatal?: boolean | undefined;
  readonly cause?: unknown;
}

/** A mistake that a person can fix. `code` is stable; `message`, made of `problem` and `remedy`, is for people. */
export class MulabError extends Error {
  readonly found: string | undefined;
  readonly expected: string | undefined;
  readonly remedy: string | undefined;
  readonly fatal: boolean;

  constructor(
    readonly code: string,
    /** What happened, where, what was found and expected: whole sentences. */
    readonly problem: string,
    { found, expected, remedy, fatal = false, cause }: ErrorDetails = {},
  ) {
    super(
      remedy === undefined ? problem : `${problem} ${remedy}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "MulabError";
    this.found = found;
    this.expected = expected;
    this.remedy = remedy;
    this.fatal = fatal;
  }
}

/** Whether `error` is a MulabError with one of these codes. */
export const hasCode = <Code extends string>(
  error: unknown,
  ...codes: readonly Code[]
): error is MulabError & { readonly code: Code } =>
  error instanceof MulabError && codes.some((code) => code === error.code);

/** An error as data: classes do not survive the trip between threads. */
export type ErrorData = Omit<ErrorDetails, "cause"> & {
  /** null for an error that is not a MulabError. */
  readonly code: string | null;
  readonly problem: string;
  readonly stack: string | undefined;
};

/** An error as a worker sends it. */
export function describeError(cause: unknown): ErrorData {
  if (!(cause instanceof Error)) return { code: null, problem: String(cause), stack: undefined };
  if (!(cause instanceof MulabError)) return { code: null, problem: cause.message, stack: cause.stack };
  const { code, problem, found, expected, remedy, fatal, stack } = cause;
  return { code, problem, found, expected, remedy, fatal, stack };
}

/** The error from what a worker sent. */
export function reviveError({ code, problem, stack, ...details }: ErrorData): Error {
  const error = code === null ? new Error(problem) : new MulabError(code, problem, details);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** A sentence as a part of another. */
export const withoutStop = (sentence: string): string => sentence.replace(/\.$/, "");

const quote = (value: unknown): string => (typeof value === "string" ? `"${value}"` : String(value));
const list = (values: readonly unknown[]): string => values.map(quote).join(", ");
/** The first of many phrases. */
const some = (all: readonly string[], most = 5): string =>
  all.slice(0, most).join(", ") + (all.length > most ? `, and ${all.length - most} more` : "");
const short = (id: string): string => id.slice(0, 8);
const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

// ---- hyperparams and options

export const hyperparamNotValid = (name: string, value: unknown, values: readonly unknown[]) =>
  new MulabError(
    "hyperparams/not-valid",
    `${name} ${quote(value)} is not one of its valid values (${list(values)})${suggestion(value, values)}.`,
    { found: quote(value), expected: list(values) },
  );

/** "; the nearest: …" if a suggestion makes sense, otherwise "". */
function suggestion(given: unknown, valid: readonly unknown[]): string {
  const numbers = nearestNumbers(given, valid);
  if (numbers !== undefined) return `; the nearest: ${numbers}`;
  const name = meant(String(given), valid.map(String));
  return name === undefined ? "" : `; the nearest: "${name}"`;
}

/** "; did you mean …?" if a suggestion makes sense, otherwise "". */
export function didYouMean(given: string, valid: readonly string[]): string {
  const name = meant(given, valid);
  return name === undefined ? "" : `; did you mean "${name}"?`;
}

/** More valid names than this are not spelled out if a command lists them. */
const MOST_LISTED = 40;

/** `listedBy` is the command that lists them all, if there is one. */
export const unknownName = (
  what: string,
  given: string,
  valid: readonly string[],
  where = "",
  listedBy?: string,
) =>
  new MulabError(
    `${what.replaceAll(" ", "-")}/unknown`,
    `There is no ${what} ${quote(given)}${where && ` ${where}`}${didYouMean(given, valid) || "."}`,
    {
      found: given,
      expected: valid.join(", "),
      remedy: `${listedBy && valid.length > MOST_LISTED ? `\`${listedBy}\` lists them all` : `Valid: ${valid.join(", ")}`}.`,
    },
  );

export const valueNotValid = (what: string, given: unknown, expected: string) =>
  new MulabError("options/not-valid", `${what} is ${quote(given)}, but must be ${expected}.`, {
    found: quote(given),
    expected,
  });

/** `found` as JSON. */
export const experimentNotValid = (path: string, found: string, expected: string) =>
  new MulabError("options/not-valid", `experiment${path} is ${found}, but must be ${expected}.`, {
    found,
    expected,
  });

export const usage = (message: string) => new MulabError("options/usage", message);

// ---- evolver cells

/** `value` is quoted as the cell has it. */
export const cellValueNotValid = (what: string, value: unknown, expected: string) =>
  new MulabError("cells/not-valid", `${what} is ${JSON.stringify(value)}, but must be ${expected}.`, {
    found: JSON.stringify(value),
    expected,
  });

export const cellNotKeys = () =>
  new MulabError(
    "cells/not-valid",
    "An evolver cell is lines of `key: value`, such as `experiment: preliminary`.",
  );

/** A folder that should hold the replica of a run with seed `seed`. */
export const notTheReplica = (dir: string, seed: number, found: number | undefined) =>
  new MulabError("run/not-the-replica", `${dir} is not the replica with seed ${seed} of this run.`, {
    found: found === undefined ? "a run that did not grow from it" : `a segment with seed ${found}`,
    expected: `a segment with seed ${seed}`,
    remedy: "Name another folder, or remove this one.",
  });

/** A setting that a segment can't have of its own. */
export const settingOfRun = (key: string) =>
  new MulabError("options/not-valid", `A segment can't set ${key}, which holds for a whole run.`, {
    found: key,
    expected: "a setting of the method, the training or the budget",
    remedy: key === "iterations" ? "Use --iterations." : "Begin another run for it.",
  });

/** A hyperparameter that a segment's models have from their parents. */
export const settingInherited = (key: string) =>
  new MulabError(
    "options/not-valid",
    `A segment can't set ${key}: children have it from their parents, and mutation steps it.`,
    {
      found: key,
      expected: "a setting of the method, the training or the budget",
      remedy: "Begin another run for it, or set `search` of the method by extend() of the API.",
    },
  );

/** `names` are the available experiments. */
export const cellWithoutExperiment = (magic: string, names: readonly string[]) =>
  new MulabError("cells/not-valid", `${magic} has no experiment to evolve.`, {
    expected: `one of ${names.join(", ")}`,
    remedy: `The experiments are ${names.join(", ")}. Write a line such as \`experiment: ${names[0]}\` below it; Tab completes its other keys.`,
  });

/** `found` is what the YAML parser says. */
export const cellNotYaml = (found: string) => new MulabError("cells/not-yaml", `${found}.`, { found });

// ---- access

export const privateLayer = (task: string, layer: string, trainedOn: string) =>
  new MulabError(
    "access/private-layer",
    `Task "${task}" cannot use layer ${short(layer)}: it was trained on the private task "${trainedOn}".`,
    { found: trainedOn },
  );

export const privateRoot = (file: string, task: string) =>
  new MulabError(
    "access/private-root",
    `The root ${quote(file)} was pretrained on "${task}", which is private here, and every task would build on it.`,
    {
      found: task,
      remedy: `Use another root (\`mulab pretrain --task\` with a public task makes one), or let "${task}" be public.`,
      fatal: true,
    },
  );

/** `trainedOn` is the name under which the same images were trained. */
export const privateRootImages = (file: string, task: string, trainedOn: string) =>
  new MulabError(
    "access/private-root",
    `The root ${quote(file)} was pretrained on the images of "${task}" (under the name "${trainedOn}"), which is private here, and every task would build on it.`,
    {
      found: trainedOn,
      remedy: `Use another root (\`mulab pretrain --task\` with a public task makes one), or let "${task}" be public.`,
      fatal: true,
    },
  );

// ---- layers and the store

const LAYER_REMEDY =
  "Restore the file from a copy; `mulab verify` lists the models that use it, and `mulab repair` makes a new run of what can still be proved";

export const corruptLayer = (id: string, where: string, found: string) =>
  new MulabError(
    "store/corrupt-layer",
    `Layer ${short(id)} in ${where} does not match its name: its bytes hash to ${short(found)}.`,
    {
      found,
      expected: id,
      remedy: `${LAYER_REMEDY}.`,
    },
  );

export const missingLayer = (id: string, where: string) =>
  new MulabError("store/missing-layer", `Layer ${short(id)} is not in ${where}.`, {
    expected: id,
    remedy: `${LAYER_REMEDY}.`,
  });

export const malformedLayer = (where: string, found: string) =>
  new MulabError("store/malformed-layer", `${where} is not a layer of mulab: ${found}.`, { found });

export const layerMismatch = (name: string, found: string, expected: string) =>
  new MulabError("store/layer-mismatch", `Layer ${name} has ${found}, but the model needs ${expected}.`, {
    found,
    expected,
  });

// ---- run folders and journals

export const notARun = (dir: string, missing: string) =>
  new MulabError("run/not-a-run", `${dir} is not a run folder: it has no ${missing}.`, {
    expected: missing,
    remedy: "Name a folder that `mulab run` made (its last line names it).",
  });

/** `code` is the operating system's. */
export const folderUnreadable = (dir: string, code: string) =>
  new MulabError(
    "run/folder-unreadable",
    `${dir} can't be listed: ${code === "ENOENT" ? "there is no such folder" : code === "ENOTDIR" ? "it is not a folder" : code}.`,
    { found: code, remedy: "Name a folder with runs in it; `mulab run` makes them in ./runs." },
  );

export const forkLayersGone = (
  dir: string,
  generations: number,
  missing: number,
  possible: readonly number[],
) =>
  new MulabError(
    "run/layers-gone",
    `${dir} no longer has ${missing} of the layers that its models had after generation ${generations}: when a task's activation ends, layers that no later model uses are removed.`,
    {
      remedy: `It can still be forked after ${possible.length === 1 ? "generation" : "generations"} ${possible.join(", ")}, or without naming a generation.`,
    },
  );

export const runExists = (dir: string) =>
  new MulabError("run/exists", `${dir} already holds a run.`, {
    remedy: `Continue it with \`mulab resume ${dir}\`, or name another folder with --out.`,
  });

export const folderNotEmpty = (dir: string) =>
  new MulabError("run/folder-not-empty", `${dir} has files in it, but no run.`, {
    remedy: "Name an empty or new folder with --out.",
  });

export const differentExperiment = (dir: string, what: string) =>
  new MulabError("run/different-experiment", `${dir} holds a run of another experiment: ${what}.`, {
    found: what,
    remedy: `Resume it as it is with \`mulab resume ${dir}\`, or name another folder.`,
  });

export const runBusy = (dir: string) =>
  new MulabError("run/busy", `${dir} has not ended yet.`, {
    remedy: `Let it end first (\`mulab resume ${dir}\`); then tasks can be added or forgotten.`,
  });

export const taskNotGiven = (task: string) =>
  new MulabError(
    "run/task-not-given",
    `The run has the task "${task}", which is not in mulab's catalog: a program passed its images.`,
    {
      remedy:
        "To continue, pass them again from TypeScript: open(dir, undefined, { tasks: [await folderTask(…)] }).",
    },
  );

export const imagesGone = (
  dir: string,
  task: string,
  path: string,
  cause: unknown,
  what: "run" | "sweep" = "run",
  command = "mulab resume",
) =>
  new MulabError(
    "run/images-gone",
    `The images of task "${task}" can't be loaded again: ${cause instanceof MulabError ? cause.problem : `${reason(cause)}.`} The ${what} began with those at ${path}.`,
    {
      remedy: `Put them back as they were, or say where they are now: \`${command} ${dir} --images ${task}=PATH\`. The ${what} is unchanged.`,
      fatal: true,
      cause,
    },
  );

export const newerFormat = (where: string, found: unknown, known: number) =>
  new MulabError(
    "run/newer-format",
    `${where} has format ${quote(found)}, but this version of mulab reads formats up to ${known}.`,
    {
      found: quote(found),
      expected: `at most ${known}`,
      remedy: "Update mulab to open it; nothing was changed.",
    },
  );

export const locked = (dir: string, pid: number, host: string) =>
  new MulabError("run/locked", `${dir} is being written by process ${pid} on ${host}.`, {
    remedy: "Wait for it or stop it; reading (`mulab show`, `mulab report`) works meanwhile.",
  });

/** `owner` is null where the lock can't be read; `silentS` is the age of its last sign of life, `mostS` the age at which it counts as dead. */
export const lockedElsewhere = (
  dir: string,
  owner: { readonly pid: number; readonly host: string } | null,
  silentS: number,
  mostS: number,
  lock: string,
) =>
  new MulabError(
    "run/locked",
    `${dir} is being written by ${owner ? `process ${owner.pid} on ${owner.host}` : "an unknown process"}, in another container or on another machine; its last sign of life is ${silentS} s old.`,
    {
      remedy: `Wait for it or stop it; after ${mostS} s without a sign of life it counts as dead, and this command works again. If you are sure that the process is gone, you can remove ${lock} now. Reading (\`mulab show\`, \`mulab report\`) works meanwhile.`,
    },
  );

export const lockedBefore = (dir: string, pid: number, host: string, lock: string) =>
  new MulabError(
    "run/locked",
    `${dir} is locked by process ${pid} on ${host}, an earlier version of mulab whose locks don't show whether their owner is alive.`,
    {
      remedy: `Wait for it or stop it; if you are sure that the process is gone, remove ${lock}. Reading (\`mulab show\`, \`mulab report\`) works meanwhile.`,
    },
  );

export const lockLost = (
  dir: string,
  owner: { readonly pid: number; readonly host: string } | null,
  mostS: number,
) =>
  new MulabError(
    "run/lock-lost",
    `This process may no longer write ${dir}: ${owner ? `process ${owner.pid} on ${owner.host} has taken its lock` : "its lock is gone"}, as happens when a process gives no sign of life for ${mostS} s (a suspended machine, a stalled disk) or when somebody removes the lock. Nothing has been written since.`,
    { remedy: `\`mulab resume ${dir}\` continues the run once no other process is writing it.`, fatal: true },
  );

export const damagedRun = (file: string, found: string, expected: string) =>
  new MulabError("run/damaged", `${file}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Restore the file from a copy; nothing was changed.",
  });

export const headerChanged = (file: string, found: string, expected: string) =>
  new MulabError(
    "run/damaged",
    `${file} is not the file that the run began with: its sha256 is ${short(found)}…, the journal says ${short(expected)}….`,
    {
      found: short(found),
      expected: short(expected),
      remedy:
        "Restore the file from a copy; `mulab repair` mends a single flipped bit, in a new folder. Nothing was changed.",
    },
  );

export const journalCut = (file: string, found: number, expected: number) =>
  new MulabError(
    "journal/cut",
    `${file} has ${found} events, but the run's journal had ${expected} before: it was emptied, cut, rolled back or replaced.`,
    {
      found: `${found} events`,
      expected: `${expected} events`,
      remedy:
        "Restore it from a copy. If there is none, `mulab repair` makes a new run of what can still be proved. Nothing was changed.",
    },
  );

/** `layers` names layers that the journal does not mention, such as "3f9a12c4, trained on bangla". */
export const journalWithoutLayers = (file: string, layers: readonly string[]) =>
  new MulabError(
    "journal/cut",
    `${file} does not mention ${layers.length === 1 ? "a layer that is" : `${layers.length} layers that are`} beside it (${some(layers)}): it was emptied, cut or rolled back.`,
    {
      remedy:
        "Restore it from a copy. If there is none, `mulab repair` makes a new run of what can still be proved; to start over, name another folder. Nothing was changed.",
    },
  );

/** `missing` names the layers, such as "block_0 of model 12 (bangla)". */
export const layersMissing = (dir: string, missing: readonly string[]) =>
  new MulabError(
    "run/layers-missing",
    `${dir} lacks ${missing.length === 1 ? "a layer" : `${missing.length} layers`} of its models: ${some(missing)}.`,
    {
      remedy:
        "Restore the files from a copy. If there is none, `mulab repair` makes a new run up to the last point whose layers all exist. Nothing was removed.",
    },
  );

export const notRepairable = (dir: string, why: string) =>
  new MulabError("run/not-repairable", `Nothing in ${dir} can be proved: ${why}.`, {
    remedy: "Restore the folder from a copy, or begin a new run. Nothing was changed.",
  });

export const eventNotValid = (path: string, found: string, expected: string) =>
  new MulabError("journal/not-valid-event", `${path} is ${found}; expected ${expected}.`, {
    found,
    expected,
  });

export const journalMoved = (file: string) =>
  new MulabError(
    "journal/moved",
    `${file} was changed by another process while it was being written. Nothing more was written.`,
    { remedy: "`mulab verify` shows whether it is sound." },
  );

export const readFailed = (path: string, cause: unknown) =>
  new MulabError("store/read-failed", `Can't read ${path}: ${reason(cause)}.`, { cause });

/** What the system refused where no command expected it; null for errors of any other kind. */
export function systemRefused(error: unknown): MulabError | null {
  if (!(error instanceof Error)) return null;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || path === undefined) return null;
  return new MulabError("system/refused", `The system could not ${syscall} ${path}: ${reason(error)}.`, {
    remedy: "Check the disk and your permissions, then run the command again.",
    cause: error,
  });
}

export const damagedJournal = (file: string, line: number, found: string) =>
  new MulabError(
    "journal/damaged",
    `${file}, line ${line}: ${found}. Only the last line of a journal may be torn, so this line was changed after it was written.`,
    {
      found,
      remedy:
        "Restore the file from a copy. If there is none, `mulab repair` makes a new run of what can still be proved. Nothing was changed.",
    },
  );

/** Why a file can't be written, what to do, and whether every other file on this machine would fail too. */
const WRITE_FAILURES: Readonly<Record<string, { why: string; remedy: string; fatal?: true }>> = {
  ENOSPC: {
    why: "the disk is full",
    remedy: "Free some space and `mulab resume` the run; nothing written before is lost.",
    fatal: true,
  },
  EDQUOT: {
    why: "the disk quota is used up",
    remedy: "Free some space and `mulab resume` the run; nothing written before is lost.",
    fatal: true,
  },
  EACCES: {
    why: "you may not write there",
    remedy: "Choose another folder with --out, or change its permissions.",
    fatal: true,
  },
  EPERM: {
    why: "you may not write there",
    remedy: "Choose another folder with --out, or change its permissions.",
    fatal: true,
  },
  EROFS: { why: "the file system is read-only", remedy: "Choose another folder with --out.", fatal: true },
  EEXIST: { why: "a file of that name is in the way", remedy: "Choose another folder with --out." },
  EISDIR: { why: "a folder of that name is in the way", remedy: "Choose another name with --out." },
  ENOTDIR: { why: "a file is where a folder should be", remedy: "Choose another folder with --out." },
  ENOENT: { why: "no folder can be made there", remedy: "Choose another folder with --out." },
};

export const writeFailed = (path: string, cause: NodeJS.ErrnoException) => {
  const known = WRITE_FAILURES[cause.code ?? ""];
  return new MulabError(
    `store/${(cause.code ?? "write-failed").toLowerCase()}`,
    `Can't write ${path}: ${known?.why ?? reason(cause)}.`,
    { remedy: known?.remedy, fatal: known?.fatal, cause },
  );
};

/** `found` and `expected` include their articles. */
export const notOurs = (path: string, found: string, expected: string) =>
  new MulabError("store/not-ours", `${path} is ${found}, not ${expected}, and was not replaced.`, {
    found,
    expected,
    // Nobody is sent to remove a device or a folder.
    remedy:
      found === "another file"
        ? "Remove it, or choose another name with --out."
        : "Choose another name with --out.",
  });

export const dataChanged = (task: string, found: string, expected: string) =>
  new MulabError(
    "run/data-changed",
    `The data of task "${task}" is not what the run began with: its fingerprint is ${short(found)}, but was ${short(expected)}.`,
    {
      found,
      expected,
      remedy: "Restore the data as it was, or start a new run with the present data; this run is unchanged.",
      fatal: true,
    },
  );

// ---- tasks and data: without them no other run of a sweep would succeed, so they are all fatal

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

// ---- a person's own images

const OWN_IMAGES =
  "A task is a folder with one folder of images per class, or with such folders in train, validation and test; or images with a CSV file of their names and labels; or a zip archive of any of these; or idx or npz files of images and labels";
const FORMATS = "PNG, JPEG, WebP, GIF, TIFF, BMP, PPM or JPEG 2000";

export const folderMissing = (path: string, code: string) => {
  const found: Record<string, string> = {
    ENOENT: "There is nothing at",
    ENOTDIR: "There is a file, not a folder, on the way to",
  };
  return new MulabError("data/folder-missing", `${found[code] ?? `Can't read (${code})`} ${path}.`, {
    found: code,
    remedy: `${OWN_IMAGES}; name one that mulab may read.`,
    fatal: true,
  });
};

export const notImages = (path: string, found: string) =>
  new MulabError("data/not-images", `${path} is ${found}.`, { found, remedy: `${OWN_IMAGES}.`, fatal: true });
export const noClasses = (path: string, images: number) =>
  new MulabError("data/no-classes", `${path} has no class folders; images directly in it: ${images}.`, {
    remedy: `${OWN_IMAGES}.`,
    fatal: true,
  });

export const oneClass = (path: string, name: string) =>
  new MulabError(
    "data/one-class",
    `${path} has only one class, ${quote(name)}, so there is nothing to classify.`,
    { found: name, remedy: "Add images of another class.", fatal: true },
  );

export const emptyClass = (path: string, others: readonly string[], links: number) => {
  const beside = [
    ...(others.length > 0 ? [`other files: ${others.length}, such as ${others[0]}`] : []),
    ...(links > 0
      ? [
          `links, which are not followed: ${links}; followLinks (on the command line :links=follow) follows them`,
        ]
      : []),
  ];
  return new MulabError(
    "data/empty-class",
    `The class folder ${path} has no images (${beside.join("; ") || "it is empty"}).`,
    { remedy: `Put ${FORMATS} files there, or remove the folder.`, fatal: true },
  );
};

export const folderLayout = (path: string, found: string) =>
  new MulabError("data/folder-layout", `${path}: ${found}.`, {
    found,
    remedy: `${OWN_IMAGES}; move everything else away.`,
    fatal: true,
  });

/** `examples` is a short list. */
export const labelsWithoutImages = (
  path: string,
  missing: number,
  rows: number,
  examples: readonly string[],
) =>
  new MulabError(
    "data/labels-without-images",
    `${path} names ${rows} images, of which ${missing} ${missing === 1 ? "is" : "are"} missing: ${examples.join(", ")}${missing > examples.length ? ", …" : ""}.`,
    { remedy: "Put them where the file says (relative to it), or remove their rows.", fatal: true },
  );

export const tooFewImages = (path: string, split: string, most: number, needed: number) =>
  new MulabError(
    "data/too-few-images",
    `${path} has too few images to draw ${split} images from: its largest class has ${most}, but needs ${needed}.`,
    {
      found: String(most),
      expected: String(needed),
      remedy: "Add images, or make folders train, validation and test for the splits.",
      fatal: true,
    },
  );

/** `limit` is the number of images per split that would fit. */
export const tooManyImages = (task: string, count: number, bytes: number, limit: number) =>
  new MulabError(
    "data/too-many-images",
    `The ${count} images of task "${task}" take ${gibibytes(bytes)} decoded, more than a task may use on this machine.`,
    { remedy: `Use fewer with --set limit=${limit} (images per split).`, fatal: true },
  );

export const tooManyFiles = (path: string, count: number, bytes: number, most: number) =>
  new MulabError(
    "data/too-many-images",
    `${path}: ${count} images at this imageSize take ${gibibytes(bytes)}, but a task holds at most ${gibibytes(most)} on this machine.`,
    {
      found: gibibytes(bytes),
      expected: `at most ${gibibytes(most)}`,
      remedy: "Choose a smaller imageSize or fewer images.",
      fatal: true,
    },
  );

export const badImage = (path: string, found: string, expected = `a whole ${FORMATS} image`) =>
  new MulabError("data/bad-image", `${path}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Save it again or remove it.",
    fatal: true,
  });

/** `reasons` is a short list, one line per image. */
export const badImages = (path: string, bad: number, total: number, reasons: readonly string[]) =>
  new MulabError(
    "data/bad-images",
    `${path}: ${bad} of ${total} images can't be used:\n${reasons.map((line) => `  ${line}`).join("\n")}${bad > reasons.length ? `\n  … and ${bad - reasons.length} more` : ""}\n`,
    { remedy: "Save these images again or remove them.", fatal: true },
  );

export const imageTooLarge = (path: string, found: string, most: string) =>
  new MulabError("data/image-too-large", `${path}: ${found}; expected at most ${most}.`, {
    found,
    expected: `at most ${most}`,
    remedy: "Scale it down or remove it.",
    fatal: true,
  });

// ---- roots and checkpoints

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

// ---- engine

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

// ---- sweeps, tables and figures

export const pointNotEnded = (what: string) =>
  new MulabError("sweep/not-ended", `${what} has not ended, so it is not a point of a sweep yet.`, {
    remedy: "Let it end first: `mulab resume` continues it.",
  });

export const pointWithoutModel = (what: string, task: string) =>
  new MulabError("sweep/no-model", `${what} has no model for task "${task}": all its children failed.`, {
    remedy: "Its report gives the reasons; run the variant again with another seed.",
  });

export const notASweep = (path: string, found: string) =>
  new MulabError("sweep/not-a-sweep", `${path} is not a sweep: ${found}.`, {
    found,
    remedy: "Name a folder that `mulab sweep` made, or a file that its --export wrote.",
  });

export const damagedSweep = (file: string, found: string, expected: string) =>
  new MulabError("sweep/damaged", `${file}: ${found}; expected ${expected}.`, {
    found,
    expected,
    remedy: "Restore the file from a copy; nothing was changed.",
  });

export const differentPlan = (dir: string, what: string) =>
  new MulabError("sweep/different-plan", `${dir} holds a sweep with another plan: ${what}.`, {
    found: what,
    remedy: `Continue it as it is with \`mulab resume ${dir}\`, or name another folder.`,
  });

export const planIsStored = (dir: string, given: string) =>
  new MulabError(
    "options/usage",
    `${dir} holds a sweep, which continues as planned: ${given} would change nothing.`,
    {
      found: given,
      remedy: "Leave it out, or name the experiment to plan another sweep in another folder (--out).",
    },
  );

export const figureNeeds = (name: string, needs: string, found: string) =>
  new MulabError("figure/needs", `"${name}" needs ${needs}, but this is ${found}.`, {
    found,
    expected: needs,
    remedy: "`mulab figure` and `mulab table` list what each one needs.",
  });

// ---- kernel

export const noComm = () =>
  new MulabError("kernel/no-comm", "watch() found no widget kernel, so it prints text.", {
    remedy: 'Choose the "TypeScript (mulab)" kernel for live charts.',
  });

// ---- what leaves a run: predictions and files

export const taskWithoutModel = (dir: string, task: string) =>
  new MulabError("export/no-model", `Task "${task}" has no model in ${dir} yet.`, {
    remedy: `Continue the run first: \`mulab resume ${dir}\`.`,
  });

export const noImagesAt = (path: string) =>
  new MulabError("predict/no-images", `There are no images at ${path}.`, {
    remedy: "Name image files, folders that hold some, or patterns in quotes, such as 'photos/*.png'.",
  });

export const imageSizeUnknown = (task: string, cause: unknown) =>
  new MulabError(
    "export/size-unknown",
    `The run does not say to which size the images of task "${task}" are brought, and they can't be loaded to find out: ${cause instanceof MulabError ? cause.problem : `${reason(cause)}.`}`,
    { remedy: `Say where they are now: \`--images ${task}=PATH\`.`, cause },
  );

export const exportDisagrees = (file: string, found: number, most: number, images: number) =>
  new MulabError(
    "export/disagrees",
    `${file} was not written: on ${images} test images its probabilities differ from mulab's by up to ${found.toExponential(1)}; expected at most ${most}.`,
    {
      found: String(found),
      expected: String(most),
      remedy: "Please report this, with the output of `mulab show`.",
    },
  );
