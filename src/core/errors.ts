// Every error that a person can cause, in one place: what happened, what was found and expected, where, and what to
// do. Codes are stable. States that can't be are `satisfies never` where they would arise, not errors here.

import { nearest } from "./nearest.js";

/** A mistake that a person can mend. `code` is stable, `message` is for reading. */
export class MulabError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "MulabError";
  }
}

const quote = (value: unknown): string => (typeof value === "string" ? `"${value}"` : String(value));
const list = (values: readonly unknown[]): string => values.map(quote).join(", ");
const short = (id: string): string => id.slice(0, 8);
const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

// ---- hyperparams and options

export const hyperparamNotValid = (name: string, value: unknown, values: readonly unknown[]) =>
  new MulabError(
    "hyperparams/not-valid",
    `${name} ${quote(value)} is not one of its valid values (${list(values)}); the nearest: ${nearest(value, values)}.`,
  );

/** More valid names than this are not written out where a command lists them. */
const MOST_LISTED = 40;

/** `listedBy` is the command that lists them all, where there is one. */
export const unknownName = (
  what: string,
  given: string,
  valid: readonly string[],
  where = "",
  listedBy?: string,
) =>
  new MulabError(
    `${what.replaceAll(" ", "-")}/unknown`,
    `There is no ${what} ${quote(given)}${where && ` ${where}`}; did you mean ${nearest(given, valid)}? ${listedBy && valid.length > MOST_LISTED ? `\`${listedBy}\` lists them all` : `Valid: ${valid.join(", ")}`}.`,
  );

export const valueNotValid = (what: string, given: unknown, expected: string) =>
  new MulabError("options/not-valid", `${what} is ${quote(given)}, but must be ${expected}.`);

/** `found` as JSON. */
export const experimentNotValid = (path: string, found: string, expected: string) =>
  new MulabError("options/not-valid", `experiment${path} is ${found}, but must be ${expected}.`);

export const usage = (message: string) => new MulabError("options/usage", message);

// ---- access

export const privateLayer = (task: string, layer: string, trainedOn: string) =>
  new MulabError(
    "access/private-layer",
    `Task "${task}" cannot use layer ${short(layer)}: it was trained on the private task "${trainedOn}".`,
  );

export const privateRoot = (file: string, task: string) =>
  new MulabError(
    "access/private-root",
    `The root ${quote(file)} was pretrained on "${task}", which is private here, and every task would build on it. Begin from another root (\`mulab pretrain --task\` with a public task makes one), or let "${task}" be public.`,
  );

// ---- layers and the store

export const corruptLayer = (id: string, where: string, found: string) =>
  new MulabError(
    "store/corrupt-layer",
    `Layer ${short(id)} in ${where} does not match its name: its bytes hash to ${short(found)}. Restore the file from a copy; \`mulab verify\` lists the models that use it.`,
  );

export const missingLayer = (id: string, where: string) =>
  new MulabError(
    "store/missing-layer",
    `Layer ${short(id)} is not in ${where}. Restore the file from a copy; \`mulab verify\` lists the models that use it.`,
  );

export const malformedLayer = (where: string, found: string) =>
  new MulabError("store/malformed-layer", `${where} is not a layer of mulab: ${found}.`);

export const layerMismatch = (name: string, found: string, expected: string) =>
  new MulabError("store/layer-mismatch", `Layer ${name} has ${found}, but the model needs ${expected}.`);

// ---- run folders and journals

export const notARun = (dir: string, missing: string) =>
  new MulabError(
    "run/not-a-run",
    `${dir} is not a run folder: it has no ${missing}. Name a folder that \`mulab run\` made (its last line says where).`,
  );

export const forkLayersGone = (
  dir: string,
  generations: number,
  missing: number,
  possible: readonly number[],
) =>
  new MulabError(
    "run/layers-gone",
    `${dir} no longer has ${missing} of the layers that its models had after generation ${generations}: what no later model uses is removed when a task's activation ends. It can still be forked after ${possible.length === 1 ? "generation" : "generations"} ${possible.join(", ")}, or without naming one.`,
  );

