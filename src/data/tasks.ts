// From a task's name to its images in shared memory: found, fetched or drawn, shuffled, split and fingerprinted.

import { dataMissing, MulabError } from "../core/errors.js";
import type { Access, TaskName } from "../core/model.js";
import { type Rng, rngFromSeed } from "../core/rng.js";
import type { Images, Split, Task } from "../core/task.js";
import { GLYPHS_FOR, taskNamed } from "./catalog.js";
import type { DataFile, GeneratedTask, PublishedSet, PublishedTask } from "./catalog-entry.js";
import { download } from "./download.js";
import { glyphArtist } from "./glyphs.js";
import { defaultPlaces, findFile, type Places, readVerified } from "./locate.js";
import { readSet } from "./read-set.js";
import { fingerprint, sharedImages } from "./rows.js";
import { createSink, type Part } from "./sink.js";
import type { SourceFile } from "./source-file.js";
import { eachSplit, SPLITS, type SplitRows, splitRows } from "./splits.js";

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
  /** Share of the published train set that validates, in (0, 1), where the task's own splits leave it open: 0.2 in µ2Net, 0.05 in muNet. */
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

/** Loads one task; throws task/unknown, task/data-missing, task/empty-split, data/bad-file, data/bad-image, data/checksum. */
export async function loadTask(spec: TaskSpec, options: LoadOptions): Promise<Task> {
  const entry = taskNamed(spec.name);
  const rng = rngFromSeed(options.seed).child(`data/${entry.name}`);
  const rows = splitRows(entry, options.validation, rng.child("split"), options.limit);
  const splits =
    entry.kind === "published"
      ? await readSplits(entry, rows, options)
      : await drawSplits(entry, rows, rng, options);
  const { name, classes, source } = entry;
  return { name, access: spec.access, classes, splits, fingerprint: fingerprint(splits), source };
}

/** The same tasks with generated glyphs in place of published images, each keeping its access. */
export const glyphSpecs = (specs: readonly TaskSpec[]): TaskSpec[] =>
  specs.map(({ name, access }) => ({ name: GLYPHS_FOR[name] ?? name, access }));

type Splits = Task["splits"];

async function drawSplits(
  entry: GeneratedTask,
  rows: SplitRows,
  rng: Rng,
  options: LoadOptions,
): Promise<Splits> {
  const artist = await glyphArtist(entry.glyphs);
  const total = SPLITS.reduce((sum, split) => sum + rows[split].rows.length, 0);
  let before = 0;
  const draw = async (split: Split): Promise<Images> => {
    // Validation images are rows of the train set: one stream draws both.
    const images = await artist(rows[split].rows, rng.child(rows[split].set), (done) =>
      options.onProgress?.({ task: entry.name, doing: "drawing", done: before + done, total }),
    );
    before += images.count;
    return images;
  };
  return { train: await draw("train"), validation: await draw("validation"), test: await draw("test") };
}

async function readSplits(entry: PublishedTask, rows: SplitRows, options: LoadOptions): Promise<Splits> {
  const { classes, imageSize, channels } = entry;
  const splits = eachSplit((split) => sharedImages(rows[split].rows.length, imageSize, imageSize, channels));
  const files = await obtainAll(entry, options);
  for (const [name, { format, files: listed, count }] of Object.entries(entry.sets)) {
    const parts = SPLITS.filter((split) => rows[split].set === name).map(
      (split): Part => ({ images: splits[split], rows: rows[split].rows }),
    );
    const sources = listed.map((file) => files.get(file.path)!);
    const expected = { count, classes, height: imageSize, width: imageSize, channels };
    await readSet(format, sources, expected, createSink(count, parts));
  }
  return splits;
}

/** The published files of all sets by their path in the catalog. */
async function obtainAll(
  { name, sets }: PublishedTask,
  options: LoadOptions,
): Promise<ReadonlyMap<string, SourceFile>> {
  const files = Object.values(sets).flatMap((set: PublishedSet) => set.files);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const obtained = new Map<string, SourceFile>();
  let before = 0;
  for (const file of files) {
    const source = await obtain(name, file, options, (done) =>
      options.onProgress?.({ task: name, doing: "downloading", done: before + done, total }),
    );
    obtained.set(file.path, source);
    before += file.bytes;
  }
  return obtained;
}

/** The bytes of a published file from MULAB_DATA, the cache or its source, in that order. */
async function obtain(
  task: TaskName,
  file: DataFile,
  { offline, places = defaultPlaces() }: LoadOptions,
  onBytes: (done: number) => void,
): Promise<SourceFile> {
  const found = await findFile(file, places);
  if (found) return { path: found.path, bytes: await readVerified(found.path, file) };
  const { url } = file;
  let tried = url ? "Nothing was downloaded (offline)" : "It can't be downloaded";
  if (url && !offline)
    try {
      const bytes = await download({ ...file, url }, { cacheDir: places.cacheDir, onProgress: onBytes });
      return { path: url, bytes };
    } catch (error) {
      if (!(error instanceof MulabError) || error.code !== "data/download-failed") throw error;
      tried = error.message;
    }
  throw dataMissing(
    task,
    [places.dataDir ?? "MULAB_DATA, which is not set", places.cacheDir],
    `${tried.replace(/\.$/, "")}. ${url ? "Connect to the network, name" : "Name"} a folder that holds ${file.path} in MULAB_DATA, or use generated tasks (--tasks glyphs).`,
  );
}
