// Systems that extend, copy, fork, forget, merge and prune in any order: whatever they lived through, verify proves each of
// them, the certificate's independent checker agrees, and a fault that is planted at the end is found by one of both.

import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signed, statementOf } from "../../src/certificate/certificate.js";
import { problemsOf } from "../../src/certificate/check.js";
import { publicKeyOf } from "../../src/certificate/key.js";
import { hasCode } from "../../src/core/errors/index.js";
import { retainedModels } from "../../src/core/live.js";
import type { Access } from "../../src/core/model.js";
import { standingTasks } from "../../src/core/state.js";
import { extend } from "../../src/run/extend.js";
import { readRun as readFolder } from "../../src/run/folder.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { merge } from "../../src/run/merge.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { replicasOf, replicate } from "../../src/run/replicate.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { forge, soundRunIn } from "../support/forged-runs.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const ACCESS: Readonly<Record<string, Access>> = {
  one: "public",
  two: ["three", "four"],
  secret: "private",
  three: "public",
  four: "public",
  hidden: "private",
  five: ["one"],
};
const NAMES = Object.keys(ACCESS);
const tasks = NAMES.map((name) => tinyTask(name, ACCESS[name]!));
/** Later children are better, so that activations change their task's model. */
const trainer: NonNullable<OpenOptions["trainer"]> = (given) =>
  fakeTrainer({
    ...given,
    accuracy: ({ child }, _, rng) => Math.round(100 * (0.2 + child / 200 + 0.1 * rng.uniform())) / 100,
  });
const options: OpenOptions = { tasks, trainer };
const start = tinyExperiment({
  iterations: 1,
  generations: 1,
  children: 2,
  seed: 3,
  tasks: ["one", "two", "secret"].map((name) => ({ name, access: ACCESS[name]! })),
});

/** What a system does next; the numbers choose among what there is then. */
interface Step {
  readonly act: "extend" | "replicate" | "fork" | "forget" | "merge" | "prune";
  readonly system: number;
  readonly other: number;
  readonly names: readonly string[];
  readonly seed: number;
  readonly prefer: "first" | "second" | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("extend", "extend", "replicate", "fork", "forget", "merge", "merge", "prune"),
  system: fc.nat(99),
  other: fc.nat(99),
  names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }),
  seed: fc.nat(9),
  prefer: fc.constantFrom(undefined, "first", "second"),
});

/** Takes the step; null where it is refused, which must be for a reason that it has. */
async function taken({ act, names, seed, prefer }: Step, dir: string, other: string): Promise<string | null> {
  const { state } = await readRun(dir);
  const known = standingTasks(state).map(({ name }) => name);
  const asked = names.map((name) =>
    known.includes(name) ? name : tasks.find((task) => task.name === name)!,
  );
  const to = join(newFolder(), "run");
  const segment = { tasks: asked, iterations: 1, settings: { children: 2 + (seed % 2), seed } };
  switch (act) {
    case "extend":
      await (await extend(dir, segment, options)).done();
      return dir;
    case "replicate": {
      const [replica] = replicasOf(await readRun(dir), to, 1, seed + 20);
      await (await replicate(dir, replica!, segment, options)).done();
      return replica!.dir;
    }
    case "fork":
      await fork(dir, to);
      return to;
    case "forget":
      if (!known.includes(names[0]!)) return null;
      await forget(dir, names[0]!);
      return dir;
    case "merge":
      return merge(dir, other, to, { ...(prefer && { prefer }) }).then(
        () => to,
        (error: unknown) => {
          const isLawful = hasCode(error, "merge/same-run", "merge/two-models", "merge/forgotten");
          if (!isLawful) throw error;
          expect(existsSync(join(to, "run.json"))).toBe(false);
          return null;
        },
      );
    case "prune":
      await (await open(dir, undefined, options)).done(); // removes what no later model needs
      return dir;
  }
}

const { privateKey: key } = generateKeyPairSync("ed25519");

async function problemsWith(dir: string, certificate?: string): Promise<string[]> {
  const { checks } = await verifyRun(dir);
  const envelope = certificate ?? JSON.stringify(signed(await statementOf(dir), key));
  return [...checks.flatMap(({ failures }) => [...failures]), ...problemsOf(envelope, dir, publicKeyOf(key))];
}

