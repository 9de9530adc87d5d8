/**
 * The compiler thread: tslab's converter behind messages.
 *
 * It has a thread of its own so that completion never stutters a running cell, and so that an interrupt can never end the compiler
 * halfway through its state. It begins with the language's own library, which is read soonest; Node's types and all packages
 * follow when somebody needs them, or when nobody has asked for anything for a moment. A cell compiled before that only counts if it
 * has no errors: whatever was not found may be in what is still to come.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Answers } from "./answers.js";
import { patchCompiler } from "./patch.js";
import type { CompileRequest, WorkerOptions } from "./protocol.js";
import { fallbackModules, patchFileSystem } from "./resolve.js";
import { loadTypeScript } from "./typescript.js";

interface Asked {
  readonly id: number;
  readonly request: CompileRequest;
}

/** So long nobody must have asked for Node's types to be read: the cells of a "run all" come closer than this. */
const IDLE_MS = 25;
/** The first cells should not wait for the disk. */
const SAVE_CACHE_MS = 1_500;

const port = parentPort!;
const { folder, cacheFolder, keepsProgram = true } = workerData as WorkerOptions;
const { ts, saveCache } = loadTypeScript(cacheFolder);
patchFileSystem(ts, folder);
const patched = patchCompiler(ts, folder, keepsProgram);
const answers = new Answers(ts, patched, () => fallbackModules(folder));
let hasTypes = false;
let idle: NodeJS.Timeout | undefined;

function loadTypes(): void {
  hasTypes = true;
  clearTimeout(idle);
  patched.loadTypes();
}

/** True if a request cannot be answered with the language's own library: it imports, or asks what there is. */
function needsTypes(request: CompileRequest): boolean {
  if (request.kind === "isComplete") return false;
  if (request.kind !== "compile") return true;
  return /\b(import|require)\b|\/\*\*/.test(request.declarations + request.code);
}

function answer(request: CompileRequest): unknown {
  if (!hasTypes && needsTypes(request)) loadTypes();
  const found = answers.answer(request);
  if (hasTypes || request.kind !== "compile" || (found as { kind: string }).kind === "compiled") return found;
  loadTypes();
  return answers.answer(request);
}

function handle({ id, request }: Asked): void {
  try {
    port.postMessage({ id, answer: answer(request) });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    port.postMessage({ id, error: text });
  }
  waitForIdle();
}

function waitForIdle(): void {
  if (hasTypes) return;
  clearTimeout(idle);
  idle = setTimeout(() => {
    loadTypes();
    warmUp();
  }, IDLE_MS);
}

/** Makes the next cell fast: a program is made when something is compiled. */
function warmUp(): void {
  answers.answer({ kind: "compile", declarations: "", code: "1" });
}

function waiting(): Asked[] {
  const asked: Asked[] = [];
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port))
    asked.push(got.message as Asked);
  return asked;
}

const first = waiting();
if (first.some(({ request }) => needsTypes(request))) loadTypes();
if (first.length === 0) warmUp();
for (const asked of first) handle(asked);
port.on("message", handle);
waitForIdle();
setTimeout(saveCache, SAVE_CACHE_MS).unref();
