// The sha-256 of a file of any size, read once from end to end.

import { createHash, type Hash } from "node:crypto";
import { openRegular } from "./regular.js";

/** The hash of the regular file `path`, to which more may be added. Throws the system's error. */
export async function hashSoFar(path: string): Promise<Hash> {
  const hash = createHash("sha256");
  const file = await openRegular(path);
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash;
}

/** sha-256 of the regular file `path`, in hexadecimal digits. Throws what `failure` makes of the system's error. */
export async function hashFile(path: string, failure: (cause: unknown) => Error): Promise<string> {
  try {
    return (await hashSoFar(path)).digest("hex");
  } catch (error) {
    throw failure(error);
  }
}
