// Any event that a journal may contain, for property tests.

import fc from "fast-check";
import type { ComponentName, Shape } from "../../src/core/components.js";
import type { Event, EventBody } from "../../src/core/event.js";
import type { Hyperparams, Mutation } from "../../src/core/hyperparams.js";
import { munet } from "../../src/core/methods.js";
import type { Layer, LayerId, Plan, Source } from "../../src/core/model.js";
import { preliminary } from "../../src/experiments/preliminary.js";

const count = fc.nat();
const positive = fc.integer({ min: 1, max: 1e6 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0); // JSON has no -0
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0);
const text = fc.string({ unit: "binary" }); // any code point, and so any lone surrogate's neighbours too
const name = fc.string({ unit: "binary", minLength: 1 });

const component = fc.oneof(
  fc.constantFrom<ComponentName>("embedding", "cls", "posembed_input", "encoder_norm", "head"),
  fc.nat({ max: 30 }).map((i): ComponentName => `encoderblock_${i}`),
  fc.nat({ max: 30 }).map((i): ComponentName => `residual_adapter_${i}`),
);

const preprocessing = {
  crop: fc.boolean(),
  areaMin: share,
  aspectMin: finite,
  flip: fc.boolean(),
  brightness: finite,
  contrast: finite,
  saturation: finite,
  hue: finite,
  imageSize: positive,
};
const hyperparams: fc.Arbitrary<Hyperparams> = fc.record({
  ...preprocessing,
  mutationProbability: share,
  learningRate: finite,
  schedule: fc.constantFrom("constant", "cosine", "restarts"),
  warmupRatio: share,
  momentum: share,
  nesterov: fc.boolean(),
  adapterDim: count,
  blocks: count,
});
const value = fc.oneof(finite, fc.boolean(), text);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constant("step" as const),
    name: fc.constantFrom("learningRate" as const, "flip" as const, "schedule" as const, "blocks" as const),
    from: value,
    to: value,
  }),
  fc.record({ kind: fc.constantFrom("clone", "insert", "remove", "recover"), component: text }),
);
const shape: fc.Arbitrary<Shape> = fc.record({
  backbone: fc.record({ name, patch: positive, width: positive, mlp: positive, heads: positive }),
  imageSize: positive,
  blocks: count,
  adapters: fc.array(count, { maxLength: 4 }),
  adapterDim: count,
  classes: positive,
});
const digit = fc.constantFrom(..."0123456789abcdef");
const layer: fc.Arbitrary<Layer> = fc.record({
  name: component,
  id: fc.string({ unit: digit, minLength: 64, maxLength: 64 }).map((id) => id as LayerId),
  paramCount: count,
  history: fc.array(fc.record({ task: name, steps: count }), { maxLength: 3 }),
});
const path = fc.array(layer, { maxLength: 4 });
const source: fc.Arbitrary<Source> = fc.oneof(
  fc.record({ how: fc.constantFrom("share", "clone"), layer }) as fc.Arbitrary<Source>,
  fc.constant<Source>({ how: "init" }),
);
const plan: fc.Arbitrary<Plan> = fc.record({
  child: count,
  parent: count,
  task: name,
  shape,
  positions: fc.array(fc.record({ name: component, source }), { maxLength: 4 }),
  hyperparams,
  mutations: fc.array(mutation, { maxLength: 4 }),
  reference: fc.option(finite),
  sizeFactor: finite,
});
const task = fc.record({
  name,
  access: fc.oneof(
    fc.constantFrom("public" as const, "private" as const),
    fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
  ),
  classes: positive,
  train: count,
  validation: count,
  test: count,
  fingerprint: text,
  source: text,
});
const outcome = fc.oneof(
  fc.record({ result: fc.constant("discarded" as const) }),
  fc.record({ result: fc.constant("improved" as const), score: finite, path }),
  fc.record({ result: fc.constant("failed" as const), code: text, message: text }),
);
/** A mean loss may overflow, and then it is not a number. */
const loss = fc.oneof(
  finite,
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

const bodies = {
  "run-started": fc.record({
    type: fc.constant("run-started" as const),
    format: fc.constant(1),
    experiment: text,
    seed: fc.maxSafeNat(),
    tasks: fc.array(task, { maxLength: 3 }),
  }),
  "root-added": fc.record({ type: fc.constant("root-added" as const), shape, hyperparams, path }),
  "activation-started": fc.record({
    type: fc.constant("activation-started" as const),
    iteration: count,
    task: name,
    seeds: fc.array(count, { maxLength: 4 }),
  }),
  "generation-started": fc.record({
    type: fc.constant("generation-started" as const),
    generation: count,
    preprocessing: fc.record(preprocessing),
  }),
  "child-planned": fc.record({
    type: fc.constant("child-planned" as const),
    plan,
    rule: fc.constantFrom(
      "active" as const,
      "seed" as const,
      "seed-unmutated" as const,
      "uniform" as const,
      "root" as const,
    ),
  }),
  "child-validated": fc.record({
    type: fc.constant("child-validated" as const),
    child: count,
    cycle: count,
    steps: count,
    accuracy: share,
    loss,
  }),
  "child-finished": fc.record({ type: fc.constant("child-finished" as const), child: count, outcome }),
  "generation-ended": fc.record({ type: fc.constant("generation-ended" as const), generation: count }),
  "activation-ended": fc.record({
    type: fc.constant("activation-ended" as const),
    iteration: count,
    task: name,
    retained: fc.option(count),
  }),
  "model-tested": fc.record({
    type: fc.constant("model-tested" as const),
    model: count,
    testAccuracy: share,
  }),
  "run-ended": fc.record({ type: fc.constant("run-ended" as const) }),
  "run-extended": fc.record(
    {
      type: fc.constant("run-extended" as const),
      tasks: fc.array(task, { maxLength: 3 }),
      schedule: fc.array(name, { maxLength: 4 }),
      settings: fc.constantFrom(
        {},
        { children: 3, generations: 1, seed: 7 },
        { method: munet, training: { ...preliminary().training, batchSize: 16 } },
      ),
    },
    { requiredKeys: ["type", "tasks", "schedule"] },
  ),
  "run-merged": fc.record({
    type: fc.constant("run-merged" as const),
    since: count,
    experiment: name,
    digest: fc.constantFrom("0".repeat(64), "9f".repeat(32)),
    tasks: fc.array(task, { maxLength: 3 }),
    schedule: fc.array(name, { maxLength: 4 }),
    settings: fc.constantFrom({}, { children: 3, generations: 1, seed: 7 }),
    splits: fc.constantFrom(
      { seed: 3, validation: 0.1 },
      { seed: 0, validation: 0.2, limit: 9, imageSize: 32 },
    ),
  }),
  "merge-ended": fc.record(
    {
      type: fc.constant("merge-ended" as const),
      settings: fc.constantFrom({}, { children: 3, generations: 1, seed: 7 }),
      prefer: fc.constantFrom("first" as const, "second" as const),
    },
    { requiredKeys: ["type", "settings"] },
  ),
  "task-forgotten": fc.record({ type: fc.constant("task-forgotten" as const), task: name }),
  "run-resumed": fc.record({ type: fc.constant("run-resumed" as const), kept: count }),
} satisfies { [Type in EventBody["type"]]: fc.Arbitrary<Extract<EventBody, { type: Type }>> };

const clock = fc.record(
  { at: finite, trainMs: finite, engineMs: finite, wallMs: finite },
  { requiredKeys: [] },
);

/** Any event, with or without a clock; without prototypes or keys that JSON would lose. */
export const anyEvent: fc.Arbitrary<Event> = fc
  .tuple(
    fc.oneof(...(Object.values(bodies) as fc.Arbitrary<EventBody>[])),
    fc.option(clock, { nil: undefined }),
  )
  .map(([body, time]) => ({ ...structuredClone(body), ...(time && { clock: { ...time } }) }) as Event);
