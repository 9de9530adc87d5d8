/** The main thread's side of the I/O thread: makes messages, hands them over, and takes what arrives. */
import { receiveMessageOnPort } from "node:worker_threads";
import { type Answer, type Arrived, type Channel, SHARED } from "./io-protocol.js";
import type { IoThread, Reported } from "./io-thread.js";
import { toJson } from "./text.js";
import { newHeader, type RawMessage, type Received } from "./wire.js";

/** What a message answers: the header it names as parent and the client it goes back to. */
export interface Request {
  readonly channel: Channel;
  readonly identities: Uint8Array[];
  /** The request's header as it came, so that it goes back byte for byte. */
  readonly header: string;
}

export interface SendOptions {
  readonly buffers?: readonly Uint8Array[];
  readonly metadata?: object;
}

export interface IoHandlers {
  message(channel: Channel, message: Received): void;
  interrupt(): void;
  subshellDeleted(id: string): void;
}

/** A process that ends waits this long for its last messages to leave. */
const EXIT_MS = 1_000;

/** All traffic of the kernel. Sending never waits: the I/O thread keeps the order. */
export class Io {
  readonly #thread: IoThread;
  readonly #session: string;
  readonly #handlers: IoHandlers;
  readonly #fences = new Map<number, () => void>();
  #nextFence = 0;
  #onClosed: () => void = () => {};

  constructor(thread: IoThread, session: string, handlers: IoHandlers) {
    this.#thread = thread;
    this.#session = session;
    this.#handlers = handlers;
  }

  /** From now on the handlers get what front ends send. */
  receive(): void {
    this.#thread.urgent.on("message", (arrived: Arrived) => this.#takeUrgent(arrived));
    // The thread keeps the process running; this alone does not.
    this.#thread.urgent.unref();
    this.#thread.listen((message) => this.#receive(message));
    Atomics.store(this.#thread.shared, SHARED.listening, 1);
  }

  #receive(message: Reported): void {
    switch (message.kind) {
      case "message":
        this.#handlers.message(message.channel, message.message);
        break;
      case "interrupt":
        if (message.id <= this.interruptTaken) break;
        Atomics.store(this.#thread.shared, SHARED.interruptTaken, message.id);
        this.#handlers.interrupt();
        break;
      case "subshell-deleted":
        this.#handlers.subshellDeleted(message.id);
        break;
      case "fence": {
        const then = this.#fences.get(message.id);
        this.#fences.delete(message.id);
        then?.();
        break;
      }
      case "closed":
        this.#onClosed();
        break;
      default:
        message satisfies never;
    }
  }

  #takeUrgent({ channel, message }: Arrived): void {
    Atomics.add(this.#thread.shared, SHARED.urgentTaken, 1);
    this.#handlers.message(channel, message);
  }

  /** Takes the urgent messages that have arrived, on top of the running code. */
  takeAllUrgent(): void {
    for (
      let next = receiveMessageOnPort(this.#thread.urgent);
      next;
      next = receiveMessageOnPort(this.#thread.urgent)
    ) {
      this.#takeUrgent(next.message as Arrived);
    }
  }

  /** Publishes to every front end. `parent` is the header that the message belongs to, "{}" for none. */
  publish(msgType: string, parent: string, content: object, options: SendOptions = {}): void {
    this.#send("iopub", [Buffer.from(msgType)], msgType, parent, content, options);
  }

  /** Publishes text of a cell. It leaves this thread at once: a loop that never yields still shows what it prints. */
  publishText(name: "stdout" | "stderr", parent: string, text: string): void {
    this.#thread.post({ kind: "text", name, parent, text });
  }

  reply(request: Request, msgType: string, content: object, options: SendOptions = {}): void {
    this.#send(request.channel, request.identities, msgType, request.header, content, options);
  }

  #send(
    channel: Channel | "iopub",
    identities: Uint8Array[],
    msgType: string,
    parent: string,
    content: object,
    options: SendOptions,
  ): void {
    this.#thread.post({
      kind: "send",
      channel,
      message: this.#message(identities, msgType, parent, content, options),
    });
  }

  #message(
    identities: Uint8Array[],
    msgType: string,
    parent: string,
    content: object,
    { buffers = [], metadata = {} }: SendOptions = {},
  ): RawMessage {
    return {
      identities,
      header: JSON.stringify(newHeader(msgType, this.#session)),
      parent,
      metadata: toJson(metadata),
      content: toJson(content),
      // Copied out of its pool, or the whole pool would cross the thread boundary with each small buffer.
      buffers: buffers.map((buffer) =>
        buffer.byteLength === buffer.buffer.byteLength ? buffer : buffer.slice(),
      ),
    };
  }

  /** Asks a front end something on the stdin channel. The answer comes as a message. */
  ask(request: Request, content: object): void {
    this.#send("stdin", request.identities, "input_request", request.header, content, {});
  }

  /** As ask, and waits for the answer here: nothing else runs on this thread meanwhile. Null when the question was taken back. */
  askAndWait(request: Request, content: object): string | null {
    // An answer to an earlier question, taken back by an interrupt, is not the answer to this one.
    while (receiveMessageOnPort(this.#thread.answers));
    Atomics.store(this.#thread.shared, SHARED.answered, 0);
    const message = this.#message(request.identities, "input_request", request.header, content);
    this.#thread.post({ kind: "ask", message });
    for (;;) {
      Atomics.wait(this.#thread.shared, SHARED.answered, 0);
      const answer = receiveMessageOnPort(this.#thread.answers);
      if (answer) return (answer.message as Answer).value;
    }
  }

  /**
   * Calls `then` when all requests that were sent before now, or within `graceMs`, have been passed to the handlers. Not a promise:
   * an interrupt would drop its jobs.
   */
  fence(graceMs: number, then: () => void): void {
    const id = this.#nextFence++;
    this.#fences.set(id, then);
    this.#thread.post({ kind: "fence", id, graceMs });
  }

  /** The id of the last interrupt that has been taken. */
  get interruptTaken(): number {
    return Atomics.load(this.#thread.shared, SHARED.interruptTaken);
  }

  /** Keeps the I/O thread informed which processes must end with this one. */
  setChildren(pids: readonly number[]): void {
    this.#thread.post({ kind: "children", pids });
  }

  /** As close, for a process that ends now: waits here, because no promise is kept any more. */
  closeAtExit(): void {
    this.#thread.post({ kind: "close" });
    Atomics.wait(this.#thread.shared, SHARED.closed, 0, EXIT_MS);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onClosed = resolve;
      this.#thread.post({ kind: "close" });
    });
  }
}
