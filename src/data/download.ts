// Downloads a published file from its public source into the cache. This is the only place that uses the network. An
// interrupted transfer continues where it stopped, in this process or a later one, because what has arrived stays in a part
// file. The result must be the pinned file, byte for byte, and gets its name in the cache only when it is complete.

import { createHash, type Hash } from "node:crypto";
import { join } from "node:path";
import { downloadedOther, downloadFailed, MulabError } from "../core/errors/index.js";
import type { DataFile } from "./catalog-entry.js";
import { type Downloaded, type DownloadStore, openStore } from "./download-store.js";

export interface DownloadOptions {
  readonly cacheDir: string;
  /** Bytes so far and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Longest silence before a transfer counts as broken. */
  readonly silenceMs?: number | undefined;
  /** Longest total time, including retries; by default ten minutes, or the time at 50 kB/s. */
  readonly totalMs?: number | undefined;
}

/** A file that has a public source. */
export type RemoteFile = DataFile & { readonly url: string };

const MOST_TRIES = 5;
const LEAST_TOTAL_MS = 600_000;
/** Bytes per millisecond below which a server is given up, so that nobody waits for ever. */
const SLOWEST = 50;

const totalMsOf = ({ bytes }: RemoteFile, { totalMs }: DownloadOptions): number =>
  totalMs ?? Math.max(LEAST_TOTAL_MS, bytes / SLOWEST);

/** Downloads the file into the cache. Throws data/download-failed or data/checksum. */
export async function download(file: RemoteFile, options: DownloadOptions): Promise<Downloaded> {
  const store = await openStore(join(options.cacheDir, file.path), file.url, file.bytes);
  const limitMs = totalMsOf(file, options);
  const total = new AbortController();
  const timer = setTimeout(
    () => total.abort(new Error(`it took longer than ${Math.round(limitMs / 1000)} s`)),
    limitMs,
  );
  try {
    const hash = await store.begin();
    const isOurs = store.done === 0;
    await transferAll(file, store, hash, options, total.signal);
    let found = hash.current.digest("hex");
    if (found !== file.sha256 && !isOurs) {
      // An earlier process may have left the beginning of another file: a hotel's log-in page, or an older version of the
      // source.
      await begunAnew(store, hash);
      await transferAll(file, store, hash, options, total.signal);
      found = hash.current.digest("hex");
    }
    if (found !== file.sha256) {
      await store.drop();
      throw downloadedOther(file.url, found, file.sha256);
    }
    return await store.finish();
  } finally {
    clearTimeout(timer);
    await store.leave();
  }
}

async function begunAnew(store: DownloadStore, hash: { current: Hash }): Promise<void> {
  await store.restart();
  hash.current = createHash("sha256");
}

async function transferAll(
  file: RemoteFile,
  store: DownloadStore,
  hash: { current: Hash },
  options: DownloadOptions,
  total: AbortSignal,
): Promise<void> {
  for (let tries = 1; store.done < file.bytes; tries++) {
    const before = store.done;
    try {
      for await (const chunk of transfer(file.url, before, options.silenceMs ?? 15_000, total)) {
        if (chunk.restart) await begunAnew(store, hash);
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
      if (total.aborted) throw downloadFailed(file.url, total.reason);
      // Retry only as long as attempts make progress, so that a missing network is noticed at once.
      if (store.done <= before || tries === MOST_TRIES) throw downloadFailed(file.url, reasonOf(error));
    }
  }
}

async function* transfer(
  url: string,
  from: number,
  silenceMs: number,
  total: AbortSignal,
): AsyncGenerator<{ bytes: Uint8Array; restart: boolean }> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer in ${silenceMs / 1000} s`)), silenceMs);
  try {
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (from > 0) headers.range = `bytes=${from}-`;
    const response = await fetch(url, { headers, signal: AbortSignal.any([abort.signal, total]) });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const range = response.headers.get("content-range");
    if (from > 0 && range && !range.startsWith(`bytes ${from}-`))
      throw new Error(`the server answered ${range} to what begins at ${from}`);
    // A server that doesn't support ranges sends the file from its beginning.
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

/** fetch hides the reason of a failure ("fetch failed") in the error's cause. */
const reasonOf = (error: unknown): unknown => (error instanceof Error && error.cause ? error.cause : error);
