// An honest run is never accused: whatever the method, its switches and who is private, the independent walk of verify
// finds every event, layer and history in order.

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Experiment } from "../../src/core/experiment.js";
import { summarizeLayer } from "../../src/core/layer-codec.js";
import type { Method } from "../../src/core/methods.js";
import { replayDraws } from "../../src/run/verify/draws.js";
import { contentFailures, inheritanceFailures, privacyFailures } from "../../src/run/verify/rules.js";
import { walkEvents } from "../../src/run/verify/walk.js";
import { tinyExperiment } from "../support/tiny.js";
import { evolveTiny } from "../support/tiny-lab.js";

const switches = fc.record<Partial<Method>>({
  parents: fc.constantFrom("seeds-first", "ranked-then-seeds"),
  autoCloneUnlocked: fc.boolean(),
  keepTies: fc.boolean(),
  tieSurvivor: fc.constantFrom("oldest", "newest"),
  preprocessing: fc.constantFrom("per-generation", "per-child"),
  insertAdapters: fc.boolean(),
  depth: fc.constantFrom("step", "remove-top"),
  keepMomentum: fc.boolean(),
  scaleFactor: fc.constantFrom(1, 0.3),
});
const access = fc.constantFrom<"public" | "private">("public", "private");

const experiments: fc.Arbitrary<Experiment> = fc
  .record({
    seed: fc.nat(),
    size: fc.record({
      iterations: fc.integer({ min: 1, max: 3 }),
      generations: fc.integer({ min: 1, max: 2 }),
      children: fc.integer({ min: 1, max: 4 }),
    }),
    switches,
    access: fc.tuple(access, access, access),
    mutationProbability: fc.constantFrom(0.1, 0.3),
  })
  .map(({ seed, size, switches, access, mutationProbability }) => {
    const base = tinyExperiment({ seed, ...size });
    const defaults = { ...base.method.defaults, mutationProbability, adapterDim: 8 };
    return {
      ...base,
      tasks: base.tasks.map((task, i) => ({ ...task, access: access[i]! })),
      method: { ...base.method, ...switches, defaults },
    };
  });

it("an honest run is never accused", async () => {
  await fc.assert(
    fc.asyncProperty(experiments, async (experiment) => {
      const { events, state, lab } = await evolveTiny(experiment);
      const walk = walkEvents(events, experiment);
      const ids = new Set(state.models.flatMap((model) => model.path.map(({ id }) => id)));
      const summaries = new Map(
        await Promise.all([...ids].map(async (id) => [id, summarizeLayer(await lab.store.get(id))] as const)),
      );
      expect([
        ...Object.values(walk.failures).flat(),
        ...replayDraws(events, experiment).failures,
        ...contentFailures(walk, summaries),
        ...inheritanceFailures(walk),
        ...privacyFailures(walk, summaries),
      ]).toEqual([]);
      expect(walk.models.length).toBe(state.models.length);
    }),
    { numRuns: 25 },
  );
});
