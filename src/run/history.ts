// The past of a run: a snapshot, if there is one that counts, and the events after it. Earlier events are read from the journal
// when somebody asks for them.

import { join } from "node:path";
import { journalCut } from "../core/errors/index.js";
import { type Event, standing } from "../core/event.js";
import { emptyState, foldEvents, type State } from "../core/state.js";
import { START } from "../store/journal.js";
import { eventsOf, JOURNAL_FILE, type RunReader } from "./folder.js";
import { type Base, readSnapshot, type Saved } from "./snapshot/file.js";
import { emptyTally, type Tally, tallyOf } from "./tally.js";
import { isTip } from "./tip.js";

/** Before the first event of a run whose run.json names so many threads. */
export const beginning = (threads: number | undefined): Base => ({
  mark: START,
  effective: 0,
  tally: emptyTally(threads),
  state: emptyState,
});

/** Events that follow others, of which so many are effective: those of them that are effective, and how many in all. */
interface Effective {
  readonly events: Event[];
  readonly count: number;
}

/** The effective ones of `events`, which follow `before` effective ones; null if a resume made some of those void. */
function effectiveAfter(events: readonly Event[], before: number): Effective | null {
  const effective: Event[] = [];
  for (const event of events) {
    if (event.type !== "run-resumed") effective.push(event);
    else if (event.kept < before) return null;
    else effective.length = Math.min(effective.length, event.kept - before);
  }
  return { events: effective, count: before + effective.length };
}

export class History {
  #base: Base;
  #tail: Event[];
  #all: WeakRef<Event[]> | undefined;
  #effective: number;
  /** Of the beginning of the journal, if it was opened with a snapshot. */
  readonly saved: Saved | null;

  private constructor(
    readonly run: Pick<RunReader, "dir" | "header" | "journal">,
    base: Base,
    tail: Event[],
    saved: Saved | null,
  ) {
    this.#base = base;
    this.#tail = tail;
    this.#effective = effectiveAfter(tail, base.effective)!.count;
    this.saved = saved;
  }

  /** The past of `run`, checked against run.json and tip.json. Throws journal/damaged, journal/cut, run/damaged. */
  static async of(run: RunReader): Promise<History> {
    const saved = run.saved ?? (await readSnapshot(run.dir, join(run.dir, JOURNAL_FILE), run.tip));
    const tail = saved && (await tailAfter(run, saved));
    if (saved && tail) return new History(run, saved, tail, saved);
    return new History(run, beginning(run.header.threads), await eventsOf(run), null);
  }

  /** All events, those that a resume made void included. */
  get events(): readonly Event[] {
    if (this.#base.mark.index === 0) return this.#tail;
    let all = this.#all?.deref();
    if (!all) {
      all = this.run.journal.before(this.#base.mark);
      for (const event of this.#tail) all.push(event);
      this.#all = new WeakRef(all);
    }
    return all;
  }

  /** Events in the journal; a count. */
  get length(): number {
    return this.#base.mark.index + this.#tail.length;
  }

  /** Effective events; a count. */
  get effective(): number {
    return this.#effective;
  }

  /** Where the events begin that are in memory. */
  get base(): Base {
    return this.#base;
  }

  /** The events in memory: those after `base`. */
  get tail(): readonly Event[] {
    return this.#tail;
  }

  /** The effective events after `base`. */
  get effectiveTail(): Event[] {
    return effectiveAfter(this.#tail, this.#base.effective)!.events;
  }

  /** The state at the last boundary, from which the run continues, and the number of effective events before it. */
  standing(): { readonly state: State; readonly kept: number } {
    const events = standing(this.effectiveTail);
    const { state } = this.#base;
    return { state: foldEvents(events, state), kept: this.#base.effective + events.length };
  }

  get tally(): Tally {
    return tallyOf(this.#tail, this.#base.tally);
  }

  /** Adds an event that the journal now has. */
  push(event: Event): void {
    this.#tail.push(event);
    this.#all?.deref()?.push(event);
    this.#effective =
      event.type === "run-resumed" ? Math.min(this.#effective, event.kept) : this.#effective + 1;
  }

  /** Begins at a later boundary, up to which the events need not be in memory any more. */
  moveTo(base: Base): void {
    this.#tail = this.#tail.slice(base.mark.index - this.#base.mark.index);
    this.#base = base;
    this.#all = undefined;
  }
}

/** The events after a snapshot; null if they make it void. */
async function tailAfter(run: RunReader, { mark, effective }: Saved): Promise<Event[] | null> {
  const tail: Event[] = [];
  let hasCome = run.tip === null || run.tip.events === mark.index;
  for await (const event of run.journal.read(mark)) {
    tail.push(event.event);
    hasCome ||= isTip(run, event);
  }
  if (!hasCome) throw journalCut(join(run.dir, JOURNAL_FILE), mark.index + tail.length, run.tip!.events);
  return effectiveAfter(tail, effective) && tail;
}
