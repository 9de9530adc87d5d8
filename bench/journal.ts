// How fast a journal is written and read: the events of a generation appended and made durable, and 10^5 events read,
// checked and folded, the latter as a ratio to JSON.parse of the same lines alone. Run: node dist/bench/journal.js

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BACKBONES, componentNames, componentParamCount, type Shape } from "../src/core/components.js";
import type { Event } from "../src/core/event.js";
import { preprocessingOf } from "../src/core/hyperparams.js";
import { mu2net } from "../src/core/methods.js";
import type { Layer, Plan } from "../src/core/model.js";
import { foldEvents } from "../src/core/state.js";
import { fileJournal } from "../src/store/journal.js";
import { layerIdOf } from "../src/store/layer-id.js";

const CHILDREN = 8;
const CYCLES = 4;
const hyperparams = { ...mu2net.defaults, imageSize: 32, blocks: 3 };
const shape: Shape = {
  backbone: BACKBONES["Ti/16"],
  imageSize: 32,
  blocks: 3,
  adapters: [],
  adapterDim: 32,
  classes: 10,
};
const layersOf = (model: number): Layer[] =>
  componentNames(shape).map((name) => ({
    name,
    id: layerIdOf(Buffer.from(`${model} ${name}`)),
    paramCount: componentParamCount(name, shape),
    history: [
      { task: "cmaterdb/bangla", steps: 256 },
      { task: "cmaterdb/telugu", steps: 128 },
    ],
  }));

/** A generation as the evolver yields it: 8 children, 4 validations each, every other one improved; 50 events. */
function* generationEvents(generation: number): Generator<Event> {
  yield { type: "generation-started", generation, preprocessing: preprocessingOf(hyperparams) };
  const first = 1 + generation * CHILDREN;
  const children = Array.from({ length: CHILDREN }, (_, i) => first + i);
  for (const child of children) {
    const positions = layersOf(0).map((layer, i) => {
      const how = i % 3 === 0 ? ("clone" as const) : ("share" as const);
      return { name: layer.name, source: { how, layer } };
    });
    const plan: Plan = {
      child,
      parent: 0,
      task: "t",
      shape,
      positions,
      hyperparams,
      mutations: [{ kind: "step", name: "learningRate", from: 0.01, to: 0.02 }],
      reference: null,
      sizeFactor: 1,
    };
    yield { type: "child-planned", plan, rule: "seed", clock: { at: 1e12 + child } };
  }
  for (const child of children) {
    for (let cycle = 0; cycle < CYCLES; cycle++)
      yield {
        type: "child-validated",
        child,
        cycle,
        steps: 8 * cycle + 8,
        accuracy: 0.5 + child / 1e6,
        loss: Math.PI / (1 + cycle),
        clock: { at: 1e12, trainMs: 1234.5 },
      };
    yield child % 2
      ? {
          type: "child-finished",
          child,
          outcome: { result: "improved", score: 0.5, path: layersOf(child) },
        }
      : { type: "child-finished", child, outcome: { result: "discarded" } };
  }
  yield { type: "generation-ended", generation, clock: { wallMs: 15_000 } };
}

const beginning: Event[] = [
  { type: "run-started", format: 1, experiment: "bench", seed: 0, tasks: [] },
  { type: "root-added", shape, hyperparams, path: layersOf(0) },
  { type: "activation-started", iteration: 0, task: "t", seeds: [0] },
];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const timed = async <T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> => {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
};

export interface JournalBench {
  /** One generation's events, made durable. */
  readonly appendMs: number;
  readonly events: number;
  readonly bytes: number;
  readonly parseMs: number;
  readonly readMs: number;
  readonly foldMs: number;
}

/** Appends 40 generations one at a time and the rest at once, then reads all of it. */
export async function benchJournal(events = 100_000): Promise<JournalBench> {
  const dir = mkdtempSync(join(tmpdir(), "mulab-bench-"));
  try {
    const path = join(dir, "events.jsonl");
    const journal = fileJournal(path);
    await journal.append(beginning);
    const appends: number[] = [];
    const perGeneration = [...generationEvents(0)].length;
    let generation = 0;
    for (; generation < 40; generation++) {
      const batch = [...generationEvents(generation)];
      appends.push((await timed(() => journal.append(batch))).ms);
    }
    for (; generation * perGeneration < events; generation++)
      await journal.append([...generationEvents(generation)]);
    await journal.close();
    const lines = readFileSync(path, "utf8");
    const parsed = await timed(
      () => lines.split("\n", events).map((line) => JSON.parse(line) as unknown).length,
    );
    const read = await timed(async () => {
      const all: Event[] = [];
      for await (const { event } of fileJournal(path).read(0)) all.push(event);
      return all;
    });
    const fold = await timed(() => foldEvents(read.result));
    return {
      appendMs: median(appends),
      events: read.result.length,
      bytes: lines.length,
      parseMs: parsed.ms,
      readMs: read.ms,
      foldMs: fold.ms,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { appendMs, events, bytes, parseMs, readMs, foldMs } = await benchJournal();
  const ratio = (ms: number) => `${ms.toFixed(0)} ms, ${(ms / parseMs).toFixed(2)} × JSON.parse alone`;
  console.log(`append   a generation of 50 events, durable: ${appendMs.toFixed(1)} ms (median of 40)`);
  console.log(
    `read     ${events.toLocaleString("en-US")} events, ${(bytes / 1e6).toFixed(0)} MB, hashed and checked: ${ratio(readMs)}`,
  );
  console.log(`fold     the same events: ${ratio(foldMs)}`);
}
