// One writer for a folder, wherever it runs: on this machine, in another container, on another host that shares the disk.
//
// The lock is a folder, writer.lock, with one file in it that names its owner; the file is named after a token that no
// other lock ever has. Three renames are all there is to it, so it needs neither hard links nor locks of the system:
//   take     a folder with our file in it is renamed to writer.lock: it appears whole, and only where nothing or an empty
//            folder is in its way
//   seize    the file of a dead owner is renamed away *by its name*, so that of many who saw the same dead owner one
//            succeeds, and a writer can't take away a lock that it did not look at
//   release  the same, by the owner
// Whether an owner is dead is known where its process can be looked up. Where it can't, in another container or on
// another host, its heartbeat decides: it touches its file every few seconds. Times are those of the file system, so that
// clocks need not agree. An owner that was silent for too long and wakes up finds its lock gone before it writes.

import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  locked,
  lockedBefore,
  lockedElsewhere,
  lockLost,
  MulabError,
  readFailed,
  writeFailed,
} from "../core/errors/index.js";
import { isRunning, startOf, thisPlace } from "../disk/machine.js";
import { readRegular } from "../disk/regular.js";
import { type Check, count, name, object, orNull, text } from "../store/check.js";

export const LOCK_FILE = "writer.lock";

/** How often an owner shows that it is alive. */
const BEAT_MS = 10_000;
/** The silence after which an owner that can't be looked up counts as dead. */
export const SILENT_MS = 60_000;

/** The writer that the lock names. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** The place in which `pid` is valid (disk/machine); null if the system doesn't say. */
  readonly place: string | null;
  /** Start of the process, if the system says. */
  readonly start: string | null;
  /** When the lock was taken, ISO 8601; for people. */
  readonly since: string;
  /** Unique to each lock; the name of its file. */
  readonly token: string;
}

export interface Lock {
  /** Whether it was seized from a silent owner, which may yet wake up in the middle of a write. */
  readonly isSeized: boolean;
  /** Throws run/lock-lost if another process has taken the lock; must be called before every write. */
  check(): Promise<void>;
  /** Releases the folder. */
  release(): Promise<void>;
}

const ownerCheck = object<Owner>({
  pid: count,
  host: text,
  place: orNull(text),
  start: orNull(text),
  since: text,
  token: name,
});

/** The lock of earlier versions: a file without a heartbeat. */
const oldOwnerCheck = object<
  Pick<Owner, "pid" | "host" | "since" | "token"> & { readonly process: string | null }
>({
  pid: count,
  host: text,
  process: orNull(text),
  since: text,
  token: name,
});

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";
const ABSENT = ["ENOENT", "ENOTDIR", "ESTALE"];
const OCCUPIED = ["ENOTEMPTY", "EEXIST", "ENOTDIR", "EISDIR", "EPERM", "EACCES", "EBUSY"];

/** Whether the work succeeded; false if it failed with one of `codes`. */
async function done(work: Promise<unknown>, codes: readonly string[]): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (codes.includes(codeOf(error))) return false;
    throw error;
  }
}

/** Takes the lock of `dir`. Throws run/locked if another process has it, store/… if the folder can't be written. */
export async function takeLock(dir: string): Promise<Lock> {
  const token = randomUUID();
  const mine: Owner = {
    pid: process.pid,
    host: hostname(),
    place: thisPlace(),
    start: startOf(process.pid),
    since: new Date().toISOString(),
    token,
  };
  const content = `${JSON.stringify(mine)}\n`;
  const aside = join(dir, `.tmp-lock-${token}`);
  const file = join(dir, LOCK_FILE, fileOf(token));
  let isSeized = false;
  try {
    for (;;) {
      await done(mkdir(aside), ["EEXIST"]);
      const isWritten = await done(writeFile(join(aside, fileOf(token)), content), ["ENOENT"]);
      // The current owner may remove what we wrote aside, so the renamed folder may be empty, which is not a lock.
      if (isWritten && (await appears(aside, dir)) && (await isThere(file))) break;
      if ((await removeDead(dir, token)) === "silent") isSeized = true;
    }
    return await keepAlive(dir, file, content, isSeized);
  } catch (error) {
    if (!("syscall" in (error as object))) throw error;
    throw writeFailed(join(dir, LOCK_FILE), error as NodeJS.ErrnoException);
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
  }
}

/** The present writer of `dir`; null if there is none or it is dead. Changes nothing. */
export async function lockOwner(dir: string): Promise<Pick<Owner, "pid" | "host"> | null> {
  const found = await look(dir);
  if (found.kind === "old") return found.owner;
  if (found.kind !== "held" || !found.owner) return null;
  return (await deathOf(found, Date.now())) ? null : found.owner;
}

const fileOf = (token: string): string => `${token}.json`;

const isThere = async (path: string): Promise<boolean> => {
  // Opened, because a network file system may answer `stat` from its cache.
  const file = await open(path, "r").catch((error) => {
    if (ABSENT.includes(codeOf(error))) return undefined;
    throw error;
  });
  await file?.close();
  return file !== undefined;
};

