// A sweep in progress in this process: its points one after another, each an ordinary run that continues where it stopped.
// Results are durable before they are reported, so a sweep may be killed at any moment and opened again.

import type { SweepPoint } from "../analysis/point.js";
import { type Progress, startProgress, stepProgress } from "../analysis/progress.js";
import { sweepPoint } from "../analysis/sweep-point.js";
import { MulabError } from "../core/errors/index.js";
import type { RootSpec } from "../core/experiment.js";
import { defaultThreads } from "../engine/limits.js";
import { plural } from "../format/numbers.js";
import type { RunStatus } from "../run/evolution.js";
import { Gate } from "../run/gate.js";
import { open } from "../run/open.js";
import { readRun } from "../run/record.js";
import type { SweepFolder } from "./folder.js";
import { type PlannedPoint, pointName, type SweepPlan } from "./plan.js";
import { type SweepProgress, sweepProgress } from "./progress.js";
import type { LoadTasks } from "./shared-tasks.js";
import type { Sweep, SweepFailure } from "./stored.js";
import type { SweepEvent, SweepListener, SweepOptions, SweepRun } from "./sweep-run.js";
import type { TrainCounts } from "./work.js";

export class Sweeping implements SweepRun {
  readonly dir: string;
  readonly plan: SweepPlan;
  readonly versions: Sweep["versions"];
  readonly #listeners = new Set<SweepListener>();
  #status: RunStatus = "running";
  #current: SweepRun["current"] = null;
  #isStopped = false;
  readonly #gate = new Gate();
  /** Belongs to the current run. */
  #runProgress: Progress | undefined;
  readonly #failed = new Set<string>();
  #finished: Promise<Sweep>;

  /** Starts at once; `counts` are the training images of its tasks. */
  constructor(
    readonly folder: SweepFolder,
    readonly chosen: readonly PlannedPoint[],
    readonly load: LoadTasks,
    readonly counts: TrainCounts,
    readonly options: SweepOptions,
  ) {
    const { dir, plan, versions } = folder;
    this.dir = dir;
    this.plan = plan;
    this.versions = versions;
    if (options.onEvent) this.#listeners.add(options.onEvent);
    this.#finished = this.#runAll();
    this.#finished.catch(() => {}); // done() reports it
  }

  get points(): readonly SweepPoint[] {
    return this.folder.points;
  }

  get failures(): readonly SweepFailure[] {
    return this.folder.failures;
  }

  get data(): Sweep["data"] {
    return this.folder.data;
  }

  get status(): RunStatus {
    return this.#status;
  }

  get current(): SweepRun["current"] {
    return this.#current;
  }

  get progress(): SweepProgress {
    const { chosen, points, counts } = this;
    const current =
      this.#current && this.#runProgress ? { point: this.#current.point, progress: this.#runProgress } : null;
    return sweepProgress({ chosen, points, failed: this.#failed, current, counts, threads: this.#threads });
  }

  get #threads(): number {
    return this.options.threads ?? defaultThreads();
  }

  async #runAll(): Promise<Sweep> {
    try {
      for (const point of this.chosen) {
        await this.#gate.passed();
        if (this.#isStopped) break;
        await this.#runPoint(point);
      }
      this.#status = this.#isStopped ? "stopped" : "ended";
      return this;
    } catch (error) {
      this.#status = "failed";
      throw error;
    } finally {
      this.#current = null;
      await this.folder.close();
      this.#tell({ type: "settled" });
    }
  }

  async #runPoint(point: PlannedPoint): Promise<void> {
    const { keepRuns = true } = this.options;
    try {
      if (!hasPoint(this, point)) {
        const ended = await this.#evolve(point);
        if (!ended) return;
        await this.folder.add(ended);
        this.#tell({ type: "point-ended", point: ended });
      }
      if (!keepRuns) await this.folder.prune(point);
    } catch (error) {
      if (error instanceof MulabError && error.fatal) throw error; // no other point could be run either
      const { name, variant, repetition } = point;
      const code = error instanceof MulabError ? error.code : "unexpected";
      const failure = { name, variant, repetition, code, message: messageOf(error) };
      this.#failed.add(name);
      await this.folder.fail(failure);
      this.#tell({ type: "point-failed", failure });
    }
  }

  /** The point that its run produces; undefined if it was stopped. */
  async #evolve(point: PlannedPoint): Promise<SweepPoint | undefined> {
    const { engine, device, threads, maxBytes, trainer, now } = this.options;
    const tasks = await this.load(point.experiment);
    this.folder.refuseOther(point, tasks);
    this.#runProgress = startProgress(point.experiment);
    const run = await open(this.folder.runDir(point), point.experiment, {
      tasks,
      ...(engine && { engine }),
      ...(device !== undefined && { device }),
      ...(threads && { threads }),
      ...(maxBytes && { maxBytes }),
      ...(trainer && { trainer }),
      ...(now && { now }),
      onEvent: (event, state) => {
        this.#runProgress = stepProgress(this.#runProgress!, event, state, point.experiment);
        this.#tell({ type: "run-event", event, state });
      },
    });
    this.#current = { point, run };
    this.#tell({ type: "point-started", point, run });
    if (this.#isStopped) await run.stop();
    else if (this.#gate.isShut) run.pause();
    await run.done();
    this.#current = null;
    if (run.status === "stopped") return undefined;
    return pointOf(point, run.dir, this.#threads);
  }

  #tell(event: SweepEvent): void {
    for (const listener of this.#listeners) listener(event, this);
  }

  subscribe(listener: SweepListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): void {
    if (this.#status !== "running") return;
    this.#status = "paused";
    this.#gate.shut();
    this.#current?.run.pause();
  }

  resume(): void {
    if (this.#status !== "paused") return;
    this.#status = "running";
    this.#gate.open();
    this.#current?.run.resume();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#gate.open();
    await this.#current?.run.stop();
    await this.#finished.catch(() => {}); // done() reports it
  }

  done(): Promise<Sweep> {
    return this.#finished;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SweepPoint> {
    let wake = () => {};
    const off = this.subscribe(({ type }) => {
      if (type !== "run-event") wake();
    });
    const given = new Set<string>();
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const fresh = this.points.filter((point) => !given.has(nameOf(point)));
        for (const point of fresh) {
          given.add(nameOf(point));
          yield point;
        }
        if (fresh.length > 0) continue;
        if (this.#status !== "running" && this.#status !== "paused") break;
        await changed;
      }
    } finally {
      off();
    }
    await this.#finished;
  }
}

const nameOf = ({ variant, repetition }: SweepPoint): string => pointName(variant, repetition);

/** Whether `point` has ended. */
export const hasPoint = ({ points }: Pick<Sweep, "points">, { name }: PlannedPoint): boolean =>
  points.some((point) => nameOf(point) === name);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The point of the ended run in `dir`. Throws as readRun and sweepPoint. */
async function pointOf(
  { variant, repetition }: PlannedPoint,
  dir: string,
  threads: number,
): Promise<SweepPoint> {
  const record = await readRun(dir);
  const { state, experiment, wallMs, trainMs, digest, events } = record;
  return sweepPoint(state, experiment, {
    variant,
    repetition,
    root: rootText(experiment.root),
    digest,
    wallSeconds: wallMs / 1000,
    trainSeconds: trainMs / 1000,
    threads: record.threads ?? threads,
    events,
  });
}

const rootText = (root: RootSpec): string =>
  root.kind === "random" ? `random ${root.backbone.name}, ${plural(root.blocks, "block")}` : root.origin;
