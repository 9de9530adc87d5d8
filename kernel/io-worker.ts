/**
 * The I/O thread: owns all five sockets, signs and checks, answers heartbeats, and interrupts the main thread.
 *
 * It knows frames and threads, not cells. Messages go to the main thread as they are, except for what must work while the main
 * thread is in `while (true) {}`: interrupts, subshells and the debugger are answered here, and a shutdown is watched over.
 */
import { writeSync } from "node:fs";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { Reply, Router, XPublisher } from "#zeromq";
import type { DebugAdapter } from "./debug/adapter.js";
import { MainSession } from "./debug/main-session.js";
import { noSubshell } from "./errors.js";
import { insideCall } from "./inside.js";
import { Interrupts } from "./interrupts.js";
import { type Answer, type Channel, type FromIo, type IoOptions, SHARED, type ToIo } from "./io-protocol.js";
import { JoinedText } from "./joined-text.js";
import { Outbox } from "./outbox.js";
import { endProcesses } from "./processes.js";
import { toJson } from "./text.js";
import {
  address,
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

/** How long the main thread may take to take a message before that is answered on top of its code. */
const URGENT_MS = 15;
/** How long an orderly shutdown may take. */
const SHUTDOWN_MS = 2_000;
/** Questions about the session that change nothing and never wait: answered also while a cell does not yield. */
const URGENT = new Set(["kernel_info_request", "comm_info_request", "history_request", "connect_request"]);

const main = parentPort!;
const { connection, session, shared, urgent, answers, parentPid } = workerData as IoOptions;
const signer = new Signer(connection.key, connection.signatureScheme);
const counts = new Int32Array(shared);
const post = (message: FromIo) => main.postMessage(message);

// linger: what is queued at exit still gets a second to leave.
const iopub = new XPublisher({ linger: 1_000, sendHighWaterMark: 0, verbosity: "allSubs" });
const small = { linger: 1_000, sendHighWaterMark: 0, maxMessageSize: MAX_SMALL_FRAME_BYTES };
const routers: Record<Channel, Router> = {
  shell: new Router({ ...small, receiveHighWaterMark: 0, maxMessageSize: MAX_FRAME_BYTES }),
  control: new Router(small),
  stdin: new Router(small),
};
const heartbeat = new Reply({ linger: 0, maxMessageSize: MAX_SMALL_FRAME_BYTES });
/** Further queues of requests, answered while the main shell runs a cell (JEP 91). */
const subshells = new Set<string>();
let children: readonly number[] = [];

const outboxes = {
  iopub: new Outbox(iopub, warn),
  shell: new Outbox(routers.shell, warn),
  control: new Outbox(routers.control, warn),
  stdin: new Outbox(routers.stdin, warn),
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
    content: toJson(content),
    buffers: [],
  };
  outboxes[channel].push(encode(message, signer));
}

/** Answers a request here, between the two statuses that belong to it. */
function answerHere(message: Received, channel: Channel, content: object): void {
  reply("status", message, { execution_state: "busy" }, "iopub");
  reply(message.type.replace(/_request$/, "_reply"), message, content, channel);
  reply("status", message, { execution_state: "idle" }, "iopub");
}

/** For what runs on top of the main thread's code. */
const onTop = new MainSession();

const interrupts = new Interrupts({
  counts,
  onTop,
  ask() {
    debugAdapter?.release();
    post({ kind: "interrupt" });
    cancelQuestion();
  },
  children: () => children,
  skipPauses: (skip) => debugAdapter?.skipPauses(skip),
  warn,
});
const interrupt = () => interrupts.interrupt();

let urgentSent = 0;

/** Passes on a message that must not wait for a cell that never yields: after a moment it is handled on top of that cell. */
function postUrgent(channel: Channel, message: Received): void {
  urgent.postMessage({ channel, message });
  urgentSent++;
  setTimeout(() => {
    const isTaken = Atomics.load(counts, SHARED.urgentTaken) === urgentSent;
    if (isTaken || Atomics.load(counts, SHARED.listening) === 0) return;
    onTop.send("Runtime.evaluate", { expression: insideCall("takeAllUrgent") }).catch(warn);
  }, URGENT_MS);
}

let debugAdapter: DebugAdapter | undefined;
/** Events are its children: the protocol wants a parent for them. */
let latestDebug: Received;
let debugging: Promise<unknown> = Promise.resolve();

/** One request after the other, as they came. Loaded for the first one: most notebooks never ask. */
function onDebug(message: Received): void {
  latestDebug = message;
  debugging = debugging.then(async () => {
    const { DebugAdapter } = await import("./debug/adapter.js");
    debugAdapter ??= new DebugAdapter((event) => reply("debug_event", latestDebug, event, "iopub"));
    answerHere(message, "control", await debugAdapter.handle(JSON.parse(message.content)));
  });
  debugging = debugging.catch(warn);
}

function onControl(message: Received): void {
  switch (message.type) {
    case "interrupt_request":
      interrupt();
      answerHere(message, "control", { status: "ok" });
      return;
    case "debug_request":
      onDebug(message);
      return;
    case "create_subshell_request":
      subshells.add(message.id);
      answerHere(message, "control", { status: "ok", subshell_id: message.id });
      return;
    case "list_subshell_request":
      answerHere(message, "control", { status: "ok", subshell_id: [...subshells] });
      return;
    case "delete_subshell_request": {
      const { subshell_id: id } = JSON.parse(message.content) as { subshell_id?: unknown };
      const isThere = subshells.delete(String(id));
      answerHere(message, "control", isThere ? { status: "ok" } : errorContent(noSubshell(String(id))));
      if (isThere) post({ kind: "subshell-deleted", id: String(id) });
      return;
    }
    case "shutdown_request":
      watchShutdown();
      post({ kind: "message", channel: "control", message });
      return;
    default:
      if (URGENT.has(message.type)) postUrgent("control", message);
      else post({ kind: "message", channel: "control", message });
  }
}

