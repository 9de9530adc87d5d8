/**
 * The queue of cells of one shell, and what running one cell consists of: magics at its top, its TypeScript, its result, its reply.
 *
 * A job ends exactly once, by its own result or by an interrupt, whichever is first; what comes after that is dropped.
 */
import { CellFailure, type CommandCall, type Commands, type ParsedCell, parseCell } from "./commands.js";
import { type CellContext, runIn } from "./context.js";
import { type Display, type Displays, NOTHING } from "./display.js";
import { uninterrupted } from "./end-code.js";
import type { CellResult, Executor } from "./executor.js";
import type { History } from "./history.js";
import type { Request } from "./io.js";
import { asExpression } from "./object-literal.js";
import type { ErrorContent, Tracebacks } from "./traceback.js";

export interface ExecuteContent {
  readonly code: string;
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly user_expressions?: Record<string, string>;
  readonly allow_stdin?: boolean;
  readonly stop_on_error?: boolean;
}

export interface Job {
  readonly request: Request;
  readonly content: ExecuteContent;
  readonly count: number;
  /** False for a cell that leaves no trace in the history. */
  readonly isStored: boolean;
  readonly abort: AbortController;
  readonly payload: object[];
  /** What the cell waits for before it is over. */
  readonly held: Promise<unknown>[];
  isOver: boolean;
}

/** The content of an execute_reply, and whether the cells that wait are to be aborted. */
export interface Outcome {
  readonly reply: object;
  readonly abortsQueue: boolean;
}

export interface JobHost {
  publish(msgType: string, parent: string, content: object): void;
  /** Sends the reply and, when that is done, calls next(). */
  finished(job: Job, outcome: Outcome): void;
}

/** What all shells of a kernel share. */
export interface Shared {
  readonly executor: Executor;
  readonly commands: Commands;
  readonly displays: Displays;
  readonly tracebacks: Tracebacks;
  readonly history: History;
  /** Called with the text of each cell before it runs. */
  prepare(code: string): void;
  /** The number of the last cell. */
  count: number;
}

export class Jobs {
  readonly #shared: Shared;
  readonly #host: JobHost;
  #queue: { request: Request; content: ExecuteContent }[] = [];
  current: Job | undefined;

  constructor(shared: Shared, host: JobHost) {
    this.#shared = shared;
    this.#host = host;
  }

  /** The header of the cell that runs now. */
  get running(): string | undefined {
    return this.current && !this.current.isOver ? this.current.request.header : undefined;
  }

  /** The cell that runs now is not over before `work` is; outside of cells nothing waits. */
  hold(work: Promise<unknown>): void {
    if (this.running !== undefined) this.current!.held.push(work);
  }

  add(request: Request, content: ExecuteContent): void {
    this.#queue.push({ request, content });
    if (!this.current) this.#startNext();
  }

  /** The waiting requests, taken off the queue. */
  takeQueued(): Request[] {
    const requests = this.#queue.map(({ request }) => request);
    this.#queue = [];
    return requests;
  }

  /** The job that was finished is out of the way. */
  next(): void {
    this.current = undefined;
    this.#startNext();
  }

  #startNext(): void {
    const waiting = this.#queue.shift();
    if (!waiting) return;
    const { request, content } = waiting;
    const isStored = content.silent !== true && content.store_history !== false;
    if (isStored) this.#shared.count++;
    const job: Job = {
      request,
      content,
      count: this.#shared.count,
      isStored,
      abort: new AbortController(),
      payload: [],
      held: [],
      isOver: false,
    };
    this.current = job;
    this.#host.publish("status", request.header, { execution_state: "busy" });
    if (content.silent !== true) {
      this.#host.publish("execute_input", request.header, { code: content.code, execution_count: job.count });
    }
    if (isStored) this.#shared.history.add(job.count, content.code);
    const cell: CellContext = {
      header: request.header,
      identities: request.identities,
      count: job.count,
      allowStdin: content.allow_stdin === true,
      payload: job.payload,
      signal: job.abort.signal,
    };
    // In its own turn: an interrupt ends the cell, and never the code that took the message.
    setImmediate(() => {
      runIn({ cell }, () => {
        this.#run(job).then(
          (result) => this.end(job, result),
          (error) => this.end(job, { kind: "error", error: this.#shared.tracebacks.ofThrown(error) }),
        );
      });
    });
  }

