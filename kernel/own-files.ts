/**
 * Files that the installation puts into folders which others use too: each is written aside and renamed, so that whatever
 * reads them finds the old one or the new one, whole, and never goes through a link.
 */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const ASIDE = ".mulab-aside-";

/** What is at `path` itself, a link not followed; undefined where there is nothing. */
export const at = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

/** Replaces the file `path`, or makes it. Throws an error that says so where something else has its place. */
export function putFile(path: string, content: string | Uint8Array): void {
  const there = at(path);
  if (there && !there.isFile()) throw inTheWay(path);
  const aside = join(dirname(path), `${ASIDE}${process.pid}`);
  try {
    const file = openSync(aside, "w");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Removes from a folder that others use too what installations which were killed had written aside there. */
export function removeAsides(folder: string): void {
  if (!at(folder)?.isDirectory()) return;
  for (const name of readdirSync(folder))
    if (name.startsWith(ASIDE) && !isAlive(Number(name.slice(ASIDE.length))))
      rmSync(join(folder, name), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export const inTheWay = (path: string): Error =>
  new Error(
    `${path} is not what an earlier installation of mulab left, and was not replaced. Move it away and install again.`,
  );

/**
 * Makes the folder `to` hold `files` (by name, "/" between folders) and nothing else. The file `last` is what makes it valid
 * to its readers: it comes when the others are there, and what only the old one needed goes after it.
 */
export function putFolder(
  to: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  last: string,
  makeFolder: (path: string) => void,
): void {
  const names = [...files.keys()].sort((a, b) => Number(a === last) - Number(b === last));
  for (const name of names) {
    const path = join(to, ...name.split("/"));
    makeFolder(dirname(path));
    putFile(path, files.get(name)!);
  }
  for (const name of filesIn(to)) if (!files.has(name)) rmSync(join(to, ...name.split("/")), { force: true });
}

/** All files of a folder, by their names from there, "/" between folders. */
export function filesIn(folder: string): string[] {
  const names: string[] = [];
  const walk = (dir: string) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) walk(path);
      else names.push(relative(folder, path).split(sep).join("/"));
    }
  };
  walk(folder);
  return names;
}

/** The files of a folder with their bytes. */
export const contentsOf = (folder: string): Map<string, Uint8Array> =>
  new Map(filesIn(folder).map((name) => [name, readFileSync(join(folder, ...name.split("/")))]));
