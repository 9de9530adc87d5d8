// A run as one widget model: follows its events, sends changes at most ten times a second (and always the last), and obeys
// the browser's buttons. Arriving events are only counted; all work happens when an update is sent.

import { generationMinutes } from "../analysis/curve-points.js";
import { type Progress, startProgress, stepProgress } from "../analysis/progress.js";
import { type Event, effectiveEvents } from "../core/event.js";
import { type Experiment, experimentAt } from "../core/experiment.js";
import type { State } from "../core/state.js";
import type { PicturedRun } from "../figures/scenes/pictured-run.js";
import { StateEncoder } from "../wire/encoder.js";
import { type Failures, failuresOf, withFailure } from "../wire/failures.js";
import { headOf } from "../wire/head.js";
import {
  commandOf,
  type Head,
  type LiveProgress,
  type LiveStatus,
  MODULE,
  MODULE_VERSION,
} from "../wire/schema.js";
import type { WidgetModel } from "./layer.js";

/** The part of a run that watching needs. */
export interface Watchable {
  readonly dir: string;
  readonly experiment: Experiment;
  readonly state: State;
  readonly status: LiveStatus;
  readonly events: readonly Event[];
  /** Whether a pause has taken effect, if the run knows. */
  readonly isHeld?: boolean;
  subscribe(listener: (event: Event, state: State) => void): () => void;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
  done(): Promise<State>;
}

/** Milliseconds between updates, and between checks of the status and signs of life. */
const UPDATE_MS = 100;
const LOOK_MS = 1000;

/** The cost of watching. */
export interface WatchCost {
  updates: number;
  bytes: number;
  /** Kernel time for encoding and sending, in milliseconds. */
  ms: number;
}

interface LiveOptions {
  readonly now?: () => number;
  readonly name?: string | undefined;
}

/** The names by which front ends look up widgets. */
export const widgetNames = (model: string, view: string) => ({
  _model_module: MODULE,
  _model_module_version: `^${MODULE_VERSION}`,
  _model_name: model,
  _view_module: MODULE,
  _view_module_version: `^${MODULE_VERSION}`,
  _view_name: view,
});

export class LiveRun {
  readonly cost: WatchCost = { updates: 0, bytes: 0, ms: 0 };
  readonly widget: WidgetModel;
  readonly #run: Watchable;
  readonly #head: Head;
  readonly #encoder = new StateEncoder();
  readonly #now: () => number;
  #progress: Progress;
  #status: LiveStatus;
  #failure: string | null = null;
  #isHeld: boolean | undefined;
  /** Whether a generation has ended since the minutes were last sent. */
  #isClockLate = true;
  #failures: Failures;
  /** Minutes at the end of each generation. */
  #minutes: readonly number[] = [];
  #beat = 0;
  #last = 0;
  #waiting: NodeJS.Timeout | undefined;
  #onSettled: (() => void)[] = [];
  #isSettled = false;

