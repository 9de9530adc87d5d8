// Fetching a published file from its public source into the cache. The only place that uses the network. A transfer
// that breaks off goes on where it stopped, in this process or a later one: what has come so far stays in a part
// file. What arrives must be the pinned file, byte for byte, and takes its name in the cache only when it is whole.

import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checksumMismatch, downloadFailed, MulabError } from "../core/errors.js";
import type { DataFile } from "./catalog-entry.js";
import { adoptPart, leavePart } from "./part-file.js";

export interface DownloadOptions {
  readonly cacheDir: string;
  /** Bytes so far and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Longest silence before a transfer counts as broken. */
  readonly silenceMs?: number | undefined;
}

/** A file that has a public source. */
export type RemoteFile = DataFile & { readonly url: string };

/** Where the downloaded file lies; its bytes where the cache can't be written. */
export interface Downloaded {
  readonly path: string;
  readonly bytes?: Uint8Array;
}

const MOST_TRIES = 5;
/** Most bytes that are held in memory where the cache can't be written, 64 MiB. */
const MOST_HELD = 2 ** 26;

/** Downloads the file into the cache. Throws data/download-failed or data/checksum. */
export async function download(file: RemoteFile, options: DownloadOptions): Promise<Downloaded> {
  const path = join(options.cacheDir, file.path);
  const part = await openPart(path);
  if (!part && file.bytes > MOST_HELD)
    throw downloadFailed(file.url, new Error(`${dirname(path)} can't be written`));
  const store = part ? partStore(part) : memoryStore(file.bytes);
  try {
    const hash = await store.begin(file.bytes);
    await transferAll(file, store, hash, options);
    const found = hash.current.digest("hex");
    if (found !== file.sha256) {
      await store.drop();
      throw checksumMismatch(file.url, found, file.sha256);
    }
    return await store.finish(path, file.url);
  } finally {
    await store.leave();
  }
}

/** What has come so far, and its hash, which begins anew when a server does. */
interface Store {
  readonly done: number;
  begin(most: number): Promise<{ current: Hash }>;
  restart(): Promise<void>;
  add(bytes: Uint8Array): Promise<void>;
  drop(): Promise<void>;
  finish(path: string, url: string): Promise<Downloaded>;
  leave(): Promise<void>;
}

async function transferAll(
  file: RemoteFile,
  store: Store,
  hash: { current: Hash },
  options: DownloadOptions,
): Promise<void> {
  for (let tries = 1; store.done < file.bytes; tries++) {
    const before = store.done;
    try {
      for await (const chunk of transfer(file.url, before, options.silenceMs ?? 15_000)) {
        if (chunk.restart) {
          await store.restart();
          hash.current = createHash("sha256");
        }
        if (store.done + chunk.bytes.length > file.bytes) {
          await store.drop();
          throw downloadFailed(file.url, new Error(`it is longer than ${file.bytes} bytes`));
        }
        await store.add(chunk.bytes);
        hash.current.update(chunk.bytes);
        options.onProgress?.(store.done, file.bytes);
      }
      if (store.done < file.bytes) throw new Error(`it ended after ${store.done} of ${file.bytes} bytes`);
    } catch (error) {
      if (error instanceof MulabError) throw error;
      // Try again only while tries bring something, so that no network shows at once.
      if (store.done <= before || tries === MOST_TRIES) throw downloadFailed(file.url, reasonOf(error));
    }
  }
}

async function* transfer(
  url: string,
  from: number,
  silenceMs: number,
): AsyncGenerator<{ bytes: Uint8Array; restart: boolean }> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer in ${silenceMs / 1000} s`)), silenceMs);
  try {
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (from > 0) headers.range = `bytes=${from}-`;
    const response = await fetch(url, { headers, signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const range = response.headers.get("content-range");
    if (from > 0 && range && !range.startsWith(`bytes ${from}-`))
      throw new Error(`the server answered ${range} to what begins at ${from}`);
    // A server that knows no ranges sends the file from its beginning.
    let restart = from > 0 && response.status !== 206;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      timer.refresh();
      yield { bytes: part.value, restart };
      restart = false;
    }
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/** fetch hides why it failed ("fetch failed") in the error's cause. */
const reasonOf = (error: unknown): unknown => (error instanceof Error && error.cause ? error.cause : error);

interface Part {
  readonly path: string;
  readonly target: string;
  readonly handle: FileHandle;
}

/** A part file of this process's own, with what an earlier one left in it; undefined where the folder can't be written. */
async function openPart(target: string): Promise<Part | undefined> {
  try {
    await mkdir(dirname(target), { recursive: true });
    const path = await adoptPart(target);
    return { path, target, handle: await open(path, "a+") };
  } catch {
    return undefined;
  }
}

function partStore({ path, target, handle }: Part): Store {
  let done = 0;
  let gone = false;
  return {
    get done() {
      return done;
    },
    async begin(most) {
      const { size } = await handle.stat();
      if (size > most) await handle.truncate(0);
      else done = size;
      const current = createHash("sha256");
      if (done > 0) for await (const chunk of createReadStream(path)) current.update(chunk as Buffer);
      return { current };
    },
    async restart() {
      await handle.truncate(0);
      done = 0;
    },
    async add(bytes) {
      await handle.appendFile(bytes);
      done += bytes.length;
    },
    async drop() {
      gone = true;
      await rm(path, { force: true });
    },
    async finish() {
      await handle.sync();
      await rename(path, target);
      gone = true;
      return { path: target };
    },
    async leave() {
      await handle.close();
      if (!gone) await leavePart(path, target, done);
    },
  };
}

/** For a cache that can't be written (full disk, read-only home): that costs a download next time, not this run. */
function memoryStore(size: number): Store {
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
    finish: async (_, url) => ({ path: url, bytes }),
    leave: async () => {},
  };
}
