/**
 * Comms: two-way channels between code in the kernel and code in a front end, with binary buffers.
 *
 * A comm is opened from either side under a target name. https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
import { randomUUID } from "node:crypto";
import { commClosed } from "../errors.js";

/** Bytes that travel beside a message, unencoded. Any view of a buffer will do to send; Uint8Array arrives. */
export type Bytes = ArrayBuffer | ArrayBufferView;

export interface CommMessage {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly buffers: Uint8Array[];
}

export interface CommSendOptions {
  readonly buffers?: readonly Bytes[];
  readonly metadata?: Record<string, unknown>;
}

export interface Comm {
  readonly id: string;
  readonly target: string;
  readonly isOpen: boolean;
  send(data: object, options?: CommSendOptions): void;
  close(data?: object): void;
  /** Calls `handler` with each message of the front end, in the scope of the cell that called onMessage. Returns how to stop. */
  onMessage(handler: (message: CommMessage) => void): () => void;
  /** Calls `handler` when the front end has closed it. */
  onClose(handler: (message: CommMessage) => void): () => void;
}

/** Called with each comm that a front end opens under a target name. */
export type TargetHandler = (comm: Comm, message: CommMessage) => void;

/** What comms need of the kernel. */
export interface CommHost {
  publish(
    msgType: string,
    content: object,
    options: { buffers?: readonly Uint8Array[]; metadata?: object },
  ): void;
  /** Keeps the current cell for later: a handler's output belongs to the cell that registered it. */
  bind<A extends unknown[]>(handler: (...args: A) => void): (...args: A) => void;
  /** A handler threw: the message is lost, the kernel is not. */
  report(error: unknown): void;
}

export function toUint8Array(bytes: Bytes): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

/** A set of handlers, each called with the same arguments. One that throws is reported, and the others are called all the same. */
export class Handlers<A extends unknown[]> {
  readonly #all = new Set<(...args: A) => void>();
  readonly #host: CommHost;

  constructor(host: CommHost) {
    this.#host = host;
  }

  add(handler: (...args: A) => void): () => void {
    const bound = this.#host.bind(handler);
    this.#all.add(bound);
    return () => this.#all.delete(bound);
  }

  call(...args: A): void {
    for (const handler of this.#all) {
      try {
        handler(...args);
      } catch (error) {
        this.#host.report(error);
      }
    }
  }
}

class KernelComm implements Comm {
  readonly #host: CommHost;
  readonly #forget: (id: string) => void;
  isOpen = true;
  readonly messages: Handlers<[CommMessage]>;
  readonly closes: Handlers<[CommMessage]>;

  constructor(
    readonly id: string,
    readonly target: string,
    host: CommHost,
    forget: (id: string) => void,
  ) {
    this.#host = host;
    this.#forget = forget;
    this.messages = new Handlers(host);
    this.closes = new Handlers(host);
  }

  send(data: object, { buffers = [], metadata = {} }: CommSendOptions = {}): void {
    if (!this.isOpen) {
      throw commClosed(this.id, this.target);
    }
    this.#host.publish(
      "comm_msg",
      { comm_id: this.id, data },
      { buffers: buffers.map(toUint8Array), metadata },
    );
  }

  close(data: object = {}): void {
    if (!this.isOpen) return;
    this.ended();
    this.#host.publish("comm_close", { comm_id: this.id, data }, {});
  }

  ended(): void {
    this.isOpen = false;
    this.#forget(this.id);
  }

  onMessage(handler: (message: CommMessage) => void): () => void {
    return this.messages.add(handler);
  }

  onClose(handler: (message: CommMessage) => void): () => void {
    return this.closes.add(handler);
  }
}

/** The content of a comm_open, comm_msg or comm_close from a front end. */
interface CommContent {
  readonly comm_id: string;
  readonly target_name?: string;
  readonly data?: Record<string, unknown>;
}

export class CommManager {
  readonly #comms = new Map<string, KernelComm>();
  readonly #targets = new Map<string, TargetHandler>();

  constructor(readonly host: CommHost) {}

  registerTarget(name: string, handler: TargetHandler): () => void {
    const bound = this.host.bind(handler);
    this.#targets.set(name, bound);
    return () => {
      if (this.#targets.get(name) === bound) this.#targets.delete(name);
    };
  }

  open(target: string, data: object = {}, options: CommSendOptions & { id?: string } = {}): Comm {
    const comm = this.#add(options.id ?? randomUUID(), target);
    const buffers = (options.buffers ?? []).map(toUint8Array);
    const content = { comm_id: comm.id, target_name: target, data };
    this.host.publish("comm_open", content, { buffers, metadata: options.metadata ?? {} });
    return comm;
  }

  /** The open comms, as comm_info_reply lists them. */
  info(target?: string): Record<string, { target_name: string }> {
    const open = [...this.#comms.values()].filter((comm) => target === undefined || comm.target === target);
    return Object.fromEntries(open.map((comm) => [comm.id, { target_name: comm.target }]));
  }

  /** A comm message of a front end. */
  handle(
    msgType: string,
    content: CommContent,
    metadata: Record<string, unknown>,
    buffers: Uint8Array[],
  ): void {
    const message: CommMessage = { data: content.data ?? {}, metadata, buffers };
    if (msgType === "comm_open") {
      this.#accept(content, message);
      return;
    }
    const comm = this.#comms.get(content.comm_id);
    // A front end that outlived a restart still sends to comms of the kernel before.
    if (!comm) return;
    if (msgType === "comm_msg") comm.messages.call(message);
    else {
      comm.ended();
      comm.closes.call(message);
    }
  }

  #accept(content: CommContent, message: CommMessage): void {
    const target = content.target_name ?? "";
    const handler = this.#targets.get(target);
    if (!handler) {
      // The protocol's answer to an unknown target: close it at once.
      this.host.publish("comm_close", { comm_id: content.comm_id, data: {} }, {});
      return;
    }
    const comm = this.#add(content.comm_id, target);
    try {
      handler(comm, message);
    } catch (error) {
      this.host.report(error);
      comm.close();
    }
  }

  #add(id: string, target: string): KernelComm {
    const comm = new KernelComm(id, target, this.host, (closed) => this.#comms.delete(closed));
    this.#comms.set(id, comm);
    return comm;
  }
}
