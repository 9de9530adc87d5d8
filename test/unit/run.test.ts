import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkpointRoot } from "../../src/checkpoints/load.js";
import type { Event } from "../../src/core/event.js";
import { type Experiment, pretrainedOrigin } from "../../src/core/experiment.js";
import type { BareRun, Evolution } from "../../src/run/evolution.js";
import { type Extension, extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { breaking } from "../support/breaking-trainer.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";
import { tinyShape } from "../support/tiny-generation.js";
import { tinyRootContent, writeRoot } from "../support/tiny-root.js";

let folder: string;
let next = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-run-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const experiment = tinyExperiment({ iterations: 1 });
const newDir = () => join(folder, String(next++));
const options = (changes: OpenOptions = {}, of: Experiment = experiment): OpenOptions => ({
  tasks: of.tasks.map(({ name, access }) => tinyTask(name, access)),
  trainer: fakeTrainer,
  ...changes,
});

/** A root as `mulab pretrain` would make it on the images of `task`. */
async function rootMadeOn(task: string): Promise<Experiment["root"]> {
  const dir = await mkdtemp(join(folder, "root-"));
  const content = tinyRootContent(tinyShape({ imageSize: 32, blocks: 1 }));
  return checkpointRoot(writeRoot(dir, { ...content, origin: pretrainedOrigin(task, 12) }));
}

describe("a run", () => {
  it("evolves to its end from the moment it is opened, and its folder verifies", async () => {
    const dir = newDir();
    const run = await open(dir, experiment, options());
    const state = await run.done();
    expect([run.status, state.ended, state.models.length]).toEqual(["ended", true, 1 + 3 * 2 * 3]);
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
    const record = await readRun(dir);
    expect(record.state).toEqual(state);
    expect(record.experiment).toEqual(experiment);
  });

  it("verifies at every moment, whatever layers it removes meanwhile", async () => {
    const dir = newDir();
    const long = { ...experiment, iterations: 4 };
    const run = await open(dir, long, options({}, long));
    let looks = 0;
    for (; run.status === "running"; looks++) {
      const { checks } = await verifyRun(dir);
      expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
    }
    expect((await run.done()).ended).toBe(true);
    expect(looks).toBeGreaterThan(1);
  });

  it("sends listeners every event once it is durable, with the state after it", async () => {
    const dir = newDir();
    const heard: Event[] = [];
    const counts: number[] = [];
    const run = await open(
      dir,
      experiment,
      options({
        onEvent: (event, state) => {
          heard.push(event);
          counts.push(state.models.length);
        },
      }),
    );
    await run.done();
    expect(heard).toEqual((await readRun(dir)).events);
    expect(heard.map(({ type }) => type).slice(0, 3)).toEqual([
      "run-started",
      "root-added",
      "activation-started",
    ]);
    expect(counts.at(-1)).toBe(19);
  });

  it("continues after a crash to the same digest, training again only the generation in flight", async () => {
    const whole = newDir();
    await (await open(whole, experiment, options())).done();
    const dir = newDir();
    const broken = await open(dir, experiment, options({ trainer: breaking(3) }));
    await expect(broken.done()).rejects.toThrow("power cut");
    expect(broken.status).toBe("failed");
    const resumed = await open(dir, undefined, options());
    await resumed.done();
    const record = await readRun(dir);
    expect(record.digest).toBe((await readRun(whole)).digest);
    expect(record.resumes).toBe(1);
    const started = resumed.events.filter(({ type }) => type === "generation-started").length;
    expect(started).toBe(3 * 2 + 1);
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("waits while paused, and continues when resumed", async () => {
    const run = await open(newDir(), experiment, options());
    await new Promise<void>((resolve) => {
      const off = run.subscribe((event) => {
        if (event.type !== "generation-ended") return;
        run.pause();
        off();
        resolve();
      });
    });
    expect([run.status, run.isHeld]).toEqual(["paused", false]); // asked for, and not there yet
    await vi.waitFor(() => expect(run.isHeld).toBe(true));
    const held = run.state;
    run.resume();
    expect(run.isHeld).toBe(false);
    expect((await run.done()).ended).toBe(true);
    expect(held.ended).toBe(false);
  });

  it("stops at once, paused or not, and continues when opened again", async () => {
    const dir = newDir();
    const run = await open(dir, experiment, options());
    run.pause();
    await run.stop();
    expect(run.status).toBe("stopped");
    expect((await run.done()).ended).toBe(false);
    expect((await (await open(dir, experiment, options())).done()).ended).toBe(true);
  });

  it("stops at once during a test, which is made when it is opened again", async () => {
    const dir = newDir();
    let begun: () => void;
    const testing = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const trainer: NonNullable<OpenOptions["trainer"]> = (given) => ({
      ...fakeTrainer(given),
      evaluate: (_model, _task, _split, signal) => {
        begun();
        return new Promise<never>((_, reject) => {
          signal!.addEventListener("abort", () => reject(signal!.reason));
        });
      },
    });
    const run = await open(dir, experiment, options({ trainer }));
    await testing;
    await run.stop();
    expect(run.status).toBe("stopped");
    expect((await (await open(dir, experiment, options())).done()).ended).toBe(true);
  });

  it.each([
    true,
    false,
  ])("reports that its journal could not be written, stops training, and says so when it is stopped: %s", async (isStopped) => {
    const run = await open(newDir(), experiment, options());
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    let generations = 0;
    run.subscribe(({ type }) => {
      generations += type === "generation-started" ? 1 : 0;
      if (type === "generation-started")
        (run as BareRun as Evolution).folder.journal.append = () => Promise.reject(full);
    });
    const started = new Promise<void>((resolve) => {
      run.subscribe(({ type }) => void (type === "generation-started" && resolve()));
    });
    if (isStopped) await started.then(() => run.stop());
    await expect(run.done()).rejects.toThrow("no space left");
    expect([run.status, generations]).toEqual(["failed", 1]);
  });

  it("counts the time of its sessions only", async () => {
    const dir = newDir();
    const at = (hour: number) => ({ now: () => hour * 3_600_000 });
    await (await open(dir, experiment, options(at(0)))).done();
    await (await extend(dir, { tasks: [tinyTask("new")] }, options(at(24)))).done();
    expect((await readRun(dir)).wallMs).toBe(0);
  });

  it("that has ended opens without data or engine, and changes nothing", async () => {
    const dir = newDir();
    await (await open(dir, experiment, options())).done();
    const before = await readRun(dir);
    const again = await open(dir);
    expect((await again.done()).ended).toBe(true);
    expect((await readRun(dir)).events).toEqual(before.events);
  });

  it("keeps only the layers of models that live", async () => {
    const dir = newDir();
    const run = await open(dir, experiment, options());
    const state = await run.done();
    const live = state.models.filter((m) => m.status === "retained" || m.status === "root");
    const layers = new Set(live.flatMap((m) => m.path.map((layer) => layer.id)));
    const { checks } = await verifyRun(dir);
    expect(JSON.stringify(checks)).toContain(`${layers.size}`);
  });
});

describe("opening a run", () => {
  it("is refused while another writes it", async () => {
    const dir = newDir();
    const run = await open(dir, experiment, options());
    run.pause();
    await expect(open(dir, experiment, options())).rejects.toMatchObject({ code: "run/locked" });
    await run.stop();
  });

  it("is refused with another experiment, and the message names the difference", async () => {
    const dir = newDir();
    await (await open(dir, experiment, options())).stop();
    await expect(open(dir, { ...experiment, seed: 8, children: 5 }, options())).rejects.toThrow(
      /its seed is 0, not 8; its children is 3, not 5/,
    );
  });

  it("continues where a later mulab only describes the same experiment in other words", async () => {
    const dir = newDir();
    await (await open(dir, experiment, options())).stop();
    const said = {
      title: "Said better",
      source: "§9",
      expected: { minutes: 99, result: "another forecast" },
    };
    const run = await open(dir, { ...experiment, ...said }, options());
    expect((await run.done()).ended).toBe(true);
  });

  it("is refused where the data is not what the run began with", async () => {
    const dir = newDir();
    await (await open(dir, experiment, options())).stop();
    const changed = options().tasks!.map((task) => ({ ...task, fingerprint: "f".repeat(64) }));
    await expect(open(dir, undefined, options({ tasks: changed }))).rejects.toMatchObject({
      code: "run/data-changed",
    });
    expect((await (await open(dir, undefined, options())).done()).ended).toBe(true);
  });

  it.each([
    "__proto__",
    "constructor",
    "",
    "a\nb",
    "a\u0001",
    "a\u2028b",
  ])("is refused with a task named %j", async (name) => {
    const named = { ...experiment, tasks: [{ name, access: "public" as const }] };
    await expect(open(newDir(), named, options())).rejects.toMatchObject({ code: "options/not-valid" });
  });

  const { training, method, root } = experiment;
  it.each([
    ["training.clipNorm", { training: { ...training, clipNorm: Number.POSITIVE_INFINITY } }],
    ["limit", { limit: 0.5 }],
    ["children", { children: 0 }],
    ["seed", { seed: -1 }],
    [
      "method.defaults.momentum",
      { method: { ...method, defaults: { ...method.defaults, momentum: 0.123 } } },
    ],
    ["tasks", { tasks: [] }],
    ["tasks", { tasks: [experiment.tasks[0]!, experiment.tasks[0]!] }],
    ["training.clipNorm", { training: { ...training, clipNorm: 0 } }],
    ["validationFraction", { validationFraction: 1 }],
    ["method.scaleFactor", { method: { ...method, scaleFactor: 0 } }],
    ["method.blocksRange", { method: { ...method, blocksRange: [3, 1] as const } }],
    ["root.blocks", { method: { ...method, blocksRange: [1, 3] as const } }],
    ["root.backbone.heads", { root: { ...root, backbone: { ...root.backbone, heads: 3 } } }],
    ["method.defaults.imageSize", { method: { ...method, defaults: { ...method.defaults, imageSize: 40 } } }],
    [
      "method.search.imageSize[1]",
      { method: { ...method, search: { ...method.search, imageSize: [32, 40] } } },
    ],
    [
      "method.search.aspectMin[0]",
      { method: { ...method, search: { ...method.search, aspectMin: [0, 0.75] } } },
    ],
    ["method.search.blocks", { method: { ...method, search: { ...method.search, blocks: [0, 1] } } }],
    [
      "method.defaults.learningRate",
      {
        method: {
          ...method,
          tuneHyperparams: false,
          defaults: { ...method.defaults, learningRate: -1 },
        },
      },
    ],
  ])("is refused, and makes no folder, where %s is what no run can be of", async (field, changes) => {
    const dir = newDir();
    const refused = open(dir, { ...experiment, ...changes }, options());
    await expect(refused).rejects.toMatchObject({ code: "options/not-valid" });
    await expect(refused).rejects.toThrow(field);
    expect(existsSync(dir)).toBe(false);
  });

  it("is refused with a task that is private by the experiment and public as it was loaded", async () => {
    const tasks = options().tasks!.map((task) => ({ ...task, access: "public" as const }));
    await expect(open(newDir(), experiment, options({ tasks }))).rejects.toThrow(
      /"secret" is "public".*private/,
    );
  });

  it("is refused, and makes no folder, where the root was pretrained on a task that is private", async () => {
    const dir = newDir();
    const refused = open(dir, { ...experiment, root: await rootMadeOn("secret") }, options());
    await expect(refused).rejects.toMatchObject({ code: "access/private-root" });
    await expect(refused).rejects.toThrow(/pretrained on "secret", which is private here/);
    expect(existsSync(dir)).toBe(false);
  });

  it("takes only the tasks of the experiment", async () => {
    const tasks = [...options().tasks!, tinyTask("another")];
    const run = await open(newDir(), experiment, options({ tasks }));
    expect((await run.done()).tasks.map(({ name }) => name)).toEqual(["one", "two", "secret"]);
  });

  it("of a folder that is not a run needs an experiment", async () => {
    await expect(open(newDir())).rejects.toMatchObject({ code: "run/not-a-run" });
  });
});

describe("a run that has ended", () => {
  const ended = async (): Promise<string> => {
    const dir = newDir();
    await (await open(dir, experiment, options())).done();
    return dir;
  };
  const mine = tinyTask("mine/leaves", "private");

  it("is extended by a private task, which starts from what is there and changes none of it", async () => {
    const dir = await ended();
    const before = await readRun(dir);
    const run = await extend(dir, { tasks: [mine] }, options());
    const state = await run.done();
    expect(state.models.filter((m) => m.task === "mine/leaves")).toHaveLength(2 * 2 * 3);
    for (const [task, id] of Object.entries(before.state.retained)) {
      expect(state.retained[task]).toBe(id);
      expect(state.models.get(id)!.path).toEqual(before.state.models.get(id)!.path);
    }
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("activates a task again under other settings from there on, and what was there can only get better", async () => {
    const dir = await ended();
    const before = await readRun(dir);
    const settings = { children: 4, generations: 1, training: { ...experiment.training, batchSize: 4 } };
    const state = await (await extend(dir, { tasks: ["one"], iterations: 2, settings }, options())).done();
    const added = state.models.slice(before.state.models.length);
    expect(added.map(({ birth }) => birth!.iteration)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    // 24 images in batches of 4, twice.
    expect(new Set(added.map(({ steps }) => steps))).toEqual(new Set([12]));
    expect(state.retained.two).toBe(before.state.retained.two);
    const [then, now] = [before.state, state].map((s) => s.models.get(s.retained.one!)!.accuracy!);
    expect(now).toBeGreaterThanOrEqual(then!);
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
    // The settings stay until another segment sets others.
    const next = await (await extend(dir, { tasks: ["two"], iterations: 1 }, options())).done();
    expect(next.models.length - state.models.length).toBe(4);
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("continues a segment after a crash, under its settings, to the same digest", async () => {
    const [whole, dir] = [await ended(), await ended()];
    const segment = { tasks: ["one", "two"], iterations: 1, settings: { children: 2, seed: 9 } };
    await (await extend(whole, segment, options())).done();
    const broken = await extend(dir, segment, options({ trainer: breaking(1) }));
    await expect(broken.done()).rejects.toThrow("power cut");
    await (await open(dir, undefined, options())).done();
    expect((await readRun(dir)).digest).toBe((await readRun(whole)).digest);
  });

  it("refuses a segment that can't be, and stays as it is", async () => {
    const dir = await ended();
    const before = (await readRun(dir)).digest;
    const refused = async (segment: Extension) => {
      const error = await extend(dir, segment, options()).then(
        () => "done",
        (error: Error) => error.message,
      );
      return error;
    };
    expect(await refused({ tasks: [] })).toContain("at least one task");
    expect(await refused({ tasks: ["onne"] })).toContain('did you mean "one"');
    expect(await refused({ tasks: ["one", "one"] })).toContain("each task once");
    expect(await refused({ tasks: ["one"], settings: { children: 0 } })).toContain("children");
    const { method } = experiment;
    const larger = { ...method, defaults: { ...method.defaults, imageSize: 64 } };
    expect(await refused({ tasks: ["one"], settings: { method: larger } })).toContain("imageSize");
    expect((await readRun(dir)).digest).toBe(before);
  });

  it("is not extended by a private task whose images its root was made from", async () => {
    const dir = newDir();
    const begun = { ...experiment, root: await rootMadeOn("mine/leaves") };
    await (await open(dir, begun, options())).done();
    const refused = extend(dir, { tasks: [mine] }, options());
    await expect(refused).rejects.toMatchObject({ code: "access/private-root" });
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("continues its extension after a crash, given the task's data, to the same digest", async () => {
    const [whole, dir] = [await ended(), await ended()];
    await (await extend(whole, { tasks: [mine] }, options())).done();
    const broken = await extend(dir, { tasks: [mine] }, options({ trainer: breaking(1) }));
    await expect(broken.done()).rejects.toThrow("power cut");
    await (await open(dir, undefined, options({ tasks: [mine] }))).done();
    expect((await readRun(dir)).digest).toBe((await readRun(whole)).digest);
  });

  it("forgets a private task so that no layer that it trained is left, which verify proves", async () => {
    const dir = await ended();
    await (await extend(dir, { tasks: [mine] }, options())).done();
    const { layers } = await forget(dir, "mine/leaves");
    expect(layers).toBeGreaterThan(0);
    const verified = await verifyRun(dir);
    expect(verified.ok).toBe(true);
    expect(verified.checks.find(({ name }) => name === "forgotten")!.detail).toContain("mine/leaves");
    expect((await readRun(dir)).state.retained["mine/leaves"]).toBeUndefined();
  });

  it("forgets a public task without harm to those that share its layers, and may learn it again", async () => {
    const dir = await ended();
    const before = await readRun(dir);
    await forget(dir, "one");
    const after = await readRun(dir);
    expect(after.state.models.get(after.state.retained.two!)!.path).toEqual(
      before.state.models.get(before.state.retained.two!)!.path,
    );
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
    const state = await (await extend(dir, { tasks: [tinyTask("one")], iterations: 1 }, options())).done();
    expect(state.retained.one).toBeDefined();
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("asks for the images of its extension where it continues without them", async () => {
    const dir = await ended();
    const broken = await extend(dir, { tasks: [mine] }, options({ trainer: breaking(1) }));
    await expect(broken.done()).rejects.toThrow("power cut");
    await expect(open(dir)).rejects.toMatchObject({ code: "run/task-not-given" });
    await expect(open(dir)).rejects.toThrow(/"mine\/leaves".*To continue, pass them again/);
  });

  it("does not take a task back as private that was public: others may have been built on it", async () => {
    const dir = await ended();
    await forget(dir, "one");
    await expect(extend(dir, { tasks: [tinyTask("one", "private")] }, options())).rejects.toThrow(
      "never public",
    );
  });

  it("refuses to forget what it does not have, or to learn what it has", async () => {
    const dir = await ended();
    await expect(forget(dir, "oen")).rejects.toThrow(/did you mean "one"/);
    await expect(extend(dir, { tasks: [tinyTask("one")] }, options())).rejects.toMatchObject({
      code: "options/not-valid",
    });
  });
});

/** A trainer that breaks off in the last test, when every activation has ended. */
const untested: NonNullable<OpenOptions["trainer"]> = (given) => {
  const trainer = fakeTrainer(given);
  return {
    ...trainer,
    evaluate: (model, task, split) =>
      task.name === "secret" ? Promise.reject(new Error("power cut")) : trainer.evaluate(model, task, split),
  };
};

it.each([
  ["a generation", breaking(1)],
  ["its last test", untested],
])("a run that broke off in %s is neither extended nor made to forget", async (_, trainer) => {
  const dir = newDir();
  const run = await open(dir, experiment, options({ trainer }));
  await expect(run.done()).rejects.toThrow("power cut");
  await expect(forget(dir, "one")).rejects.toMatchObject({ code: "run/busy" });
  await expect(extend(dir, { tasks: [tinyTask("new")] }, options())).rejects.toMatchObject({
    code: "run/busy",
  });
});
