// Loads a task by its name into shared memory: finds, downloads or draws its images, shuffles, splits and fingerprints them.

import { tooManyImages } from "../core/errors/index.js";
import type { TaskSpec } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { type Rng, rngFromSeed } from "../core/rng.js";
import type { Images, Split, Task } from "../core/task.js";
import { GLYPHS_FOR, taskNamed } from "./catalog/catalog.js";
import type { CatalogTask, GeneratedTask, PublishedTask } from "./catalog-entry.js";
import { decodeInWorker } from "./decode-client.js";
import { loadOwnTask } from "./folder-task.js";
import { glyphArtist } from "./glyphs/glyphs.js";
import { defaultPlaces, type Places } from "./locate.js";
import { mostTaskBytes, tooLarge } from "./memory.js";
import { obtain } from "./obtain.js";
import { fingerprint, sharedImages } from "./rows.js";
import { eachSplit, SPLITS, splitRows } from "./splits.js";

export type { TaskSpec } from "../core/experiment.js";

export interface TaskProgress {
  readonly task: TaskName;
  readonly doing: "downloading" | "drawing" | "decoding";
  /** Bytes or images so far and in total. */
  readonly done: number;
  readonly total: number;
}

export interface LoadOptions {
  /** The run's seed, which decides which rows train and which validate, and what is drawn. */
  readonly seed: number;
  /** Share of the published train set for validation, in (0, 1), if the task's own splits leave it open: 0.2 in µ2Net, 0.05 in muNet. */
  readonly validation: number;
  /** Most images per split, for small budgets. */
  readonly limit?: number | undefined;
  /** Width and height that images of no fixed size are stretched to; by default the catalog's. */
  readonly imageSize?: number | undefined;
  /** Never use the network. */
  readonly offline?: boolean | undefined;
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
  /** Receives what a person should know before relying on a task. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Where to look; by default MULAB_DATA and the user's cache. */
  readonly places?: Places | undefined;
  /** Most bytes of a task's decoded images; by default half of this machine's memory. */
  readonly mostBytes?: number | undefined;
}

/** Loads the tasks one after another. Throws task/data-missing if one can be neither found nor downloaded; `glyphSpecs` names replacements. */
export async function loadTasks(specs: readonly TaskSpec[], options: LoadOptions): Promise<Task[]> {
  checkSpecs(specs);
  const tasks: Task[] = [];
  for (const spec of specs) tasks.push(await loadTask(spec, options));
  return tasks;
}

/** Of a list of new tasks and names of a run's own, the new ones loaded; the order stays. Throws as loadTasks. */
export async function loadNamed(
  named: readonly (TaskSpec | TaskName)[],
  options: LoadOptions,
): Promise<(Task | TaskName)[]> {
  const loaded = await loadTasks(
    named.filter((task) => typeof task !== "string"),
    options,
  );
  const next = loaded.values();
  return named.map((task) => (typeof task === "string" ? task : next.next().value!));
}

/** Throws task/unknown if a task is neither in the catalog nor a person's own, so that a misspelt name is noticed before anything is downloaded. */
export function checkSpecs(specs: readonly TaskSpec[]): void {
  for (const { name, images } of specs) if (!images) taskNamed(name);
}

/** Loads one task; throws task/unknown, task/data-missing, task/empty-split, data/…. */
export async function loadTask(spec: TaskSpec, options: LoadOptions): Promise<Task> {
  const { images, access, keeps } = spec;
  if (images) return loadOwnTask({ ...spec, images }, options);
  const entry = taskNamed(spec.name);
  const rng = rngFromSeed(options.seed).child(`data/${entry.name}`);
  const { splits, fingerprint } = await (entry.kind === "published"
    ? readSplits(entry, rng, options)
    : drawSplits(entry, rng, options));
  const { name, classes, source } = entry;
  return { name, access, classes, splits, fingerprint, source, ...(keeps && { keeps }) };
}

/** Width and height of the decoded images of a task of the catalog, in pixels. */
export const imageSizeOf = (entry: CatalogTask, { imageSize }: LoadOptions): number =>
  entry.kind === "published" && entry.stretched ? (imageSize ?? entry.imageSize) : entry.imageSize;

/** The same tasks with generated glyphs in place of published images, each keeping its access. */
export const glyphSpecs = (specs: readonly TaskSpec[]): TaskSpec[] =>
  specs.map(({ name, access }) => ({ name: GLYPHS_FOR[name] ?? name, access }));

type Splits = Task["splits"];

async function drawSplits(
  entry: GeneratedTask,
  rng: Rng,
  options: LoadOptions,
): Promise<{ splits: Splits; fingerprint: string }> {
  const rows = splitRows(entry, options.validation, rng.child("split"), options.limit);
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
  const splits = {
    train: await draw("train"),
    validation: await draw("validation"),
    test: await draw("test"),
  };
  return { splits, fingerprint: fingerprint(splits) };
}

async function readSplits(
  entry: PublishedTask,
  rng: Rng,
  options: LoadOptions,
): Promise<{ splits: Splits; fingerprint: string }> {
  const { name, classes, channels, sets } = entry;
  const places = options.places ?? defaultPlaces();
  const sources = await obtain(entry, {
    places,
    fetch: options.offline ? "nothing" : "small",
    onBytes: (done, total) => options.onProgress?.({ task: name, doing: "downloading", done, total }),
  });
  // TensorFlow Datasets' own files are in the order in which the papers' slices count.
  const inOrder = [...sources.values()].every(({ kind }) => kind === "tfds");
  const rows = splitRows(entry, options.validation, rng.child("split"), options.limit, inOrder);
  const size = imageSizeOf(entry, options);
  const counts = eachSplit((split) => rows[split].rows.length);
  const large = tooLarge(counts, size * size * channels, options.mostBytes ?? mostTaskBytes());
  if (large) throw tooManyImages(name, large.images, large.bytes, large.limit);
  const splits = eachSplit((split) => sharedImages(rows[split].rows.length, size, size, channels));
  const jobs = Object.entries(sets).map(([set, { count }]) => ({
    source: sources.get(set)!,
    expected: { count, classes, height: size, width: size, channels },
    parts: SPLITS.filter((split) => rows[split].set === set).map((split) => ({
      images: splits[split],
      rows: rows[split].rows,
    })),
  }));
  const total = SPLITS.reduce((sum, split) => sum + splits[split].count, 0);
  const progress = (done: number) => options.onProgress?.({ task: name, doing: "decoding", done, total });
  return {
    splits,
    fingerprint: await decodeInWorker({ sets: jobs, splits, cacheDir: places.cacheDir }, progress),
  };
}
