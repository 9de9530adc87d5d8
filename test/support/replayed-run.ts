// A recorded run that happens again, as far and as fast as a test wants.

import type { Event } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import { applyEvent, emptyState, foldEvents, type State } from "../../src/core/state.js";
import type { Watchable } from "../../src/notebook/live-run.js";
import type { LiveStatus } from "../../src/wire/schema.js";
import type { SampleRun } from "./sample-run.js";

/** A recorded run that happens again as far as the test wants. */
export class ReplayedRun implements Watchable {
  readonly dir: string;
  readonly experiment: Experiment;
  readonly events: Event[] = [];
  status: LiveStatus = "running";
  readonly #coming: Event[];
  readonly #listeners = new Set<(event: Event, state: State) => void>();
  #state = emptyState;
  #settle!: { resolve: (state: State) => void; reject: (error: unknown) => void };
  readonly #done = new Promise<State>((resolve, reject) => {
    this.#settle = { resolve, reject };
  });

  /** Begins after the first `skip` events. */
  constructor(
    { events, experiment }: Pick<SampleRun, "events" | "experiment">,
    skip = 2,
    dir = "runs/first",
  ) {
    this.dir = dir;
    this.experiment = experiment;
    this.#coming = [...events];
    this.events.push(...this.#coming.splice(0, skip));
    this.#state = foldEvents(this.events);
    this.#done.catch(() => {});
  }

  get state(): State {
    return this.#state;
  }

  /** Lets up to `count` more events happen. */
  advance(count = Number.POSITIVE_INFINITY): void {
    for (const event of this.#coming.splice(0, count)) {
      this.events.push(event);
      this.#state = applyEvent(this.#state, event);
      for (const listener of this.#listeners) listener(event, this.#state);
    }
    if (this.#coming.length > 0) return;
    this.status = "ended";
    this.#settle.resolve(this.#state);
  }

  /** Stands in `state` from now on, as if events had led there. */
  jump(state: State): void {
    this.#state = state;
  }

  fail(error: Error): void {
    this.status = "failed";
    this.#settle.reject(error);
  }

  subscribe(listener: (event: Event, state: State) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): void {
    this.status = "paused";
  }

  resume(): void {
    this.status = "running";
  }

  async stop(): Promise<void> {
    this.status = "stopped";
    this.#settle.resolve(this.#state);
  }

  done(): Promise<State> {
    return this.#done;
  }
}
