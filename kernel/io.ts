/** The main thread's side of the I/O thread: makes messages, hands them over, and hears what arrives. */
import { type MessagePort, Worker } from "node:worker_threads";
import type { Channel, FromIo, IoOptions, ToIo } from "./io-protocol.js";
import { type Connection, newHeader, type RawMessage } from "./wire.js";

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
  message(channel: Channel, message: RawMessage): void;
  interrupt(): void;
}

/** So long a process that ends waits for its last messages to leave. */
const EXIT_MS = 1_000;

/** All traffic of the kernel. Sending never waits: order is kept by the I/O thread. */
export class Io {
  private readonly taken = new Int32Array(new SharedArrayBuffer(4));
  private readonly closed = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;
  private readonly fences = new Map<number, () => void>();
  private nextFence = 0;
  private onClosed: () => void = () => {};
  readonly ready: Promise<void>;

  constructor(
    connection: Connection,
    private readonly session: string,
    parentPid: number,
    private readonly handlers: IoHandlers,
  ) {
    const workerData: IoOptions = {
      connection,
      session,
      taken: this.taken.buffer as SharedArrayBuffer,
      closed: this.closed.buffer as SharedArrayBuffer,
      parentPid,
    };
    this.worker = new Worker(new URL("./io-worker.js", import.meta.url), {
      workerData,
      stdout: false,
      stderr: false,
    });
    this.ready = new Promise((resolve, reject) => {
      this.worker.on("error", reject);
      this.worker.on("message", (message: FromIo) => this.receive(message, resolve, reject));
    });
  }

  private receive(message: FromIo, resolve: () => void, reject: (error: Error) => void): void {
    switch (message.kind) {
      case "ready":
        resolve();
        break;
      case "failed":
        reject(new Error(message.reason));
        break;
      case "message":
        this.handlers.message(message.channel, message.message);
        break;
      case "interrupt":
        Atomics.add(this.taken, 0, 1);
        this.handlers.interrupt();
        break;
      case "fence":
        this.fences.get(message.id)?.();
        this.fences.delete(message.id);
        break;
      case "closed":
        this.onClosed();
        break;
      default:
        message satisfies never;
    }
  }

  private post(message: ToIo): void {
    this.worker.postMessage(message);
  }

  /** Publishes to every front end. `parent` is the header that the message belongs to, "{}" for none. */
  publish(msgType: string, parent: string, content: object, options: SendOptions = {}): void {
    const topic = Buffer.from(msgType);
    this.send("iopub", [topic], msgType, parent, content, options);
  }

  /** Publishes text of a cell. It leaves this thread at once: a loop that never yields still shows what it prints. */
  publishText(name: "stdout" | "stderr", parent: string, text: string): void {
    this.post({ kind: "text", name, parent, text });
  }

  reply(request: Request, msgType: string, content: object, options: SendOptions = {}): void {
    this.send(request.channel, request.identities, msgType, request.header, content, options);
  }

  private send(
    channel: Channel | "iopub",
    identities: Uint8Array[],
    msgType: string,
    parent: string,
    content: object,
    { buffers = [], metadata = {} }: SendOptions,
  ): void {
    const header = JSON.stringify(newHeader(msgType, this.session));
    const message: RawMessage = {
      identities,
      header,
      parent,
      metadata: JSON.stringify(metadata),
      content: JSON.stringify(content),
      // Copied out of its pool, or the whole pool would cross the thread boundary with each small buffer.
      buffers: buffers.map((buffer) =>
        buffer.byteLength === buffer.buffer.byteLength ? buffer : buffer.slice(),
      ),
    };
    this.post({ kind: "send", channel, message });
  }

  /** Asks a front end something on the stdin channel. The answer comes as a message. */
  ask(request: Request, content: object): void {
    this.send("stdin", request.identities, "input_request", request.header, content, {});
  }

  /** Resolves when all requests that were sent before now, or within `graceMs`, have been passed to the handlers. */
  fence(graceMs: number): Promise<void> {
    const id = this.nextFence++;
    return new Promise((resolve) => {
      this.fences.set(id, resolve);
      this.post({ kind: "fence", id, graceMs });
    });
  }

  interrupt(): void {
    this.post({ kind: "interrupt" });
  }

  /** Lets another thread interrupt by posting to `port`, also while this one is stuck. */
  listenForSignals(port: MessagePort): void {
    this.worker.postMessage({ kind: "signals", port } satisfies ToIo, [port]);
  }

  /** As close, for a process that ends now: waits here, because no promise is kept any more. */
  closeAtExit(): void {
    this.post({ kind: "close" });
    Atomics.wait(this.closed, 0, 0, EXIT_MS);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.onClosed = resolve;
      this.post({ kind: "close" });
    });
  }
}
