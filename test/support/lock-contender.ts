// A process that takes the lock of a folder again and again, beside others of its kind, and watches whether it ever has
// it together with another one: who has the lock listens on a socket of the system, which only one can and which the
// system closes with its process. Prints what it counted as a line of JSON.

import { createServer, type Server } from "node:net";
import { MulabError } from "../../src/core/errors/index.js";
import { takeLock } from "../../src/run/lock.js";

const [, , , dir, socket, seconds, killed] = process.argv as string[];
const counted = { taken: 0, refused: 0, together: 0, lost: 0 };
const end = Date.now() + 1000 * Number(seconds);
/** Dies at this acquisition, holding the lock; never where it is 0. */
const deadly = Number(killed);

/** Undefined where another process listens. */
const alone = (): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(`\0${socket}`, () => resolve(server));
  });

while (Date.now() < end) {
  try {
    const lock = await takeLock(dir!);
    const server = await alone();
    if (!server) counted.together += 1;
    counted.taken += 1;
    await lock.check();
    if (counted.taken === deadly) process.kill(process.pid, "SIGKILL");
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    await lock.release();
  } catch (error) {
    if (!(error instanceof MulabError)) throw error;
    if (error.code === "run/lock-lost") counted.lost += 1;
    else if (error.code === "run/locked") counted.refused += 1;
    else throw error;
  }
}
process.stdout.write(`${JSON.stringify(counted)}\n`);
