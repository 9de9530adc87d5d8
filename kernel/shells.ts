/**
 * The shells of a kernel: the main one and its subshells, each with a queue of cells of its own, and the statuses that say what runs.
 *
 * Written with callbacks where an interrupt can strike: V8 ends a stuck cell by dropping the stack and all queued promise jobs, so
 * nothing that must happen after an interrupt may depend on a promise that was there before it.
 */
import { uninterrupted } from "./end-code.js";
import { KeyboardInterrupt } from "./executor.js";
import type { Io, Request } from "./io.js";
import { type ExecuteContent, type Job, Jobs, type Outcome, type Shared } from "./jobs.js";

/** A cell that failed waits this long for the cells sent after it, so that "run all" stops at it. */
const ABORT_GRACE_MS = 20;

export class Shells {
  readonly #io: Io;
  readonly #shared: Shared;
  readonly #ended: () => void;
  readonly #main: Jobs;
  /** From the first request of each on. */
  readonly #subshells = new Map<string, Jobs>();

  /** `ended` is called when a cell is over, before its reply. */
  constructor(io: Io, shared: Shared, ended: () => void) {
    this.#io = io;
    this.#shared = shared;
    this.#ended = ended;
    this.#main = this.#newJobs();
  }

  /** Queues a cell, in the main shell where no subshell is named. */
  add(request: Request, cell: ExecuteContent, subshell: string | undefined): void {
    if (subshell === undefined) {
      this.#main.add(request, cell);
      return;
    }
    let jobs = this.#subshells.get(subshell);
    if (!jobs) {
      jobs = this.#newJobs();
      this.#subshells.set(subshell, jobs);
    }
    jobs.add(request, cell);
  }

  /** Deletes a subshell; the cells that wait in it are aborted. */
  delete(subshell: string): void {
    for (const queued of this.#subshells.get(subshell)?.takeQueued() ?? []) this.#replyAborted(queued);
    this.#subshells.delete(subshell);
  }

  /** The header of the cell that the main shell runs. */
  get running(): string | undefined {
    return this.#main.running;
  }

  /** True until the main shell's cell is answered. */
  get isBusy(): boolean {
    return this.#main.current !== undefined;
  }

  /** The main shell's cell is not over before `work` is. */
  hold(work: Promise<unknown>): void {
    this.#main.hold(work);
  }

  /** Ends the running cells, at once and without their help. */
  interrupt(): void {
    for (const jobs of [this.#main, ...this.#subshells.values()]) {
      const { current } = jobs;
      if (!current) continue;
      current.abort.abort(new KeyboardInterrupt());
      jobs.end(current, {
        kind: "error",
        error: this.#shared.tracebacks.ofThrown(new KeyboardInterrupt()),
      });
    }
  }

  status(state: "busy" | "idle", request: Request): void {
    this.#io.publish("status", request.header, { execution_state: state });
  }

  /** Front ends show the last status that reached them: while a cell runs, that must stay busy. */
  idle(request: Request, finished?: Job): void {
    this.status("idle", request);
    const { current } = this.#main;
    if (current && current !== finished && request.channel === "shell") this.status("busy", current.request);
  }

  #newJobs(): Jobs {
    const jobs: Jobs = new Jobs(this.#shared, {
      publish: (type, parent, content) => this.#io.publish(type, parent, content),
      finished: (job, outcome) => this.#finish(jobs, job, outcome),
    });
    return jobs;
  }

  /** Answers a cell that is over, and with it the cells that must not run after it. */
  #finish(jobs: Jobs, job: Job, outcome: Outcome): void {
    this.#ended();
    const reply = () =>
      uninterrupted(() => {
        this.#io.reply(job.request, "execute_reply", outcome.reply);
        this.idle(job.request, job);
        if (outcome.abortsQueue) for (const aborted of jobs.takeQueued()) this.#replyAborted(aborted);
        jobs.next();
      });
    if (outcome.abortsQueue) this.#io.fence(ABORT_GRACE_MS, reply);
    else reply();
  }

  #replyAborted(request: Request): void {
    this.status("busy", request);
    this.#io.reply(request, "execute_reply", { status: "aborted" });
    this.status("idle", request);
  }
}
