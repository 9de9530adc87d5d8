// kill -9 in each command that grows, copies, joins, signs or exports a system: what a kill leaves before each of its writes,
// and in the middle of it, is as if the command had never begun, or doing it again ends with what the undisturbed one gives.

import { generateKeyPairSync } from "node:crypto";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cause } from "../../src/cause/cause.js";
import { certify } from "../../src/certificate/certify.js";
import { problemsOf } from "../../src/certificate/check.js";
import type { Programme } from "../../src/core/programme.js";
import { exportLayers } from "../../src/export/export-layers.js";
import { exportOnnx } from "../../src/export/export-onnx.js";
import { exportTables } from "../../src/export/export-tables.js";
import { stepsOf } from "../../src/programme/programme.js";
import { openProgramme, systemDir } from "../../src/programme/stored.js";
import { extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { merge } from "../../src/run/merge.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { replayRun } from "../../src/run/replay/replay.js";
import { replicate } from "../../src/run/replicate.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { spread } from "../support/chaos.js";
import { arm, disarm } from "../support/disk-faults.mjs";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const tasks = ["one", "two", "secret", "three", "four"].map((name) =>
  tinyTask(name, name === "secret" ? "private" : "public"),
);
const task = (name: string) => tasks.find((each) => each.name === name)!;
const options: OpenOptions = { tasks, trainer: fakeTrainer, threads: 1 };
const small = { iterations: 1, generations: 1, children: 2, seed: 4 };

/** A folder with run (ended), and left and right, which grew from it. */
let given: string;
let key: string;

beforeAll(async () => {
  given = newFolder();
  const dir = join(given, "run");
  await (await open(dir, tinyExperiment(small), options)).done();
  for (const [name, more] of [
    ["left", "three"],
    ["right", "four"],
  ] as const) {
    await fork(dir, join(given, name));
    await (await extend(join(given, name), { tasks: [task(more)], iterations: 1 }, options)).done();
  }
  key = join(newFolder(), "key.pem");
  writeFileSync(key, generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }), {
    mode: 0o600,
  });
});

const programmeOf = (): Programme => ({
  ...{ name: "tiny", title: "Tiny", source: "a test", begins: "first" },
  experiment: {
    ...tinyExperiment(small),
    limit: 40,
    tasks: [{ name: "glyphs/thai", access: "public" }],
  },
  segments: [
    {
      title: "more",
      tasks: [{ name: "glyphs/lao", access: "public" }],
      iterations: 1,
      replicas: { copies: 2, continued: 2 },
    },
  ],
});

interface Command {
  /** Does it, or does it again; continues a run that has begun. */
  readonly work: (place: string) => Promise<unknown>;
  /** What came of it; the same for equal work. */
  readonly result: (place: string) => Promise<unknown>;
  /** What of it may be there, whole, after a kill; throws where it is not. */
  readonly check?: (place: string) => Promise<void>;
  /** Most states that are tried, spread over all. */
  readonly most?: number;
}

const at = (place: string, name = "run"): string => join(place, name);
const has = (place: string, name: string): boolean => existsSync(join(place, name, "run.json"));
const proved = async (dir: string): Promise<string> => {
  const { checks, digest } = await verifyRun(dir);
  expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
  expect((await readRun(dir)).state.ended).toBe(true);
  return digest;
};
const bytesOf = (dir: string): [string, string][] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    // What was being written is removed once its process is gone, which here lives on.
    .filter((entry) => entry.isFile() && !/^\.tmp|\.part$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(dir.length), readFileSync(path, "base64")]);

/** Begins with `begin`, where the run in `dir` has as many segments as before; else continues it. */
async function grown(dir: string, begin: () => Promise<{ done(): Promise<unknown> }>): Promise<void> {
  const { events, state } = await readRun(dir);
  const hasBegun = events.some(({ type }) => type === "run-extended");
  if (hasBegun && state.ended) return;
  await (await (hasBegun ? open(dir, undefined, options) : begin())).done();
}

