// A stream of bytes read in pieces of the reader's choosing: nothing is held but the piece asked for and one chunk.

import { createGunzip } from "node:zlib";

export class Chunks {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes in memory of their own; fewer where the stream ends before. */
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

  /** Lets the source go, read to its end or not. */
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

/** The bytes of a file that may be gzip, unpacked on the way. What zlib finds wrong is thrown as it says it. */
export function unpacked(file: Uint8Array): AsyncIterable<Uint8Array> {
  if (file[0] !== 0x1f || file[1] !== 0x8b)
    return (async function* () {
      yield file;
    })();
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  gunzip.end(file);
  return gunzip;
}
