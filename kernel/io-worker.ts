/**
 * The I/O thread: owns all five sockets, signs and checks, answers heartbeats, and interrupts the main thread.
 *
 * It knows frames and threads, not cells. Messages go to the main thread as they are; only `interrupt_request` is answered here,
 * because the main thread may be in `while (true) {}`, and a shutdown is watched over for the same reason.
 */
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { Publisher, Reply, Router } from "#zeromq";
import type { Channel, FromIo, IoOptions, ToIo } from "./io-protocol.js";
import { BEFORE_END_CALL } from "./recovery.js";
import {
  address,
  decode,
  encode,
  type Header,
  newHeader,
  type RawMessage,
  Signer,
  WireError,
} from "./wire.js";

/** How long the main thread may take to notice an interrupt before it counts as stuck in synchronous code. */
const TAKE_MS = 60;
/** Text waits this long, or until there is this much of it, for more to go with it. */
const TEXT_MS = 10;
const TEXT_CHARS = 65_536;
/** How long it may take to shut down in an orderly way. */
const SHUTDOWN_MS = 2_000;

const main = parentPort!;
const { connection, session, taken, closed, parentPid } = workerData as IoOptions;
const signer = new Signer(connection.key, connection.signatureScheme);
const takenCount = new Int32Array(taken);
const isClosed = new Int32Array(closed);
const post = (message: FromIo) => main.postMessage(message);

// linger: what is queued at exit still gets a second to leave.
const iopub = new Publisher({ linger: 1_000, sendHighWaterMark: 0 });
const routers: Record<Channel, Router> = {
  shell: new Router({ linger: 1_000, sendHighWaterMark: 0, receiveHighWaterMark: 0 }),
  control: new Router({ linger: 1_000, sendHighWaterMark: 0 }),
  stdin: new Router({ linger: 1_000, sendHighWaterMark: 0 }),
};
const heartbeat = new Reply({ linger: 0 });

/** One queue a socket: ZeroMQ.js allows one send at a time, and messages must leave in the order in which they were made. */
class Outbox {
  private readonly queue: (string | Uint8Array)[][] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly socket: Publisher | Router) {}

  push(frames: (string | Uint8Array)[]): void {
    this.queue.push(frames);
    this.sending ??= this.drain();
  }

  flushed(): Promise<void> {
    return this.sending ?? Promise.resolve();
  }

  private async drain(): Promise<void> {
    for (let frames = this.queue.shift(); frames; frames = this.queue.shift()) {
      try {
        await this.socket.send(frames);
      } catch (error) {
        // A router cannot reach a client that went away; everybody else still wants their messages.
        if ((error as NodeJS.ErrnoException).code !== "EHOSTUNREACH") warn(error);
      }
    }
    this.sending = undefined;
  }
}

const outboxes = {
  iopub: new Outbox(iopub),
  shell: new Outbox(routers.shell),
  control: new Outbox(routers.control),
  stdin: new Outbox(routers.stdin),
};

/** Writes to the server's log; directly, because a worker's `process.stderr` goes by way of the main thread. */
function warn(error: unknown): void {
  writeSync(2, `mulab kernel: ${error instanceof Error ? error.message : String(error)}\n`);
}

function reply(msgType: string, to: RawMessage, content: object, channel: Channel | "iopub"): void {
  const message: RawMessage = {
    identities: channel === "iopub" ? [Buffer.from(msgType)] : to.identities,
    header: JSON.stringify(newHeader(msgType, session)),
    parent: to.header,
    metadata: "{}",
    content: JSON.stringify(content),
    buffers: [],
  };
  outboxes[channel].push(encode(message, signer));
}

/**
 * Stops what the main thread runs, and keeps its state.
 *
 * First it is asked: a pending await is let go on the main thread itself. A main thread that does not take the request is in
 * synchronous code, and that V8 ends for us, also inside a microtask, where a signal handler would never run.
 */
function interrupt(): void {
  const before = Atomics.load(takenCount, 0);
  post({ kind: "interrupt" });
  const endUnlessTaken = () => {
    if (Atomics.load(takenCount, 0) === before) endMainThread();
    else {
      // A connected session would keep the process from exiting.
      inspector?.disconnect();
      inspector = undefined;
      isEnding = false;
      return;
    }
    // A second loop may wait in a queued callback, so look again until the main thread answers.
    setTimeout(endUnlessTaken, TAKE_MS);
  };
  setTimeout(endUnlessTaken, TAKE_MS);
}

let inspector: Session | undefined;
/** True from asking V8 to end the main thread's code until it has: a second request would end something innocent. */
let isEnding = false;

