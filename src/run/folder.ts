// A run folder: run.json (what the run is), events.jsonl (what happened), layers/ (what was learned), writer.lock (who
// writes). Made and opened here; what the events mean is not known here.

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { damagedRun, folderNotEmpty, newerFormat, notARun, readFailed, runExists } from "../core/errors.js";
import { decodeUtf8, parseStrictJson } from "../core/strict-json.js";
import {
  checkWritable,
  isTemporary,
  makeFolder,
  removeTemporaries,
  writeAtomically,
} from "../disk/atomic.js";
import { readRegular } from "../disk/regular.js";
import { count, object, positive, record, text, that } from "../store/check.js";
import { type FileStore, fileStore } from "../store/files.js";
import { RUN_FORMAT } from "../store/format.js";
import { type FileJournal, fileJournal } from "../store/journal.js";
import { LOCK_FILE, type Lock, takeLock } from "./lock.js";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** run.json. */
export interface RunHeader {
  readonly format: number;
  /** The experiment whole, so that the run goes on as it began; its form is not known here. */
  readonly experiment: Json;
  readonly seed: number;
  /** mulab, Node, the engine: name to version. */
  readonly versions: Readonly<Record<string, string>>;
  /** What computes, in words. */
  readonly device: string;
}

/** A run as a reader sees it; another process may be writing it. */
export interface RunReader {
  readonly dir: string;
  readonly header: RunHeader;
  readonly store: Pick<FileStore, "dir" | "has" | "get" | "list" | "pathOf" | "strangers">;
  readonly journal: Pick<FileJournal, "read">;
}

/** A run that this process writes, until `close`. */
export interface RunFolder extends RunReader {
  readonly store: FileStore;
  readonly journal: FileJournal;
  /** Events in the journal, and bytes of a torn last line that were dropped, when the folder was opened. */
  readonly opened: { readonly events: number; readonly dropped: number };
  /** Lets the folder go for others to write. */
  close(): Promise<void>;
}

export const RUN_FILE = "run.json";
const JOURNAL_FILE = "events.jsonl";
const LAYERS_FOLDER = "layers";
/** In a folder while createRun fills it: layers and events beside it are no run's yet, and a later creation removes them. */
const CREATING_FILE = ".tmp-creating";

const json = that<Json>("JSON", (value) => value !== undefined);
const header = object<RunHeader>({
  format: positive,
  experiment: json,
  seed: count,
  versions: record(text),
  device: text,
});

/** Puts layers and events into a folder that is not a run yet. */
export type Fill = (folder: Pick<RunFolder, "store" | "journal">) => Promise<void>;

/**
 * Makes a run in `dir`, a new or empty folder, and opens it for writing; what `fill` puts in is there before it is a run.
 * Throws run/exists, run/folder-not-empty, run/locked, store/….
 */
export async function createRun(
  dir: string,
  run: Omit<RunHeader, "format">,
  fill?: Fill,
): Promise<RunFolder> {
  await makeFolder(dir);
  await refuseUsed(dir);
  const lock = await takeLock(dir);
  return orRelease(lock, async () => {
    await refuseUsed(dir); // by who held the lock a moment ago
    await removeCreated(dir); // by a creation that was cut short
    if (fill) await writeAtomically(join(dir, CREATING_FILE), new TextEncoder().encode(CREATING_TEXT));
    // run.json comes last: with it the folder is a run.
    const journal = fileJournal(join(dir, JOURNAL_FILE));
    const opened = await journal.open();
    const store = fileStore(join(dir, LAYERS_FOLDER));
    const content = { format: RUN_FORMAT, ...run } satisfies RunHeader;
    const bytes = new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
    try {
      await fill?.({ store, journal });
      await writeAtomically(join(dir, RUN_FILE), bytes);
    } catch (error) {
      await journal.close().catch(() => {}); // the first error is the one to tell
      if (fill) await removeCreated(dir).catch(() => {}); // or the next creation does
      throw error;
    }
    await rm(join(dir, CREATING_FILE), { force: true }).catch(() => {}); // beside run.json it says nothing
    return {
      dir,
      header: await readHeader(dir),
      store,
      journal,
      opened,
      lock,
    };
  });
}

