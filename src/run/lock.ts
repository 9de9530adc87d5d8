// One writer for a run folder: a file that names the process which writes. It appears whole (written aside, then linked),
// and one left by a dead process is taken over. A process is known by its number and its start, as numbers are used again.

import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { locked, lockedElsewhere, writeFailed } from "../core/errors.js";
import { readRegular } from "../disk/regular.js";
import { count, name, object, orNull, text } from "../store/check.js";

export const LOCK_FILE = "writer.lock";

/** Who writes, as the lock file says. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Boot of the machine and start of the process, where the system tells. */
  readonly process: string | null;
  /** When the lock was taken, ISO 8601; for people. */
  readonly since: string;
  /** Makes every lock's text its own. */
  readonly token: string;
}

export interface Lock {
  /** Gives the folder free. */
  release(): Promise<void>;
}

const owner = object<Owner>({ pid: count, host: text, process: orNull(text), since: text, token: name });

/** Takes the lock of `dir`. Throws run/locked where another process has it, store/… where the folder can't be written. */
export async function takeLock(dir: string): Promise<Lock> {
  const path = join(dir, LOCK_FILE);
  const token = randomUUID();
  const aside = join(dir, `.tmp-lock-${token}`);
  const mine: Owner = {
    pid: process.pid,
    host: hostname(),
    process: await startOf(process.pid),
    since: new Date().toISOString(),
    token,
  };
  const content = `${JSON.stringify(mine)}\n`;
  try {
    while (!(await appears(aside, path, content))) await clearStale(dir, path, token);
  } catch (error) {
    throw "syscall" in (error as object) ? writeFailed(path, error as NodeJS.ErrnoException) : error;
  } finally {
    await rm(aside, { force: true }).catch(() => {});
  }
  return {
    async release() {
      if ((await contentOf(path)) === content) await rm(path, { force: true });
    },
  };
}

/** Who writes in `dir` now; null where nobody does, or the one who did is dead. */
export async function lockOwner(dir: string): Promise<Owner | null> {
  const found = parseOwner(await contentOf(join(dir, LOCK_FILE)));
  return found && (await mayLive(found)) ? found : null;
}

/** Whether the lock could be made; false where there is one. */
async function appears(aside: string, path: string, content: string): Promise<boolean> {
  try {
    await writeFile(aside, content, { flush: true });
    await link(aside, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code === "ENOENT" && (await contentOf(path)) !== null) return false; // the owner tidied up what we wrote aside
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
  }
  // No links on this disk: not whole at once, but still by one process only.
  return writeFile(path, content, { flag: "wx", flush: true }).then(
    () => true,
    (error) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

/** Removes a dead process's lock; throws run/locked for a live one's. */
async function clearStale(dir: string, path: string, token: string): Promise<void> {
  const content = await contentOf(path);
  if (content === null) return; // just released
  const found = parseOwner(content);
  if (found && (await mayLive(found))) throw lockedBy(dir, found);
  // Another process may have been quicker and hold a new lock under this name: look at what was moved away.
  const moved = join(dir, `.tmp-stale-${token}`);
  await rename(path, moved).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  const got = await contentOf(moved);
  if (got !== null && got !== content) await link(moved, path).catch(() => {});
  await rm(moved, { force: true });
}

const lockedBy = (dir: string, { pid, host }: Owner) =>
  host === hostname() ? locked(dir, pid, host) : lockedElsewhere(dir, pid, host, join(dir, LOCK_FILE));

async function contentOf(path: string): Promise<string | null> {
  try {
    return (await readRegular(path)).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** The owner that a lock names; null where a crash left something else. */
function parseOwner(content: string | null): Owner | null {
  try {
    const value: unknown = JSON.parse(content ?? "");
    return owner(value) === null ? (value as Owner) : null;
  } catch {
    return null;
  }
}

/** Of another machine's processes nothing can be known, so they live. */
async function mayLive({ pid, host, process: started }: Owner): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // lives, but is somebody else's
  }
  const now = await startOf(pid);
  return now === null || started === null || now === started;
}

/** Boot of the machine and start of process `pid`; "" for one that has ended but was not waited for, null where the system doesn't tell. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const line = await readFile(`/proc/${pid}/stat`, "utf8");
    // Fields after the name, which stands in parentheses and may hold anything: state is the first, start the 20th.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "" : `${boot}/${fields[19]}`;
  } catch {
    return null;
  }
}
