/**
 * The kernel's view of its compiler threads.
 *
 * Two start together. The quick one knows the language's own library only and is ready first; the full one knows Node's types and
 * all packages. A cell goes to the quick one while the full one is still loading, and only counts if it has no errors there:
 * whatever it did not find, the full one decides. When the full one is ready, the quick one is ended.
 */
import { Worker } from "node:worker_threads";
import type { CompileAnswers, CompileRequest, WorkerOptions } from "./protocol.js";

type Answer = { ready: true } | { id: number; answer: never } | { id: number; error: string };

/** One thread, asked by messages. */
class CompilerThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  private nextId = 0;
  isReady = false;
  readonly ready: Promise<void>;

  constructor(workerData: WorkerOptions) {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData,
      // Compiling makes much short-lived garbage: a large young generation saves a quarter of the start.
      resourceLimits: { maxYoungGenerationSizeMb: 128, maxOldGenerationSizeMb: 2_048 },
    });
    this.ready = new Promise((resolve, reject) => {
      this.worker.on("message", (message: Answer) => {
        if ("ready" in message) {
          this.isReady = true;
          resolve();
          return;
        }
        const waiting = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        if ("error" in message)
          waiting?.reject(new Error(`The TypeScript compiler failed. ${message.error}`));
        else waiting?.resolve(message.answer);
      });
      this.worker.on("error", (error) => {
        for (const { reject: fail } of this.waiting.values()) fail(error);
        this.waiting.clear();
        reject(error);
      });
    });
    this.ready.catch(() => {}); // whoever asks hears it
  }

  ask<R extends CompileRequest>(request: R): Promise<CompileAnswers[R["kind"]]> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, request });
    });
  }

  close(): void {
    void this.worker.terminate();
  }
}

export class Compiler {
  private readonly full: CompilerThread;
  private quick: CompilerThread | undefined;

  constructor(folder: string, cacheFolder: string | undefined) {
    const options = { folder, ...(cacheFolder === undefined ? {} : { cacheFolder }) };
    this.quick = new CompilerThread({ ...options, quick: true });
    this.full = new CompilerThread({ ...options, quick: false });
    this.full.ready.then(
      () => this.endQuick(),
      () => {},
    );
  }

  async compile(declarations: string, code: string): Promise<CompileAnswers["compile"]> {
    const request = { kind: "compile", declarations, code } as const;
    const { quick, full } = this;
    if (!quick || full.isReady) return full.ask(request);
    // Imports need the packages' types: from here on the quick one would only take time from the full one.
    if (/\b(import|require)\b|\/\*\*/.test(declarations + code)) {
      this.endQuick();
      return full.ask(request);
    }
    await Promise.race([quick.ready, full.ready]);
    if (!full.isReady) {
      // If the full one gets ready meanwhile the quick one is ended, and does not answer any more.
      const answer = await Promise.race([quick.ask(request), full.ready]);
      if (answer?.kind === "compiled") return answer;
    }
    return full.ask(request);
  }

  private endQuick(): void {
    this.quick?.close();
    this.quick = undefined;
  }

  complete(declarations: string, code: string, position: number): Promise<CompileAnswers["complete"]> {
    return this.full.ask({ kind: "complete", declarations, code, position });
  }

  inspect(declarations: string, code: string, position: number): Promise<CompileAnswers["inspect"]> {
    return this.full.ask({ kind: "inspect", declarations, code, position });
  }

  isComplete(code: string): Promise<CompileAnswers["isComplete"]> {
    const thread = this.quick?.isReady ? this.quick : this.full;
    return thread.ask({ kind: "isComplete", code });
  }

  close(): void {
    this.endQuick();
    this.full.close();
  }
}
