/** The kernel's view of its compiler thread: questions and answers, in order. */
import { Worker } from "node:worker_threads";
import { compilerFailed } from "../module-errors.js";
import type { Script } from "./cell.js";
import type {
  Checked,
  Commit,
  CompileAnswers,
  CompileRequest,
  Completeness,
  Completion,
  WorkerMessage,
  WorkerOptions,
} from "./protocol.js";

export class Compiler {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  #nextId = 0;
  #isReady = false;

  constructor(workerData: WorkerOptions) {
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData,
      // Compiling makes much short-lived garbage: a large young generation saves a quarter of the start.
      resourceLimits: { maxYoungGenerationSizeMb: 128, maxOldGenerationSizeMb: 2_048 },
    });
    this.#worker.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#worker.on("error", (error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
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

  /** Turns decorators and whatever else this Node can't run into what it can. */
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
    void this.#worker.terminate();
  }

  #ask<R extends CompileRequest>(request: R): Promise<CompileAnswers[R["kind"]]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "ready") {
      this.#isReady = true;
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === "error") waiting?.reject(compilerFailed(message.error));
    else waiting?.resolve(message.answer);
  }
}
