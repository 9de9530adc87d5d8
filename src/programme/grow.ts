// A programme as one thing to begin, watch, pause and await: `programme(dir, plan)` opens each of its runs in turn. What has
// been done is in the runs (./programme), so opening it again continues it.

import { differentProgramme } from "../core/errors/index.js";
import { type Event, effectiveEvents } from "../core/event.js";
import type { Programme } from "../core/programme.js";
import type { State } from "../core/state.js";
import { defaultThreads } from "../engine/limits.js";
import { prepare } from "../experiments/prepare.js";
import type { Listener, Run, RunStatus } from "../run/open.js";
import { type RunRecord, readRun } from "../run/record.js";
import { isSamePlan, preparedProgramme } from "./prepare.js";
import { type ProgrammeStep, stepsOf } from "./programme.js";
import type {
  ProgrammeEvent,
  ProgrammeListener,
  ProgrammeOptions,
  ProgrammeRun,
  SystemRun,
} from "./programme-run.js";
import { type PlannedStep, type ProgrammeProgress, plannedSteps, progressOf } from "./progress.js";
import { isProgramme, openProgramme, refuseUsed, systemDir } from "./stored.js";

/**
 * Grows a system in `dir` by the segments of `plan`, or continues the programme that is there; another plan than the folder's
 * is refused. As `mulab programme` does, a new one replaces tasks that this machine lacks and makes the root that it asks for,
 * which may take minutes. Throws programme/…, run/…, root/…, task/…, data/…, store/….
 * @example
 * const growing = await programme("runs/system", programmeOf("laptop", { budget: "smoke" }));
 * const system = await growing.done();
 */
export async function programme(
  dir: string,
  plan?: Programme,
  options: ProgrammeOptions = {},
): Promise<ProgrammeRun> {
  const isNew = plan !== undefined && !(await isProgramme(dir));
  if (isNew) await refuseUsed(dir); // before data is fetched and a root is trained
  const { threads, maxBytes, onProgress, onNote } = options;
  const prepared = isNew
    ? await preparedProgramme(plan, (experiment) =>
        prepare(experiment, {
          ...(threads !== undefined && { threads }),
          ...(maxBytes !== undefined && { maxBytes }),
          ...(onProgress && { onData: onProgress }),
          ...(onNote && { onNote }),
        }),
      )
    : undefined;
  const opened = await openProgramme(dir, prepared);
  if (plan && !isNew && !isSamePlan(plan, opened)) throw differentProgramme(dir, opened.name);
  const growing = new Growing(dir, opened, options);
  await growing.begin();
  return growing;
}

/** The newest view of the system: as it was read, or as the run that grows has it. */
interface System {
  readonly source: Run | RunRecord;
  readonly state: State;
}

class Growing implements ProgrammeRun {
  readonly #listeners = new Set<ProgrammeListener>();
  readonly #steps: readonly PlannedStep[];
  readonly #now: () => number;
  #status: RunStatus = "running";
  #current: { readonly step: ProgrammeStep; readonly run: Run } | null = null;
  #system: System | undefined;
  #stepsDone = 0;
  /** Children of the current step that have ended. */
  #childrenDone = 0;
  #session: { readonly step: number; readonly childrenDone: number; readonly at: number } | undefined;
  #isStopped = false;
  #finished: Promise<RunRecord> | undefined;
  #view: SystemRun | undefined;

  constructor(
    readonly dir: string,
    readonly programme: Programme,
    readonly options: ProgrammeOptions,
  ) {
    this.#now = options.now ?? Date.now;
    this.#steps = plannedSteps(programme, options.threads ?? defaultThreads());
    if (options.onEvent) this.#listeners.add(options.onEvent);
  }

  /** Opens the first step, so that the caller gets its error; the others follow. */
  async begin(): Promise<void> {
    const { onProgress, onNote } = this.options;
    const loading = { ...(onProgress && { onProgress }), ...(onNote && { onNote }) };
    const steps = stepsOf(this.dir, this.programme, loading);
    const first = await steps.next();
    if (first.done || first.value.replica !== undefined) {
      const source = await readRun(systemDir(this.dir));
      this.#system = { source, state: source.state };
    }
    if (first.done) this.#stepsDone = this.#steps.length;
    else await this.#start(first.value);
    this.#finished = this.#all(steps);
    this.#finished.catch(() => {}); // done() reports it
  }

  get status(): RunStatus {
    return this.#status;
  }

  get current(): ProgrammeRun["current"] {
    return this.#current;
  }

