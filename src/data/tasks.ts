// From a task's name to its images in shared memory: found, fetched or drawn, shuffled, split and fingerprinted.

import { badFile, dataMissing, MulabError } from "../core/errors.js";
import type { Access, TaskName } from "../core/model.js";
import { type Rng, rngFromSeed } from "../core/rng.js";
import type { Images, Split, Task } from "../core/task.js";
import { type DataFile, type GeneratedTask, GLYPHS_FOR, type PublishedTask, taskNamed } from "./catalog.js";
import { download } from "./download.js";
import { readImagesNpz } from "./formats/npz.js";
import { glyphArtist } from "./glyphs.js";
import { defaultPlaces, findFile, type Places, readVerified } from "./locate.js";
import { fingerprint, gather, type Rows } from "./rows.js";
import { type SplitRows, splitRows } from "./splits.js";

export interface TaskSpec {
  readonly name: TaskName;
  readonly access: Access;
}

export interface TaskProgress {
  readonly task: TaskName;
  readonly doing: "downloading" | "drawing";
  /** Bytes or images so far and in all. */
  readonly done: number;
  readonly total: number;
}

export interface LoadOptions {
  /** Of the run: decides which rows train and which validate, and what is drawn. */
  readonly seed: number;
  /** Share of the published train set that validates, in (0, 1): 0.2 in µ2Net, 0.05 in muNet. */
  readonly validation: number;
  /** Most images a split, for small budgets. */
  readonly limit?: number | undefined;
  /** Never use the network. */
  readonly offline?: boolean | undefined;
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
  /** Where to look; by default MULAB_DATA and the user's cache. */
  readonly places?: Places | undefined;
}

/** Loads the tasks one after another. Throws task/data-missing where one can be neither found nor fetched; `glyphSpecs` names what to load instead. */
export async function loadTasks(specs: readonly TaskSpec[], options: LoadOptions): Promise<Task[]> {
  for (const { name } of specs) taskNamed(name); // a misspelt name shows before anything is fetched
  const tasks: Task[] = [];
  for (const spec of specs) tasks.push(await loadTask(spec, options));
  return tasks;
}

/** Loads one task; throws task/unknown, task/data-missing, task/empty-split, data/bad-file, data/checksum. */
export async function loadTask(spec: TaskSpec, options: LoadOptions): Promise<Task> {
  const entry = taskNamed(spec.name);
  const rng = rngFromSeed(options.seed).child(`data/${entry.name}`);
  const rows = splitRows(entry.name, entry, options.validation, rng.child("split"), options.limit);
  const splits =
    entry.kind === "published"
      ? await readSplits(entry, rows, options)
      : await drawSplits(entry, rows, rng, options);
  const { name, classes, source } = entry;
  return { name, access: spec.access, classes, splits, fingerprint: fingerprint(splits), source };
}

/** The same tasks with generated glyphs in place of published numerals, each keeping its access. */
export const glyphSpecs = (specs: readonly TaskSpec[]): TaskSpec[] =>
  specs.map(({ name, access }) => ({ name: GLYPHS_FOR[name] ?? name, access }));

type Splits = Task["splits"];

async function drawSplits(
  entry: GeneratedTask,
  rows: SplitRows,
  rng: Rng,
  options: LoadOptions,
): Promise<Splits> {
  const artist = await glyphArtist(entry.script);
  const total = rows.train.length + rows.validation.length + rows.test.length;
  let before = 0;
  const draw = async (split: Split): Promise<Images> => {
    // Validation images are rows of the train set: one stream draws both.
    const stream = rng.child(split === "test" ? "test" : "train");
    const images = await artist(rows[split], stream, (done) =>
      options.onProgress?.({ task: entry.name, doing: "drawing", done: before + done, total }),
    );
    before += images.count;
    return images;
  };
  return { train: await draw("train"), validation: await draw("validation"), test: await draw("test") };
}

async function readSplits(entry: PublishedTask, rows: SplitRows, options: LoadOptions): Promise<Splits> {
  const { train, test } = entry.files;
  const total = train.bytes + test.bytes;
  const progress = (before: number) => (done: number) =>
    options.onProgress?.({ task: entry.name, doing: "downloading", done: before + done, total });
  const trainRows = await readRows(entry, train, entry.train, options, progress(0));
  const testRows = await readRows(entry, test, entry.test, options, progress(train.bytes));
  return {
    train: gather(trainRows, rows.train),
    validation: gather(trainRows, rows.validation),
    test: gather(testRows, rows.test),
  };
}

async function readRows(
  entry: PublishedTask,
  file: DataFile,
  count: number,
  options: LoadOptions,
  onBytes: (done: number) => void,
): Promise<Rows> {
  const { path, bytes } = await obtain(entry.name, file, options, onBytes);
  const rows = readImagesNpz(bytes, path, {
    classes: entry.classes,
    height: entry.imageSize,
    width: entry.imageSize,
    channels: 3,
  });
  if (rows.count !== count) throw badFile(path, `${rows.count} images`, `${count} images`);
  return rows;
}

/** The bytes of a published file from MULAB_DATA, the cache or its source, in that order. */
async function obtain(
  task: TaskName,
  file: DataFile,
  { offline, places = defaultPlaces() }: LoadOptions,
  onBytes: (done: number) => void,
): Promise<{ path: string; bytes: Uint8Array }> {
  const found = await findFile(file, places);
  if (found) return { path: found.path, bytes: await readVerified(found.path, file) };
  let tried = "Nothing was downloaded (offline)";
  if (!offline)
    try {
      return {
        path: file.url,
        bytes: await download(file, { cacheDir: places.cacheDir, onProgress: onBytes }),
      };
    } catch (error) {
      if (!(error instanceof MulabError) || error.code !== "data/download-failed") throw error;
      tried = error.message;
    }
  throw dataMissing(
    task,
    [places.dataDir ?? "MULAB_DATA, which is not set", places.cacheDir],
    `${tried.replace(/\.$/, "")}. Connect to the network, name a folder that holds ${file.path} in MULAB_DATA, or use generated tasks (--tasks glyphs).`,
  );
}
