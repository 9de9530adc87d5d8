// Reads a stream of bytes in pieces of any size, holding only the requested piece and one chunk.

import { createGunzip } from "node:zlib";

export class Chunks {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** A copy of the next `length` bytes; fewer if the stream ends before that. */
  async take(length: number): Promise<Uint8Array> {
    const taken = new Uint8Array(length);
    let done = 0;
    while (done < length && (await this.#fill())) {
      const part = this.#chunk.subarray(this.#at, this.#at + length - done);
      taken.set(part, done);
      done += part.length;
      this.#at += part.length;
    }
    return done === length ? taken : taken.subarray(0, done);
  }

  /** Whether nothing is left. */
  async ended(): Promise<boolean> {
    return !(await this.#fill());
  }

  /** Closes the source, even before its end. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const next = await this.#source.next();
      if (next.done) return false;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return true;
  }
}

/** The bytes of a file, unpacked if it is gzip. Throws zlib's own errors. */
export function unpacked(file: Uint8Array): AsyncIterable<Uint8Array> {
  if (file[0] !== 0x1f || file[1] !== 0x8b)
    return (async function* () {
      yield file;
    })();
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  gunzip.end(file);
  return gunzip;
}
