/**
 * One ZMTP 3.0 connection by hand (https://rfc.zeromq.org/spec/23/), for what ZeroMQ itself would never send.
 *
 * Only what tests need: no security mechanism, frames in whole messages, and a frame's length without its body.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const MORE = 1;
const LONG = 2;
const COMMAND = 4;
const GREETING_BYTES = 64;

/** A frame's flags and its length in eight bytes. */
function frameHeader(flags: number, bytes: number): Buffer {
  const header = Buffer.alloc(9);
  header[0] = flags | LONG;
  header.writeBigUInt64BE(BigInt(bytes), 1);
  return header;
}

function greeting(): Buffer {
  const bytes = Buffer.alloc(GREETING_BYTES);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
  bytes.write("NULL", 12, "latin1");
  return bytes;
}

function ready(socketType: string): Buffer {
  const value = Buffer.from(socketType);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  const body = Buffer.concat([Buffer.from("\x05READY\x0bSocket-Type"), length, value]);
  return Buffer.concat([frameHeader(COMMAND, body.length), body]);
}

export class ZmtpPeer {
  /** When the other side has ended the connection. */
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // A reset is an end, too: the other side may close with bytes of ours unread.
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => socket.once("close", resolve));
  }

  static async connect(port: number, socketType: string): Promise<ZmtpPeer> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const peer = new ZmtpPeer(socket);
    socket.write(Buffer.concat([greeting(), ready(socketType)]));
    await peer.#bytes((received) => received.includes("READY"));
    return peer;
  }

  send(frames: readonly (string | Uint8Array)[]): void {
    const bodies = frames.map((frame) => Buffer.from(frame as Uint8Array));
    const parts = bodies.flatMap((body, i) => [
      frameHeader(i < bodies.length - 1 ? MORE : 0, body.length),
      body,
    ]);
    this.#socket.write(Buffer.concat(parts));
  }

  /** Resolves when the other side has sent this text. */
  receives(text: string): Promise<void> {
    return this.#bytes((received) => received.includes(text));
  }

  /** Sends a frame's length and not a byte of the frame. */
  announce(bytes: number): void {
    this.#socket.write(frameHeader(0, bytes));
  }

  async #bytes(done: (received: Buffer) => boolean): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      if (done(Buffer.concat(chunks))) return;
    }
    throw new Error("The connection ended early");
  }
}
