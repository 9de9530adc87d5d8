/** The kernel's view of its compiler thread: questions and answers, in order, and another thread where one is lost. */
import { Worker } from "node:worker_threads";
import { compilerFailed } from "../errors.js";
import type { Script } from "./cell.js";
import type {
  Checked,
  Commit,
  CompileAnswers,
  CompileRequest,
  Completeness,
  Completion,
  Declaring,
  WorkerMessage,
  WorkerOptions,
} from "./protocol.js";

/** How long an answer may still come after an interrupt. */
const GRACE_MS = 500;

interface Waiting {
  readonly request: CompileRequest;
  resolve(answer: never): void;
  reject(error: Error): void;
}

export class Compiler {
  readonly #options: WorkerOptions;
  /** In the order in which they were asked; the thread answers in this order. */
  readonly #waiting = new Map<number, Waiting>();
  /** What the thread must know to answer as it does: a new one gets it. */
  readonly #kept: Declaring[] = [];
  /** Undefined before the start. */
  #worker: Worker | undefined;
  #nextId = 0;
  #isReady = false;
  /** Why the thread no longer runs. */
  #failure: Error | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Starts the thread; nothing if it has been. What was asked before is asked now. */
  start(): void {
    if (this.#worker) return;
    this.#worker = this.#newWorker();
    for (const [id, { request }] of this.#waiting) this.#worker.postMessage({ id, request });
  }

  #newWorker(): Worker {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: this.#options,
      // Compiling makes much short-lived garbage: a large young generation saves a quarter of the start.
      resourceLimits: { maxYoungGenerationSizeMb: 128, maxOldGenerationSizeMb: 2_048 },
    });
    worker.on("message", (message: WorkerMessage) => {
      if (worker === this.#worker) this.#receive(message);
    });
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#failed(error);
    });
    return worker;
  }

  /**
   * Gives up the oldest question if its answer does not come: a type can take for ever to work out.
   *
   * Nothing but its thread can be stopped, so a new one takes its place, and what the cells have declared. Cells that run meanwhile
   * are checked late, as the first ones of a session.
   */
  interrupt(): void {
    const [oldest] = this.#waiting.keys();
    if (oldest === undefined || !this.#isReady) return;
    setTimeout(() => {
      if (this.#waiting.has(oldest)) this.#restart(compilerFailed("It was interrupted."));
    }, GRACE_MS).unref();
  }

  /** The thread has ended by itself: a type may have taken all its memory. */
  #failed(error: Error): void {
    if (this.#isReady) {
      this.#restart(compilerFailed(error.message));
      return;
    }
    this.#failure = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #restart(reason: Error): void {
    void this.#worker?.terminate();
    this.#isReady = false;
    const [[id, culprit] = []] = this.#waiting;
    if (id !== undefined) this.#waiting.delete(id);
    culprit?.reject(reason);
    const worker = this.#newWorker();
    this.#worker = worker;
    const recall: CompileRequest = { kind: "recall", requests: this.#kept };
    worker.postMessage({ id: this.#nextId++, request: recall });
    for (const [each, { request }] of this.#waiting) worker.postMessage({ id: each, request });
  }

  /** True once the compiler has loaded: from then on a cell waits for its types to be checked. */
  get isReady(): boolean {
    return this.#isReady;
  }

  check(code: string, commit: Commit): Promise<Checked> {
    return this.#ask({ kind: "check", code, commit });
  }

  /** Declares a variable of a TypeScript type for the cells after. */
  define(name: string, type: string): void {
    void this.#ask({ kind: "define", name, type }).catch(() => {});
  }

  /** Declares a module that cells import as `./name`. */
  addModule(name: string, code: string): Promise<Checked> {
    return this.#ask({ kind: "addModule", name, code });
  }

  /** Turns decorators and other syntax that this Node can't run into syntax that it can. */
  lower(code: string, isJsx: boolean): Promise<Script> {
    return this.#ask({ kind: "lower", code, isJsx });
  }

  complete(code: string, position: number): Promise<Completion> {
    return this.#ask({ kind: "complete", code, position });
  }

  inspect(code: string, position: number): Promise<string | undefined> {
    return this.#ask({ kind: "inspect", code, position });
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#ask({ kind: "isComplete", code });
  }

  close(): void {
    void this.#worker?.terminate();
  }

  #ask<R extends CompileRequest>(request: R): Promise<CompileAnswers[R["kind"]]> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { request, resolve, reject });
      if (this.#worker) this.#worker.postMessage({ id, request });
      // Cells run before they are checked; everything else waits for its answer.
      else if (request.kind !== "check") this.start();
    });
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "ready") {
      this.#isReady = true;
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    if (message.kind === "error") waiting.reject(compilerFailed(message.error));
    else {
      this.#keep(waiting.request, message.answer);
      waiting.resolve(message.answer);
    }
  }

  /** Keeps what declares something; an answer to a question ("inspect") may be undefined. */
  #keep(request: CompileRequest, answer: unknown): void {
    const declares =
      (request.kind === "check" && (answer as Checked).isKept === true) ||
      request.kind === "define" ||
      (request.kind === "addModule" && (answer as Checked).diagnostics.length === 0);
    if (declares) this.#kept.push(request as Declaring);
  }
}
