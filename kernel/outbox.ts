/** One queue per socket: ZeroMQ.js allows one send at a time, and messages must leave in the order in which they were made. */
import type { Router, XPublisher } from "#zeromq";

type Frames = (string | Uint8Array)[];

export class Outbox {
  readonly #socket: XPublisher | Router;
  readonly #warn: (error: unknown) => void;
  readonly #queue: Frames[] = [];
  #sending: Promise<void> | undefined;

  constructor(socket: XPublisher | Router, warn: (error: unknown) => void) {
    this.#socket = socket;
    this.#warn = warn;
  }

  push(frames: Frames): void {
    this.#queue.push(frames);
    this.#sending ??= this.#drain();
  }

  /** Resolves when the queue is empty. */
  flushed(): Promise<void> {
    return this.#sending ?? Promise.resolve();
  }

  async #drain(): Promise<void> {
    for (let frames = this.#queue.shift(); frames; frames = this.#queue.shift()) {
      try {
        await this.#socket.send(frames);
      } catch (error) {
        // A router cannot reach a client that went away; everybody else still wants their messages.
        if ((error as NodeJS.ErrnoException).code !== "EHOSTUNREACH") this.#warn(error);
      }
    }
    this.#sending = undefined;
  }
}
