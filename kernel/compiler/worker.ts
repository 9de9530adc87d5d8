/**
 * The compiler thread: the type checker behind messages.
 *
 * It has a thread of its own so that completion never stutters a running cell, and so that an interrupt can never end the compiler
 * halfway through its state. Turning decorators into what Node runs needs no types, so it does not wait for them to be loaded.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Checker } from "./checker.js";
import type { CompileRequest, WorkerMessage, WorkerOptions } from "./protocol.js";
import { fallbackModules } from "./resolve.js";
import { loadTypeScript } from "./typescript.js";

interface Asked {
  readonly id: number;
  readonly request: CompileRequest;
}

/** The first cells should not wait for the disk. */
const SAVE_CACHE_MS = 1_500;

const port = parentPort!;
const { folder, cacheFolder, keepsProgram = true } = workerData as WorkerOptions;
const { ts, saveCache } = loadTypeScript(cacheFolder);
const checker = new Checker(ts, folder, keepsProgram, fallbackModules);

const post = (message: WorkerMessage) => port.postMessage(message);

function handle({ id, request }: Asked): void {
  try {
    post({ kind: "answer", id, answer: checker.answer(request) as never });
  } catch (error) {
    post({
      kind: "error",
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

function waiting(): Asked[] {
  const asked: Asked[] = [];
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port))
    asked.push(got.message as Asked);
  return asked;
}

const first = waiting();
const handleAll = (isIt: (kind: CompileRequest["kind"]) => boolean) => {
  for (const asked of first) if (isIt(asked.request.kind)) handle(asked);
};
handleAll((kind) => kind === "lower");
checker.load();
handleAll((kind) => kind === "recall");
post({ kind: "ready" });
handleAll((kind) => kind !== "lower" && kind !== "recall");
port.on("message", handle);
setTimeout(saveCache, SAVE_CACHE_MS).unref();
