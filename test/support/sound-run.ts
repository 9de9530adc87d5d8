// A sound run folder to tamper with: a tiny evolution, written to disk as a run writes it.

import { copyFileSync, cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import { decodeLayer, encodeLayer } from "../../src/core/layer-codec.js";
import type { Layer, LayerId, TrainingSpan } from "../../src/core/model.js";
import type { State } from "../../src/core/state.js";
import { createRun } from "../../src/run/folder.js";
import { headerHash, type Json } from "../../src/run/header.js";
import type { VerifyReport } from "../../src/run/verify/verify.js";
import { fileStore } from "../../src/store/files.js";
import { fileJournal } from "../../src/store/journal.js";
import { evolveTiny } from "./tiny-lab.js";

export interface SoundRun {
  readonly dir: string;
  readonly events: readonly Event[];
  readonly state: State;
}

/** Evolves `experiment` in memory and writes what came of it to the new folder `dir`. */
export async function writeSoundRun(dir: string, experiment: Experiment): Promise<SoundRun> {
  const { events, state, lab } = await evolveTiny(experiment);
  const about = { experiment: experiment as unknown as Json, seed: experiment.seed };
  const run = await createRun(dir, { ...about, versions: {}, device: "cpu" });
  const layers = [...state.models.flatMap((model) => model.path), ...state.posembeds];
  for (const id of new Set(layers.map((layer) => layer.id))) await run.store.put(await lab.store.get(id));
  const header = headerHash(run.headerBytes);
  const written = events.map((event) => (event.type === "run-started" ? { ...event, header } : event));
  await run.journal.append(written);
  await run.close();
  return { dir, events: written, state };
}

/** Copies a run to the new folder `to`. */
export function copyRun({ dir }: SoundRun, to: string): string {
  cpSync(dir, to, { recursive: true });
  return to;
}

/** A run in the new folder `to` with the layers of another, whose journal tells `events`, chained as if it had always been so. */
export async function retellRun({ dir }: SoundRun, to: string, events: readonly Event[]): Promise<string> {
  mkdirSync(to);
  copyFileSync(join(dir, "run.json"), join(to, "run.json"));
  symlinkSync(join(dir, "layers"), join(to, "layers"));
  const journal = fileJournal(join(to, "events.jsonl"));
  await journal.append(events);
  await journal.close();
  return to;
}

/** `T`, to be changed at any depth. */
export type Changeable<T> = T extends LayerId
  ? T
  : T extends object
    ? { -readonly [K in keyof T]: Changeable<T[K]> }
    : T;

/** A deep copy of events; equal parts of it are not one object, so that one can be changed alone. */
export const changeable = (events: readonly Event[]): Changeable<Event>[] =>
  JSON.parse(JSON.stringify(events));

type Of<Type extends Event["type"]> = Extract<Changeable<Event>, { type: Type }>;
/** The events of one type. */
export const ofType = <Type extends Event["type"]>(
  events: readonly Changeable<Event>[],
  type: Type,
): Of<Type>[] => events.filter((event): event is Of<Type> => event.type === type);

/** Stores `layer` with another history in the run at `dir`; the layer as an honest journal would name it. */
export async function retellLayer(
  dir: string,
  layer: Layer,
  history: readonly TrainingSpan[],
): Promise<Changeable<Layer>> {
  const store = fileStore(join(dir, "layers"));
  const id = await store.put(encodeLayer({ ...decodeLayer(await store.get(layer.id)), history }));
  return { ...layer, id, history: history.map((span) => ({ ...span })) };
}

/** Names of the checks that failed. */
export const broken = (report: VerifyReport): string[] =>
  report.checks.filter(({ ok }) => !ok).map(({ name }) => name);

/** All failures, a line each. */
export const failures = (report: VerifyReport): string =>
  report.checks.flatMap((check) => check.failures).join("\n");
