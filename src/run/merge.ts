// Two systems of one root become one: a new run with the events of the first, and those of the second since their common
// past, renumbered (docs/decisions/0017). Layers are shared with both on the disk; neither run changes.

import {
  forgottenInOne,
  otherAccess,
  otherImages,
  otherRoots,
  otherScoring,
  sameRun,
  twoModels,
} from "../core/errors/index.js";
import { type Event, type Side, standing, withoutClock } from "../core/event.js";
import { type Experiment, experimentAt } from "../core/experiment.js";
import { liveLayers } from "../core/live.js";
import { type Conflict, mergedTasks, modelsIn, momentsOf, renumbered } from "../core/merge.js";
import type { LayerId, ModelId, TaskName } from "../core/model.js";
import type { Settings } from "../core/settings.js";
import { foldEvents, type State, standingTasks } from "../core/state.js";
import { MERGED_FORMAT } from "../store/format.js";
import { digestOf } from "./digest.js";
import { createRun, eventsOf, type RunReader, readRun } from "./folder.js";
import { headerBytesOf, headerHash } from "./header.js";
import { imagesOf } from "./needed-tasks.js";
import { refuseBusy } from "./open.js";
import { parseExperiment } from "./parse-experiment.js";
import { emptyTally, tallyOf } from "./tally.js";
import { taskOptions } from "./task-options.js";

export interface MergeOptions {
  /** Whose model counts where both runs changed that of a task; by default that is refused. */
  readonly prefer?: Side;
}

export interface Merged {
  readonly dir: string;
  /** Hash over what happened, as `verify` prints it. */
  readonly digest: string;
  /** Models of the common past, the root among them; a count. */
  readonly common: number;
  /** Tasks that came from the second run. */
  readonly added: readonly TaskName[];
  /** Tasks of both whose model is the second run's. */
  readonly replaced: readonly TaskName[];
  /** Layers of the merged run, and those among them that both runs have; counts. */
  readonly layers: number;
  readonly shared: number;
}

interface Read {
  readonly dir: string;
  readonly folder: RunReader;
  readonly experiment: Experiment;
  readonly events: readonly Event[];
  readonly state: State;
}

/**
 * Merges the runs in `first` and `second`, which must have ended, into the new folder `out`. What is extended from there on
 * follows the first run's seed and settings. The same runs make the same bytes. Throws as reading a run, run/busy, merge/…,
 * and as making a run.
 */
export async function merge(
  first: string,
  second: string,
  out: string,
  { prefer }: MergeOptions = {},
): Promise<Merged> {
  const [ours, theirs] = await Promise.all([readWhole(first), readWhole(second)]);
  for (const { dir, state } of [ours, theirs]) refuseBusy(dir, state);
  refuseOtherRoots(ours, theirs);
  refuseOtherScoring(ours, theirs);
  const since = commonMoment(ours.events, theirs.events);
  const { events, section } = mergedEvents(ours, theirs, since, prefer);
  if (section === 0) throw sameRun(first, second);
  const merging = foldEvents(events.slice(0, -1));
  const { common, ours: before } = merging.merging[0]!;
  const { conflicts } = mergedTasks({ common, ours: before, theirs: merging }, prefer);
  refuseConflicts(conflicts, [first, second]);
  const state = foldEvents(events);
  const layers = liveLayers(state);
  const stores = [ours.folder.store, theirs.folder.store] as const;
  const headerBytes = headerOf(ours);
  const shared = await inBoth(layers, stores);
  const folder = await createRun(out, { headerBytes }, async ({ store, journal }) => {
    const [one, other] = stores;
    for (const id of layers) await store.adopt(id, (await one.has(id)) ? one : other); // bytes before names
    await journal.append(events);
  });
  await folder.close();
  const had = new Set(standingTasks(ours.state).map(({ name }) => name));
  const tasks = Object.keys(state.retained);
  return {
    dir: out,
    digest: digestOf(events),
    common: common.models.length,
    added: standingTasks(state).flatMap(({ name }) => (had.has(name) ? [] : [name])),
    replaced: tasks.filter((task) => had.has(task) && state.retained[task] !== ours.state.retained[task]),
    layers: layers.size,
    shared,
  };
}

async function readWhole(dir: string): Promise<Read> {
  const folder = await readRun(dir);
  const events = standing(await eventsOf(folder));
  const experiment = parseExperiment(folder.header.experiment, `${dir}/run.json`);
  return { dir, folder, experiment, events, state: foldEvents(events) };
}

async function inBoth(ids: Iterable<LayerId>, stores: readonly RunReader["store"][]): Promise<number> {
  let both = 0;
  for (const id of ids) {
    const there = await Promise.all(stores.map((store) => store.has(id)));
    if (there.every((has) => has)) both += 1;
  }
  return both;
}

