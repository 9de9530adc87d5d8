// A run folder: run.json (what the run is), events.jsonl (what happened), tip.json (the end of the journal), layers/ (what
// was learned), writer.lock (who writes); snapshot.bin (the state at some boundary of a long journal) only saves time. This makes and opens such folders, without knowing what the events mean. What
// vouches for what: a layer's name for its bytes, each line of the journal for the lines before it, the first line for
// run.json, and only tip.json for the end of the journal. tip.json is written after the lines it refers to, so it may lag
// behind them but never run ahead.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  folderNotEmpty,
  headerChanged,
  journalCut,
  journalWithoutLayers,
  notARun,
  readFailed,
  runExists,
} from "../core/errors/index.js";
import { type Event, isBoundary, type JournalEvent } from "../core/event.js";
import type { LayerId } from "../core/model.js";
import {
  checkWritable,
  isTemporary,
  makeFolder,
  remove,
  removeTemporaries,
  writeAtomically,
} from "../disk/atomic.js";
import { namesIn } from "../disk/listing.js";
import { readRegular } from "../disk/regular.js";
import { type FileStore, fileStore } from "../store/files.js";
import { type FileJournal, fileJournal } from "../store/journal.js";
import { headerBytesOf, headerDifference, parseHeader, RUN_FILE, type RunHeader } from "./header.js";
import { LOCK_FILE, type Lock, takeLock } from "./lock.js";
import { readSnapshot, type Saved, SNAPSHOT_FILE } from "./snapshot/file.js";
import { isTip, readTip, TIP_FILE, type TipFound, tipDamaged, writeTip } from "./tip.js";

/** A run as a reader sees it; another process may be writing it. */
export interface RunReader extends TipFound {
  readonly dir: string;
  readonly header: RunHeader;
  /** run.json as it is on the disk. */
  readonly headerBytes: Uint8Array;
  readonly store: Pick<FileStore, "dir" | "has" | "get" | "list" | "pathOf" | "strangers">;
  /** Its events are checked as a chain of hashes; `eventsOf` checks them against run.json and tip.json. */
  readonly journal: Pick<FileJournal, "read" | "tail" | "before">;
  /** The snapshot with which the folder was opened for writing, if there is one that counts. */
  readonly saved?: Saved | null;
}

/** A run that this process writes, until `close`. */
export interface RunFolder extends RunReader {
  readonly store: FileStore;
  readonly journal: FileJournal;
  /** Events in the journal, and bytes of a torn last line that were dropped, when the folder was opened. */
  readonly opened: { readonly events: number; readonly dropped: number };
  /** Replaces the snapshot; null removes it. */
  saveSnapshot(bytes: Uint8Array | null): Promise<void>;
  /** Releases the folder. */
  close(): Promise<void>;
}

export const JOURNAL_FILE = "events.jsonl";

const LAYERS_FOLDER = "layers";

/** Marks a folder that createRun is filling: layers and events beside it do not belong to a run yet, and a later creation removes them. */
const CREATING_FILE = ".tmp-creating";

/** Puts layers and events into a folder that is not a run yet. */
export type Fill = (folder: Pick<RunFolder, "store" | "journal">) => Promise<void>;

/**
 * Makes a run in `dir`, a new or empty folder, and opens it for writing; `fill` completes before the folder counts as a
 * run. A copy of another run takes over its run.json byte for byte, because the journal has its hash. Throws run/exists,
 * run/folder-not-empty, run/locked, store/….
 */
