import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveEvents, isBoundary, withoutClock } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import { liveLineage, retainedModels } from "../../src/core/live.js";
import type { Method } from "../../src/core/methods.js";
import { munet } from "../../src/core/methods.js";
import { canRead } from "../../src/core/readers.js";
import { emptyState, foldEvents, modelOf } from "../../src/core/state.js";
import { evolve } from "../../src/evolve.js";
import { anyAccess, tinyExperiment } from "../support/tiny.js";
import { evolveTiny, tinyLab } from "../support/tiny-lab.js";

/** Small experiments of both methods with any of their switches thrown. */
const experiments: fc.Arbitrary<Experiment> = fc
  .record({
    seed: fc.nat(),
    tiny: fc.record({
      iterations: fc.integer({ min: 1, max: 2 }),
      generations: fc.integer({ min: 1, max: 3 }),
      children: fc.integer({ min: 1, max: 4 }),
    }),
    muNet: fc.boolean(),
    switches: fc.record({
      autoCloneUnlocked: fc.boolean(),
      keepTies: fc.boolean(),
      tieSurvivor: fc.constantFrom("oldest", "newest"),
      preprocessing: fc.constantFrom("per-generation", "per-child"),
      insertAdapters: fc.boolean(),
      tuneHyperparams: fc.boolean(),
      depth: fc.constantFrom("step", "remove-top"),
      scaleFactor: fc.constantFrom(1, 0.9, 0.3),
    }) as fc.Arbitrary<Partial<Method>>,
    access: fc.array(anyAccess, { minLength: 3, maxLength: 3 }),
  })
  .map(({ seed, tiny, muNet, switches, access }) => {
    const base = tinyExperiment({ seed, ...tiny });
    const search = { ...munet.search, imageSize: [16, 32, 48, 64] };
    const method = muNet
      ? { ...munet, search, blocksRange: [0, 3] as const, defaults: { ...munet.defaults, blocks: 0 } }
      : base.method;
    return {
      ...base,
      tasks: base.tasks.map((task, i) => ({ ...task, access: access[i]! })),
      method: { ...method, ...switches },
    };
  });

const runs = { numRuns: 25 };