/** Whether the folder `aside` became the lock of `dir`; false if there is a lock already, or `aside` was tidied up. */
async function appears(aside: string, dir: string): Promise<boolean> {
  const path = join(dir, LOCK_FILE);
  try {
    await rename(aside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    if (OCCUPIED.includes(codeOf(error)) && (await done(stat(path), ["ENOENT"]))) return false;
    if (codeOf(error) === "ENOTEMPTY" || codeOf(error) === "EEXIST") return false; // just released
    throw error;
  }
}

/** What is in the place of the lock. */
type Found =
  | { readonly kind: "free" }
  /** A folder without a file: what a release that was cut short leaves. It is as good as free. */
  | { readonly kind: "empty" }
  /** `owner` is null where its file can't be read as one, as a power cut may leave it. */
  | { readonly kind: "held"; readonly file: string; readonly owner: Owner | null; readonly touchedMs: number }
  | { readonly kind: "old"; readonly owner: Pick<Owner, "pid" | "host"> }
  | { readonly kind: "old-junk" };

async function look(dir: string): Promise<Found> {
  const path = join(dir, LOCK_FILE);
  try {
    const [first] = await readdir(path);
    if (first === undefined) return { kind: "empty" };
    const file = join(path, first);
    const owner = parsed((await readRegular(file)).toString("utf8"), ownerCheck);
    return { kind: "held", file, owner, touchedMs: (await stat(file)).mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESTALE") return { kind: "free" };
    if (codeOf(error) !== "ENOTDIR") throw readFailed(path, error);
  }
  try {
    const owner = parsed((await readRegular(path)).toString("utf8"), oldOwnerCheck);
    return owner ? { kind: "old", owner } : { kind: "old-junk" };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "free" };
    // A folder by now: another process has taken the lock.
    if (codeOf(error) === "ENOTREG" && (await stat(path)).isDirectory()) return { kind: "free" };
    throw error instanceof MulabError ? error : readFailed(path, error);
  }
}

function parsed<T>(content: string, check: Check<T>): T | null {
  try {
    const value: unknown = JSON.parse(content);
    return check(value) === null ? (value as T) : null;
  } catch {
    return null;
  }
}

/** How we know that an owner is dead, at `nowMs` by its file system's clock; null if it may be alive. */
async function deathOf(
  { owner, touchedMs }: Extract<Found, { kind: "held" }>,
  nowMs: number,
): Promise<"dead" | "silent" | null> {
  const place = thisPlace();
  if (owner && place !== null && owner.place === place)
    return isRunning(owner.pid, owner.start) ? null : "dead";
  return nowMs - touchedMs >= SILENT_MS ? "silent" : null;
}

/** Removes the lock of a dead owner, if there is one, and returns how its death is known; throws run/locked for a live owner. */
async function removeDead(dir: string, token: string): Promise<"dead" | "silent" | null> {
  const path = join(dir, LOCK_FILE);
  const found = await look(dir);
  switch (found.kind) {
    case "free":
      return null;
    case "empty": // where another process is quicker and it is full again, this does nothing
      await done(rmdir(path), [...ABSENT, ...OCCUPIED]);
      return null;
    case "old":
      throw lockedBefore(dir, found.owner.pid, found.owner.host, path);
    case "old-junk": // `unlink` never removes a folder, which a quicker process may have put there
      await done(unlink(path), [...ABSENT, "EISDIR", "EPERM"]);
      return null;
    case "held": {
      const nowMs = await timeIn(dir, token);
      const how = await deathOf(found, nowMs);
      if (how === null) throw lockedBy(dir, found, nowMs);
      const moved = join(dir, `.tmp-dead-${token}`);
      if (!(await done(rename(found.file, moved), ABSENT))) return null;
      await rm(moved, { force: true });
      return how;
    }
    default:
      return found satisfies never;
  }
}

/** The time by the clock of the file system of `dir`, in milliseconds. */
async function timeIn(dir: string, token: string): Promise<number> {
  const probe = join(dir, `.tmp-now-${token}`);
  const file = await open(probe, "w");
  try {
    await file.write("now");
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await rm(probe, { force: true });
  }
}

function lockedBy(dir: string, { owner, touchedMs }: Extract<Found, { kind: "held" }>, nowMs: number) {
  if (owner && owner.place !== null && owner.place === thisPlace()) return locked(dir, owner.pid, owner.host);
  const silentS = Math.max(0, Math.round((nowMs - touchedMs) / 1000));
  return lockedElsewhere(dir, owner, silentS, SILENT_MS / 1000, join(dir, LOCK_FILE));
}

/** The lock in `file`, with a heartbeat until it is released. */
async function keepAlive(dir: string, file: string, content: string, isSeized: boolean): Promise<Lock> {
  const handle = await open(file, "r+");
  let beatenMs = Date.now();
  let beating: Promise<void> = Promise.resolve();
  // The bytes stay the same; the write itself is the sign of life.
  const beat = (): Promise<void> => {
    beating = beating.then(async () => {
      await handle.write(content, 0);
      await handle.datasync();
      beatenMs = Date.now();
    });
    return beating;
  };
  const timer = setInterval(() => {
    beating = beating.catch(() => {});
    beat().catch(() => {}); // `check` tries again
  }, BEAT_MS).unref();
  return {
    isSeized,
    async check() {
      // After a long sleep, beat first: no other process may take a process for dead that is about to write.
      if (Math.abs(Date.now() - beatenMs) > SILENT_MS / 2) {
        beating = beating.catch(() => {});
        await beat().catch(() => {});
      }
      const isHeld = await isThere(file).catch((error) => {
        throw readFailed(file, error);
      });
      if (isHeld) return;
      throw lockLost(dir, await lockOwner(dir).catch(() => null), SILENT_MS / 1000);
    },
    async release() {
      clearInterval(timer);
      await beating.catch(() => {});
      try {
        await handle.close();
        const moved = join(dir, `.tmp-released-${fileOf(randomUUID())}`);
        if (!(await done(rename(file, moved), ABSENT))) return; // another process has it
        await rm(moved, { force: true }).catch(() => {}); // the next writer tidies up
        await done(rmdir(join(dir, LOCK_FILE)), [...ABSENT, ...OCCUPIED]);
      } catch (error) {
        throw writeFailed(join(dir, LOCK_FILE), error as NodeJS.ErrnoException);
      }
    },
  };
}
