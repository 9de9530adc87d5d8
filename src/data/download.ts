// Fetching a published file from its public source into the cache. The only place that uses the network. A transfer
// that breaks off goes on where it stopped; what arrives must be the pinned file, byte for byte, and takes its
// name in the cache only when it is whole.

import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { downloadFailed } from "../core/errors.js";
import type { DataFile } from "./catalog-entry.js";
import { verify } from "./locate.js";

export interface DownloadOptions {
  readonly cacheDir: string;
  /** Bytes so far and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Longest silence before a transfer counts as broken. */
  readonly silenceMs?: number | undefined;
}

const MOST_TRIES = 5;

/** A file that has a public source. */
export type RemoteFile = DataFile & { readonly url: string };

/** Downloads the file, keeps it in the cache and gives its bytes. Throws data/download-failed or data/checksum. */
export async function download(file: RemoteFile, options: DownloadOptions): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.bytes);
  let done = 0;
  for (let tries = 1; ; tries++) {
    const before = done;
    try {
      for await (const chunk of transfer(file.url, done, options.silenceMs ?? 15_000)) {
        if (chunk.restart) done = 0;
        if (done + chunk.bytes.length > file.bytes) throw new Error(`it is longer than ${file.bytes} bytes`);
        bytes.set(chunk.bytes, done);
        done += chunk.bytes.length;
        options.onProgress?.(done, file.bytes);
      }
      if (done < file.bytes) throw new Error(`it ended after ${done} of ${file.bytes} bytes`);
      break;
    } catch (error) {
      // Try again only while tries bring something, so that no network shows at once.
      if (done <= before || done === file.bytes || tries === MOST_TRIES)
        throw downloadFailed(file.url, reasonOf(error));
    }
  }
  verify(bytes, file.url, file);
  await keep(bytes, join(options.cacheDir, file.path));
  return bytes;
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

async function keep(bytes: Uint8Array, path: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(part, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, path);
  } catch {
    // A cache that can't be written (full disk, read-only home) costs a download next time, not this run.
    await rm(part, { force: true }).catch(() => {});
  }
}
