// The sound runs that lies are about, and how a lie is told: layers copied, the journal written again with its hashes.

import { copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import { munet } from "../../src/core/methods.js";
import { foldEvents } from "../../src/core/state.js";
import type { Task } from "../../src/core/task.js";
import { extend } from "../../src/run/extend.js";
import { readRun } from "../../src/run/folder.js";
import { forget } from "../../src/run/forget.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { fileJournal } from "../../src/store/journal.js";
import { breaking } from "./breaking-trainer.js";
import { fakeTrainer } from "./fake-trainer.js";
import type { Base, Forgery } from "./forgeries.js";
import { changeable, type SoundRun, writeSoundRun } from "./sound-run.js";
import { tinyExperiment, tinyTask } from "./tiny.js";

/** muNet at a scale factor, with adapters, from a root that has blocks. */
export function munetExperiment(changes: Partial<Experiment> = {}): Experiment {
  const { root, ...base } = tinyExperiment();
  const defaults = { ...munet.defaults, blocks: 2, adapterDim: 8, mutationProbability: 0.3 };
  const method = { ...munet, scaleFactor: 0.7, rootParams: 4000, blocksRange: [1, 2] as const, defaults };
  const search = { ...munet.search, imageSize: [16, 32, 48] };
  return { ...base, root: { ...root, blocks: 2 }, children: 4, method: { ...method, search }, ...changes };
}

/** The run in `dir`, as its journal has it. */
export async function soundRunIn(dir: string): Promise<SoundRun> {
  const events: Event[] = [];
  for await (const { event } of (await readRun(dir)).journal.read(0)) events.push(event);
  return { dir, events, state: foldEvents([]) };
}

/** A run that was interrupted twice, extended by "new", forgot "two" and got it back. */
async function liveIn(dir: string): Promise<SoundRun> {
  const experiment = tinyExperiment({ seed: 5, iterations: 1 });
  const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
  const options = (given: readonly Task[], trainer: OpenOptions["trainer"] = fakeTrainer): OpenOptions => ({
    tasks: given,
    trainer,
  });
  for (const generation of [3, 1])
    await (await open(dir, experiment, options(tasks, breaking(generation)))).done().catch(() => {});
  await (await open(dir, experiment, options(tasks))).done();
  const added = [tinyTask("new")];
  await (await extend(dir, { tasks: added, iterations: 1 }, options(added))).done();
  await forget(dir, "two");
  const again = [tinyTask("two")];
  await (await extend(dir, { tasks: again, iterations: 1 }, options(again))).done();
  const settings = { children: 2, seed: 5 };
  const one = [tinyTask("one")];
  await (await extend(dir, { tasks: ["one"], iterations: 1, settings }, options(one))).done();
  return soundRunIn(dir);
}

/** Runs that the engine trained, with one seed after another, each when it is first asked for. */
export class TrainedRuns {
  readonly #runs = new Map<number, Promise<SoundRun>>();

  constructor(readonly dir: string) {}

  run(seed: number): Promise<SoundRun> {
    const known = this.#runs.get(seed) ?? this.#train(seed);
    this.#runs.set(seed, known);
    return known;
  }

  async #train(seed: number): Promise<SoundRun> {
    const experiment = tinyExperiment({ seed, children: 4 });
    const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
    const dir = join(this.dir, `trained-${seed}`);
    await (await open(dir, experiment, { tasks, threads: 1 })).done();
    return soundRunIn(dir);
  }
}

/** All sound runs, below the folder `dir`. */
export async function soundRuns(dir: string): Promise<Record<Base, SoundRun>> {
  return {
    mu2net: await writeSoundRun(join(dir, "mu2net"), tinyExperiment({ seed: 3, children: 4 })),
    munet: await writeSoundRun(join(dir, "munet"), munetExperiment({ seed: 3 })),
    lived: await liveIn(join(dir, "lived")),
  };
}

/** A run in the new folder `to` that tells the lie; it has its own layers only where the lie needs others. */
export async function forge(run: SoundRun, to: string, { tell }: Pick<Forgery, "tell">): Promise<string> {
  mkdirSync(to);
  copyFileSync(join(run.dir, "run.json"), join(to, "run.json"));
  const layers = join(to, "layers");
  const ownLayers = () => {
    cpSync(join(run.dir, "layers"), layers, { recursive: true });
    return to;
  };
  const events = changeable(run.events);
  await tell(events, ownLayers);
  if (!existsSync(layers)) symlinkSync(join(run.dir, "layers"), layers);
  const journal = fileJournal(join(to, "events.jsonl"));
  await journal.append(events as Event[]);
  await journal.close();
  return to;
}
