// Keeps the bytes of a download until it is complete: in a part file beside the target if the disk allows, otherwise in
// memory.

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { downloadFailed, MulabError } from "../core/errors/index.js";
import { makeFolder } from "../disk/atomic.js";
import { hashSoFar } from "../disk/hash.js";
import { adoptPart, leavePart, removeAbandonedParts } from "../disk/part-file.js";

/** The downloaded file's path, or its bytes if the cache can't be written. */
export interface Downloaded {
  readonly path: string;
  readonly bytes?: Uint8Array;
}

/** What has arrived so far, and its hash, which starts again when a server does. */
export interface DownloadStore {
  readonly done: number;
  begin(): Promise<{ current: Hash }>;
  restart(): Promise<void>;
  add(bytes: Uint8Array): Promise<void>;
  drop(): Promise<void>;
  /** Throws data/download-failed. */
  finish(): Promise<Downloaded>;
  leave(): Promise<void>;
}

/** Most bytes held in memory if the cache can't be written, 64 MiB. */
const MOST_HELD = 2 ** 26;

/** Storage for `bytes` bytes from `url`, to end up at `target`. Throws data/download-failed. */
export async function openStore(target: string, url: string, bytes: number): Promise<DownloadStore> {
  const part = await openPart(target);
  if (part) return untilFull(partStore(part, target, url, bytes), url, bytes);
  if (bytes > MOST_HELD) throw downloadFailed(url, new Error(`${dirname(target)} can't be written`));
  return memoryStore(url, bytes);
}

interface Part {
  readonly path: string;
  readonly handle: FileHandle;
}

/** A part file of this process, with what an earlier process left in it; undefined if the folder can't be written. */
async function openPart(target: string): Promise<Part | undefined> {
  try {
    await makeFolder(dirname(target));
    const path = await adoptPart(target);
    return { path, handle: await open(path, "a+") };
  } catch {
    return undefined;
  }
}

interface PartStore extends DownloadStore {
  /** What has arrived so far. */
  contents(): Promise<Uint8Array>;
}

function partStore({ path, handle }: Part, target: string, url: string, most: number): PartStore {
  let done = 0;
  let gone = false;
  const drop = async () => {
    gone = true;
    await rm(path, { force: true });
  };
  /** A process that took this one for dead writes into the same file. */
  const isOurs = async () => (await handle.stat()).size === done;
  return {
    get done() {
      return done;
    },
    async begin() {
      const { size } = await handle.stat();
      if (size > most) await handle.truncate(0);
      else done = size;
      return { current: done > 0 ? await hashSoFar(path) : createHash("sha256") };
    },
    async restart() {
      await handle.truncate(0);
      done = 0;
    },
    async add(bytes) {
      try {
        await handle.appendFile(bytes);
      } catch (error) {
        await handle.truncate(done).catch(() => {}); // some of the bytes may have been written
        throw error;
      }
      done += bytes.length;
    },
    contents: async () => (await readFile(path)).subarray(0, done),
    drop,
    async finish() {
      await handle.sync();
      if (!(await isOurs())) {
        await drop();
        throw downloadFailed(url, new Error(`another process wrote into ${path} too`));
      }
      await rename(path, target);
      gone = true;
      await removeAbandonedParts(target).catch(() => {}); // the file exists anyway
      return { path: target };
    },
    async leave() {
      const whole = await isOurs();
      await handle.close();
      if (!gone) await leavePart(path, target, whole ? done : 0);
    },
  };
}

const isFull = (error: unknown): boolean =>
  ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");

/** The part file until the disk is full; after that memory, if the file is small enough. */
function untilFull(part: PartStore, url: string, size: number): DownloadStore {
  let store: DownloadStore = part;
  const orMemory = async <T>(work: (into: DownloadStore) => Promise<T>): Promise<T> => {
    try {
      return await work(store);
    } catch (error) {
      if (store !== part || !isFull(error) || size > MOST_HELD) throw error;
      const memory = memoryStore(url, size);
      await memory.add(await part.contents());
      await part.drop();
      store = memory;
      return work(memory);
    }
  };
  return {
    get done() {
      return store.done;
    },
    begin: () => part.begin(),
    restart: () => store.restart(),
    add: (bytes) => orMemory((into) => into.add(bytes)),
    drop: () => store.drop(),
    async finish() {
      try {
        return await orMemory((into) => into.finish());
      } catch (error) {
        throw error instanceof MulabError ? error : downloadFailed(url, error);
      }
    },
    leave: () => part.leave(),
  };
}

/** For a cache that can't be written (full disk, read-only home), which only costs another download next time. */
function memoryStore(url: string, size: number): DownloadStore {
  const bytes = new Uint8Array(size);
  let done = 0;
  return {
    get done() {
      return done;
    },
    begin: async () => ({ current: createHash("sha256") }),
    async restart() {
      done = 0;
    },
    async add(chunk) {
      bytes.set(chunk, done);
      done += chunk.length;
    },
    drop: async () => {},
    finish: async () => ({ path: url, bytes }),
    leave: async () => {},
  };
}