  /** Ends a job; nothing happens if it has ended before. */
  end(job: Job, result: RunResult): void {
    uninterrupted(() => this.#end(job, result));
  }

  #end(job: Job, result: RunResult): void {
    if (job.isOver) return;
    job.isOver = true;
    const { silent, stop_on_error: stopOnError } = job.content;
    if (result.kind === "error") {
      if (silent !== true) this.#host.publish("error", job.request.header, result.error);
      const reply = {
        status: "error",
        execution_count: job.count,
        ...result.error,
        user_expressions: {},
        payload: job.payload,
      };
      this.#host.finished(job, { reply, abortsQueue: stopOnError !== false });
      return;
    }
    if (result.display && result.display !== NOTHING && silent !== true) {
      const { data, metadata } = result.display;
      this.#host.publish("execute_result", job.request.header, {
        execution_count: job.count,
        data,
        metadata,
      });
      if (job.isStored) this.#shared.history.setOutput(job.count, String(data["text/plain"] ?? ""));
    }
    const reply = {
      status: "ok",
      execution_count: job.count,
      payload: job.payload,
      user_expressions: result.expressions,
    };
    this.#host.finished(job, { reply, abortsQueue: false });
  }

  async #run(job: Job): Promise<RunResult> {
    const { code, user_expressions: expressions = {} } = job.content;
    const { signal } = job.abort;
    const name = `In [${job.count}]`;
    const cell = code.includes("%") ? parseCell(code) : { calls: [], code };
    let result: CellResult = { kind: "nothing" };
    try {
      for (const call of cell.calls) result = await this.#runCommand(call, cell, job);
    } catch (thrown) {
      const error =
        thrown instanceof CellFailure ? thrown.content : this.#shared.tracebacks.ofThrown(thrown, code);
      return { kind: "error", error };
    }
    if (cell.code.trim() !== "") {
      this.#shared.prepare(cell.code);
      result = await this.#shared.executor.run(asExpression(cell.code), name, signal);
    }
    if (result.kind === "error") return result;
    const display = result.kind === "value" ? await this.#shared.displays.of(result.value) : undefined;
    const values: Record<string, object> = {};
    for (const [key, expression] of Object.entries(expressions ?? {})) {
      values[key] = await this.#expression(expression, name, signal);
    }
    while (job.held.length > 0) await Promise.allSettled(job.held.splice(0));
    return { kind: "ok", display, expressions: values };
  }

  async #runCommand(
    at: ParsedCell["calls"][number],
    cell: ParsedCell,
    { count, abort: { signal } }: Job,
  ): Promise<CellResult> {
    const command = await this.#shared.commands.get(at.name, cell.body !== undefined);
    if (signal.aborted) return { kind: "nothing" };
    const call: CommandCall = {
      name: at.name,
      args: at.args,
      body: cell.body?.text ?? "",
      bodyLine: cell.body?.line ?? at.line + 1,
      signal,
      runCode: async (text, line = 0) => {
        const source = "\n".repeat(line) + text;
        const result = await this.#shared.executor.run(asExpression(source), `In [${count}]`, signal);
        if (result.kind === "error") throw new CellFailure(result.error);
        return result.kind === "value" ? result.value : undefined;
      },
      define: (variable, value, type = "any") => this.#shared.executor.define(variable, value, type),
    };
    const value = await command.run(call);
    return value === undefined ? { kind: "nothing" } : { kind: "value", value };
  }

  async #expression(code: string, name: string, signal: AbortSignal): Promise<object> {
    const result = await this.#shared.executor.run(`(${code})`, name, signal);
    if (result.kind === "error") return { status: "error", ...result.error };
    const { data, metadata } = await this.#shared.displays.of(
      result.kind === "value" ? result.value : undefined,
    );
    return { status: "ok", data, metadata };
  }
}

type RunResult =
  | { readonly kind: "error"; readonly error: ErrorContent }
  | {
      readonly kind: "ok";
      readonly display: Display | undefined;
      readonly expressions: Record<string, object>;
    };
