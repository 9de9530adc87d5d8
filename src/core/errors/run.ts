// Run folders: what is in them, what may be done with them, what of them is damaged, and who may write them.

import { MulabError } from "./error.js";
import { quote, reason, short, some } from "./phrases.js";

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

/** A folder that should hold the replica of a run with seed `seed`. */
export const notTheReplica = (dir: string, seed: number, found: number | undefined) =>
  new MulabError("run/not-the-replica", `${dir} is not the replica with seed ${seed} of this run.`, {
    found: found === undefined ? "a run that did not grow from it" : `a segment with seed ${found}`,
    expected: `a segment with seed ${seed}`,
    remedy: "Name another folder, or remove this one.",
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
