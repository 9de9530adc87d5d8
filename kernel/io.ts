/** The main thread's side of the I/O thread: makes messages, hands them over, and takes what arrives. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { cannotListen } from "./errors.js";
import { type Answer, type Arrived, type Channel, type FromIo, SHARED, type ToIo } from "./io-protocol.js";
import { toJson } from "./text.js";
import { type Connection, newHeader, type RawMessage, type Received } from "./wire.js";

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
  readonly #shared = new Int32Array(new SharedArrayBuffer(4 * SHARED.count));
  readonly #session: string;
  readonly #handlers: IoHandlers;
  readonly #worker: Worker;
  readonly #urgent: MessagePort;
  readonly #answers: MessagePort;
  readonly #fences = new Map<number, () => void>();
  #nextFence = 0;
  #onClosed: () => void = () => {};
  readonly ready: Promise<void>;

  constructor(connection: Connection, session: string, parentPid: number, handlers: IoHandlers) {
    this.#session = session;
    this.#handlers = handlers;
    const urgent = new MessageChannel();
    const answers = new MessageChannel();
    this.#urgent = urgent.port1;
    this.#answers = answers.port1;
    this.#urgent.on("message", (arrived: Arrived) => this.#takeUrgent(arrived));
    // The worker keeps the process running; these alone do not.
    this.#urgent.unref();
    this.#worker = new Worker(new URL("./io-worker.js", import.meta.url), {
      workerData: {
        connection,
        session,
        shared: this.#shared.buffer,
        urgent: urgent.port2,
        answers: answers.port2,
        parentPid,
      },
      transferList: [urgent.port2, answers.port2],
      stdout: false,
      stderr: false,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on("error", reject);
      this.#worker.on("message", (message: FromIo) => {
        if (message.kind === "failed") reject(cannotListen(connection.ip, message.reason));
        else if (message.kind === "ready") resolve();
        else this.#receive(message);
      });
    });
  }

  #receive(message: Exclude<FromIo, { kind: "ready" | "failed" }>): void {
    switch (message.kind) {
      case "message":
        this.#handlers.message(message.channel, message.message);
        break;
      case "interrupt":
        Atomics.add(this.#shared, SHARED.interruptsTaken, 1);
        this.#handlers.interrupt();
        break;
      case "subshell-deleted":
        this.#handlers.subshellDeleted(message.id);
        break;
      case "fence":
        this.#fences.get(message.id)?.();
        this.#fences.delete(message.id);
        break;
      case "closed":
        this.#onClosed();
        break;
      default:
        message satisfies never;
    }
  }

  #takeUrgent({ channel, message }: Arrived): void {
    Atomics.add(this.#shared, SHARED.urgentTaken, 1);
    this.#handlers.message(channel, message);
  }

  /** Takes the urgent messages that have arrived, on top of whatever runs. */
  takeAllUrgent(): void {
    for (let next = receiveMessageOnPort(this.#urgent); next; next = receiveMessageOnPort(this.#urgent)) {
      this.#takeUrgent(next.message as Arrived);
    }
  }

  #post(message: ToIo): void {
    this.#worker.postMessage(message);
  }

  /** Publishes to every front end. `parent` is the header that the message belongs to, "{}" for none. */
  publish(msgType: string, parent: string, content: object, options: SendOptions = {}): void {
    this.#send("iopub", [Buffer.from(msgType)], msgType, parent, content, options);
  }

  /** Publishes text of a cell. It leaves this thread at once: a loop that never yields still shows what it prints. */
  publishText(name: "stdout" | "stderr", parent: string, text: string): void {
    this.#post({ kind: "text", name, parent, text });
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
    this.#post({
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
    while (receiveMessageOnPort(this.#answers));
    Atomics.store(this.#shared, SHARED.answered, 0);
    const message = this.#message(request.identities, "input_request", request.header, content);
    this.#post({ kind: "ask", message });
    for (;;) {
      Atomics.wait(this.#shared, SHARED.answered, 0);
      const answer = receiveMessageOnPort(this.#answers);
      if (answer) return (answer.message as Answer).value;
    }
  }

  /** Resolves when all requests that were sent before now, or within `graceMs`, have been passed to the handlers. */
  fence(graceMs: number): Promise<void> {
    const id = this.#nextFence++;
    return new Promise((resolve) => {
      this.#fences.set(id, resolve);
      this.#post({ kind: "fence", id, graceMs });
    });
  }

  interrupt(): void {
    this.#post({ kind: "interrupt" });
  }

  /** Keeps the I/O thread informed which processes must end with this one. */
  setChildren(pids: readonly number[]): void {
    this.#post({ kind: "children", pids });
  }

  /** As close, for a process that ends now: waits here, because no promise is kept any more. */
  closeAtExit(): void {
    this.#post({ kind: "close" });
    Atomics.wait(this.#shared, SHARED.closed, 0, EXIT_MS);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onClosed = resolve;
      this.#post({ kind: "close" });
    });
  }
}