export const runExists = (dir: string) =>
  new MulabError(
    "run/exists",
    `${dir} already holds a run. Continue it with \`mulab resume ${dir}\`, or name another folder with --out.`,
  );

export const folderNotEmpty = (dir: string) =>
  new MulabError(
    "run/folder-not-empty",
    `${dir} has files in it that are no run. Name an empty or new folder with --out.`,
  );

export const differentExperiment = (dir: string, what: string) =>
  new MulabError(
    "run/different-experiment",
    `${dir} holds a run of another experiment: ${what}. Resume it as it is with \`mulab resume ${dir}\`, or name another folder.`,
  );

export const runBusy = (dir: string) =>
  new MulabError(
    "run/busy",
    `${dir} has not ended yet. Let it end first (\`mulab resume ${dir}\`); then tasks can be added or forgotten.`,
  );

export const taskNotGiven = (task: string) =>
  new MulabError(
    "run/task-not-given",
    `The run has the task "${task}", which is not in mulab's catalog: its images were given to it. Give them again to continue, from TypeScript: open(dir, undefined, { tasks: [await folderTask(…)] }).`,
  );

export const imagesGone = (dir: string, task: string, path: string, cause: unknown) =>
  new MulabError(
    "run/images-gone",
    `The images of task "${task}" can't be loaded again: ${reason(cause)} The run began with them at ${path}. Put them back, or say where they are now: \`mulab resume ${dir} --images ${task}=PATH\`. The run is unchanged.`,
    { cause },
  );

export const newerFormat = (where: string, found: unknown, known: number) =>
  new MulabError(
    "run/newer-format",
    `${where} has format ${quote(found)}, but this mulab reads formats up to ${known}. Update mulab to open it; nothing was changed.`,
  );

export const locked = (dir: string, pid: number, host: string) =>
  new MulabError(
    "run/locked",
    `${dir} is being written by process ${pid} on ${host}. Wait for it or stop it; reading (\`mulab show\`, \`mulab report\`) works meanwhile.`,
  );

export const lockedElsewhere = (dir: string, pid: number, host: string, file: string) =>
  new MulabError(
    "run/locked",
    `${dir} is being written by process ${pid} on another machine, ${host}. Wait for it or stop it; if it is gone for sure, remove ${file}. Reading (\`mulab show\`, \`mulab report\`) works meanwhile.`,
  );

export const damagedRun = (file: string, found: string, expected: string) =>
  new MulabError(
    "run/damaged",
    `${file}: ${found}; expected ${expected}. Restore the file from a copy; nothing was changed.`,
  );

export const eventNotValid = (path: string, found: string, expected: string) =>
  new MulabError("journal/not-valid-event", `${path} is ${found}; expected ${expected}.`);

export const journalMoved = (file: string) =>
  new MulabError(
    "journal/moved",
    `${file} was changed by somebody else while it was being written. Nothing more was written; \`mulab verify\` says whether it is sound.`,
  );

export const readFailed = (path: string, cause: unknown) =>
  new MulabError("store/read-failed", `Can't read ${path}: ${reason(cause)}.`, { cause });

export const damagedJournal = (file: string, line: number, found: string) =>
  new MulabError(
    "journal/damaged",
    `${file}, line ${line}: ${found}. Only the last line of a journal may be torn, so this one was changed after it was written; restore the file from a copy.`,
  );

export const writeFailed = (path: string, cause: NodeJS.ErrnoException) => {
  const why: Record<string, string> = {
    ENOSPC:
      "there is no space left on the disk. Free some space and `mulab resume` the run; nothing written before is lost",
    EDQUOT:
      "the disk quota is used up. Free some space and `mulab resume` the run; nothing written before is lost",
    EACCES: "you may not write there. Choose another folder with --out, or change its permissions",
    EPERM: "you may not write there. Choose another folder with --out, or change its permissions",
    EROFS: "the file system is read-only. Choose another folder with --out",
    EEXIST: "a file of that name is in the way. Choose another folder with --out",
    EISDIR: "a folder of that name is in the way. Choose another name with --out",
    ENOTDIR: "a file stands where a folder should be. Choose another folder with --out",
    ENOENT: "no folder can be made there. Choose another folder with --out",
  };
  return new MulabError(
    `store/${(cause.code ?? "write-failed").toLowerCase()}`,
    `Can't write ${path}: ${why[cause.code ?? ""] ?? reason(cause)}.`,
    {
      cause,
    },
  );
};

