// A fork: a new run that starts from the state of another one after some generation, and shares the bytes of its layers.
// Both continue independently; a fork that is only resumed reaches the digest of the original run.

import { forkLayersGone, hasCode, valueNotValid } from "../core/errors/index.js";
import { type Event, effectiveEvents, standing } from "../core/event.js";
import type { LayerId } from "../core/model.js";
import type { LayerStore } from "../core/seams.js";
import { foldEvents, liveLayers } from "../core/state.js";
import { createRun, eventsOf, readRun } from "./folder.js";

export interface ForkOptions {
  /** How many complete generations of the run to start with, from 0 (only the root); default: all. */
  readonly generations?: number;
}

export interface Forked {
  readonly dir: string;
  readonly generations: number;
  readonly layers: number;
}

/**
 * Forks the run in `dir` into the new folder `to`; `open` continues the fork, `extend` adds tasks to it once it has ended.
 * What one of them forgets stays in the other. The run may be running. Throws run/…, store/…, journal/…, options/not-valid,
 * and run/layers-gone if layers of that generation have been removed since.
 */
export async function fork(dir: string, to: string, options: ForkOptions = {}): Promise<Forked> {
  for (let tries = 1; ; tries++)
    try {
      return await forkOnce(dir, to, options);
    } catch (error) {
      // A run in progress may remove layers after its journal was read; its present state has its layers.
      const isGone = hasCode(error, "run/layers-gone", "store/missing-layer");
      if (!isGone || options.generations !== undefined || tries === MOST_TRIES) throw error;
    }
}

const MOST_TRIES = 10;

async function forkOnce(dir: string, to: string, { generations }: ForkOptions): Promise<Forked> {
  const from = await readRun(dir);
  const all = await eventsOf(from);
  const events =
    generations === undefined ? standing(all) : afterGeneration(effectiveEvents(all), generations);
  const kept = generationsIn(events);
  const layers = liveLayers(foldEvents(events));
  const missing = await missingLayers(layers, from.store);
  if (missing > 0) throw forkLayersGone(dir, kept, missing, await possibleGenerations(all, from.store));
  const folder = await createRun(to, from, async ({ store, journal }) => {
    for (const id of layers) await store.adopt(id, from.store); // bytes before names
    await journal.append(events);
  });
  await folder.close();
  return { dir: to, generations: kept, layers: layers.size };
}

/** How many of `layers` the store no longer has. */
async function missingLayers(layers: Iterable<LayerId>, store: Pick<LayerStore, "has">): Promise<number> {
  const there = await Promise.all([...layers].map((id) => store.has(id)));
  return there.filter((has) => !has).length;
}

/** The numbers of generations after which the run can still be forked, ascending; never empty, because the root stays. */
async function possibleGenerations(all: readonly Event[], store: Pick<LayerStore, "has">): Promise<number[]> {
  const events = effectiveEvents(all);
  const counts = Array.from({ length: generationsIn(events) + 1 }, (_, i) => i);
  const missing = await Promise.all(
    counts.map((count) => missingLayers(liveLayers(foldEvents(afterGeneration(events, count))), store)),
  );
  return counts.filter((_, i) => missing[i] === 0);
}

const generationsIn = (events: readonly Event[]): number =>
  events.filter(({ type }) => type === "generation-ended").length;

/** The events up to the end of that many generations, and their automatic consequences: the activation's end and its test. */
function afterGeneration(events: readonly Event[], generations: number): Event[] {
  const most = generationsIn(events);
  if (!Number.isSafeInteger(generations) || generations < 0 || generations > most)
    throw valueNotValid(
      "generations",
      generations,
      `a whole number from 0 to ${most}, the number that the run has`,
    );
  const isUsers = ({ type }: Event) => type === "run-extended" || type === "task-forgotten";
  const begins = ({ type }: Event) => type === "activation-started" || type === "generation-started";
  let left = generations;
  const last = events.findIndex(({ type }) =>
    generations === 0 ? type === "root-added" : type === "generation-ended" && --left === 0,
  );
  const follows = events.findIndex((event, i) => i > last && (begins(event) || isUsers(event)));
  return standing(follows < 0 ? events : events.slice(0, follows));
}