  get progress(): ProgrammeProgress {
    const { step = this.#stepsDone, childrenDone = 0, at = this.#now() } = this.#session ?? {};
    const seconds = (this.#now() - at) / 1000;
    const session = { begun: { step, childrenDone }, seconds };
    return progressOf(this.#steps, this.#stepsDone, this.#childrenDone, session);
  }

  get system(): SystemRun {
    this.#view ??= systemOf(this, () => this.#system!);
    return this.#view;
  }

  subscribe(listener: ProgrammeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  pause(): void {
    if (this.#status !== "running") return;
    this.#status = "paused";
    this.#current?.run.pause();
  }

  resume(): void {
    if (this.#status !== "paused") return;
    this.#status = "running";
    this.#current?.run.resume();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#current?.run.stop();
    await this.#finished?.catch(() => {});
  }

  done(): Promise<RunRecord> {
    return this.#finished!;
  }

  async #all(steps: AsyncGenerator<ProgrammeStep, void>): Promise<RunRecord> {
    try {
      for (;;) {
        if (this.#current && !(await this.#ended(this.#current))) break;
        const next = this.#isStopped ? undefined : await steps.next();
        if (!next || next.done) break;
        await this.#start(next.value);
      }
      const isDone = this.#stepsDone >= this.#steps.length;
      this.#status = this.#isStopped && !isDone ? "stopped" : "ended";
      return await readRun(systemDir(this.dir));
    } catch (error) {
      this.#status = "failed";
      throw error;
    } finally {
      this.#current = null;
      await steps.return();
      this.#tell({ type: "settled" });
    }
  }

  /** Waits for the current step; false if it was stopped, also by a button of the run itself. */
  async #ended({ step, run }: NonNullable<ProgrammeRun["current"]>): Promise<boolean> {
    await run.done();
    if (run.status === "stopped") {
      this.#isStopped = true;
      return false;
    }
    this.#current = null;
    this.#childrenDone = 0;
    this.#stepsDone += 1;
    this.#tell({ type: "step-ended", step });
    return true;
  }

  async #start(step: ProgrammeStep): Promise<void> {
    const { engine, device, threads, maxBytes, keep, trainer, now } = this.options;
    // Events that arrive while the run is being opened are told once it is known.
    const before: Parameters<Listener>[] = [];
    let receive: Listener = (...received) => void before.push(received);
    const run = await step.start({
      ...(engine && { engine }),
      ...(device && { device }),
      ...(threads !== undefined && { threads }),
      ...(maxBytes !== undefined && { maxBytes }),
      ...(keep && { keep }),
      ...(trainer && { trainer }),
      ...(now && { now }),
      onEvent: (event, state) => receive(event, state),
    });
    this.#stepsDone = this.#steps.findIndex(
      ({ segment, replica }) => segment === step.segment && replica === step.replica,
    );
    this.#current = { step, run };
    if (step.replica === undefined) this.#system = { source: run, state: run.state };
    this.#childrenDone = childrenIn(run);
    this.#session ??= { step: this.#stepsDone, childrenDone: this.#childrenDone, at: this.#now() };
    if (this.#isStopped) await run.stop();
    if (this.#status === "paused") run.pause();
    this.#tell({ type: "step-started", step, run });
    receive = (event, state) => this.#received(step, event, state);
    for (const [event, state] of before) this.#tell({ type: "run-event", step, event, state });
  }

  #received(step: ProgrammeStep, event: Event, state: State): void {
    if (step.replica === undefined) this.#system = { ...this.#system!, state };
    if (event.type === "child-finished") this.#childrenDone += 1;
    this.#tell({ type: "run-event", step, event, state });
  }

  #tell(event: ProgrammeEvent): void {
    for (const listener of [...this.#listeners]) listener(event, this);
  }
}

/** Children of the segment in progress of `run` that have ended. */
function childrenIn({ events }: Run): number {
  const standing = effectiveEvents(events);
  const begins = standing.findLastIndex(({ type }) => type === "run-extended");
  return standing.slice(begins + 1).filter(({ type }) => type === "child-finished").length;
}

/** The system of `programme`, whose newest view is `now`. */
function systemOf(programme: ProgrammeRun, now: () => System): SystemRun {
  return {
    dir: systemDir(programme.dir),
    get experiment() {
      return now().source.experiment;
    },
    get state() {
      return now().state;
    },
    get events() {
      return now().source.events;
    },
    get threads() {
      return now().source.threads;
    },
    get status() {
      return programme.status;
    },
    get isHeld() {
      return programme.status === "paused" && (programme.current?.run.isHeld ?? true);
    },
    subscribe: (listener: Listener) =>
      programme.subscribe((event) => {
        if (event.type === "run-event" && event.step.replica === undefined)
          listener(event.event, event.state);
      }),
    pause: () => programme.pause(),
    resume: () => programme.resume(),
    stop: () => programme.stop(),
    done: async () => (await programme.done()).state,
  };
}
