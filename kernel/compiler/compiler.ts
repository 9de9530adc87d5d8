/** The kernel's view of its compiler thread: questions and answers, in order. */
import { Worker } from "node:worker_threads";
import type { CompileAnswers, CompileRequest, WorkerOptions } from "./protocol.js";

type Answer =
  | { readonly id: number; readonly answer: never }
  | { readonly id: number; readonly error: string };

export class Compiler {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  private nextId = 0;

  constructor(workerData: WorkerOptions) {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData,
      // Compiling makes much short-lived garbage: a large young generation saves a quarter of the start.
      resourceLimits: { maxYoungGenerationSizeMb: 128, maxOldGenerationSizeMb: 2_048 },
    });
    this.worker.on("message", (message: Answer) => {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if ("error" in message) waiting?.reject(new Error(`The TypeScript compiler failed. ${message.error}`));
      else waiting?.resolve(message.answer);
    });
    this.worker.on("error", (error) => {
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    });
  }

  private ask<R extends CompileRequest>(request: R): Promise<CompileAnswers[R["kind"]]> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, request });
    });
  }

  compile(declarations: string, code: string): Promise<CompileAnswers["compile"]> {
    return this.ask({ kind: "compile", declarations, code });
  }

  complete(declarations: string, code: string, position: number): Promise<CompileAnswers["complete"]> {
    return this.ask({ kind: "complete", declarations, code, position });
  }

  inspect(declarations: string, code: string, position: number): Promise<CompileAnswers["inspect"]> {
    return this.ask({ kind: "inspect", declarations, code, position });
  }

  isComplete(code: string): Promise<CompileAnswers["isComplete"]> {
    return this.ask({ kind: "isComplete", code });
  }

  close(): void {
    void this.worker.terminate();
  }
}