describe("systems that do anything in any order", () => {
  it("keep every invariant, and a planted fault is found", async () => {
    const acts = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 8 }),
        fc.nat(),
        fc.constantFrom(...FAULTS),
        async (steps, pick, fault) => {
          const first = join(newFolder(), "run");
          await (await open(first, start, options)).done();
          const systems = [first];
          for (const next of steps) {
            const dir = systems[next.system % systems.length]!;
            const made = await taken(next, dir, systems[next.other % systems.length]!);
            if (made === null) continue;
            acts.set(next.act, (acts.get(next.act) ?? 0) + 1);
            if (!systems.includes(made)) systems.push(made);
            expect(await problemsWith(made), `after ${next.act}`).toEqual([]);
          }
          for (const dir of systems) expect(await problemsWith(dir)).toEqual([]);
          const chosen = systems[pick % systems.length]!;
          const certificate = JSON.stringify(signed(await statementOf(chosen), key));
          expect(await problemsWith(await fault.plant(chosen, pick), certificate), fault.name).not.toEqual(
            [],
          );
          for (const dir of systems) rmSync(dir, { recursive: true, force: true });
        },
      ),
      { numRuns: 14 },
    );
    for (const act of ["extend", "replicate", "fork", "forget", "merge", "prune"])
      expect(acts.get(act) ?? 0, `${act} never came to anything`).toBeGreaterThan(0);
  }, 300_000);
});

interface Fault {
  readonly name: string;
  /** Plants it in the run in `dir`, or in a copy of it; returns the folder that has it. */
  plant(dir: string, pick: number): Promise<string>;
}

/** The file of a layer that a model of the run needs. */
async function neededFile(dir: string, pick: number): Promise<string> {
  const { store } = await readFolder(dir);
  const { state } = await readRun(dir);
  const layers = retainedModels(state).flatMap(({ path }) => path);
  return store.pathOf(layers[pick % layers.length]!.id);
}

const told = (name: string, lie: (events: { type: string }[], pick: number) => void): Fault => ({
  name,
  async plant(dir, pick) {
    const to = join(newFolder(), "forged");
    return forge(await soundRunIn(dir), to, { tell: (events) => lie(events as { type: string }[], pick) });
  },
});

const pickOf = <T extends { type: string }>(
  events: { type: string }[],
  types: readonly string[],
  pick: number,
) => {
  const found = events.filter(({ type }) => types.includes(type)) as T[];
  return found[pick % found.length]!;
};

const FAULTS: readonly Fault[] = [
  {
    name: "a layer with another byte",
    async plant(dir, pick) {
      const file = await neededFile(dir, pick);
      const bytes = readFileSync(file);
      bytes[pick % bytes.length]! ^= 1 << (pick % 8);
      unlinkSync(file); // it may be shared with others
      writeFileSync(file, bytes);
      return dir;
    },
  },
  {
    name: "a layer that is gone",
    async plant(dir, pick) {
      unlinkSync(await neededFile(dir, pick));
      return dir;
    },
  },
  told("an event that is left out", (events, pick) => {
    const types = [
      "activation-started",
      "generation-started",
      "child-planned",
      "child-finished",
      "activation-ended",
    ];
    events.splice(events.indexOf(pickOf(events, types, pick)), 1);
  }),
  told("a validation that was better", (events, pick) => {
    const event = pickOf<{ type: string; accuracy: number }>(events, ["child-validated"], pick);
    event.accuracy = event.accuracy + 0.05;
  }),
  told("another parent", (events, pick) => {
    const { plan } = pickOf<{ type: string; plan: { parent: number; child: number } }>(
      events,
      ["child-planned"],
      pick,
    );
    plan.parent = plan.parent === 0 ? plan.child - 1 : 0;
    if (plan.parent === 0 && plan.child === 1) plan.parent = 1;
  }),
  told("a private task made public", (events) => {
    for (const event of events as { type: string; tasks?: { name: string; access: unknown }[] }[])
      for (const task of event.tasks ?? []) if (task.name === "secret") task.access = "public";
  }),
];
