// Part files of downloads: `<file>.<place>.<process>.<number>.part` while a process writes it, `<file>.part` after it gave
// up. A later process takes over a part that was given up, or that a dead process left: one of this machine that is gone, or
// any that was silent for a minute; a container is another place, whatever its host name. Taking over is a rename, so only
// one of several processes succeeds.

import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { placeName } from "./machine.js";
import { isAlive } from "./process.js";

const SURELY_DEAD_MS = 60_000;

/** A new name for what process `pid` of this machine writes. */
export const partPath = (target: string, pid: number = process.pid): string =>
  `${target}.${placeName()}.${pid}.${randomUUID()}.part`;

/** A part file's name for only this process; the file exists if one could be taken over. */
export async function adoptPart(target: string): Promise<string> {
  const own = partPath(target);
  // Touched first, because until the first byte arrives, its old time would make it look abandoned.
  for (const path of await abandonedParts(target, SURELY_DEAD_MS))
    if ((await done(utimes(path, new Date(), new Date()))) && (await done(rename(path, own)))) break;
  return own;
}

/** Leaves what has arrived to a later process; removes an empty part. */
export async function leavePart(own: string, target: string, bytes: number): Promise<void> {
  if (bytes === 0 || !(await done(rename(own, `${target}.part`)))) await rm(own, { force: true });
}

/** Removes the part once the file is complete. */
export async function removeAbandonedParts(target: string, silentMs = SURELY_DEAD_MS): Promise<void> {
  for (const path of await abandonedParts(target, silentMs)) await done(rm(path, { force: true }));
}

/** Part files that no live process writes, the longest first. */
async function abandonedParts(target: string, mostSilentMs: number): Promise<string[]> {
  const folder = dirname(target);
  const start = `${basename(target)}.`;
  const found: { path: string; size: number }[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start) || !name.endsWith(".part")) continue;
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    if (!file) continue; // another process took it
    const owner = name.slice(start.length, -".part".length);
    const silentMs = Date.now() - file.mtimeMs;
    if (owner === "" || isGone(owner) || silentMs >= mostSilentMs) found.push({ path, size: file.size });
  }
  return found.sort((a, b) => b.size - a.size).map(({ path }) => path);
}

/** Whether the owner in a part's name is a process of this machine that has ended. */
function isGone(owner: string): boolean {
  const [, place, pid] = /^([\w-]+)\.(\d+)\./.exec(owner) ?? [];
  return place === placeName() && !isAlive(Number(pid));
}

const done = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