export const dataChanged = (task: string, found: string, expected: string) =>
  new MulabError(
    "run/data-changed",
    `The data of task "${task}" is not what the run began with: its fingerprint is ${short(found)}, was ${short(expected)}. Restore the data as it was then, or start a new run with the data of today; this run is unchanged.`,
  );

// ---- tasks and data

export const dataMissing = (task: string, looked: readonly string[], toDo: string) =>
  new MulabError(
    "task/data-missing",
    `The data of task "${task}" was not found (looked in ${looked.join(", ")}). ${toDo}`,
  );

export const badFile = (path: string, found: string, expected: string) =>
  new MulabError(
    "data/bad-file",
    `${path}: ${found}; expected ${expected}. Restore the file, or remove it and get it anew (\`mulab tasks\` says how).`,
  );

export const checksumMismatch = (path: string, found: string, expected: string) =>
  new MulabError(
    "data/checksum",
    `${path} is not the published file: its sha256 is ${short(found)}…, expected ${short(expected)}…. Remove it and get it anew (\`mulab tasks\` says how).`,
  );

export const downloadFailed = (url: string, cause: unknown) =>
  new MulabError("data/download-failed", `Could not download ${url}: ${reason(cause)}.`, { cause });

export const downloadedOther = (url: string, found: string, expected: string) =>
  new MulabError(
    "data/checksum",
    `What came from ${url} is not the published file: its sha256 is ${short(found)}…, expected ${short(expected)}…. Nothing of it was kept. Try again from another network, or put the published file below a folder named in MULAB_DATA.`,
  );

export const decodeFailed = (cause: Error) =>
  new MulabError(
    "data/decode-failed",
    `Decoding images failed: ${reason(cause)}. If a file asks for more memory than there is, remove it or choose fewer images (limit).`,
    { cause },
  );

export const labelOutOfRange = (where: string, index: number, label: number, classes: number) =>
  new MulabError(
    "task/label-out-of-range",
    `${where}: image ${index} has label ${label}, but the task has ${classes} classes (labels 0…${classes - 1}).`,
  );

export const emptySplit = (task: string, split: string) =>
  new MulabError(
    "task/empty-split",
    `Task "${task}" has no ${split} images; every task needs train, validation and test images.`,
  );

export const taskNotSound = (task: string, path: string, found: string, expected: string) =>
  new MulabError(
    "task/not-sound",
    `Task "${task}": its ${path} is ${found}; expected ${expected}. Correct the code that makes the task.`,
  );

// ---- a person's own images

const OWN_IMAGES =
  "A task is a folder with one folder of images per class, or the same below train, validation and test; or images with a CSV file of their names and labels; or a zip archive of any of these; or idx or npz files of images and labels";
const FORMATS = "PNG, JPEG, WebP, GIF, TIFF, BMP, PPM or JPEG 2000";

export const folderMissing = (path: string, code: string) => {
  const found: Record<string, string> = {
    ENOENT: "There is nothing at",
    ENOTDIR: "There is a file, not a folder, on the way to",
  };
  return new MulabError(
    "data/folder-missing",
    `${found[code] ?? `Can't read (${code})`} ${path}. ${OWN_IMAGES}; name one that may be read.`,
  );
};

export const notImages = (path: string, found: string) =>
  new MulabError("data/not-images", `${path} is ${found}. ${OWN_IMAGES}.`);

export const noClasses = (path: string, images: number) =>
  new MulabError(
    "data/no-classes",
    `${path} has no class folders; images directly in it: ${images}. ${OWN_IMAGES}.`,
  );

