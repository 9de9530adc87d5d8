// A fork: a new run that starts from the state of another one after some generation, and shares the bytes of its layers.
// Both continue independently; a fork that is only resumed reaches the digest of the original run.

import { forkLayersGone, hasCode, momentInMerge } from "../core/errors/index.js";
import { type Event, effectiveEvents, openMerge, standing } from "../core/event.js";
import { liveLayers } from "../core/live.js";
import type { LayerId } from "../core/model.js";
import type { LayerStore } from "../core/seams.js";
import { foldEvents } from "../core/state.js";
import { type Boundary, eventsAt, generationsIn } from "./boundary.js";
import { createRun, eventsOf, readRun } from "./folder.js";
import { layersAgain, type TrainAgainOptions } from "./replay/layers-again.js";

export interface ForkOptions {
  /** The moment to start from; default: the present. */
  readonly at?: Boundary;
  /** The same as a number of complete generations, from 0 (only the root). */
  readonly generations?: number;
  /** Trains layers of that moment again that the run has removed since: same seed, same bytes. */
  readonly trainsAgain?: TrainAgainOptions;
}

export interface Forked {
  readonly dir: string;
  readonly generations: number;
  readonly layers: number;
  /** How many of them were trained again. */
  readonly trained: number;
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
      if (!isGone || chosenMoment(options) !== undefined || tries === MOST_TRIES) throw error;
    }
}

const MOST_TRIES = 10;

const chosenMoment = ({ at, generations }: ForkOptions): Boundary | undefined => at ?? generations;

async function forkOnce(dir: string, to: string, options: ForkOptions): Promise<Forked> {
  const at = chosenMoment(options);
  const from = await readRun(dir);
  const all = await eventsOf(from);
  const events = at === undefined ? standing(all) : eventsAt(effectiveEvents(all), at);
  if (openMerge(events) >= 0) throw momentInMerge(dir);
  const kept = generationsIn(events);
  const layers = liveLayers(foldEvents(events));
  const gone = await missingLayers(layers, from.store);
  const { trainsAgain } = options;
  if (gone.length > 0 && !trainsAgain)
    throw forkLayersGone(dir, kept, gone.length, await possibleGenerations(all, from.store));
  const folder = await createRun(to, from, async ({ store, journal }) => {
    const isGone = new Set(gone);
    for (const id of layers) if (!isGone.has(id)) await store.adopt(id, from.store); // bytes before names
    if (trainsAgain && gone.length > 0)
      await layersAgain(dir, gone, trainsAgain, async (_, bytes) => void (await store.put(bytes)));
    await journal.append(events);
  });
  await folder.close();
  return { dir: to, generations: kept, layers: layers.size, trained: gone.length };
}

/** Those of `layers` that the store no longer has. */
async function missingLayers(layers: Iterable<LayerId>, store: Pick<LayerStore, "has">): Promise<LayerId[]> {
  const all = [...layers];
  const there = await Promise.all(all.map((id) => store.has(id)));
  return all.filter((_, i) => !there[i]);
}

/** The numbers of generations after which the run can still be forked, ascending; never empty, because the root stays. */
async function possibleGenerations(all: readonly Event[], store: Pick<LayerStore, "has">): Promise<number[]> {
  const events = effectiveEvents(all);
  const counts = Array.from({ length: generationsIn(events) + 1 }, (_, i) => i).filter(
    (count) => openMerge(eventsAt(events, count)) < 0,
  );
  const missing = await Promise.all(
    counts.map((count) => missingLayers(liveLayers(foldEvents(eventsAt(events, count))), store)),
  );
  return counts.filter((_, i) => missing[i]!.length === 0);
}
