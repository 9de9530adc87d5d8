// The interface of a programme in progress: its events, its state, its controls.

import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { Programme } from "../core/programme.js";
import type { State } from "../core/state.js";
import type { Listener, OpenOptions, Run, RunStatus } from "../run/open.js";
import type { RunRecord } from "../run/record.js";
import type { Loading, ProgrammeStep } from "./programme.js";
import type { ProgrammeProgress } from "./progress.js";

export type ProgrammeEvent =
  /** A segment of the system, or of a copy, begins or continues. */
  | { readonly type: "step-started"; readonly step: ProgrammeStep; readonly run: Run }
  /** An event of the run under way, with the run's state after it. */
  | { readonly type: "run-event"; readonly step: ProgrammeStep; readonly event: Event; readonly state: State }
  | { readonly type: "step-ended"; readonly step: ProgrammeStep }
  /** Nothing more will come: it has ended, was stopped or failed. */
  | { readonly type: "settled" };

/** Receives each event, once it is durable. */
export type ProgrammeListener = (event: ProgrammeEvent, programme: ProgrammeRun) => void;

export interface ProgrammeOptions
  extends Loading,
    Pick<OpenOptions, "engine" | "device" | "threads" | "maxBytes" | "keep" | "trainer" | "now"> {
  /** Receives every event from the first on. */
  readonly onEvent?: ProgrammeListener;
}

/** The system of a programme as one run, though every segment opens it anew: to watch, draw and make tables of. */
export interface SystemRun {
  /** The folder of the system's run. */
  readonly dir: string;
  readonly experiment: Experiment;
  readonly state: State;
  readonly events: readonly Event[];
  readonly threads: number | undefined;
  /** That of the programme. */
  readonly status: RunStatus;
  readonly isHeld: boolean;
  subscribe(listener: Listener): () => void;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
  done(): Promise<State>;
}

/** A programme in progress in this process. */
export interface ProgrammeRun {
  /** The folder of the programme. */
  readonly dir: string;
  readonly programme: Programme;
  readonly status: RunStatus;
  readonly system: SystemRun;
  /** What is growing: the system or a copy. */
  readonly current: { readonly step: ProgrammeStep; readonly run: Run } | null;
  /** Its steps, how far the current one is, and the time left. */
  readonly progress: ProgrammeProgress;
  subscribe(listener: ProgrammeListener): () => void;
  pause(): void;
  resume(): void;
  /** Ends at once; when opened again, the programme continues with the generation in flight. */
  stop(): Promise<void>;
  /** Resolves with the system when every segment has ended or the programme was stopped; throws the error that made continuing impossible. */
  done(): Promise<RunRecord>;
}
