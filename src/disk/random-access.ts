// Reads chosen pieces of a file, so that only these are in memory, even of a file of gigabytes.

import { openRegular } from "./regular.js";

export interface RandomAccess {
  readonly path: string;
  readonly size: number;
  /** Exactly the bytes from `start` to `end`, fewer only at the end of the file. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Opens the regular file `path` for reading. Throws what `failure` makes of the system's errors, now or later. */
export async function openForReading(
  path: string,
  failure: (cause: unknown) => Error,
): Promise<RandomAccess> {
  const reading = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failure(error);
    }
  };
  const file = await reading(() => openRegular(path));
  const { size } = await reading(() => file.stat());
  return {
    path,
    size,
    read: (start, end) =>
      reading(async () => {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
        let done = 0;
        while (done < bytes.length) {
          const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.subarray(0, done);
      }),
    close: () => file.close(),
  };
}