export const oneClass = (path: string, name: string) =>
  new MulabError(
    "data/one-class",
    `${path} has only one class, ${quote(name)}; there is nothing to tell apart. Add images of another class.`,
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
    `The class folder ${path} has no images (${beside.join("; ") || "it is empty"}). Put ${FORMATS} files there, or remove the folder.`,
  );
};

export const folderLayout = (path: string, found: string) =>
  new MulabError("data/folder-layout", `${path}: ${found}. ${OWN_IMAGES}; move what is elsewhere.`);

/** `examples` is a bounded list. */
export const labelsWithoutImages = (
  path: string,
  missing: number,
  rows: number,
  examples: readonly string[],
) =>
  new MulabError(
    "data/labels-without-images",
    `${path} names ${missing} of its ${rows} images that are not there: ${examples.join(", ")}${missing > examples.length ? ", …" : ""}. Put them where the file says (relative to it), or remove their rows.`,
  );

export const tooFewImages = (path: string, split: string, most: number, needed: number) =>
  new MulabError(
    "data/too-few-images",
    `${path} has too few images to draw ${split} images from: its largest class has ${most}, but needs ${needed}. Add images, or give the splits as folders train, validation and test.`,
  );

/** `limit` images a split would fit. */
export const tooManyImages = (task: string, count: number, bytes: number, limit: number) =>
  new MulabError(
    "data/too-many-images",
    `The task "${task}": its ${count} images take ${gibibytes(bytes)} decoded, more than this machine gives a task. Take fewer of them with --set limit=${limit} (images a split).`,
  );

export const tooManyFiles = (path: string, count: number, bytes: number, most: number) =>
  new MulabError(
    "data/too-many-images",
    `${path}: ${count} images at this imageSize take ${gibibytes(bytes)}, but a task holds at most ${gibibytes(most)} on this machine. Choose a smaller imageSize or fewer images.`,
  );

export const badImage = (path: string, found: string, expected = `a whole ${FORMATS} image`) =>
  new MulabError("data/bad-image", `${path}: ${found}; expected ${expected}. Save it anew or remove it.`);

/** `reasons` is a bounded list, one line per image. */
export const badImages = (path: string, bad: number, total: number, reasons: readonly string[]) =>
  new MulabError(
    "data/bad-images",
    `${path}: ${bad} of ${total} images can't be used:\n${reasons.map((line) => `  ${line}`).join("\n")}${bad > reasons.length ? `\n  … and ${bad - reasons.length} more` : ""}\nSave them anew or remove them.`,
  );

export const imageTooLarge = (path: string, found: string, most: string) =>
  new MulabError(
    "data/image-too-large",
    `${path}: ${found}; expected at most ${most}. Scale it down or remove it.`,
  );

// ---- roots and checkpoints

/** Where weights come from, for whoever has none. */
const GET_A_ROOT =
  "Make one with `mulab pretrain`, or put a published file (such as Ti_16-i21k-300ep-lr_0.001-aug_light1-wd_0.1-do_0.0-sd_0.0.npz of gs://vit_models/augreg) into one of these folders";

export const rootMissing = (file: string, looked: readonly string[]) =>
  new MulabError(
    "root/missing",
    `The root ${quote(file)} was not found (looked in ${looked.join(", ")}). ${GET_A_ROOT}.`,
  );

export const rootChanged = (path: string, found: string, expected: string) =>
  new MulabError(
    "root/checksum",
    `${path} is not the root that was meant: its sha256 is ${short(found)}…, expected ${short(expected)}…. Restore that file, or begin a new run with this one.`,
  );

const ANOTHER_ROOT = "Get the file anew, name another with --root, or make a root with `mulab pretrain`.";

export const badCheckpoint = (path: string, found: string, expected: string) =>
  new MulabError("root/bad-file", `${path}: ${found}; expected ${expected}. ${ANOTHER_ROOT}`);

/** What a format that data are published in too says of a file of weights. */
export const badCheckpointFile = (cause: MulabError) =>
  new MulabError("root/bad-file", cause.message.replace(/Restore the file.*$/, ANOTHER_ROOT), { cause });