/** The events of the merged run, and how many of them the second run brings. */
function mergedEvents(
  ours: Read,
  theirs: Read,
  since: number,
  prefer: Side | undefined,
): { readonly events: Event[]; readonly section: number } {
  const [first, root, ...rest] = ours.events as [Event & { type: "run-started" }, ...Event[]];
  const from = momentsOf(theirs.events)[since]!;
  const [kept, all] = [modelsIn(theirs.events.slice(0, from)), modelsIn(ours.events)];
  const to = (id: ModelId): ModelId => (id < kept ? id : id - kept + all);
  const section = theirs.events.slice(from);
  const then = foldEvents(theirs.events.slice(0, from));
  const begun = theirs.events[0] as Event & { type: "run-started" };
  const { experiment, folder } = theirs;
  const images = Object.fromEntries(
    imagesOf(experiment, tallyOf(theirs.events, emptyTally(undefined)).images, {}),
  );
  const onlyRoot = since === 0;
  const names = experiment.tasks.map(({ name }) => name);
  const started: Event = { ...first, format: MERGED_FORMAT, header: headerHash(headerOf(ours)) };
  const merged: Event = {
    type: "run-merged",
    since,
    experiment: begun.experiment,
    digest: digestOf(theirs.events),
    tasks: onlyRoot ? begun.tasks : [],
    schedule: onlyRoot ? Array.from({ length: experiment.iterations }, () => names).flat() : [],
    settings: settingsOf(experimentAt(experiment, then)),
    splits: taskOptions(experiment),
    clock: { ...threadsOf(folder), ...(Object.keys(images).length > 0 && { images }) },
  };
  const ended: Event = {
    type: "merge-ended",
    settings: settingsOf(experimentAt(ours.experiment, ours.state)),
    ...(prefer && { prefer }),
    clock: threadsOf(ours.folder),
  };
  const events = [started, root!, ...rest, merged, ...section.map((event) => renumbered(event, to)), ended];
  return { events, section: section.length };
}

/** run.json of a merged run: the first's, in the format that earlier versions of mulab refuse. */
function headerOf({ folder }: Read): Uint8Array {
  const { format: _, ...header } = folder.header;
  return headerBytesOf(header, MERGED_FORMAT);
}

const threadsOf = ({ header: { threads } }: RunReader) => (threads === undefined ? {} : { threads });

const settingsOf = ({ seed, method, training, generations, children }: Settings): Settings => ({
  seed,
  method,
  training,
  generations,
  children,
});

/** The last moment up to which both journals tell the same. Only the root is always one. */
function commonMoment(a: readonly Event[], b: readonly Event[]): number {
  const same = (i: number): boolean => {
    const [one, other] = [a[i], b[i]];
    return one !== undefined && other !== undefined && bodyOf(one) === bodyOf(other);
  };
  let length = 0;
  while (same(length)) length += 1;
  const others = momentsOf(b);
  const last = momentsOf(a).findLastIndex((count, i) => count <= length && others[i] === count);
  return Math.max(0, last);
}

/** What an event says, as digests see it. */
const bodyOf = (event: Event): string => digestOf([withoutClock(event)]);

function refuseOtherRoots(ours: Read, theirs: Read): void {
  const [a, b] = [ours, theirs].map(({ events }) => events.find(({ type }) => type === "root-added")!);
  if (bodyOf(a!) === bodyOf(b!)) return;
  const layersOf = (event: Event) =>
    event.type === "root-added" ? event.path.map(({ name, id }) => `${name} ${id.slice(0, 8)}`) : [];
  const differing = layersOf(a!).filter((layer, i) => layer !== layersOf(b!)[i]);
  throw otherRoots(
    ours.dir,
    theirs.dir,
    differing.length > 0
      ? `the first's ${differing[0]} is another layer in the second`
      : "they begin with other hyperparameters or image sizes",
  );
}

function refuseOtherScoring(ours: Read, theirs: Read): void {
  const [a, b] = [ours, theirs].map(({ experiment, state }) => scoringText(experimentAt(experiment, state)));
  if (a !== b) throw otherScoring(ours.dir, theirs.dir, b!, a!);
}

const scoringText = ({ method }: Settings): string =>
  method.score ??
  `accuracy × ${method.scaleFactor}^(size / ${method.rootParams}) × ${method.computeFactor ?? 1}^compute`;

function refuseConflicts(conflicts: readonly Conflict[], dirs: readonly [string, string]): void {
  const tasks = (why: Conflict["why"]) =>
    conflicts.filter((c) => c.why === why).map(({ task }) => `"${task}"`);
  if (tasks("images").length > 0) throw otherImages(tasks("images"));
  if (tasks("access").length > 0) throw otherAccess(tasks("access"));
  const forgotten = conflicts.find(({ why }) => why === "forgotten");
  if (forgotten)
    throw forgottenInOne(
      dirs[forgotten.side === "second" ? 1 : 0],
      conflicts.filter(({ side }) => side === forgotten.side).map(({ task }) => `"${task}"`),
    );
  if (tasks("models").length > 0) throw twoModels(tasks("models"));
}