export async function createRun(
  dir: string,
  run: Omit<RunHeader, "format"> | { readonly headerBytes: Uint8Array },
  fill?: Fill,
): Promise<RunFolder> {
  await makeFolder(dir);
  await refuseUsed(dir);
  const lock = await takeLock(dir);
  return orRelease(lock, async () => {
    await refuseUsed(dir); // by the process that held the lock a moment ago
    await removeCreated(dir); // by a creation that was cut short
    if (fill) await writeAtomically(join(dir, CREATING_FILE), new TextEncoder().encode(CREATING_TEXT));
    // run.json comes last: with it the folder is a run.
    const journal = fileJournal(join(dir, JOURNAL_FILE));
    const opened = await journal.open();
    const store = fileStore(join(dir, LAYERS_FOLDER));
    const bytes = "headerBytes" in run ? run.headerBytes : headerBytesOf(run);
    try {
      await fill?.({ store, journal });
      if (journal.tip!.events > 0) await writeTip(dir, journal.tip!);
      await writeAtomically(join(dir, RUN_FILE), bytes);
    } catch (error) {
      await journal.close().catch(() => {}); // the first error is the one to report
      if (fill) await removeCreated(dir).catch(() => {}); // or the next creation does
      throw error;
    }
    await rm(join(dir, CREATING_FILE), { force: true }).catch(() => {}); // beside run.json it means nothing
    const tip = journal.tip!.events > 0 ? journal.tip! : null;
    const header = parseHeader(bytes, join(dir, RUN_FILE));
    return { dir, header, headerBytes: bytes, tip, store, journal, opened, lock };
  });
}

const CREATING_TEXT =
  "mulab was making a run here and did not finish. Start it again, or remove this folder.\n";

/** Removes what a creation wrote: run.json first, the mark of a creation last. */
async function removeCreated(dir: string): Promise<void> {
  if ((await namesIn(dir)).includes(CREATING_FILE))
    for (const name of [RUN_FILE, TIP_FILE, JOURNAL_FILE, LAYERS_FOLDER]) await remove(join(dir, name));
  await removeTemporaries(dir);
}

/**
 * Throws as createRun would, before anything is prepared for a run in `dir`: run/folder-not-empty, store/…. An existing run
 * is left to the code that opens it.
 */
export async function checkRunFolder(dir: string): Promise<void> {
  if ((await namesIn(dir)).includes(RUN_FILE)) return;
  await refuseUsed(dir);
  await checkWritable(join(dir, RUN_FILE));
}

/**
 * Opens a run for writing: takes the lock and, once it is clear that the run can continue, removes what a crash left.
 * Throws run/not-a-run, run/newer-format, run/damaged, run/locked, journal/damaged, journal/cut, store/….
 */
export async function openRun(dir: string): Promise<RunFolder> {
  await readRun(dir); // so that nothing is touched in a folder that is not a run, or is a later version's
  const lock = await takeLock(dir);
  return orRelease(lock, async () => {
    const reader = await readRun(dir);
    const store = fileStore(reader.store.dir);
    const journal = fileJournal(join(dir, JOURNAL_FILE));
    await refuseEmptied(reader);
    if (lock.isSeized) await journal.renew();
    const saved = await readSnapshot(dir, join(dir, JOURNAL_FILE), reader.tip);
    const opened = await journal.open(reader.tip, saved?.mark);
    await removeTemporaries(dir);
    await store.clean();
    return { ...reader, store, journal, opened, saved, lock };
  });
}

/**
 * A run for reading; takes no lock and changes nothing. Throws run/not-a-run, run/newer-format, run/damaged and, for its
 * first line, journal/damaged. With `isUnchecked`, the caller checks run.json and tip.json against the journal.
 */
export async function readRun(dir: string, { isUnchecked = false } = {}): Promise<RunReader> {
  const raw = await readRawRun(dir);
  const run = { ...raw, header: parseHeader(raw.headerBytes, join(dir, RUN_FILE)) };
  if (isUnchecked) return run;
  if (run.tipDamage !== undefined) throw tipDamaged(join(dir, TIP_FILE));
  for await (const { event } of run.journal.read(0)) {
    refuseOther(run, event);
    break;
  }
  return run;
}

/** A run without any checks, for repair. Throws run/not-a-run. */
export async function readRawRun(dir: string): Promise<Omit<RunReader, "header">> {
  const found = await namesIn(dir);
  if (!found.includes(RUN_FILE)) throw notARun(dir, RUN_FILE);
  const path = join(dir, RUN_FILE);
  const headerBytes = await readRegular(path).catch((error) => {
    throw readFailed(path, error);
  });
  if (!found.includes(JOURNAL_FILE)) throw notARun(dir, JOURNAL_FILE);
  return {
    dir,
    headerBytes,
    ...(await readTip(dir)),
    store: fileStore(join(dir, LAYERS_FOLDER)),
    journal: fileJournal(join(dir, JOURNAL_FILE)),
  };
}

