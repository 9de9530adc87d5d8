/**
 * The Jupyter wire protocol: frames in, frames out. Pure functions over bytes; no sockets here.
 *
 * A message on the wire is `[identity…, <IDS|MSG>, signature, header, parent, metadata, content, buffer…]`. The signature is
 * an HMAC over the four JSON parts only; binary buffers follow unsigned. https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

export const PROTOCOL_VERSION = "5.5";
/** The longest frame that the shell takes, in bytes: buffers are unsigned, so anyone on the machine may send some. */
export const MAX_FRAME_BYTES = 512 * 2 ** 20;
/** The same for control and stdin, whose messages have no buffers. */
export const MAX_SMALL_FRAME_BYTES = 16 * 2 ** 20;
const DELIMITER = Buffer.from("<IDS|MSG>");

/** What a connection file says: where to listen and how to sign. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signatureScheme: string;
  readonly ports: { shell: number; iopub: number; stdin: number; control: number; hb: number };
}

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

/** A message whose JSON parts are still text, so that it crosses threads as cheaply as a string. */
export interface RawMessage {
  readonly identities: Uint8Array[];
  readonly header: string;
  readonly parent: string;
  readonly metadata: string;
  readonly content: string;
  readonly buffers: Uint8Array[];
}

/** A message from outside, with what its header says. */
export interface Received extends RawMessage {
  readonly type: string;
  readonly id: string;
  /** The subshell that it is for (JEP 91); undefined for the main shell. */
  readonly subshell: string | undefined;
}

/** Why a message was dropped; the kernel logs it and carries on. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Signs and checks messages with the key of one connection file; an empty key means unsigned, as the protocol has it. */
export class Signer {
  readonly #key: string;
  readonly #scheme: string;
  readonly #remember: number;
  /** Signatures already seen: a message sent a second time is a replay. Bounded, oldest forgotten first. */
  readonly #seen = new Set<string>();

  constructor(key: string, scheme = "hmac-sha256", remember = 65_536) {
    this.#key = key;
    this.#scheme = scheme;
    this.#remember = remember;

    if (!/^hmac-\w+$/.test(scheme)) {
      throw new WireError(
        `Signature scheme "${scheme}" in the connection file is not known; expected one like "hmac-sha256".`,
      );
    }
  }

  sign(parts: readonly (string | Uint8Array)[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#scheme.slice("hmac-".length), this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  /** Throws WireError when `signature` is not that of `parts`, or was seen before. */
  check(signature: string, parts: readonly Uint8Array[]): void {
    if (this.#key === "") return;
    const expected = Buffer.from(this.sign(parts));
    const found = Buffer.from(signature);
    // Constant time, so that no process on the same machine can guess a signature byte by byte.
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) {
      throw new WireError(
        "A message with a wrong signature was dropped: its sender does not have this kernel's key.",
      );
    }
    if (this.#seen.has(signature)) {
      throw new WireError("A message that was sent before was dropped: its signature was already used.");
    }
    this.#seen.add(signature);
    if (this.#seen.size > this.#remember) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        if (this.#seen.size <= this.#remember * 0.9) break;
      }
    }
  }
}

/** The JSON object that `text` is. Throws WireError on anything else: `null` and `5` are JSON too. */
function parseObject(text: string, part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WireError(`A message was dropped: its ${part} is not JSON (${(error as Error).message}).`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WireError(`A message was dropped: its ${part} is ${shown(value)}; expected a JSON object.`);
  }
  return value as Record<string, unknown>;
}

const shown = (value: unknown) => String(JSON.stringify(value)).slice(0, 40);

/** Frames to message, checked. Throws WireError on a missing delimiter or part, a wrong signature, or a part that is not an object. */
export function decode(frames: readonly Buffer[], signer: Signer): Received {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (at < 0) throw new WireError("A message without <IDS|MSG> was dropped.");
  const [signature, header, parent, metadata, content, ...buffers] = frames.slice(at + 1);
  if (!signature || !header || !parent || !metadata || !content) {
    throw new WireError(`A message with ${frames.length - at - 1} parts was dropped; expected at least 5.`);
  }
  signer.check(signature.toString("latin1"), [header, parent, metadata, content]);
  const {
    msg_type: type,
    msg_id: id,
    subshell_id: subshell,
  } = parseObject(header.toString("utf8"), "header");
  if (typeof type !== "string" || typeof id !== "string") {
    throw new WireError(
      `A message was dropped: its header has msg_type ${shown(type)} and msg_id ${shown(id)}; expected strings.`,
    );
  }
  for (const [part, bytes] of Object.entries({ "parent header": parent, metadata, content })) {
    // What is an object is parsed where it is needed; only its first character is looked at here.
    if (!/^\s*\{/.test(bytes.toString("latin1", 0, 64))) parseObject(bytes.toString("utf8"), part);
  }
  return {
    type,
    id,
    subshell: typeof subshell === "string" ? subshell : undefined,
    identities: frames.slice(0, at).map((frame) => new Uint8Array(frame)),
    header: header.toString("utf8"),
    parent: parent.toString("utf8"),
    metadata: metadata.toString("utf8"),
    content: content.toString("utf8"),
    buffers: buffers.map((frame) => new Uint8Array(frame)),
  };
}

/** Message to frames, signed. */
export function encode(message: RawMessage, signer: Signer): (string | Uint8Array)[] {
  const { identities, header, parent, metadata, content, buffers } = message;
  const signature = signer.sign([header, parent, metadata, content]);
  return [...identities, DELIMITER, signature, header, parent, metadata, content, ...buffers];
}

/** A fresh header; every message has an id of its own. */
export function newHeader(msgType: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type: msgType,
    version: PROTOCOL_VERSION,
  };
}

/** Reads a connection file's JSON. Throws WireError that names what is missing. */
export function parseConnection(text: string, file: string): Connection {
  const json = JSON.parse(text) as Record<string, unknown>;
  const port = (name: string): number => {
    const value = json[`${name}_port`];
    if (typeof value !== "number") {
      throw new WireError(
        `${file} has no number "${name}_port". It should be a Jupyter connection file; Jupyter passes its path in place of {connection_file}.`,
      );
    }
    return value;
  };
  const text_ = (name: string, otherwise: string) => {
    const value = json[name];
    return typeof value === "string" ? value : otherwise;
  };
  return {
    transport: text_("transport", "tcp"),
    ip: text_("ip", "127.0.0.1"),
    key: text_("key", ""),
    signatureScheme: text_("signature_scheme", "") || "hmac-sha256",
    ports: {
      shell: port("shell"),
      iopub: port("iopub"),
      stdin: port("stdin"),
      control: port("control"),
      hb: port("hb"),
    },
  };
}

/** The ZeroMQ address of one port: `tcp://ip:port`, or `ipc://path-port`. */
export function address(connection: Connection, port: number): string {
  return `${connection.transport}://${connection.ip}${connection.transport === "tcp" ? ":" : "-"}${port}`;
}
