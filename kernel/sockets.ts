/**
 * The kernel's five sockets, in the I/O thread: they are bound here, and messages are signed, checked, sent and read.
 *
 * What a message asks for is not known here.
 */
import { Reply, Router, XPublisher } from "#zeromq";
import type { Channel } from "./io-protocol.js";
import { Outbox } from "./outbox.js";
import { toJson } from "./text.js";
import {
  address,
  type Connection,
  decode,
  encode,
  MAX_FRAME_BYTES,
  MAX_SMALL_FRAME_BYTES,
  newHeader,
  type RawMessage,
  type Received,
  Signer,
  WireError,
} from "./wire.js";

export class Sockets {
  readonly #connection: Connection;
  /** The session that headers name. */
  readonly #session: string;
  readonly #warn: (error: unknown) => void;
  readonly #signer: Signer;
  // linger: what is queued at exit still gets a second to leave.
  readonly #iopub = new XPublisher({ linger: 1_000, sendHighWaterMark: 0, verbosity: "allSubs" });
  readonly #routers: Readonly<Record<Channel, Router>>;
  readonly #heartbeat = new Reply({ linger: 0, maxMessageSize: MAX_SMALL_FRAME_BYTES });
  readonly #outboxes: Readonly<Record<Channel | "iopub", Outbox>>;

  constructor(connection: Connection, session: string, warn: (error: unknown) => void) {
    this.#connection = connection;
    this.#session = session;
    this.#warn = warn;
    this.#signer = new Signer(connection.key, connection.signatureScheme);
    const small = { linger: 1_000, sendHighWaterMark: 0, maxMessageSize: MAX_SMALL_FRAME_BYTES };
    const shell = new Router({ ...small, receiveHighWaterMark: 0, maxMessageSize: MAX_FRAME_BYTES });
    this.#routers = { shell, control: new Router(small), stdin: new Router(small) };
    const { control, stdin } = this.#routers;
    this.#outboxes = {
      iopub: new Outbox(this.#iopub, warn),
      shell: new Outbox(shell, warn),
      control: new Outbox(control, warn),
      stdin: new Outbox(stdin, warn),
    };
  }

  /** Rejects if a port can't be bound. */
  async bind(): Promise<void> {
    const { ports } = this.#connection;
    const at = (port: number) => address(this.#connection, port);
    await Promise.all([
      this.#iopub.bind(at(ports.iopub)),
      this.#routers.shell.bind(at(ports.shell)),
      this.#routers.control.bind(at(ports.control)),
      this.#routers.stdin.bind(at(ports.stdin)),
      this.#heartbeat.bind(at(ports.hb)),
    ]);
  }

  /** Starts to read: each message goes to the handler of its channel; heartbeats and subscribers are answered here. */
  listen(handlers: Readonly<Record<Channel, (message: Received) => void>>): void {
    for (const channel of ["shell", "control", "stdin"] as const) void this.#read(channel, handlers[channel]);
    void this.#beat();
    void this.#welcome();
  }

  send(channel: Channel | "iopub", message: RawMessage): void {
    this.#outboxes[channel].push(encode(message, this.#signer));
  }

  /** Publishes to every front end. `parent` is the header that the message belongs to. */
  publish(msgType: string, parent: string, content: object, topic: Uint8Array = Buffer.from(msgType)): void {
    this.send("iopub", this.#message([topic], msgType, parent, content));
  }

  /** Answers a request from here, between the two statuses that belong to it. */
  answer(request: Received, channel: Channel, content: object): void {
    const { type, header, identities } = request;
    this.publish("status", header, { execution_state: "busy" });
    this.send(channel, this.#message(identities, type.replace(/_request$/, "_reply"), header, content));
    this.publish("status", header, { execution_state: "idle" });
  }

  /** Resolves when what was sent has left. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.flushed()));
    for (const socket of [this.#iopub, ...Object.values(this.#routers), this.#heartbeat]) socket.close();
  }

  #message(identities: Uint8Array[], msgType: string, parent: string, content: object): RawMessage {
    const header = JSON.stringify(newHeader(msgType, this.#session));
    return { identities, header, parent, metadata: "{}", content: toJson(content), buffers: [] };
  }

  async #read(channel: Channel, handle: (message: Received) => void): Promise<void> {
    for await (const frames of this.#routers[channel]) {
      try {
        handle(decode(frames, this.#signer));
      } catch (error) {
        // One bad message must not stop the reading. Anything but a WireError is our own fault, so its stack is logged.
        this.#warn(error instanceof WireError ? error : ((error as Error).stack ?? error));
      }
    }
  }

  /** Greets each subscriber, so that it knows from when on it misses nothing (JEP 65). */
  async #welcome(): Promise<void> {
    for await (const [frame] of this.#iopub) {
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1);
      this.publish("iopub_welcome", "{}", { subscription: subscription.toString() }, subscription);
    }
  }

  async #beat(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}