/** All events of a run, checked against run.json and tip.json. Throws journal/damaged, journal/cut, run/damaged. */
export async function eventsOf(run: RunReader): Promise<Event[]> {
  const events: Event[] = [];
  let last: JournalEvent | undefined;
  let hasCome = run.tip === null;
  for await (last of run.journal.read(0)) {
    events.push(last.event);
    hasCome ||= isTip(run, last);
  }
  if (events[0]) refuseOther(run, events[0]);
  if (!hasCome) throw journalCut(join(run.dir, JOURNAL_FILE), events.length, run.tip!.events);
  return events;
}

function refuseOther(run: RunReader, first: Event): void {
  const difference = headerDifference(run, first);
  if (difference) throw headerChanged(join(run.dir, RUN_FILE), difference.found, difference.expected);
}

/** An empty journal means that the run has not begun, so it can't have layers: the first line is written before any layer. */
async function refuseEmptied(run: RunReader): Promise<void> {
  for await (const _ of run.journal.read(0)) return;
  const layers = await run.store.list();
  if (layers.length > 0)
    throw journalWithoutLayers(
      join(run.dir, JOURNAL_FILE),
      layers.map((id: LayerId) => id.slice(0, 8)),
    );
}

type Opened = Omit<RunFolder, "close" | "saveSnapshot"> & { readonly lock: Lock };

/** The writer's folder with a `close`; releases the lock if the folder can't be opened. */
async function orRelease(lock: Lock, open: () => Promise<Opened>): Promise<RunFolder> {
  try {
    const { lock: _, ...folder } = guarded(await open());
    const close = async () => {
      try {
        await folder.journal.close();
      } finally {
        await lock.release();
      }
    };
    return { ...folder, close };
  } catch (error) {
    await lock.release().catch(() => {}); // the first error is the one to report
    throw error;
  }
}

/** The same folder with guards: nothing is written once another process has its lock, and tip.json follows the journal. */
function guarded({ store, journal, lock, ...folder }: Opened): Omit<RunFolder, "close"> & { lock: Lock } {
  const snapshot = join(folder.dir, SNAPSHOT_FILE);
  return {
    ...folder,
    lock,
    async saveSnapshot(bytes) {
      await lock.check();
      await (bytes ? writeAtomically(snapshot, bytes) : remove(snapshot));
    },
    store: {
      ...store,
      async put(bytes) {
        await lock.check();
        return store.put(bytes);
      },
      async adopt(id, from) {
        await lock.check();
        await store.adopt(id, from);
      },
      async remove(dead) {
        const removed = { layers: 0, bytes: 0 };
        for (const id of dead) {
          await lock.check();
          const { layers, bytes } = await store.remove([id]);
          removed.layers += layers;
          removed.bytes += bytes;
        }
        return removed;
      },
      async clean() {
        await lock.check();
        await store.clean();
      },
    },
    journal: {
      open: journal.open,
      close: journal.close,
      read: journal.read,
      tail: journal.tail,
      before: journal.before,
      renew: journal.renew,
      get tip() {
        return journal.tip;
      },
      get end() {
        return journal.end;
      },
      async append(events) {
        await lock.check();
        await journal.append(events);
        if (events.some(isBoundary) && journal.tip) await writeTip(folder.dir, journal.tip);
      },
    },
  };
}

/** Throws if `dir` holds more than what an interrupted creation leaves. */
async function refuseUsed(dir: string): Promise<void> {
  const found = await namesIn(dir);
  if (found.includes(RUN_FILE)) throw runExists(dir);
  const isCutShort = found.includes(CREATING_FILE);
  for (const name of found) {
    if (isCutShort && [JOURNAL_FILE, TIP_FILE, LAYERS_FOLDER].includes(name)) continue;
    if (name === LOCK_FILE || isTemporary(name)) continue;
    if (name === JOURNAL_FILE && (await readRegular(join(dir, name))).length === 0) continue;
    throw folderNotEmpty(dir);
  }
}
