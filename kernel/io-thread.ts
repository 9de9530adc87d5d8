/**
 * Starts the I/O thread, before anything else of the kernel is loaded: its sockets are bound meanwhile.
 *
 * Messages that arrive before there is a listener wait here.
 */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { cannotListen } from "./errors.js";
import { type FromIo, SHARED, type ToIo } from "./io-protocol.js";
import type { Connection } from "./wire.js";

/** What the thread reports once it runs. */
export type Reported = Exclude<FromIo, { readonly kind: "ready" | "failed" }>;

export class IoThread {
  readonly shared = new Int32Array(new SharedArrayBuffer(4 * SHARED.count));
  /** Carries `Arrived` messages that are answered also while a cell does not yield. */
  readonly urgent: MessagePort;
  /** Carries the `Answer` to an `ask`. */
  readonly answers: MessagePort;
  readonly #worker: Worker;
  #waiting: Reported[] = [];
  #listener: ((message: Reported) => void) | undefined;
  /** Resolves when the sockets are bound; rejects where they can't be. */
  readonly ready: Promise<void>;

  constructor(connection: Connection, session: string, parentPid: number) {
    // Before the signal thread takes SIGINT over: of two handlers in a process the later one counts, and this one can't interrupt a
    // cell that never yields.
    process.on("SIGINT", () => this.post({ kind: "interrupt" }));
    const urgent = new MessageChannel();
    const answers = new MessageChannel();
    const signals = new MessageChannel();
    this.urgent = urgent.port1;
    this.answers = answers.port1;
    this.#worker = new Worker(new URL("./io-worker.js", import.meta.url), {
      workerData: {
        connection,
        session,
        shared: this.shared.buffer,
        urgent: urgent.port2,
        answers: answers.port2,
        signals: signals.port2,
        parentPid,
      },
      transferList: [urgent.port2, answers.port2, signals.port2],
      stdout: false,
      stderr: false,
    });
    // From here and not from the I/O thread, because the first cell waits for it.
    const signalThread = new Worker(new URL("./signal-worker.js", import.meta.url), {
      workerData: signals.port1,
      transferList: [signals.port1],
    });
    signalThread.unref();
    signalThread.on("error", (error) => process.stderr.write(`mulab kernel: ${error.message}\n`)); // its port closes
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on("error", reject);
      this.#worker.on("message", (message: FromIo) => {
        if (message.kind === "ready") resolve();
        else if (message.kind === "failed") reject(cannotListen(connection.ip, message.reason));
        else if (this.#listener) this.#listener(message);
        else this.#waiting.push(message);
      });
    });
    // Handled by whoever awaits it later.
    this.ready.catch(() => {});
  }

  /** From now on `listener` receives the thread's messages, those that have waited first. */
  listen(listener: (message: Reported) => void): void {
    this.#listener = listener;
    for (const message of this.#waiting) listener(message);
    this.#waiting = [];
  }

  post(message: ToIo): void {
    this.#worker.postMessage(message);
  }
}
