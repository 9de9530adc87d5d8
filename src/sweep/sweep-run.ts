// A sweep as the one who waits for it sees it: what it tells, what it can be asked to do.

import type { SweepPoint } from "../analysis/point.js";
import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import type { OpenOptions, Run, RunStatus } from "../run/evolution.js";
import type { PlannedPoint } from "./plan.js";
import type { SweepProgress } from "./progress.js";
import type { LoadTasks } from "./shared-tasks.js";
import type { Sweep, SweepFailure } from "./stored.js";

export type SweepEvent =
  | { readonly type: "point-started"; readonly point: PlannedPoint; readonly run: Run }
  /** An event of the run under way, with the run's state after it. */
  | { readonly type: "run-event"; readonly event: Event; readonly state: State }
  | { readonly type: "point-ended"; readonly point: SweepPoint }
  | { readonly type: "point-failed"; readonly failure: SweepFailure }
  /** Nothing more will come: it has ended, was stopped or failed. */
  | { readonly type: "settled" };

/** Receives what happens, after it is durable. */
export type SweepListener = (event: SweepEvent, sweep: SweepRun) => void;

export interface SweepOptions
  extends Pick<OpenOptions, "engine" | "device" | "threads" | "maxBytes" | "trainer" | "now"> {
  /** Names of variants (munet-s1) or points (munet-s1_r0): nothing else of the plan is run this time. */
  readonly only?: readonly string[];
  /** Whether finished run folders stay; default true. Without them only the results are left. */
  readonly keepRuns?: boolean;
  /** Loads the tasks of a point, for all those that follow it with the same images; `loadTasks` where not given. */
  readonly load?: LoadTasks;
  /** Receives every event from the first on. */
  readonly onEvent?: SweepListener;
}

/** A sweep under way in this process. Iterating gives every point, those that are there first, and ends with the sweep. */
export interface SweepRun extends Sweep, AsyncIterable<SweepPoint> {
  readonly dir: string;
  readonly status: RunStatus;
  /** The points that are run this time, in order; those that have ended too. */
  readonly chosen: readonly PlannedPoint[];
  /** What is being run. */
  readonly current: { readonly point: PlannedPoint; readonly run: Run } | null;
  /** Points, the run under way and the time that is left. */
  readonly progress: SweepProgress;
  subscribe(listener: SweepListener): () => void;
  pause(): void;
  resume(): void;
  /** Ends at once; opened again, the sweep continues with the generation in flight. */
  stop(): Promise<void>;
  /** Resolves when all points have ended or failed (`failures`), or it was stopped; throws what made it impossible to continue. */
  done(): Promise<Sweep>;
}