const COMMANDS: Readonly<Record<string, Command>> = {
  extend: {
    work: (place) =>
      grown(at(place), () =>
        extend(at(place), { tasks: [task("three"), "one"], iterations: 1, settings: { seed: 8 } }, options),
      ),
    result: (place) => proved(at(place)),
  },
  replicate: {
    work: async (place) =>
      (
        await replicate(
          at(place),
          { dir: at(place, "copies/replica-1"), seed: 11 },
          { tasks: [task("three")], iterations: 1 },
          options,
        )
      ).done(),
    result: (place) => proved(at(place, "copies/replica-1")),
  },
  programme: {
    async work(place) {
      const dir = at(place, "programme");
      for await (const { start } of stepsOf(dir, await openProgramme(dir, programmeOf())))
        await (await start({ trainer: fakeTrainer, threads: 1 })).done();
    },
    result: (place) => proved(systemDir(at(place, "programme"))),
    most: 6,
  },
  forget: {
    work: (place) => forget(at(place), "secret"),
    async result(place) {
      const digest = await proved(at(place));
      return [digest, readdirSync(at(place, "run/layers"), { recursive: true }).length];
    },
  },
  fork: {
    work: async (place) => has(place, "fork") || (await fork(at(place), at(place, "fork"))),
    result: (place) => proved(at(place, "fork")),
  },
  merge: {
    work: async (place) =>
      has(place, "both") || (await merge(at(place, "left"), at(place, "right"), at(place, "both"))),
    async result(place) {
      await proved(at(place, "both"));
      return bytesOf(at(place, "both"));
    },
  },
  cause: {
    most: 6,
    work: (place) =>
      cause(at(place, "left"), {
        task: "three",
        without: "one",
        replicas: 1,
        out: at(place, "cause"),
        open: options,
      }),
    async result(place) {
      for (const arm of ["with-1", "without-1"]) await proved(at(place, `cause/${arm}`));
      return readFileSync(at(place, "cause/result.json"), "utf8");
    },
  },
  certify: {
    work: (place) => certify(at(place), at(place, "certificate.json"), key),
    result: async (place) => {
      const [certificate, publicKey] = ["certificate.json", "certificate.json.pub.pem"].map((name) =>
        readFileSync(at(place, name), "utf8"),
      );
      expect(problemsOf(certificate!, at(place), publicKey!)).toEqual([]);
      return [certificate, publicKey];
    },
    async check(place) {
      const file = at(place, "certificate.json");
      if (existsSync(file))
        expect(
          problemsOf(readFileSync(file, "utf8"), at(place), readFileSync(`${file}.pub.pem`, "utf8")),
        ).toEqual([]);
    },
  },
  export: {
    most: 6,
    async work(place) {
      await exportOnnx(at(place), "one", at(place, "out/one.onnx"), { check: false, tasks });
      await exportLayers(at(place), at(place, "out/layers.safetensors"));
      await exportTables(at(place), at(place, "tables"));
    },
    result: async (place) => [bytesOf(at(place, "out")), bytesOf(at(place, "tables"))],
  },
};

/** The process that was killed is gone, and its lock with it. */
function unlock(place: string): void {
  for (const entry of readdirSync(place, { recursive: true, encoding: "utf8" }))
    if (/writer\.lock/.test(entry)) rmSync(join(place, entry), { recursive: true, force: true });
}

function newPlace(): string {
  const place = newFolder();
  cpSync(given, place, { recursive: true });
  return place;
}

describe("killed at any of its writes", () => {
  it.each(Object.keys(COMMANDS))("%s resumes, or is as if it had never begun", async (name) => {
    const { work, result, check, most = 12 } = COMMANDS[name]!;
    const whole = newPlace();
    const snapshots = newFolder();
    arm({ root: whole, how: "snapshots", to: snapshots });
    await work(whole).finally(disarm);
    const expected = await result(whole);
    const states = readdirSync(snapshots).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    expect(states.length).toBeGreaterThan(2);
    for (const state of spread(states, most)) {
      const place = newFolder();
      rmdirSync(place);
      renameSync(join(snapshots, state), place);
      unlock(place);
      await check?.(place);
      // Whatever the command works from is as it was, unless it is what it changes.
      if (!["extend", "forget"].includes(name)) await proved(at(place));
      await work(place);
      expect(await result(place), `after a kill at ${state}`).toEqual(expected);
      rmSync(place, { recursive: true });
    }
    for (const folder of [whole, snapshots]) rmSync(folder, { recursive: true });
  }, 300_000);

  it("verify --replay writes nothing into the run, so there is nothing to resume", async () => {
    const place = newPlace();
    const before = bytesOf(at(place));
    arm({ root: place, how: "count" });
    await replayRun(at(place), { children: 3, trainer: fakeTrainer, tasks });
    expect(disarm()).toEqual([]);
    expect(bytesOf(at(place))).toEqual(before);
  });
});
