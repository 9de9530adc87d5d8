// An honest run is never accused: whatever the method, its switches, the private tasks, what broke and how the run ended,
// verify finds every event, layer and draw in order. And no single lie about it is believed.

import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Event } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import { summarizeLayer } from "../../src/core/layer-codec.js";
import { type Method, munet } from "../../src/core/methods.js";
import type { Settings } from "../../src/core/settings.js";
import { extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { replayDraws } from "../../src/run/verify/draws.js";
import { resumeFailures } from "../../src/run/verify/resumes.js";
import {
  contentFailures,
  inheritanceFailures,
  privacyFailures,
  type Summaries,
} from "../../src/run/verify/rules.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { walkEvents } from "../../src/run/verify/walk.js";
import { parseEvent } from "../../src/store/parse-event.js";
import { breaking } from "../support/breaking-trainer.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { changeable, failures } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { anyAccess, tinyExperiment, tinyTask } from "../support/tiny.js";
import { evolveTiny } from "../support/tiny-lab.js";

const folder = temporaryFolders();

const switches = fc.record<Partial<Method>>({
  parents: fc.constantFrom(
    "seeds-first",
    "ranked-then-seeds",
    "ranked-then-shuffled",
    "ranked-together",
    "root",
  ),
  autoCloneUnlocked: fc.boolean(),
  keepTies: fc.boolean(),
  tieSurvivor: fc.constantFrom("oldest", "newest"),
  preprocessing: fc.constantFrom("per-generation", "per-child"),
  preprocessingProbability: fc.constantFrom("default", "evolved"),
  insertAdapters: fc.boolean(),
  adapterSlots: fc.constantFrom("drawn", "all"),
  adapterPlaces: fc.constantFrom("before-blocks", "between-blocks"),
  tuneHyperparams: fc.boolean(),
  categoricalSteps: fc.constantFrom("neighbour", "any"),
  depth: fc.constantFrom("step", "remove-top"),
  forceClone: fc.constantFrom(["encoder_norm"], ["encoder_norm", "encoderblock_0"], ["encoderblock"], []),
  keepMomentum: fc.boolean(),
  scaleFactor: fc.constantFrom(1, 0.3, 0.9),
});

const experiments: fc.Arbitrary<Experiment> = fc
  .record({
    seed: fc.nat(),
    size: fc.record({
      iterations: fc.integer({ min: 1, max: 3 }),
      generations: fc.integer({ min: 1, max: 2 }),
      children: fc.integer({ min: 1, max: 4 }),
    }),
    isMunet: fc.boolean(),
    switches,
    access: fc.tuple(anyAccess, anyAccess, anyAccess),
    mutationProbability: fc.constantFrom(0, 0.1, 0.3, 1),
  })
  .map(({ seed, size, isMunet, switches, access, mutationProbability }) => {
    const base = tinyExperiment({ seed, ...size });
    const search = { ...munet.search, imageSize: [16, 32, 48] };
    const method = isMunet ? { ...munet, search, blocksRange: [0, 3] as const } : base.method;
    // What µ2Net searches has to begin at a value of its list.
    const mu = isMunet ? mutationProbability : method.defaults.mutationProbability;
    const defaults = { ...method.defaults, mutationProbability: mu, adapterDim: 8, blocks: 0 };
    return {
      ...base,
      tasks: base.tasks.map((task, i) => ({ ...task, access: access[i]! })),
      method: { ...method, ...switches, rootParams: 4000, defaults },
    };
  });

/** Everything that is found without a folder. */
function found(events: readonly Event[], experiment: Experiment, summaries: Summaries): string[] {
  const walk = walkEvents(events, experiment);
  return [
    ...Object.values(walk.failures).flat(),
    ...resumeFailures(events),
    ...replayDraws(events, experiment).failures,
    ...contentFailures(walk, summaries),
    ...inheritanceFailures(walk),
    ...privacyFailures(walk, summaries),
  ];
}

async function summariesOf({ state, lab }: Awaited<ReturnType<typeof evolveTiny>>): Promise<Summaries> {
  const layers = [...state.models.flatMap((model) => model.path), ...state.posembeds];
  const ids = new Set(layers.map(({ id }) => id));
  return new Map(
    await Promise.all([...ids].map(async (id) => [id, summarizeLayer(await lab.store.get(id))] as const)),
  );
}

it("an honest run is never accused, whatever its method, and though children break", async () => {
  await fc.assert(
    fc.asyncProperty(experiments, fc.boolean(), async (experiment, isFragile) => {
      const evolved = await evolveTiny(
        experiment,
        isFragile
          ? (_, cycle, rng) =>
              rng.uniform() < 0.3 ? Number.NaN : Math.round(20 * rng.uniform() * cycle) / 20
          : undefined,
      );
      expect(found(evolved.events, experiment, await summariesOf(evolved))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

/** What becomes of a run, one after the other. */
const lives = fc.array(fc.constantFrom("extend", "segment", "forget", "fork", "again"), { maxLength: 4 });

/** What segments set anew, one after the other. */
const segments = ({ method, training }: Experiment): readonly Partial<Settings>[] => [
  { children: 2, seed: 99 },
  { training: { ...training, batchSize: 4, cycles: 1 }, generations: 1 },
  { method: { ...method, scaleFactor: 0.5, keepTies: !method.keepTies } },
  { method: { ...method, parents: "ranked-together" }, children: 4 },
];

it("an honest run is never accused, however often it was killed, extended, forked, or made to forget", {
  timeout: 180_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      experiments,
      lives,
      fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
      async (given, life, kills) => {
        const experiment = { ...given, iterations: 1 };
        let dir = join(folder(), "run");
        const options = (names: readonly string[], trainer: OpenOptions["trainer"] = fakeTrainer) => ({
          tasks: names.map((name) =>
            tinyTask(name, experiment.tasks.find((task) => task.name === name)?.access),
          ),
          trainer,
        });
        const names = experiment.tasks.map(({ name }) => name);
        for (const generation of kills)
          await (await open(dir, experiment, options(names, breaking(generation)))).done().catch(() => {});
        expect(failures(await verifyRun(dir).catch(() => ({ checks: [] }) as never))).toBe("");
        await (await open(dir, experiment, options(names))).done();
        const forgotten: string[] = [];
        for (const [i, what] of life.entries()) {
          const { state } = await readRun(dir);
          const standing = state.tasks.filter(({ name }) => !state.forgotten.includes(name));
          const task = standing[i % Math.max(1, standing.length)]?.name;
          if (what === "forget" && task !== undefined) {
            await forget(dir, task);
            forgotten.push(task);
          }
          const coming = what === "extend" ? `new ${i}` : what === "again" ? forgotten.pop() : undefined;
          if (coming !== undefined) {
            const { tasks, trainer } = options([coming]);
            await (await extend(dir, { tasks, iterations: 1 + (i % 2) }, { tasks, trainer })).done();
          }
          if (what === "segment" && task !== undefined) {
            const settings = segments(experiment)[i]!;
            await (await extend(dir, { tasks: [task], iterations: 1, settings }, options([task]))).done();
          }
          if (what === "fork") {
            const to = join(folder(), "fork");
            await fork(dir, to);
            dir = to;
          }
          expect(failures(await verifyRun(dir))).toBe("");
        }
      },
    ),
    { numRuns: 12 },
  );
});

type Leaf = { readonly at: readonly (string | number)[]; readonly value: unknown };

/** Every value of an event that is not made of others; of an empty list, the list. */
function* leavesOf(value: unknown, at: readonly (string | number)[] = []): Generator<Leaf> {
  if (typeof value !== "object" || value === null || (Array.isArray(value) && value.length === 0))
    yield { at, value };
  else for (const [key, part] of Object.entries(value)) yield* leavesOf(part, [...at, key]);
}

/** Another value of the same kind. */
function otherThan(value: unknown, pick: number): unknown {
  if (typeof value === "number") return pick % 2 === 0 ? value + 1 : value / 2 + 0.25;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return pick % 2 === 0 ? `${value}0` : (WORDS[pick % WORDS.length] ?? "one");
  if (value === null) return 0;
  return ["one"]; // of an empty list
}
const WORDS = [
  "one",
  "two",
  "secret",
  "share",
  "clone",
  "init",
  "seed",
  "uniform",
  "discarded",
  "head",
  "cls",
];

/** What docs/trust.md leaves to a signature. */
const needsSignature = (event: Event, [first, ...rest]: readonly (string | number)[]): boolean =>
  first === "clock" ||
  (event.type === "run-started" &&
    ["fingerprint", "source", "train", "validation", "test"].includes(String(rest.at(-1)))) ||
  (event.type === "child-validated" && (first === "accuracy" || first === "loss")) ||
  (event.type === "model-tested" && first === "testAccuracy") ||
  (event.type === "child-finished" && event.outcome.result === "failed");

it("no single lie about a run is believed: a field changed, an event taken out, doubled or moved", async () => {
  await fc.assert(
    fc.asyncProperty(
      experiments,
      fc.array(fc.record({ event: fc.nat(), field: fc.nat(), pick: fc.nat() }), {
        minLength: 40,
        maxLength: 40,
      }),
      async (experiment, lies) => {
        const evolved = await evolveTiny(experiment);
        const summaries = await summariesOf(evolved);
        const isFound = (events: readonly Event[]): boolean => {
          try {
            for (const event of events) parseEvent(JSON.parse(JSON.stringify(event)));
            const [first] = events;
            // These are compared with run.json.
            if (first?.type !== "run-started" || first.seed !== experiment.seed) return true;
            if (first.experiment !== experiment.name || first.format !== 1) return true;
            const names = first.tasks.map(({ name, access }) => `${name} ${access}`);
            if (String(names) !== String(experiment.tasks.map(({ name, access }) => `${name} ${access}`)))
              return true;
            return found(events, experiment, summaries).length > 0;
          } catch {
            return true; // it is not an event at all
          }
        };
        for (const { event: e, field, pick } of lies) {
          const events = changeable(evolved.events);
          const index = e % events.length;
          const event = events[index]!;
          if (pick % 5 === 0) {
            const isLast = index === events.length - 1;
            if (pick % 3 === 0 && !isLast) events.splice(index, 1);
            else if (pick % 3 === 1) events.splice(index, 0, structuredClone(event));
            // How many siblings were trained at once is a matter of memory, and shows in this order alone.
            else if (index > 0 && event.type !== "child-validated")
              events.splice(index - 1, 0, ...events.splice(index, 1));
            else continue;
            if (pick % 3 === 0 && isLast) continue;
            expect(isFound(events as Event[]), `event ${index} ${event.type}, ${pick % 3}`).toBe(true);
            continue;
          }
          const { clock: _, ...body } = event;
          const leaves = [...leavesOf(body)];
          const { at, value } = leaves[field % leaves.length]!;
          const other = otherThan(value, pick);
          if (needsSignature(event as Event, at) || other === value) continue;
          const parent = at.slice(0, -1).reduce<never>((v, key) => v[key as never], event as never);
          Object.assign(parent, { [at.at(-1)!]: other });
          expect(
            isFound(events as Event[]),
            `${event.type} ${index} ${at.join(".")} ${value} → ${other}`,
          ).toBe(true);
        }
      },
    ),
    { numRuns: 12 },
  );
});
