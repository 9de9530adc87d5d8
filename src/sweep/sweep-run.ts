// The interface of a sweep in progress: its events, its state, its controls.

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

/** Receives each event, once it is durable. */
export type SweepListener = (event: SweepEvent, sweep: SweepRun) => void;

export interface SweepOptions
  extends Pick<OpenOptions, "engine" | "device" | "threads" | "maxBytes" | "trainer" | "now"> {
  /** Names of variants (munet-s1) or points (munet-s1_r0) to run this time; by default all of the plan. */
  readonly only?: readonly string[];
  /** Whether to keep the folders of finished runs; default true. Otherwise only the results are left. */
  readonly keepRuns?: boolean;
  /** Loads the tasks of a point, and of those that follow with the same images; `loadTasks` by default. */
  readonly load?: LoadTasks;
  /** Receives every event from the first on. */
  readonly onEvent?: SweepListener;
}

/** A sweep in progress in this process. Iterating yields every point, existing ones first, and ends with the sweep. */
export interface SweepRun extends Sweep, AsyncIterable<SweepPoint> {
  readonly dir: string;
  readonly status: RunStatus;
  /** The points of this time, in order, including those that have ended. */
  readonly chosen: readonly PlannedPoint[];
  /** The plan. */
  readonly current: { readonly point: PlannedPoint; readonly run: Run } | null;
  /** Points, the current run and the time left. */
  readonly progress: SweepProgress;
  subscribe(listener: SweepListener): () => void;
  pause(): void;
  resume(): void;
  /** Ends at once; when opened again, the sweep continues with the generation in flight. */
  stop(): Promise<void>;
  /** Resolves when all points have ended or failed (`failures`), or when the sweep was stopped; throws the error that made continuing impossible. */
  done(): Promise<Sweep>;
}
