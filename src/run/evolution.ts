// An evolution in progress in this process: pulls the evolver, writes its events to the journal, and notifies listeners once
// they are durable.

import { dataChanged, hasCode } from "../core/errors/index.js";
import { type Event, isBoundary, standing, type TaskRecord } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import { experimentAt } from "../core/experiment.js";
import { liveLayers } from "../core/live.js";
import type { LayerId } from "../core/model.js";
import { rngFromSeed } from "../core/rng.js";
import type { Trainer } from "../core/seams.js";
import { applyEvent, emptyState, type State } from "../core/state.js";
import type { Task } from "../core/task.js";
import { defaultThreads } from "../engine/limits.js";
import { createTrainer, type TrainerOptions } from "../engine/trainer.js";
import { evolve } from "../evolve.js";
import type { Boundary } from "./boundary.js";
import type { RunFolder } from "./folder.js";
import { Gate } from "./gate.js";
import { headerHash, type Keep } from "./header.js";
import type { History } from "./history.js";
import { deadLayers, keptLayers, refuseMissing } from "./layers.js";
import { type RunRecord, recordOf } from "./record.js";
import { rootEvent } from "./root.js";
import { SnapshotSaver } from "./snapshot/saver.js";

export type RunStatus = "running" | "paused" | "stopped" | "ended" | "failed";

/** Receives each event once it is durable, with the state after it. */
export type Listener = (event: Event, state: State) => void;

export interface OpenOptions
  extends Partial<Pick<TrainerOptions, "engine" | "device" | "threads" | "maxBytes">> {
  /** The experiment's tasks, if they are already loaded. */
  readonly tasks?: readonly Task[];
  /** The new places of own images, by task, if they have moved since the run began. */
  readonly images?: Readonly<Record<string, string>>;
  /** For a new run: layers that it keeps though it no longer needs them. */
  readonly keep?: Keep;
  /** Bytes by which the journal grows before a snapshot of the state is stored; for tests. */
  readonly snapshotBytes?: number;
  /** Replaces the engine's trainer; for tests. */
  readonly trainer?: (options: TrainerOptions) => Trainer;
  readonly now?: () => number;
  /** Receives every event, from the first one on. */
  readonly onEvent?: Listener;
}

/** An evolution in progress in this process, without the views that the public entry attaches. */
export interface BareRun {
  readonly dir: string;
  readonly experiment: Experiment;
  readonly state: State;
  readonly status: RunStatus;
  /** All events of the journal, including those that a resume made void; those before a snapshot are read from the disk. */
  readonly events: readonly Event[];
  /** Calls `listener` with each further event until the returned function is called. */
  subscribe(listener: Listener): () => void;
  /** Waits as soon as the cycle in progress, and at most one more, has ended; nothing is lost. */
  pause(): void;
  /** Whether a pause has taken effect: work in progress has ended. */
  readonly isHeld: boolean;
  resume(): void;
  /** Threads of the engine: as given, or as when the run began, or the default. */
  readonly threads: number;
  /** Ends at once; the generation in flight is trained again when the run is next opened. */
  stop(): Promise<void>;
  /** The run as it was at an earlier moment: to look at, draw and compare. Throws options/not-valid where it has no such moment. */
  at(moment: Boundary): RunRecord;
  /** Resolves with the last state when the run has ended or been stopped; throws the error that made it fail. */
  done(): Promise<State>;
}

/** A run with its tables and charts, which notebook/run-views declares and attaches: nothing here draws. */
export interface Run extends BareRun {}

export class Evolution implements BareRun {
  readonly dir: string;
  readonly threads: number;
  readonly #listeners = new Set<Listener>();
  readonly #abort = new AbortController();
  readonly #now: () => number;
  readonly #tasks: ReadonlyMap<string, Task>;
  #state: State;
  /** Effective events up to the boundary at which it was opened. */
  readonly #kept: number;
  readonly #snapshots: SnapshotSaver;
  #status: RunStatus = "running";
  #finished: Promise<State> = Promise.resolve(emptyState);
  readonly #gate = new Gate();
  /** Events on their way to the disk; there is one write at a time, and it takes all waiting events. */
  #waiting: Event[] = [];
  #writing: Promise<void> = Promise.resolve();
  /** The error that kept an event from the disk; training stops if the journal can't be written. */
  #broken: unknown;

