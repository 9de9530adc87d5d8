// A made-up run for everything that reads runs: the real evolver over the fake trainer, with a fake clock and an
// accuracy that behaves like one (deeper, better tuned and better related is better). Deterministic by its options.

import { createHash } from "node:crypto";
import type { Backbone } from "../../src/core/components.js";
import type { Event } from "../../src/core/event.js";
import type { Experiment, TaskSpec } from "../../src/core/experiment.js";
import { mu2net } from "../../src/core/methods.js";
import type { LayerId, Plan } from "../../src/core/model.js";
import { type Rng, rngFromSeed } from "../../src/core/rng.js";
import type { LayerStore } from "../../src/core/seams.js";
import { foldEvents, type State } from "../../src/core/state.js";
import type { Images, Task } from "../../src/core/task.js";
import { evolve } from "../../src/evolve.js";
import { rootEvents } from "../../src/run/root.js";
import { fakeTrainer } from "./fake-trainer.js";

export interface SampleOptions {
  readonly seed?: number;
  readonly tasks?: readonly TaskSpec[];
  readonly iterations?: number;
  readonly generations?: number;
  readonly children?: number;
  /** Blocks of the root. */
  readonly blocks?: number;
  /** One child breaks in its training: the one with this number. */
  readonly failing?: number;
  readonly backbone?: Backbone;
  readonly insertAdapters?: boolean;
  /** A task that is forgotten when the run has ended, and then added and evolved once more. */
  readonly again?: string;
}

export interface SampleRun {
  readonly events: readonly Event[];
  readonly state: State;
  readonly experiment: Experiment;
}

const SAMPLE_TASKS: readonly TaskSpec[] = [
  { name: "bangla", access: "public" },
  { name: "devanagari", access: "public" },
  { name: "telugu", access: "private" },
];

/** A ViT small enough for tests; its components have the real names and the real proportions. */
const TINY: Backbone = { name: "tiny", patch: 16, width: 8, mlp: 32, heads: 2 };

/** An experiment like the preliminary one. */
export function sampleExperiment(options: SampleOptions = {}): Experiment {
  const { seed = 7, tasks = SAMPLE_TASKS, iterations = 2, generations = 2, children = 4 } = options;
  const { backbone = TINY, blocks = 1, insertAdapters = false } = options;
  return {
    name: "preliminary",
    title: "µ2Net preliminary experiment",
    source: "µ2Net §4 (arXiv 2205.12755)",
    budget: "laptop",
    seed,
    method: {
      ...mu2net,
      blocksRange: [0, 3],
      insertAdapters,
      defaults: { ...mu2net.defaults, imageSize: 32, blocks, adapterDim: 8 },
    },
    training: {
      batchSize: 512,
      cycles: 4,
      examplesPerCycle: 51_200,
      validationExamples: 5_120,
      clipNorm: 1,
    },
    root: { kind: "random", backbone, blocks },
    tasks,
    iterations,
    generations,
    children,
    validationFraction: 0.2,
    expected: { minutes: 2, result: "three tasks, one network" },
  };
}

/** Runs the experiment with a clock that ticks in fake seconds. */
export async function sampleRun(options: SampleOptions = {}): Promise<SampleRun> {
  const experiment = sampleExperiment(options);
  const { method, training, seed } = experiment;
  const store = memoryStore();
  const rng = rngFromSeed(seed);
  let now = Date.UTC(2022, 4, 25, 9);
  const tick = (ms: number) => {
    now += ms;
    return now;
  };

  const tasks = experiment.tasks.map((spec, i) => sampleTask(spec, 1200 * (i + 2)));
  const records = tasks.map(({ splits, ...task }) => ({
    name: task.name,
    access: task.access,
    classes: task.classes,
    train: splits.train.count,
    validation: splits.validation.count,
    test: splits.test.count,
    fingerprint: task.fingerprint,
    source: task.source,
  }));
  const begin = await rootEvents(experiment, records, store, rng, () => tick(20));

  const base = fakeTrainer({
    store,
    training,
    method,
    accuracy: (plan, cycle, r) => (plan.child === options.failing ? Number.NaN : plausible(plan, cycle, r)),
  });
  const events: Event[] = [...begin];
  const trainer: typeof base = {
    ...base,
    async *trainGeneration(plans, task, r, signal) {
      for await (const cycle of base.trainGeneration(plans, task, r, signal)) {
        const trainMs = 220 + (cycle.child % 5) * 9;
        tick(trainMs);
        yield { ...cycle, trainMs };
      }
    },
    async evaluate(model, task, split) {
      const known = foldEvents(events).models.find((m) => m.path === model.path)?.accuracy ?? 0.5;
      const noise = (0.04 * Number.parseInt(model.path[0]!.id.slice(0, 4), 16)) / 65_536;
      return { accuracy: Math.max(0, known - noise), examples: task.splits[split].count };
    },
  };
  const lab = {
    trainer,
    store,
    tasks: new Map(tasks.map((t) => [t.name, t])),
    rng,
    now: () => tick(15),
  };
  for await (const event of evolve(foldEvents(begin), experiment, lab)) events.push(event);
  if (options.again !== undefined) {
    const added = records.filter(({ name }) => name === options.again);
    events.push({ type: "task-forgotten", task: options.again });
    events.push({ type: "run-extended", tasks: added, schedule: [options.again] });
    for await (const event of evolve(foldEvents(events), experiment, lab)) events.push(event);
  }
  return { events, state: foldEvents(events), experiment };
}

/** Deeper is better, transfer helps, the learning rate has an optimum; rises with the cycles. */
function plausible(plan: Plan, cycle: number, rng: Rng): number {
  const steps = plan.positions.reduce((sum, { source }) => {
    const history = source.how === "init" ? [] : source.layer.history;
    return sum + history.reduce((s, segment) => s + segment.steps, 0) / plan.positions.length;
  }, 0);
  const depth = [0, 0.16, 0.22, 0.24][plan.shape.blocks] ?? 0.25;
  const experience = 0.2 * (1 - Math.exp(-steps / 160));
  const rate = 0.05 * Math.abs(Math.log10(plan.hyperparams.learningRate / 0.02));
  const learned = 0.06 * (1 - Math.exp(-(cycle + 1) / 2));
  const accuracy = 0.46 + depth + experience - rate + learned + 0.06 * (rng.uniform() - 0.5);
  return Math.round(1000 * Math.min(0.985, Math.max(0.05, accuracy))) / 1000;
}

function sampleTask({ name, access }: TaskSpec, train: number): Task {
  const images = (count: number): Images => ({
    pixels: new Uint8Array(new SharedArrayBuffer(0)),
    labels: new Int32Array(new SharedArrayBuffer(0)),
    count,
    height: 32,
    width: 32,
    channels: 3,
  });
  return {
    name,
    access,
    classes: 10,
    splits: { train: images(train), validation: images(train / 4), test: images(1000) },
    fingerprint: createHash("sha256").update(name).digest("hex"),
    source: "made up",
  };
}

function memoryStore(): LayerStore {
  const layers = new Map<string, Uint8Array>();
  return {
    has: async (id) => layers.has(id),
    get: async (id) => layers.get(id)!,
    put: async (bytes) => {
      const id = createHash("sha256").update(bytes).digest("hex") as LayerId;
      layers.set(id, bytes);
      return id;
    },
  };
}