const CREATING_TEXT = "mulab was making a run here and did not finish. Do it again, or remove this folder.\n";

/** Removes what a creation wrote, run.json first and the mark that it was one last. */
async function removeCreated(dir: string): Promise<void> {
  if ((await namesIn(dir)).includes(CREATING_FILE))
    for (const name of [RUN_FILE, JOURNAL_FILE, LAYERS_FOLDER])
      await rm(join(dir, name), { recursive: true, force: true });
  await removeTemporaries(dir);
}

/**
 * Throws as createRun would, before anything is prepared for a run in `dir`: run/folder-not-empty, store/…. A run that is
 * there is for whoever opens it.
 */
export async function checkRunFolder(dir: string): Promise<void> {
  if ((await namesIn(dir)).includes(RUN_FILE)) return;
  await refuseUsed(dir);
  await checkWritable(join(dir, RUN_FILE));
}

/** Opens a run for writing: takes the lock and drops what a crash left. Throws run/not-a-run, run/newer-format, run/locked, journal/damaged, store/…. */
export async function openRun(dir: string): Promise<RunFolder> {
  await readRun(dir); // so that nothing is touched in a folder that is no run, or a later mulab's
  const lock = await takeLock(dir);
  return orRelease(lock, async () => {
    const reader = await readRun(dir);
    const store = fileStore(reader.store.dir);
    const journal = fileJournal(join(dir, JOURNAL_FILE));
    const opened = await journal.open();
    await removeTemporaries(dir);
    await store.clean();
    return { ...reader, store, journal, opened, lock };
  });
}

/** A run for reading; takes no lock and changes nothing. Throws run/not-a-run, run/newer-format, run/damaged. */
export async function readRun(dir: string): Promise<RunReader> {
  const found = await namesIn(dir);
  if (!found.includes(RUN_FILE)) throw notARun(dir, RUN_FILE);
  const header = await readHeader(dir);
  if (!found.includes(JOURNAL_FILE)) throw notARun(dir, JOURNAL_FILE);
  return {
    dir,
    header,
    store: fileStore(join(dir, LAYERS_FOLDER)),
    journal: fileJournal(join(dir, JOURNAL_FILE)),
  };
}

/** The writer's folder with a `close`, or the lock given back where it could not be opened. */
async function orRelease(
  lock: Lock,
  open: () => Promise<Omit<RunFolder, "close"> & { lock: Lock }>,
): Promise<RunFolder> {
  try {
    const { lock: _, ...folder } = await open();
    const close = async () => {
      try {
        await folder.journal.close();
      } finally {
        await lock.release();
      }
    };
    return { ...folder, close };
  } catch (error) {
    await lock.release().catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

/** Throws where `dir` holds more than what a creation that was cut short leaves. */
async function refuseUsed(dir: string): Promise<void> {
  const found = await namesIn(dir);
  if (found.includes(RUN_FILE)) throw runExists(dir);
  const isCutShort = found.includes(CREATING_FILE);
  for (const name of found) {
    if (isCutShort && (name === JOURNAL_FILE || name === LAYERS_FOLDER)) continue;
    if (name === LOCK_FILE || isTemporary(name)) continue;
    if (name === JOURNAL_FILE && (await readRegular(join(dir, name))).length === 0) continue;
    throw folderNotEmpty(dir);
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === "ENOENT" || failure.code === "ENOTDIR") return [];
    throw readFailed(dir, failure);
  }
}

async function readHeader(dir: string): Promise<RunHeader> {
  const path = join(dir, RUN_FILE);
  const bytes = await readRegular(path).catch((error) => {
    throw readFailed(path, error);
  });
  let value: unknown;
  try {
    value = parseStrictJson(decodeUtf8(bytes));
  } catch (error) {
    throw damagedRun(path, `it is not JSON (${(error as Error).message})`, "what mulab wrote");
  }
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === "number" && format > RUN_FORMAT) throw newerFormat(path, format, RUN_FORMAT);
  const problem = header(value);
  if (problem)
    throw damagedRun(path, `${problem.path.slice(1) || "it"} is ${problem.found}`, problem.expected);
  return value as RunHeader;
}