const errorContent = ({ name, message }: Error) => ({
  status: "error",
  ename: name,
  evalue: message,
  traceback: [`${name}: ${message}`],
});

function onShell(message: Received): void {
  const { subshell, type } = message;
  if (subshell !== undefined && !subshells.has(subshell)) {
    answerHere(message, "shell", errorContent(noSubshell(subshell)));
  } else if (subshell !== undefined || URGENT.has(type)) postUrgent("shell", message);
  else post({ kind: "message", channel: "shell", message });
}

/** True while the main thread waits for the answer to a question. */
let isAsking = false;

function answerQuestion(value: string | null): void {
  isAsking = false;
  answers.postMessage({ value } satisfies Answer);
  Atomics.store(counts, SHARED.answered, 1);
  Atomics.notify(counts, SHARED.answered);
}

function cancelQuestion(): void {
  if (isAsking) answerQuestion(null);
}

function onStdin(message: Received): void {
  if (isAsking && message.type === "input_reply") {
    const { value } = JSON.parse(message.content) as { value?: unknown };
    answerQuestion(String(value ?? ""));
  } else post({ kind: "message", channel: "stdin", message });
}

/** A main thread that is stuck cannot shut down: free it, and if that does not help, end the process. */
function watchShutdown(): void {
  interrupt();
  setTimeout(end, SHUTDOWN_MS).unref();
}

/** Ends this process and those that cells have started, at once. */
function end(): void {
  endProcesses(children);
  process.kill(process.pid, "SIGKILL");
}

const HANDLERS: Record<Channel, (message: Received) => void> = {
  shell: onShell,
  control: onControl,
  stdin: onStdin,
};

async function receive(channel: Channel): Promise<void> {
  for await (const frames of routers[channel]) {
    try {
      HANDLERS[channel](decode(frames, signer));
    } catch (error) {
      // Whatever one message is, the next one is read. What is not a WireError is a fault of ours, and its place is logged.
      warn(error instanceof WireError ? error : ((error as Error).stack ?? error));
    }
  }
}

/** Greets each subscriber, so that it knows from when on it misses nothing (JEP 65). */
async function welcome(): Promise<void> {
  for await (const [frame] of iopub) {
    if (frame?.[0] !== 1) continue;
    const subscription = frame.subarray(1);
    const message: RawMessage = {
      identities: [subscription],
      header: JSON.stringify(newHeader("iopub_welcome", session)),
      parent: "{}",
      metadata: "{}",
      content: toJson({ subscription: subscription.toString() }),
      buffers: [],
    };
    outboxes.iopub.push(encode(message, signer));
  }
}

async function beat(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

async function close(): Promise<void> {
  await Promise.all(Object.values(outboxes).map((outbox) => outbox.flushed()));
  for (const socket of [iopub, ...Object.values(routers), heartbeat]) socket.close();
  onTop.close();
  debugAdapter?.close();
  Atomics.store(counts, SHARED.closed, 1);
  Atomics.notify(counts, SHARED.closed);
  post({ kind: "closed" });
}

const printed = new JoinedText(({ name, parent, text }) => {
  const message: RawMessage = {
    identities: [Buffer.from("stream")],
    header: JSON.stringify(newHeader("stream", session)),
    parent,
    metadata: "{}",
    content: toJson({ name, text }),
    buffers: [],
  };
  outboxes.iopub.push(encode(message, signer));
});

main.on("message", (message: ToIo) => {
  if (message.kind === "text") {
    printed.add(message);
    return;
  }
  printed.flush();
  switch (message.kind) {
    case "send":
      outboxes[message.channel].push(encode(message.message, signer));
      break;
    case "fence":
      // The sockets are read as fast as messages come, so what the grace lets arrive is passed on before this answer.
      setTimeout(() => setImmediate(() => post({ kind: "fence", id: message.id })), message.graceMs);
      break;
    case "interrupt":
      interrupt();
      break;
    case "ask":
      isAsking = true;
      outboxes.stdin.push(encode(message.message, signer));
      break;
    case "children":
      children = message.pids;
      break;
    case "close":
      void close();
      break;
    default:
      message satisfies never;
  }
});

/** A kernel whose server died would otherwise stay for ever: Jupyter passes its pid, and an orphan gets a new parent. */
function watchParent(): void {
  if (parentPid <= 1) return;
  setInterval(() => {
    try {
      process.kill(parentPid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") end();
    }
  }, 1_000).unref();
}

/** SIGINT interrupts as a message does. Started from here, so that no first cell waits for it and none runs without it. */
function listenForSigint(): void {
  new Worker(new URL("./signal-worker.js", import.meta.url)).on("message", interrupt).unref();
}

async function start(): Promise<void> {
  const { ports } = connection;
  listenForSigint();
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
      reason: (error as Error).message,
    });
    return;
  }
  void receive("shell");
  void receive("control");
  void receive("stdin");
  void beat();
  void welcome();
  watchParent();
  post({ kind: "ready" });
}

void start();