export const rootTooShallow = (path: string, has: number, asked: number) =>
  new MulabError(
    "root/too-few-blocks",
    `${path} has ${has} transformer ${has === 1 ? "block" : "blocks"}, but ${asked} were asked for. Ask for fewer, or pretrain a deeper root with \`mulab pretrain --blocks ${asked}\`.`,
  );

export const pretrainingFailed = (task: string, why: string) =>
  new MulabError(
    "root/pretraining-failed",
    `Pretraining on "${task}" came to nothing: ${why} Nothing was written; try a smaller learning rate or another seed.`,
  );

// ---- engine

export const graphInvalid = (op: string, found: string) =>
  new MulabError("graph/invalid", `${op}: ${found}.`);

export const engineMissing = (engine: string, toDo: string) =>
  new MulabError("engine/missing", `The ${engine} engine is not installed. ${toDo}`);

export const engineFailed = (what: string, cause: unknown) =>
  new MulabError("engine/failed", `${what} failed in the engine: ${reason(cause)}`, { cause });

export const memoryTooSmall = (needed: number, given: number) =>
  new MulabError(
    "engine/memory-too-small",
    `Training one child of this generation alone takes about ${gigabytes(needed)} GB by its estimate, but --memory (maxBytes) allows ${given / 1e9}. Nothing is lost: go on with \`mulab resume\` and --memory ${gigabytes(needed)} or more, or begin anew with a smaller batch.`,
  );

/** Rounded up, so that what is asked for is enough. */
const gigabytes = (bytes: number): string => String(Math.ceil(bytes / 1e7) / 100);

export const childDiverged = (step: number, loss: number) =>
  new MulabError(
    "engine/diverged",
    `The child diverged: its loss is ${loss} at step ${step}. Evolution goes on without it; a smaller learning rate may help.`,
  );

export const workerEnded = (worker: string, how: string) =>
  new MulabError(
    "engine/worker-ended",
    `The ${worker} worker ended (${how}), so what it was doing is lost. Resume the run; if it happens again, give it less to do at once (fewer children or a smaller batch).`,
  );

// ---- sweeps, tables and figures

export const pointNotEnded = (what: string) =>
  new MulabError(
    "sweep/not-ended",
    `${what} has not ended, so it is no point of a sweep yet. Let it end first; \`mulab resume\` goes on with it.`,
  );

export const pointWithoutModel = (what: string, task: string) =>
  new MulabError(
    "sweep/no-model",
    `${what} has no model for task "${task}": all its children failed. Their reasons are in its report; run the variant again with another seed.`,
  );

export const notASweep = (path: string, found: string) =>
  new MulabError(
    "sweep/not-a-sweep",
    `${path} is no sweep: ${found}. Name a folder that \`mulab sweep\` made, or a grid that its --export wrote.`,
  );

export const damagedSweep = (file: string, found: string, expected: string) =>
  new MulabError(
    "sweep/damaged",
    `${file}: ${found}; expected ${expected}. Restore the file from a copy; nothing was changed.`,
  );

export const differentPlan = (dir: string, what: string) =>
  new MulabError(
    "sweep/different-plan",
    `${dir} holds a sweep of another plan: ${what}. Go on with it as it is with \`mulab resume ${dir}\`, or name another folder.`,
  );

export const planIsStored = (dir: string, given: string) =>
  new MulabError(
    "options/usage",
    `${dir} holds a sweep, which goes on as it was planned: ${given} would change nothing. Leave that out, or name the experiment to plan another sweep in another folder (--out).`,
  );

export const figureNeeds = (name: string, needs: string, found: string) =>
  new MulabError(
    "figure/needs",
    `"${name}" is made of ${needs}, but this is ${found}. \`mulab figure\` and \`mulab table\` list what each is made of.`,
  );

// ---- kernel

export const noComm = () =>
  new MulabError(
    "kernel/no-comm",
    'watch() found no widget kernel, so it prints text. Choose the "TypeScript (mulab)" kernel for live charts.',
  );
