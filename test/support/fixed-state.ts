// A small run by hand, so that numbers can be computed by hand too: three tasks, the third private, one activation each.
//
//   model 1 (a): trains class token, block 1, norm and head; retained      model 2 (a): discarded
//   model 3 (b, from 1): trains patch embedding, norm and head; retained   model 4 (b): failed    model 5 (b): dropped
//   model 6 (c, from 3): trains class token, position embedding, a new block 2, norm and head; retained

import type { ComponentName, Shape } from "../../src/core/components.js";
import type { Event } from "../../src/core/event.js";
import { mu2net } from "../../src/core/methods.js";
import type { Layer, LayerId, ModelId, Plan, TrainingSpan } from "../../src/core/model.js";
import { foldEvents, type State } from "../../src/core/state.js";

const PARAMS: Record<string, number> = {
  embedding: 100,
  cls: 10,
  posembed_input: 20,
  encoderblock_0: 200,
  encoderblock_1: 200,
  encoder_norm: 4,
  head: 30,
};

const layer = (name: ComponentName, label: string, history: TrainingSpan[] = []): Layer => ({
  name,
  id: `${label}-${name}`.padEnd(64, "0") as LayerId,
  paramCount: PARAMS[name]!,
  history,
});
const on = (task: string, steps: number): TrainingSpan => ({ task, steps });

const shape = (blocks: number): Shape => ({
  backbone: { name: "hand", patch: 16, width: 4, mlp: 8, heads: 1 },
  imageSize: 32,
  blocks,
  adapters: [],
  adapterDim: 8,
  classes: 7,
});

const root = (["embedding", "cls", "posembed_input", "encoder_norm", "head"] as const).map((name) =>
  layer(name, "root"),
);
const [rootEmbedding, , rootPosition] = root as [Layer, Layer, Layer];

/** The names of the tasks may be anything. */
export type TaskNames = readonly [string, string, string];

/** The events of the run, with clocks. */
export function fixedEvents([a, b, c]: TaskNames = ["a", "b", "c"]): Event[] {
  const aClass = layer("cls", "a", [on(a, 40)]);
  const aBlock = layer("encoderblock_0", "a", [on(a, 40)]);
  const bEmbedding = layer("embedding", "b", [on(b, 20)]);
  const bNorm = layer("encoder_norm", "b", [on(a, 40), on(b, 20)]);
  const paths: Record<ModelId, Layer[]> = {
    1: [
      rootEmbedding,
      aClass,
      rootPosition,
      aBlock,
      layer("encoder_norm", "a", [on(a, 40)]),
      layer("head", "a", [on(a, 40)]),
    ],
    3: [bEmbedding, aClass, rootPosition, aBlock, bNorm, layer("head", "b", [on(b, 20)])],
    5: [bEmbedding, aClass, rootPosition, aBlock, bNorm, layer("head", "b5", [on(b, 20)])],
    6: [
      bEmbedding,
      layer("cls", "c", [on(a, 40), on(c, 60)]),
      layer("posembed_input", "c", [on(c, 60)]),
      aBlock,
      layer("encoderblock_1", "c", [on(c, 60)]),
      layer("encoder_norm", "c", [on(a, 40), on(b, 20), on(c, 60)]),
      layer("head", "c", [on(c, 60)]),
    ],
  };
  let at = Date.UTC(2022, 4, 25);
  const tick = (ms = 100) => {
    at += ms;
    return { at };
  };
  const task = (name: string, access: "public" | "private") => ({
    name,
    access,
    classes: 7,
    train: 1024,
    validation: 256,
    test: 200,
    fingerprint: "0".repeat(64),
    source: "by hand",
  });
  const hyperparams = { ...mu2net.defaults, imageSize: 32, blocks: 1 };

  const child = (id: ModelId, parent: ModelId, of: string, accuracies: number[], steps: number): Event[] => {
    const path = paths[id];
    const blocks = path ? path.filter(({ name }) => name.startsWith("encoderblock")).length : 1;
    const plan: Plan = {
      child: id,
      parent,
      task: of,
      shape: shape(blocks),
      positions: (path ?? root).map((l) => ({
        name: l.name,
        source: l.history.at(-1)?.task === of ? { how: "clone", layer: l } : { how: "share", layer: l },
      })),
      hyperparams: { ...hyperparams, blocks, learningRate: id % 2 === 0 ? 0.02 : 0.01 },
      mutations:
        id % 2 === 0
          ? [
              { kind: "step", name: "learningRate", from: 0.01, to: 0.02 },
              { kind: "clone", component: "cls" },
            ]
          : [],
      reference: null,
      sizeFactor: 1,
    };
    return [
      { type: "child-planned", plan, rule: parent === 0 ? "seed" : "active", clock: tick(0) },
      ...accuracies.map((accuracy, cycle): Event => {
        const trainMs = 400;
        return {
          type: "child-validated",
          child: id,
          cycle,
          steps: (steps * (cycle + 1)) / accuracies.length,
          accuracy,
          loss: 1 - accuracy,
          clock: { ...tick(500), trainMs },
        };
      }),
      {
        type: "child-finished",
        child: id,
        outcome:
          id === 4
            ? { result: "failed", code: "engine/diverged", message: "Child 4 diverged." }
            : path
              ? { result: "improved", score: Math.max(...accuracies), path }
              : { result: "discarded" },
        clock: tick(),
      },
    ];
  };
  const activation = (of: string, seeds: ModelId[], retained: ModelId, test: number, children: Event[]) => [
    { type: "activation-started", iteration: 0, task: of, seeds, clock: tick() } satisfies Event,
    { type: "generation-started", generation: 0, preprocessing: hyperparams, clock: tick() } satisfies Event,
    ...children,
    { type: "generation-ended", generation: 0, clock: { ...tick(), wallMs: 6000 } } satisfies Event,
    { type: "activation-ended", iteration: 0, task: of, retained, clock: tick() } satisfies Event,
    { type: "model-tested", model: retained, testAccuracy: test, clock: tick() } satisfies Event,
  ];
  return [
    {
      type: "run-started",
      format: 1,
      experiment: "fixed",
      seed: 3,
      tasks: [task(a, "public"), task(b, "public"), task(c, "private")],
      clock: tick(),
    },
    {
      type: "root-added",
      shape: shape(0),
      hyperparams: { ...hyperparams, blocks: 0 },
      path: root,
      clock: tick(),
    },
    ...activation(a, [0], 1, 0.7, [...child(1, 0, a, [0.5, 0.75], 40), ...child(2, 0, a, [0.25, 0.4], 40)]),
    ...activation(b, [0, 1], 3, 0.8, [
      ...child(3, 1, b, [0.85, 0.8], 20),
      ...child(4, 1, b, [0.2], 20),
      ...child(5, 3, b, [0.6, 0.65], 20),
    ]),
    ...activation(c, [0, 1, 3], 6, 0.875, child(6, 3, c, [0.7, 0.9], 60)),
    { type: "run-ended", clock: tick() },
  ];
}

/** The state of the run. */
export const fixedState = (tasks?: TaskNames): State => foldEvents(fixedEvents(tasks));