function endMainThread(): void {
  if (isEnding) return;
  isEnding = true;
  if (!inspector) {
    inspector = new Session();
    inspector.connectToMainThread();
  }
  // Runs inside the stuck code, on top of its stack; see recovery.ts for why.
  inspector.post("Runtime.evaluate", { expression: BEFORE_END_CALL });
  inspector.post("Runtime.terminateExecution", () => {
    isEnding = false;
  });
}

function onControl(message: RawMessage): void {
  const { msg_type: msgType } = JSON.parse(message.header) as Header;
  if (msgType === "interrupt_request") {
    reply("status", message, { execution_state: "busy" }, "iopub");
    interrupt();
    reply("interrupt_reply", message, { status: "ok" }, "control");
    reply("status", message, { execution_state: "idle" }, "iopub");
    return;
  }
  if (msgType === "shutdown_request") watchShutdown();
  post({ kind: "message", channel: "control", message });
}

/** A main thread that is stuck cannot shut down: free it, and if that does not help, end the process. */
function watchShutdown(): void {
  interrupt();
  setTimeout(() => process.kill(process.pid, "SIGKILL"), SHUTDOWN_MS).unref();
}

async function receive(channel: Channel): Promise<void> {
  for await (const frames of routers[channel]) {
    try {
      const message = decode(frames, signer);
      if (channel === "control") onControl(message);
      else post({ kind: "message", channel, message });
    } catch (error) {
      if (error instanceof WireError || error instanceof SyntaxError) warn(error);
      else throw error;
    }
  }
}

async function beat(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

async function close(): Promise<void> {
  await Promise.all(Object.values(outboxes).map((outbox) => outbox.flushed()));
  for (const socket of [iopub, ...Object.values(routers), heartbeat]) socket.close();
  Atomics.store(isClosed, 0, 1);
  Atomics.notify(isClosed, 0);
  post({ kind: "closed" });
}

let text: { name: "stdout" | "stderr"; parent: string; parts: string[]; chars: number } | undefined;
let textTimer: NodeJS.Timeout | undefined;

/** Sends the text that waits; called before any other message, so that the order is kept. */
function flushText(): void {
  clearTimeout(textTimer);
  if (!text) return;
  const { name, parent, parts } = text;
  text = undefined;
  const message: RawMessage = {
    identities: [Buffer.from("stream")],
    header: JSON.stringify(newHeader("stream", session)),
    parent,
    metadata: "{}",
    content: JSON.stringify({ name, text: parts.join("") }),
    buffers: [],
  };
  outboxes.iopub.push(encode(message, signer));
}

function onText({ name, parent, text: part }: ToIo & { kind: "text" }): void {
  if (text && (text.name !== name || text.parent !== parent || text.chars > TEXT_CHARS)) flushText();
  if (!text) {
    text = { name, parent, parts: [], chars: 0 };
    textTimer = setTimeout(flushText, TEXT_MS);
  }
  text.parts.push(part);
  text.chars += part.length;
}

main.on("message", (message: ToIo) => {
  if (message.kind === "text") {
    onText(message);
    return;
  }
  flushText();
  switch (message.kind) {
    case "send":
      outboxes[message.channel].push(encode(message.message, signer));
      break;
    case "fence":
      // The sockets are read as fast as messages come, so what the grace lets arrive is passed on before this answer.
      setTimeout(() => setImmediate(() => post({ kind: "fence", id: message.id })), message.graceMs);
      break;
    case "signals":
      message.port.on("message", interrupt);
      break;
    case "interrupt":
      interrupt();
      break;
    case "close":
      void close();
      break;
    default:
      message satisfies never;
  }
});

/** A kernel whose server died would otherwise stay for ever: Jupyter tells its pid, and an orphan gets a new parent. */
function watchParent(): void {
  if (parentPid <= 1) return;
  setInterval(() => {
    try {
      process.kill(parentPid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") process.kill(process.pid, "SIGKILL");
    }
  }, 1_000).unref();
}

async function start(): Promise<void> {
  const { ports } = connection;
  try {
    await Promise.all([
      iopub.bind(address(connection, ports.iopub)),
      routers.shell.bind(address(connection, ports.shell)),
      routers.control.bind(address(connection, ports.control)),
      routers.stdin.bind(address(connection, ports.stdin)),
      heartbeat.bind(address(connection, ports.hb)),
    ]);
  } catch (error) {
    post({
      kind: "failed",
      reason: `The kernel could not listen on ${connection.ip} (${(error as Error).message}). Another process may have taken a port of the connection file; restart the kernel.`,
    });
    return;
  }
  void receive("shell");
  void receive("control");
  void receive("stdin");
  void beat();
  watchParent();
  post({ kind: "ready" });
}

void start();
