/**
 * The I/O thread: decides who answers a message, and interrupts the main thread.
 *
 * It knows messages and threads, not cells. Messages go to the main thread as they are, except for what must work while the main
 * thread is in `while (true) {}`: interrupts, subshells and the debugger are answered here, and a shutdown is watched over.
 */
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { DebugAdapter } from "./debug/adapter.js";
import { MainSession } from "./debug/main-session.js";
import { noSubshell } from "./errors.js";
import { insideCall } from "./inside.js";
import { Interrupts } from "./interrupts.js";
import { type Answer, type Channel, type FromIo, type IoOptions, SHARED, type ToIo } from "./io-protocol.js";
import { JoinedText } from "./joined-text.js";
import { endProcesses } from "./processes.js";
import { Sockets } from "./sockets.js";
import type { Received } from "./wire.js";

/** How long the main thread may take to take a message before that is answered on top of its code. */
const URGENT_MS = 15;
/** How long an orderly shutdown may take. */
const SHUTDOWN_MS = 2_000;
/** Questions about the session that change nothing and never wait: answered also while a cell does not yield. */
const URGENT = new Set(["kernel_info_request", "comm_info_request", "history_request", "connect_request"]);

const main = parentPort!;
const { connection, session, shared, urgent, answers, signals, parentPid } = workerData as IoOptions;
const counts = new Int32Array(shared);
const post = (message: FromIo) => main.postMessage(message);

/** Further queues of requests, answered while the main shell runs a cell (JEP 91). */
const subshells = new Set<string>();
let children: readonly number[] = [];

/** Writes to the server's log; directly, because a worker's `process.stderr` passes through the main thread. */
function warn(error: unknown): void {
  writeSync(2, `mulab kernel: ${error instanceof Error ? error.message : String(error)}\n`);
}

const sockets = new Sockets(connection, session, warn);

/** For what runs on top of the main thread's code. */
const onTop = new MainSession();

const interrupts = new Interrupts({
  counts,
  onTop,
  ask(id) {
    debugAdapter?.release();
    post({ kind: "interrupt", id });
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
    debugAdapter ??= new DebugAdapter((event) => sockets.publish("debug_event", latestDebug.header, event));
    sockets.answer(message, "control", await debugAdapter.handle(JSON.parse(message.content)));
  });
  debugging = debugging.catch(warn);
}

function onControl(message: Received): void {
  switch (message.type) {
    case "interrupt_request":
      interrupt();
      sockets.answer(message, "control", { status: "ok" });
      return;
    case "debug_request":
      onDebug(message);
      return;
    case "create_subshell_request":
      subshells.add(message.id);
      sockets.answer(message, "control", { status: "ok", subshell_id: message.id });
      return;
    case "list_subshell_request":
      sockets.answer(message, "control", { status: "ok", subshell_id: [...subshells] });
      return;
    case "delete_subshell_request": {
      const { subshell_id: id } = JSON.parse(message.content) as { subshell_id?: unknown };
      const isThere = subshells.delete(String(id));
      sockets.answer(message, "control", isThere ? { status: "ok" } : errorContent(noSubshell(String(id))));
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

/** Requests that came before a signal could interrupt whatever they run; null from then on. */
let early: Received[] | null = [];

function onShell(message: Received): void {
  const { subshell, type } = message;
  if (early !== null && !URGENT.has(type)) {
    early.push(message);
    return;
  }
  if (subshell !== undefined && !subshells.has(subshell)) {
    sockets.answer(message, "shell", errorContent(noSubshell(subshell)));
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

async function close(): Promise<void> {
  await sockets.close();
  onTop.close();
  debugAdapter?.close();
  Atomics.store(counts, SHARED.closed, 1);
  Atomics.notify(counts, SHARED.closed);
  post({ kind: "closed" });
}

const printed = new JoinedText(({ name, parent, text }) => sockets.publish("stream", parent, { name, text }));

main.on("message", (message: ToIo) => {
  if (message.kind === "text") {
    printed.add(message);
    return;
  }
  printed.flush();
  switch (message.kind) {
    case "send":
      sockets.send(message.channel, message.message);
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
      sockets.send("stdin", message.message);
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

/** SIGINT interrupts as a message does. Resolves when it does so whatever the main thread runs, or can't be made to. */
function listenForSigint(): Promise<void> {
  return new Promise((resolve) => {
    signals.on("message", (message: "waiting" | "SIGINT") => {
      if (message === "waiting") resolve();
      else interrupt();
    });
    signals.once("close", resolve);
    signals.unref();
  });
}

async function start(): Promise<void> {
  const armed = listenForSigint();
  try {
    await sockets.bind();
  } catch (error) {
    post({
      kind: "failed",
      reason: (error as Error).message,
    });
    return;
  }
  sockets.listen({ shell: onShell, control: onControl, stdin: onStdin });
  watchParent();
  post({ kind: "ready" });
  // No cell runs before: the main thread's own handler can't interrupt one that never yields, and keeps the signal to itself.
  await armed;
  const waiting = early ?? [];
  early = null;
  for (const message of waiting) onShell(message);
}

void start();
