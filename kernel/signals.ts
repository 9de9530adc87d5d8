/** Starts the thread that hears SIGINT while the main thread is stuck, and joins it to the I/O thread. */
import { MessageChannel, Worker } from "node:worker_threads";
import type { Io } from "./io.js";

/** The thread starts a moment after the kernel, so that the first cell does not wait for it; until then Node's own handler does. */
const START_MS = 1_000;

export function listenForSigint(io: Io): void {
  process.on("SIGINT", () => io.interrupt());
  const timer = setTimeout(() => {
    const { port1, port2 } = new MessageChannel();
    io.listenForSignals(port1);
    const url = new URL("./signal-worker.js", import.meta.url);
    new Worker(url, { workerData: { port: port2 }, transferList: [port2] }).unref();
  }, START_MS);
  timer.unref();
}
