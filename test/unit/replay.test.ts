// `mulab verify --replay`: what a sample proves, that sound runs of every kind pass, that lies are found, and what can't be
// trained again.

import { cpSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { verifyCommand } from "../../src/commands/verify.js";
import type { Event } from "../../src/core/event.js";
import { decodeLayer, encodeLayer } from "../../src/core/layer-codec.js";
import type { Task } from "../../src/core/task.js";
import { createTrainer } from "../../src/engine/trainer.js";
import { extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { countBound, shareBound } from "../../src/run/replay/bound.js";
import { type ReplayOptions, replayRun } from "../../src/run/replay/replay.js";
import { fileStore } from "../../src/store/files.js";
import { breaking } from "../support/breaking-trainer.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { forge, soundRunIn } from "../support/forged-runs.js";
import { type Changeable, ofType, type SoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const ALL = 1000;

/** Interrupted, extended by a task under other settings, with a private task; told by the fake trainer, and trained by the engine. */
let grown: SoundRun;
let trained: SoundRun;
const tasks: Task[] = [...["one", "new"].map((name) => tinyTask(name)), tinyTask("secret", "private")];

async function growIn(dir: string, trainer: NonNullable<OpenOptions["trainer"]>): Promise<SoundRun> {
  const base = tinyExperiment({ seed: 4, iterations: 1, children: 2 });
  const experiment = {
    ...base,
    root: { ...base.root, blocks: 1 },
    tasks: base.tasks.filter(({ name }) => name !== "two"),
  };
  const options = { tasks, threads: 1 };
  await (await open(dir, experiment, { ...options, trainer: breaking(2, trainer) })).done().catch(() => {});
  await (await open(dir, experiment, { ...options, trainer })).done();
  const settings = {
    ...{ children: 3, generations: 1, seed: 9 },
    training: { ...experiment.training, batchSize: 4 },
  };
  const extension = { tasks: [tasks[1]!, "one"], iterations: 1, settings };
  await (await extend(dir, extension, { ...options, threads: 2, trainer })).done();
  return soundRunIn(dir);
}

beforeAll(async () => {
  grown = await growIn(join(newFolder(), "grown"), fakeTrainer);
  trained = await growIn(join(newFolder(), "trained"), createTrainer);
}, 60_000);

const replay = (dir: string, options: Partial<ReplayOptions> = {}) =>
  replayRun(dir, { children: ALL, tasks, trainer: fakeTrainer, ...options });
/** By the engine. */
const replayTrained = (dir: string) => replayRun(dir, { children: ALL, tasks });

describe("what a sample proves", () => {
  it("is the exact binomial bound: 59 children for 5 %, 299 for 1 %", () => {
    expect(shareBound(59)).toBeLessThan(0.05);
    expect(shareBound(58)).toBeGreaterThan(0.05);
    expect(shareBound(299)).toBeLessThan(0.01);
    expect(shareBound(298)).toBeGreaterThan(0.01);
    expect([shareBound(0), shareBound(1)]).toEqual([1, 0.95]);
  });

  it("is, as a count, what counting all samples gives", () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    for (const all of [1, 7, 18, 60])
      for (let sampled = 0; sampled <= all; sampled++) {
        let most = 0;
        for (let forged = 1; forged + sampled <= all; forged++)
          if (choose(all - forged, sampled) / choose(all, sampled) > 0.05) most = forged;
        expect(countBound(sampled, all), `${sampled} of ${all}`).toBe(sampled === 0 ? all : most);
        if (sampled > 0) expect(most / all).toBeLessThan(shareBound(sampled));
      }
  });
});

describe("a sound run", () => {
  it("passes, whatever it lived through: interruptions, segments, other threads, layers that are gone", async () => {
    const before = readdirSync(join(trained.dir), { recursive: true });
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith("mulab-replay-"));
    const others = temporary();
    const report = await replayTrained(trained.dir);
    const children = new Set(
      ofType(trained.events as Changeable<Event>[], "child-finished").map(({ child }) => child),
    );
    expect(report).toMatchObject({
      ok: true,
      failures: [],
      notReplayed: [],
      countBound: 0,
      of: children.size,
    });
    expect(report.replayed).toEqual([...children].sort((a, b) => a - b));
    expect(readdirSync(trained.dir, { recursive: true })).toEqual(before);
    expect(temporary().filter((name) => !others.includes(name))).toEqual([]);
    // The test would prove nothing of layers that are gone if none were.
    const stored = new Set(await fileStore(join(trained.dir, "layers")).list());
    const needed = ofType(trained.events as Changeable<Event>[], "child-planned").flatMap(({ plan }) =>
      plan.positions.flatMap(({ source }) => (source.how === "init" ? [] : [source.layer.id])),
    );
    expect(needed.some((id) => !stored.has(id))).toBe(true);
  });

  it("is sampled by seed: the same children for the same one, others for others", async () => {
    const draw = async (seed: number) => (await replay(grown.dir, { children: 2, seed })).replayed;
    const first = await draw(1);
    expect(first).toHaveLength(2);
    expect(await draw(1)).toEqual(first);
    expect([await draw(2), await draw(3), await draw(4)]).not.toEqual([first, first, first]);
  });

  it("says which children can't be trained again, and proves nothing of them", async () => {
    const some = tasks.filter(({ name }) => name !== "secret");
    const { ok, notReplayed, replayed, of } = await replay(grown.dir, { tasks: some });
    expect(ok).toBe(true);
    expect(notReplayed.map(({ task }) => task)).toEqual(["secret"]);
    expect(notReplayed[0]!.why).toContain("not in mulab's catalog");
    expect(replayed.length).toBe(of);
    expect(of + notReplayed[0]!.children).toBe((await replay(grown.dir, { children: 1 })).of);
    expect(await replay(grown.dir, { tasks: [] })).toMatchObject({
      ok: true,
      replayed: [],
      of: 0,
      shareBound: 1,
    });
    const other = { ...tinyTask("one"), fingerprint: "1".repeat(64) };
    const changed = await replay(grown.dir, { tasks: [other, ...tasks.slice(1)] });
    expect(changed.notReplayed[0]).toMatchObject({ task: "one" });
    await expect(replay(grown.dir, { children: 0 })).rejects.toMatchObject({ code: "options/not-valid" });
  });

  it("trains nothing again of a task that was forgotten, nor of one that came back with other images", async () => {
    const dir = join(newFolder(), "forgot");
    cpSync(grown.dir, dir, { recursive: true });
    await forget(dir, "secret");
    const forgot = await replay(dir);
    expect(forgot).toMatchObject({
      ok: true,
      notReplayed: [{ task: "secret", why: "the task was forgotten" }],
    });
    const back = { ...tinyTask("elsewhere"), name: "secret", access: "private" } as const;
    await (await extend(dir, { tasks: [back], iterations: 1 }, { tasks, trainer: fakeTrainer })).done();
    const returned = await replay(dir, { tasks: [...tasks.slice(0, 2), back] });
    expect(returned.failures).toEqual([]);
    expect(returned.notReplayed.map(({ task }) => task)).toEqual(["secret"]);
    expect(returned.notReplayed[0]!.why).toContain("other images");
    expect(returned.notReplayed[0]!.children).toBe(forgot.notReplayed[0]!.children);
  });
});

type Told = Changeable<Event>[];

/** Lies that are consistent in themselves, each with what a replay says of it. */
const LIES: readonly (readonly [
  lie: string,
  says: RegExp,
  tell: (events: Told, own: () => string) => unknown,
])[] = [
  [
    "a better validation of a discarded child",
    /validation 1: its accuracy is 0\.99 in the journal/,
    (events) => {
      const child = ofType(events, "child-finished").find(
        ({ outcome }) => outcome.result === "discarded",
      )!.child;
      ofType(events, "child-validated").find((event) => event.child === child)!.accuracy = 0.99;
    },
  ],
  [
    "another loss",
    /its loss is 0\.5 in the journal/,
    (events) => Object.assign(ofType(events, "child-validated")[2]!, { loss: 0.5 }),
  ],
  [
    "a better score",
    /its score is 0\.75 in the journal/,
    (events) => {
      const { outcome } = ofType(events, "child-finished").findLast(
        ({ outcome }) => outcome.result === "improved",
      )!;
      Object.assign(outcome, { score: 0.75 });
    },
  ],
  [
    "a better test accuracy",
    /its test accuracy is 0\.875 in the journal/,
    (events) => Object.assign(ofType(events, "model-tested").at(-1)!, { testAccuracy: 0.875 }),
  ],
  [
    "a good child discarded",
    /it was discarded in the journal, is improved when it is trained again/,
    (events) => {
      const finished = ofType(events, "child-finished").findLast(
        ({ outcome }) => outcome.result === "improved",
      )!;
      finished.outcome = { result: "discarded" };
    },
  ],
  [
    "another learning rate",
    /its (loss|accuracy) is .* when it is trained again/,
    (events) => {
      const { plan } = ofType(events, "child-planned").at(-1)!;
      Object.assign(plan.hyperparams, { learningRate: plan.hyperparams.learningRate === 0.05 ? 0.1 : 0.05 });
    },
  ],
  [
    "a trained layer replaced by another",
    /its head is layer .* in the journal, .* when it is trained again/,
    async (events, own) => {
      const { outcome } = ofType(events, "child-finished").findLast(
        ({ outcome }) => outcome.result === "improved",
      )!;
      if (outcome.result !== "improved") return;
      const head = outcome.path.find(({ name }) => name === "head")!;
      const store = fileStore(join(own(), "layers"));
      // Of a model that has been dropped since, the layer is gone: then its name alone is a lie.
      if (!(await store.has(head.id))) return Object.assign(head, { id: "0".repeat(64) });
      const content = decodeLayer(await store.get(head.id));
      content.tensors.bias!.data[0]! += 0.25;
      return Object.assign(head, { id: await store.put(encodeLayer(content)) });
    },
  ],
];

it.each(LIES)("finds a journal with %s", async (lie, says, tell) => {
  // The fake trainer pays no attention to hyperparameters.
  const [run, again] = lie === "another learning rate" ? [trained, replayTrained] : [grown, replay];
  const forged = await forge(run, join(newFolder(), "forged"), {
    tell: async (events, own) => void (await tell(events, own)),
  });
  const report = await again(forged);
  expect(report.ok).toBe(false);
  expect(report.failures.join("\n")).toMatch(says);
  expect([report.shareBound, report.countBound]).toEqual([1, report.of]);
});

describe("the command", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = 0;
  });

  it("needs --replay for its other options, and exits with an error where nothing matches", async () => {
    let out = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += text;
      return true;
    });
    await expect(verifyCommand(grown.dir, { seed: 3 })).rejects.toMatchObject({ code: "options/usage" });
    await verifyCommand(grown.dir, { replay: 3 });
    expect(out).toContain("This proves nothing: there is no child that could be trained again.");
    expect(out).toMatch(/– not replayed: \d+ children of one: .*not in mulab's catalog/);
    expect(process.exitCode).not.toBe(1);
  });
});