  /** `make` opens the widget with its first state; `name` is that of a run that is a variant of another. */
  constructor(
    run: Watchable,
    make: (state: Record<string, unknown>) => WidgetModel,
    { now = () => performance.now(), name }: LiveOptions = {},
  ) {
    this.#run = run;
    const head = headOf(run.dir, experimentAt(run.experiment, run.state));
    const { method } = head;
    const label = name === undefined ? method.label : { ...method.label, curve: name };
    this.#head = { ...head, method: { ...method, label } };
    this.#now = now;
    const last = run.events.at(-1);
    const start = startProgress(run.experiment);
    this.#progress = last ? stepProgress(start, last, run.state, run.experiment) : start;
    this.#status = run.status;
    this.#failures = failuresOf(run.events);
    this.#minutes = generationMinutes(effectiveEvents(run.events));
    this.widget = make({
      ...widgetNames("RunModel", "DashboardView"),
      head: this.#head,
      words: [],
      tasks: [],
      failure: null,
      selected: null,
      scale: null,
      ...this.#changes(),
    });
    this.#last = now();
    this.widget.onCustom((content) => this.#obey(content));
    run.subscribe((event, state) => {
      this.#progress = stepProgress(this.#progress, event, state, run.experiment);
      this.#failures =
        event.type === "run-resumed" ? failuresOf(run.events) : withFailure(this.#failures, event);
      this.#minutes =
        event.type === "run-resumed"
          ? generationMinutes(effectiveEvents(run.events))
          : generationMinutes([event], this.#minutes);
      this.#isClockLate ||= event.type === "generation-ended" || event.type === "run-resumed";
      if (this.#isSettled) this.#follow(); // it was extended
      this.#soon();
    });
    this.#follow();
  }

  /** Follows the run until it settles. */
  #follow(): void {
    this.#isSettled = false;
    const look = setInterval(() => this.#look(), LOOK_MS);
    look.unref();
    const settle = (error?: unknown) => {
      clearInterval(look);
      this.#failure = error === undefined ? null : messageOf(error);
      this.flush();
      this.#isSettled = true;
      for (const callback of this.#onSettled) callback();
    };
    this.#run.done().then(() => settle(), settle);
  }

  get run(): Watchable {
    return this.#run;
  }

  /** The present run as its pictures need it. */
  get pictured(): PicturedRun {
    const { state, status } = this.#run;
    return { head: this.#head, state, status, progress: publicProgress(this.#progress) };
  }

  /** Calls `callback` after the last update, when the run has ended, stopped or failed. */
  onSettled(callback: () => void): void {
    if (this.#isSettled) callback();
    else this.#onSettled.push(callback);
  }

  /** Sends what changed, now. */
  flush(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    const began = this.#now();
    this.#last = began;
    if (!this.widget.isOpen) return;
    const changes = this.#changes();
    this.widget.set(changes);
    this.cost.updates += 1;
    this.cost.bytes += sizeOf(changes);
    this.cost.ms += this.#now() - began;
  }

  #changes(): Record<string, unknown> {
    this.#status = this.#run.status;
    return {
      ...this.#encoder.update(this.#run.state),
      progress: publicProgress(this.#progress),
      status: this.#status,
      ...this.#clock(),
      failure: this.#failure,
      failures: this.#failures,
      beat: ++this.#beat,
    };
  }

  /** The minutes, if a generation has ended since they were sent, and whether a pause has taken effect. */
  #clock(): Record<string, unknown> {
    this.#isHeld = this.#run.isHeld;
    const isLate = this.#isClockLate;
    this.#isClockLate = false;
    return {
      ...(isLate && { minutes: this.#minutes }),
      ...(this.#isHeld !== undefined && { isHeld: this.#isHeld }),
    };
  }

  #soon(): void {
    if (this.#waiting) return;
    const wait = Math.max(0, this.#last + UPDATE_MS - this.#now());
    this.#waiting = setTimeout(() => this.flush(), wait);
    this.#waiting.unref();
  }

  /** Reports a pause that a cell requested, and that the kernel is alive. */
  #look(): void {
    if (this.#run.isHeld !== this.#isHeld) this.flush();
    if (this.#run.status !== this.#status || this.#now() - this.#last > 5 * LOOK_MS) this.flush();
  }

  #obey(content: unknown): void {
    switch (commandOf(content)) {
      case "pause":
        this.#run.pause();
        break;
      case "resume":
        this.#run.resume();
        break;
      case "stop":
        void this.#run.stop(); // done() reports it
        break;
      case undefined:
        return;
    }
    this.flush();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Approximate size on the wire: binary as it is, the rest as JSON. */
function sizeOf(changes: Record<string, unknown>): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(changes))
    bytes +=
      key.length + (ArrayBuffer.isView(value) ? value.byteLength : (JSON.stringify(value)?.length ?? 0));
  return bytes;
}

const publicProgress = ({ samples: _, firstChild: __, ...progress }: Progress): LiveProgress => progress;
