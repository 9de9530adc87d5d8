// Part files of downloads: `<file>.<process>.part` while a process writes it, `<file>.part` when it gave up. A later
// process takes over what was given up, and what a killed one left: nobody is silent for as long as a minute and alive.
// Taking over is a rename, so of two that try one gets it.

import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const SURELY_DEAD_MS = 60_000;

/** A part file's name for this process alone; the file is there where one could be taken over. */
export async function adoptPart(target: string): Promise<string> {
  const own = `${target}.${randomUUID()}.part`;
  const folder = dirname(target);
  const name = basename(target);
  for (const found of await readdir(folder)) {
    if (!found.startsWith(`${name}.`) || !found.endsWith(".part")) continue;
    const path = join(folder, found);
    if (found !== `${name}.part` && Date.now() - (await changedAt(path)) < SURELY_DEAD_MS) continue;
    if (await moved(path, own)) break;
  }
  return own;
}

/** Leaves what has come to a later process; an empty part is removed. */
export async function leavePart(own: string, target: string, bytes: number): Promise<void> {
  if (bytes === 0 || !(await moved(own, `${target}.part`))) await rm(own, { force: true });
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return Date.now(); // another process took it
  }
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch {
    return false;
  }
}
