// A journal as a file of JSON lines (./journal-line). Only the last line may be torn, by a crash in the middle of a
// write: readers skip it and the writer cuts it off. Damage anywhere else is an error that names the line.

import { constants, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { journalCut, journalMoved, MulabError, writeFailed } from "../core/errors/index.js";
import type { Event, JournalEvent } from "../core/event.js";
import type { Journal } from "../core/seams.js";
import { syncFolder, writeAtomically } from "../disk/atomic.js";
import { bytesFrom, linesOf, linesUpTo, NEWLINE, sizeOf } from "../disk/from-offset.js";
import { openRegular, readRegular } from "../disk/regular.js";
import { interner } from "./intern.js";
import { BEFORE_FIRST, decodeLine, encodeLine, isTornLine } from "./journal-line.js";

/** The end of a journal at some time: the number of events, and the hash of the last one. */
export interface Tip {
  readonly events: number;
  readonly hash: string;
}

/** The bytes after the last complete line. */
export interface Tail {
  readonly bytes: number;
  /** Whether they are the beginning of a line, as a crash in the middle of a write leaves it. */
  readonly isTorn: boolean;
}

export interface FileJournal extends Journal {
  /**
   * Reads everything, cuts off a torn last line and prepares for appending; otherwise the first `append` does this. Throws
   * journal/cut, without changing anything, if the journal never reached `tip`. What comes before `from` is known to be
   * sound and is not read again.
   */
  open(tip?: Tip | null, from?: Mark): Promise<Opened>;
  /** Where the journal ends, once it is open. */
  readonly tip: Tip | undefined;
  /** The same place with its number of bytes. */
  readonly end: Mark | undefined;
  /** The events from an index on; those from a mark on without reading what comes before it, which is known to be sound. */
  read(from: number | Mark): AsyncIterable<JournalEvent>;
  /** The events before `mark`, read at once, which takes a while in a long journal. Throws journal/damaged. */
  before(mark: Mark): Event[];
  /** The bytes after the last complete line; null if there are none. */
  tail(): Promise<Tail | null>;
  /** Replaces the file by a copy, so that a process that still has the old one open can no longer write to it. */
  renew(): Promise<void>;
  /** Waits for appends in progress and closes the file; a later append opens it again. */
  close(): Promise<void>;
}

interface Opened {
  /** Events in the journal. */
  readonly events: number;
  /** Bytes of a torn last line that were cut off. */
  readonly dropped: number;
}

/** A place between two lines: the number of events and bytes before it, and the hash of the last event. */
export interface Mark {
  readonly index: number;
  readonly offset: number;
  readonly hash: string;
}

export const START: Mark = { index: 0, offset: 0, hash: BEFORE_FIRST };

/** The journal in the file `path`; a missing file is an empty journal, made by the first append. */
export function fileJournal(path: string): FileJournal {
  let writer: { file: FileHandle; end: Mark } | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  /** The end of the part that was read and found to be sound; a later read may start there. */
  let sound = START;

  /** Runs work one after another, even if an earlier one failed. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work, work);
    queue = done.catch(() => {});
    return done;
  };

  async function openWriter(tip: Tip | null = null, from = START): Promise<Opened> {
    let end = from;
    let hasCome = tip === null || (end.index === tip.events && end.hash === tip.hash);
    for await (const event of readFrom(path, from)) {
      end = event.end;
      hasCome ||= end.index === tip!.events && end.hash === tip!.hash;
    }
    if (!hasCome) throw journalCut(path, end.index, tip!.events);
    const file = await openRegular(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
    try {
      const dropped = (await file.stat()).size - end.offset;
      if (dropped > 0) await file.truncate(end.offset);
      await file.sync();
      await syncFolder(dirname(path));
      writer = { file, end };
      return { events: end.index, dropped };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async function closeWriter(): Promise<void> {
    const { file } = writer ?? {};
    writer = undefined;
    await file?.close();
  }

  /** Appends all events or none: the remains of a failed write are cut off, now or at the next opening. */
  async function appendNow(events: readonly Event[]): Promise<void> {
    if (!writer) await openWriter();
    const { file, end } = writer!;
    const lines: Buffer[] = [];
    let { hash } = end;
    for (const event of events) {
      const line = encodeLine(event, hash);
      lines.push(line.bytes);
      hash = line.hash;
    }
    const batch = Buffer.concat(lines);
    const { size, nlink } = await file.stat();
    if (size !== end.offset || nlink === 0) throw journalMoved(path);
    try {
      await file.writeFile(batch);
      await file.datasync();
    } catch (error) {
      await file.truncate(end.offset).catch(() => {}); // the first error is the one to report
      await closeWriter().catch(() => {});
      throw error;
    }
    writer = { file, end: { index: end.index + events.length, offset: end.offset + batch.length, hash } };
  }

  return {
    open(tip, from = START) {
      if (from.index > sound.index) sound = from;
      return inTurn(() => closeWriter().then(() => openWriter(tip, from))).catch(asWriteFailure(path));
    },
    get tip() {
      return writer && { events: writer.end.index, hash: writer.end.hash };
    },
    get end() {
      return writer?.end;
    },
    before(mark) {
      const events: Event[] = [];
      const intern = interner();
      let { hash } = START;
      for (const line of linesUpTo(path, mark.offset)) {
        const event = decodeLine(line, hash, path, events.length);
        hash = event.hash;
        events.push(intern(event.event));
      }
      return events;
    },
    async tail() {
      let end = (await sizeOf(path)) >= sound.offset ? sound : START;
      for await (const event of readFrom(path, end)) end = event.end;
      const bytes = await bytesFrom(path, end.offset);
      // If the tail has become a complete line meanwhile, somebody is writing.
      if (bytes.length === 0 || bytes.includes(NEWLINE)) return null;
      return { bytes: bytes.length, isTorn: isTornLine(bytes, end.hash) };
    },
    renew: () =>
      inTurn(async () => {
        await closeWriter();
        await writeAtomically(path, await readRegular(path));
      }).catch(asWriteFailure(path)),
    close: () => inTurn(closeWriter),
    append: (events) =>
      events.length === 0 ? Promise.resolve() : inTurn(() => appendNow(events)).catch(asWriteFailure(path)),
    async *read(place) {
      if (typeof place !== "number" && place.index > sound.index) sound = place;
      const from = typeof place === "number" ? place : place.index;
      const start = from >= sound.index && (await sizeOf(path)) >= sound.offset ? sound : START;
      for await (const { end, ...event } of readFrom(path, start)) {
        if (end.index > sound.index) sound = end;
        if (event.index >= from) yield event;
      }
    },
  };
}

/** The events after `start`, each with the end of its line. */
async function* readFrom(path: string, start: Mark): AsyncGenerator<JournalEvent & { end: Mark }> {
  let { index, offset, hash } = start;
  const intern = interner();
  for await (const line of linesOf(path, offset)) {
    const event = decodeLine(line, hash, path, index);
    index += 1;
    offset += line.length + 1;
    hash = event.hash;
    yield { ...event, event: intern(event.event), end: { index, offset, hash } };
  }
}

/** Turns system errors into errors that say what to do; our own pass unchanged. */
const asWriteFailure = (path: string) => (error: unknown) => {
  throw error instanceof MulabError ? error : writeFailed(path, error as NodeJS.ErrnoException);
};