  constructor(
    readonly folder: RunFolder,
    readonly experiment: Experiment,
    tasks: readonly Task[],
    readonly history: History,
    readonly options: OpenOptions,
  ) {
    this.dir = folder.dir;
    this.threads = options.threads ?? folder.header.threads ?? defaultThreads();
    this.#tasks = new Map(tasks.map((task) => [task.name, task]));
    this.#now = options.now ?? Date.now;
    if (options.onEvent) this.#listeners.add(options.onEvent);
    ({ state: this.#state, kept: this.#kept } = history.standing());
    this.#snapshots = new SnapshotSaver(folder, history, options.snapshotBytes);
  }

  get events(): readonly Event[] {
    return this.history.events;
  }

  get state(): State {
    return this.#state;
  }

  get status(): RunStatus {
    return this.#status;
  }

  at(moment: Boundary): RunRecord {
    return recordOf(this.dir, this.folder.header, this.experiment, this.history).at(moment);
  }

  /** Writes the first events, or those of a resume or an extension, and starts the evolver without waiting for it. */
  async begin(extension?: Event & { type: "run-extended" }): Promise<Run> {
    await this.#refuseMissing();
    if (this.#state.ended && !extension) {
      this.#status = "ended";
      await this.#removeDead();
      await this.#snapshots.save(this.#state, { isLast: true });
      this.#finished = this.folder.close().then(() => this.#state);
      return this.#viewed;
    }
    const kept = this.#kept;
    // A task that was forgotten may come back with other images.
    const next = extension ? applyEvent(this.#state, extension) : this.#state;
    this.#checkData(next);
    // Its workers start while the root is made.
    const trainer = this.#trainer(next);
    try {
      if (this.history.length > 0 && !this.#state.ended)
        this.#announce({ type: "run-resumed", kept, clock: this.#clock() });
      if (kept === 0) await this.#announceRoot();
      if (extension) this.#announce({ ...extension, clock: { ...this.#clock(), ...extension.clock } });
      await this.#written();
      await this.#removeDead();
    } catch (error) {
      await trainer.close();
      throw error;
    }
    this.#finished = this.#evolve(trainer);
    this.#finished.catch(() => {}); // done() reports it
    return this.#viewed;
  }

  get #viewed(): Run {
    return this as BareRun as Run;
  }

  /** Writes `run-started` before any layer exists, so that layers beside an empty journal show that it was emptied. */
  async #announceRoot(): Promise<void> {
    const { format } = this.folder.header;
    const { name, seed } = this.experiment;
    const tasks = [...this.#tasks.values()].map(taskRecordOf);
    const header = format > 1 && { header: headerHash(this.folder.headerBytes) };
    const clock = { at: this.#now() };
    this.#announce({ type: "run-started", format, experiment: name, seed, tasks, ...header, clock });
    await this.#written();
    this.#announce(await rootEvent(this.experiment, this.folder.store, this.#rng(), this.#now));
  }

  #refuseMissing(options?: { readonly isWhole: boolean }): Promise<void> {
    return refuseMissing(this.dir, this.#state, this.folder.store, options);
  }

  /** Removes what a crash left behind; called once the run can clearly continue. */
  async #removeDead(): Promise<void> {
    await this.folder.store.remove(deadLayers(this.history, this.folder.header.keep));
  }

  async #removeUnneeded(ids: readonly LayerId[]): Promise<void> {
    const { keep } = this.folder.header;
    const kept = new Set(keep ? keptLayers(standing(this.events), this.#state, keep) : []);
    await this.folder.store.remove(ids.filter((id) => !kept.has(id)));
  }

  /** A run ends before it is extended, so the settings of `state` hold for all that it trains until it ends. */
  #trainer(state: State): Trainer {
    const { training, method } = experimentAt(this.experiment, state);
    const { threads } = this;
    const { engine, device, maxBytes, trainer = createTrainer } = this.options;
    return trainer({
      store: this.folder.store,
      training,
      method,
      ...(engine && { engine }),
      ...(device && { device }),
      threads,
      ...(maxBytes !== undefined && { maxBytes }),
    });
  }

  /** The clock of an event with which work starts again. */
  #clock() {
    return { at: this.#now(), threads: this.threads };
  }

  #rng() {
    return rngFromSeed(this.experiment.seed);
  }

  #checkData({ tasks }: State): void {
    for (const { name, fingerprint } of tasks) {
      const task = this.#tasks.get(name);
      if (task && task.fingerprint !== fingerprint) throw dataChanged(name, task.fingerprint, fingerprint);
    }
  }

  async #evolve(trainer: Trainer): Promise<State> {
    const { signal } = this.#abort;
    const lab = {
      trainer,
      store: this.folder.store,
      tasks: this.#tasks,
      rng: this.#rng(),
      now: this.#now,
      signal,
    };
    const evolution = evolve(this.#state, this.experiment, lab);
    let live = liveLayers(this.#state);
    try {
      for (;;) {
        await this.#gate.passed();
        if (signal.aborted) break;
        if (this.#broken) throw this.#broken;
        const { value: event, done } = await evolution.next();
        if (done) break;
        // A run that lacks layers of its models has not succeeded.
        if (event.type === "run-ended")
          await this.#written().then(() => this.#refuseMissing({ isWhole: true }));
        this.#announce(event);
        // The journal has the start of an activation before any of its layers exist: a layer that no line explains means
        // that lines were lost.
        if (event.type === "activation-started") await this.#written();
        if (!isBoundary(event)) continue;
        await this.#written();
        await this.#refuseMissing();
        // Layers that are dead by a line on the disk are never needed again, whatever happens from here on.
        const before = live;
        live = liveLayers(this.#state);
        if (event.type === "activation-ended")
          await this.#removeUnneeded([...before].filter((id) => !live.has(id)));
        await this.#snapshots.save(this.#state, { isLast: event.type === "run-ended" });
      }
      await this.#written();
      this.#status = signal.aborted ? "stopped" : "ended";
    } catch (error) {
      await this.#written().catch(() => {}); // the first error is the one to report
      const isStopped = signal.aborted && !this.#broken;
      this.#status = isStopped ? "stopped" : "failed";
      if (isStopped) return this.#state;
      // Training only reported the first missing layer; this reports all.
      if (hasCode(error, "store/missing-layer", "store/corrupt-layer"))
        await this.#refuseMissing({ isWhole: true });
      throw this.#broken ?? error;
    } finally {
      await trainer.close();
      await this.folder.close();
    }
    return this.#state;
  }

  /** Queues an event for the disk; listeners receive it once it is durable. */
  #announce(event: Event): void {
    this.#waiting.push(event);
    if (this.#waiting.length > 1) return;
    this.#writing = this.#writing.then(async () => {
      const events = this.#waiting;
      this.#waiting = [];
      await this.folder.journal.append(events);
      for (const event of events) this.#notify(event);
    });
    this.#writing.catch((error) => {
      this.#broken ??= error;
    });
  }

  #written(): Promise<void> {
    return this.#writing;
  }

  #notify(event: Event): void {
    this.history.push(event);
    // The state is already at the boundary to which a resume returns.
    this.#state = applyEvent(this.#state, event);
    for (const listener of this.#listeners) listener(event, this.#state);
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get isHeld(): boolean {
    return this.#status === "paused" && this.#gate.isHolding;
  }

  pause(): void {
    if (this.#status !== "running") return;
    this.#status = "paused";
    this.#gate.shut();
  }

  resume(): void {
    if (this.#status !== "paused") return;
    this.#status = "running";
    this.#gate.open();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#gate.open();
    await this.#finished.catch(() => {}); // done() reports it
  }

  done(): Promise<State> {
    return this.#finished;
  }
}

/** What a journal records about a task. */
export const taskRecordOf = ({
  name,
  access,
  classes,
  fingerprint,
  source,
  splits,
  classNames,
  keeps,
}: Task): TaskRecord => ({
  name,
  access,
  classes,
  train: splits.train.count,
  validation: splits.validation.count,
  test: splits.test.count,
  fingerprint,
  source,
  ...(classNames && { classNames }),
  ...(keeps && { keeps }),
});