describe("evolution, for any experiment", () => {
  it("is the same for the same seed", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const [a, b] = [await evolveTiny(experiment), await evolveTiny(experiment)];
        expect(b.events.map(withoutClock)).toEqual(a.events.map(withoutClock));
      }),
      { numRuns: 8 },
    );
  });

  it("continues from any boundary exactly as if it had not stopped", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, fc.nat(), async (experiment, at) => {
        const { events, lab } = await evolveTiny(experiment);
        const boundaries = events.flatMap((event, i) => (isBoundary(event) ? [i + 1] : []));
        const kept = boundaries[at % boundaries.length]!;
        const resumed = events.slice(0, kept);
        for await (const event of evolve(foldEvents(resumed), experiment, lab)) resumed.push(event);
        expect(resumed.map(withoutClock)).toEqual(events.map(withoutClock));
      }),
      runs,
    );
  });

  it("never changes a state or a model that it has seen", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const lab = await tinyLab(experiment);
        const state = deepFreeze(foldEvents(lab.beginning));
        for await (const event of evolve(state, experiment, lab)) deepFreeze(event);
      }),
      { numRuns: 8 },
    );
  });

  it("shares and clones only layers of the parent or of its living ancestors", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const { events } = await evolveTiny(experiment);
        let state = emptyState;
        for (const event of events) {
          if (event.type === "child-planned") {
            const lineage = liveLineage(state, modelOf(state, event.plan.parent));
            const layers = [...lineage.flatMap((model) => model.path), ...state.posembeds];
            const reachable = new Set(layers.map((layer) => layer.id));
            for (const { source } of event.plan.positions)
              if (source.how !== "init") expect(reachable).toContain(source.layer.id);
          }
          state = foldEvents([event], state);
        }
      }),
      runs,
    );
  });

  it("gives the children of a generation one image size where preprocessing is the generation's, and each its own embedding", async () => {
    const sizes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const { events, state } = await evolveTiny(experiment);
        let generation = 0;
        for (const event of events) {
          if (event.type === "generation-started") generation = event.preprocessing.imageSize;
          if (event.type !== "child-planned") continue;
          const { shape, positions, hyperparams } = event.plan;
          expect(shape.imageSize).toBe(hyperparams.imageSize);
          sizes.add(shape.imageSize);
          if (experiment.method.preprocessing === "per-generation") expect(shape.imageSize).toBe(generation);
          const { source } = positions.find(({ name }) => name === "posembed_input")!;
          expect(source).toMatchObject({
            layer: { paramCount: ((shape.imageSize / 16) ** 2 + 1) * shape.backbone.width },
          });
        }
        expect(state.ended).toBe(true);
      }),
      runs,
    );
    expect(sizes.size).toBeGreaterThan(1);
  });

  it("lets nobody build on a task that does not admit it, be it through a third task", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const { state } = await evolveTiny(experiment);
        for (const model of state.models) {
          if (model.task === null) continue;
          for (let at = model; at.parent !== null; at = modelOf(state, at.parent))
            expect(canRead(at.task, model.task, state.tasks)).toBe(true);
          for (const layer of model.path)
            for (const { task } of layer.history) expect(canRead(task, model.task, state.tasks)).toBe(true);
        }
      }),
      runs,
    );
  });

  it("keeps one model per task, no worse than any that it had before", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const { events, state } = await evolveTiny({
          ...experiment,
          method: { ...experiment.method, scaleFactor: 1 },
        });
        const best: Record<string, number> = {};
        let at = emptyState;
        for (const event of events) {
          at = foldEvents([event], at);
          if (event.type !== "activation-ended") continue;
          const accuracy = modelOf(at, event.retained!).accuracy!;
          expect(accuracy).toBeGreaterThanOrEqual(best[event.task] ?? 0);
          best[event.task] = accuracy;
        }
        const tasks = retainedModels(state).map((model) => model.task);
        expect(tasks.slice(1).sort()).toEqual(experiment.tasks.map((task) => task.name).sort());
      }),
      runs,
    );
  });

  it("folds to the same state in one go and event by event, at every prefix", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const { events } = await evolveTiny(experiment);
        let state = emptyState;
        events.forEach((event, i) => {
          state = foldEvents([event], state);
          if (i % 7 === 0) expect(foldEvents(events.slice(0, i + 1))).toEqual(state);
        });
      }),
      { numRuns: 5 },
    );
  });

  it("tests every retained model exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        const { events, state } = await evolveTiny(experiment);
        const tested = events.flatMap((event) => (event.type === "model-tested" ? [event.model] : []));
        expect(new Set(tested).size).toBe(tested.length);
        for (const id of Object.values(state.retained)) expect(tested).toContain(id);
      }),
      runs,
    );
  });

  it("continues when children break", async () => {
    const experiment = tinyExperiment();
    const { state } = await evolveTiny(experiment, (plan, _, rng) =>
      plan.child % 2 ? Number.NaN : rng.uniform(),
    );
    const failed = state.models.filter((model) => model.status === "failed");
    expect(failed.map((model) => model.id % 2)).toEqual(failed.map(() => 1));
    expect(failed.length).toBe(state.models.length / 2 - 0.5);
    expect(state.ended).toBe(true);
  });
});

describe("the events that count", () => {
  it("are those that no later resume made void", async () => {
    const { events } = await evolveTiny(tinyExperiment({ iterations: 1, generations: 1, children: 2 }));
    const boundary = events.findIndex(isBoundary) + 1;
    const interrupted = [
      ...events.slice(0, boundary + 3),
      { type: "run-resumed", kept: boundary } as const,
      ...events.slice(boundary),
    ];
    expect(effectiveEvents(interrupted)).toEqual(events);
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
    return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}
