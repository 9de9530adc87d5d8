// Chaos: every command on a disk that fails at its N-th operation, or that is killed there; two writers in containers of
// their own; and bits that flip in every file of a run. Whatever happens, a command happened whole or never began, doing it
// again ends with the digest of the undisturbed one, and verify finds every flip. Bounded and drawn by a seed; the long form,
// `npm run chaos`, tries what a kill leaves at every operation of every command, and every kind of error at every class of
// operations.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "../../src/certificate/check.js";
import type * as Mulab from "../../src/index.js";
import {
  api,
  begin,
  child,
  counted,
  DIST,
  disturbed,
  draw,
  drawn,
  IS_LONG,
  listed,
  newPlace,
  ofEachClass,
  pooled,
  removePlace,
  type Start,
  sound,
  spread,
  tallyOf,
  tallyText,
  tried,
} from "../support/chaos.js";
import { TINY } from "../support/cli.js";
import { type FaultKind, kindsAt } from "../support/disk-faults.mjs";
import { fakeTrainer } from "../support/fake-trainer.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";
import { tinyOptions, tinyRequest } from "../support/tiny-sweep.js";

const TIMEOUT_MS = IS_LONG ? 3 * 3_600_000 : 900_000;
// A disk in memory where there is one: a flush costs nothing there, and the faults are the same.
const base = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "mulab-chaos-"));
let mulab: typeof Mulab;

/** Runs of a second: `tasks`, few images of each. */
const tiny = (tasks: string): string[] => TINY.with(1, tasks);
const RUN = [
  "run",
  "preliminary",
  "--seed",
  "5",
  "--budget",
  "smoke",
  ...tiny("glyphs/bengali,glyphs/telugu"),
];
const SWEEP = ["sweep", "characters", "--seed", "5", "--budget", "smoke", ...tiny("glyphs/bengali")].concat([
  "--set",
  "generations=1",
  "--scale-factors",
  "1",
  "--repetitions",
  "1",
  "--baselines",
  "multi-head",
  "--yes",
]);
const PRETRAIN = ["pretrain", "--task", "glyphs/bengali", "--blocks", "1", "--steps", "2"].concat([
  "--batch",
  "8",
  "--threads",
  "1",
]);

const CAUSE = ["cause", "--task", "glyphs/khmer", "--without", "glyphs/telugu", "--replicas", "1"].concat([
  "--threads",
  "1",
]);

const FETCHED = "cmaterdb/bangla";
/** `mulab fetch` into a place, from a source that is no further than its own process. */
const fetching = (place: string): Start => ({
  preload: fileURLToPath(new URL("../support/pretend-source.mjs", import.meta.url)),
  env: {
    MULAB_DATA: join(place, "data"),
    XDG_CACHE_HOME: join(place, "cache"),
    MULAB_PRETEND: JSON.stringify({ dist: DIST, task: FETCHED, bytes: 100_000 }),
  },
});

/** What undisturbed commands give. */
const whole = {
  run: "",
  partial: "",
  swept: "",
  digest: "",
  forgotten: "",
  left: "",
  right: "",
  merged: "",
  cause: "",
  points: "",
  root: Buffer.alloc(0),
};

beforeAll(async () => {
  begin(base);
  mulab = await api();
  // Stands for Jupyter's converter, which takes seconds: it is not its disk that is tried.
  mkdirSync(join(base, "bin"));
  writeFileSync(
    join(base, "bin", "jupyter-nbconvert"),
    "#!/bin/sh\necho '<!DOCTYPE html><html><head></head><body><p>a page</p></body></html>'\n",
  );
  chmodSync(join(base, "bin", "jupyter-nbconvert"), 0o755);
  const given = newPlace();
  whole.run = join(given, "run");
  whole.swept = join(given, "swept");
  const root = join(given, "root.safetensors");
  await pooled(
    [
      [...RUN, "--out", whole.run],
      [...SWEEP, "--out", whole.swept],
      [...PRETRAIN, "--out", root],
      ["kernel", "install", "--prefix", join(base, "installed")],
    ].map((args) => async () => void (await sound(args))),
  );
  whole.digest = (await mulab.readRun(whole.run)).digest;
  whole.points = await pointsOf(whole.swept);
  whole.root = readFileSync(root);
  const without = copied(whole.run, newPlace(), "run");
  await mulab.forget(without, "glyphs/telugu");
  whole.forgotten = (await mulab.readRun(without)).digest;
  // Two systems that grew from it, and what they are together.
  const grown = await Promise.all(
    ["glyphs/khmer", "glyphs/lao"].map(async (task, i) => {
      const dir = copied(whole.run, newPlace(), "run");
      await sound([
        "extend",
        dir,
        "--tasks",
        task,
        "--iterations",
        "1",
        "--seed",
        `${6 + i}`,
        "--threads",
        "1",
      ]);
      return dir;
    }),
  );
  [whole.left, whole.right] = grown as [string, string];
  const joined = newPlace();
  whole.merged = (await mulab.merge(whole.left, whole.right, join(joined, "both"))).digest;
  await sound([...CAUSE, whole.left, "--out", join(joined, "cause")]);
  whole.cause = readFileSync(join(joined, "cause", "result.json"), "utf8");
  // A run that was killed on its way.
  const place = newPlace();
  whole.partial = join(place, "run");
  const other = newPlace();
  const { length } = (await listed([...RUN, "--out", join(other, "run")], other)).operations;
  const ended = await child([...RUN, "--out", whole.partial], {
    root: place,
    at: Math.floor(0.6 * length),
    how: "kill",
  });
  expect(ended.signal).toBe("SIGKILL");
}, TIMEOUT_MS);

afterEach(() => {
  if (process.env.MULAB_CHAOS_REPORT) writeFileSync(process.env.MULAB_CHAOS_REPORT, `${tallyText()}\n`);
});

afterAll(() => {
  console.log(tallyText());
  rmSync(base, { recursive: true, force: true });
});

/** A sweep's results without what they cost. */
async function pointsOf(dir: string): Promise<string> {
  const { points } = await mulab.readSweep(dir);
  return JSON.stringify(points.map(({ variant, repetition, tasks }) => ({ variant, repetition, tasks })));
}

async function expectDigest(dir: string, digest: string): Promise<void> {
  const { ok, checks } = await mulab.verifyRun(dir);
  expect(ok, checks.flatMap(({ failures }) => failures).join("; ")).toBe(true);
  expect((await mulab.readRun(dir)).digest).toBe(digest);
}
const expectWholeRun = (dir: string): Promise<void> => expectDigest(dir, whole.digest);

/** What `mulab resume` does, without the start of another process. */
async function resumed(dir: string): Promise<void> {
  await (await mulab.open(dir, undefined, { threads: 1 })).done();
}

/** Every file below a folder, by its relative path. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
const bytesOf = (folder: string): string =>
  JSON.stringify(filesOf(folder).map((name) => [name, readFileSync(join(folder, name), "base64")]));

/** A copy of a sound run, or of another folder, at `place`/name. */
const copied = (from: string, place: string, name: string): string => {
  cpSync(from, join(place, name), { recursive: true });
  return join(place, name);
};

interface Command {
  /** Makes what the command is given in `place`. */
  readonly prepare?: (place: string) => void;
  readonly args: (place: string) => readonly string[];
  /** Does it again, undisturbed, and throws where the state after the fault was neither before nor after, or the end is another. */
  readonly check: (place: string) => Promise<void>;
  readonly start?: (place: string) => Start;
  /** In the short form: how many of the states that a kill leaves are tried, how many kills and how many errors. */
  readonly most: readonly [states: number, kills: number, errors: number];
  readonly reads?: boolean;
}

/** A file that a command writes: absent or whole after a fault, and whole when done again. */
const writes = (
  name: string,
  args: (place: string) => readonly string[],
  isWhole: (text: string) => boolean,
  old?: string,
): Command => ({
  prepare(place) {
    copied(whole.run, place, "run");
    if (old !== undefined) writeFileSync(join(place, name), old);
  },
  args,
  async check(place) {
    const path = join(place, name);
    if (existsSync(path)) {
      const text = readFileSync(path, "latin1");
      expect(isWhole(text) || text === old, "neither the old file nor the new one is there").toBe(true);
    } else expect(old, "the old file is gone").toBeUndefined();
    await sound(args(place));
    expect(isWhole(readFileSync(path, "latin1"))).toBe(true);
    await expectWholeRun(join(place, "run"));
  },
  most: [1, 1, 1],
});

const GENERATOR = '<meta name="generator" content="mulab">';
const OLD_PAGE = `<!doctype html><html><head>${GENERATOR}</head><body>old</body></html>`;
const isPage = (text: string) => text.trimEnd().endsWith("</html>") && !text.includes("<body>old");

/** A command that only reads: it says what it always says, or fails, and changes nothing. */
function reads(words: readonly string[]): Command {
  const args = (place: string) => [...words, join(place, "run")];
  return {
    prepare: (place) => void copied(whole.run, place, "run"),
    args,
    check: async (place) => {
      expect(bytesOf(join(place, "run"))).toBe(bytesOf(whole.run));
    },
    most: [0, 0, 2],
    reads: true,
  };
}

const COMMANDS: Readonly<Record<string, Command>> = {
  run: {
    args: (place) => [...RUN, "--out", join(place, "run")],
    async check(place) {
      const dir = join(place, "run");
      if (existsSync(join(dir, "run.json"))) await resumed(dir);
      else await sound([...RUN, "--out", dir]);
      await expectWholeRun(dir);
    },
    most: [6, 2, 3],
  },
  resume: {
    prepare: (place) => void copied(whole.partial, place, "run"),
    args: (place) => ["resume", join(place, "run"), "--threads", "1"],
    async check(place) {
      await resumed(join(place, "run"));
      await expectWholeRun(join(place, "run"));
    },
    most: [6, 2, 3],
  },
  sweep: {
    args: (place) => [...SWEEP, "--out", join(place, "sweep")],
    async check(place) {
      const dir = join(place, "sweep");
      await sound(
        existsSync(join(dir, "sweep.json")) ? ["resume", dir, "--threads", "1"] : [...SWEEP, "--out", dir],
      );
      expect(await pointsOf(dir)).toBe(whole.points);
    },
    most: [2, 1, 1],
  },
  pretrain: {
    args: (place) => [...PRETRAIN, "--out", join(place, "root.safetensors")],
    async check(place) {
      const path = join(place, "root.safetensors");
      if (existsSync(path)) expect(readFileSync(path).equals(whole.root), "half a root").toBe(true);
      await sound([...PRETRAIN, "--out", path]);
      expect(readFileSync(path).equals(whole.root)).toBe(true);
    },
    most: [1, 1, 1],
  },
  fork: {
    prepare: (place) => void copied(whole.run, place, "run"),
    args: (place) => ["fork", join(place, "run"), "--out", join(place, "fork")],
    async check(place) {
      const to = join(place, "fork");
      if (!existsSync(join(to, "run.json"))) await sound(["fork", join(place, "run"), "--out", to]);
      await expectWholeRun(to);
      await expectWholeRun(join(place, "run"));
    },
    most: [5, 1, 2],
  },
  forget: {
    prepare: (place) => void copied(whole.run, place, "run"),
    args: (place) => ["forget", join(place, "run"), "glyphs/telugu"],
    async check(place) {
      const dir = join(place, "run");
      await mulab.forget(dir, "glyphs/telugu"); // again, if it was journaled: then it finishes the removal
      await expectDigest(dir, whole.forgotten);
    },
    most: [4, 1, 2],
  },
  merge: {
    prepare(place) {
      copied(whole.left, place, "left");
      copied(whole.right, place, "right");
    },
    args: (place) => ["merge", join(place, "left"), join(place, "right"), "--out", join(place, "both")],
    async check(place) {
      const to = join(place, "both");
      if (!existsSync(join(to, "run.json")))
        await sound(["merge", join(place, "left"), join(place, "right"), "--out", to]);
      await expectDigest(to, whole.merged);
    },
    most: [4, 1, 2],
  },
  cause: {
    prepare: (place) => void copied(whole.left, place, "run"),
    args: (place) => [...CAUSE, join(place, "run"), "--out", join(place, "cause")],
    async check(place) {
      await sound([...CAUSE, join(place, "run"), "--out", join(place, "cause")]);
      expect(readFileSync(join(place, "cause", "result.json"), "utf8")).toBe(whole.cause);
    },
    most: [2, 1, 1],
  },
  certify: {
    prepare: (place) => void copied(whole.run, place, "run"),
    args: (place) => [
      ...["certify", join(place, "run"), "--out", join(place, "c.json"), "--key", join(place, "key.pem")],
    ],
    async check(place) {
      const checked = () =>
        problemsOf(
          readFileSync(join(place, "c.json"), "utf8"),
          join(place, "run"),
          readFileSync(join(place, "c.json.pub.pem"), "utf8"),
        );
      if (existsSync(join(place, "c.json"))) expect(checked(), "half a certificate").toEqual([]);
      await sound([
        "certify",
        join(place, "run"),
        "--out",
        join(place, "c.json"),
        "--key",
        join(place, "key.pem"),
      ]);
      expect(checked()).toEqual([]);
    },
    most: [3, 1, 2],
  },
  repair: {
    prepare(place) {
      const file = join(copied(whole.run, place, "run"), "events.jsonl");
      const bytes = readFileSync(file);
      bytes[Math.floor(0.7 * bytes.length)]! ^= 1;
      writeFileSync(file, bytes);
    },
    args: (place) => ["repair", join(place, "run"), "--out", join(place, "repaired")],
    async check(place) {
      const to = join(place, "repaired");
      if (!existsSync(join(to, "run.json"))) await sound(["repair", join(place, "run"), "--out", to]);
      await resumed(to);
      await expectWholeRun(to);
    },
    most: [4, 1, 2],
  },
  fetch: {
    prepare: (place) => void mkdirSync(join(place, "data")),
    args: () => ["fetch", FETCHED],
    start: fetching,
    async check(place) {
      // Under its name a file is whole; done again, it takes over what had come, and leaves nothing else behind.
      for (const file of filesOf(place))
        if (file.endsWith(".npz")) expect(statSync(join(place, file)).size, "half a file").toBe(100_000);
      await sound(["fetch", FETCHED], fetching(place));
      const left = filesOf(place);
      expect(left.length).toBeGreaterThan(0);
      for (const file of left) expect(file).toMatch(/\.npz$/);
    },
    most: [3, 1, 2],
  },
  report: writes(
    "page.html",
    (place) => ["report", join(place, "run"), "--out", join(place, "page.html")],
    isPage,
    OLD_PAGE,
  ),
  figure: writes(
    "picture.html",
    (place) => ["figure", "learning", join(place, "run"), "--out", join(place, "picture.html")],
    isPage,
    OLD_PAGE,
  ),
  export: {
    prepare: (place) => void copied(whole.swept, place, "sweep"),
    args: (place) => ["sweep", join(place, "sweep"), "--export", join(place, "sweep.json.gz")],
    async check(place) {
      const file = join(place, "sweep.json.gz");
      if (existsSync(file)) await mulab.readSweep(file);
      await sound(["sweep", join(place, "sweep"), "--export", file]);
      expect(await pointsOf(file)).toBe(whole.points);
    },
    most: [1, 1, 1],
  },
  html: {
    prepare: (place) =>
      writeFileSync(join(place, "n.ipynb"), '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}'),
    args: (place) => ["html", join(place, "n.ipynb")],
    async check(place) {
      const page = join(place, "n.html");
      if (existsSync(page)) expect(isPage(readFileSync(page, "utf8")), "half a page").toBe(true);
      await sound(["html", join(place, "n.ipynb")]);
      expect(isPage(readFileSync(page, "utf8"))).toBe(true);
    },
    most: [1, 1, 1],
  },
  "kernel install": {
    args: (place) => ["kernel", "install", "--prefix", join(place, "prefix")],
    async check(place) {
      await sound(["kernel", "install", "--prefix", join(place, "prefix")]);
      await sound(["kernel", "remove", "--prefix", join(place, "prefix")]);
      expect(filesOf(join(place))).toEqual([]);
    },
    most: [3, 1, 1],
  },
  "kernel remove": {
    prepare(place) {
      copied(join(base, "installed"), place, "prefix");
    },
    args: (place) => ["kernel", "remove", "--prefix", join(place, "prefix")],
    async check(place) {
      await sound(["kernel", "remove", "--prefix", join(place, "prefix")]);
      expect(filesOf(join(place))).toEqual([]);
    },
    most: [2, 1, 1],
  },
  show: reads(["show"]),
  verify: reads(["verify"]),
  table: reads(["table", "tasks"]),
};

/** In the long form: errors and real kills at so many operations of each class. What a kill leaves is tried at every operation. */
const OF_EACH_CLASS = 2;

describe("every command", () => {
  it.each(Object.keys(COMMANDS))(
    "%s, killed or failing at its N-th operation of the disk, happened or never began",
    async (name) => {
      const { prepare, args, check, start, reads = false, most } = COMMANDS[name]!;
      const [states, kills, errors] = most;
      const first = newPlace();
      prepare?.(first);
      const all = await listed(args(first), first, { ...start?.(first), reads });
      const { operations } = all;
      removePlace(first);
      expect(operations.length).toBeGreaterThan(0);
      const places = ofEachClass(operations, first, OF_EACH_CLASS);
      const killed = `${name}, killed`;

      // What a kill at any operation leaves, without the process that is killed.
      const left = (state: string) => async () => {
        const place = newPlace();
        rmdirSync(place);
        renameSync(join(all.snapshots, state), place);
        tallyOf(killed).struck += 1;
        const at = Number.parseInt(state, 10);
        await tried(killed, `state ${state}, ${operations[at]}`, () => check(place));
        removePlace(place);
      };
      // A fault of a process.
      const struck = (at: number, how: FaultKind) => async () => {
        const place = newPlace();
        prepare?.(place);
        const { code, signal, stderr } = await child(
          args(place),
          { root: place, at, how, reads },
          start?.(place),
        );
        const isKill = how.startsWith("kill");
        const kind = isKill ? killed : `${name}, failing`;
        if (signal === "SIGKILL" || code !== 0) tallyOf(kind).struck += 1;
        await tried(kind, `${how} at ${at}, ${operations[at]}`, async () => {
          expect(signal === "SIGKILL" || code !== null, `ended by ${signal}`).toBe(true);
          if (!isKill && code !== 0)
            expect(stderr, "an error that is no sentence").not.toContain("a bug in mulab");
          await check(place);
        });
        removePlace(place);
      };
      const faults = places.flatMap((at) =>
        (reads ? (["EIO"] as const) : kindsAt(operations[at]!)).map((how) => [at, how] as const),
      );
      const [mortal, other] = [true, false].map((is) =>
        faults.filter(([, how]) => how.startsWith("kill") === is),
      );
      await pooled([
        ...spread(all.states, IS_LONG ? all.states.length : states).map(left),
        ...spread(mortal!, IS_LONG ? mortal!.length : kills).map((fault) => struck(...fault)),
        ...spread(other!, IS_LONG ? other!.length : errors).map((fault) => struck(...fault)),
      ]);
      removePlace(join(all.snapshots, ".."));
      expect([...tallyOf(killed).lost, ...tallyOf(`${name}, failing`).lost]).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe("in one process, without an engine", () => {
  const experiment = tinyExperiment({ iterations: 1 });
  const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
  const options = { tasks, trainer: fakeTrainer, threads: 1 };
  const done = async (dir: string): Promise<unknown> =>
    (await mulab.open(dir, existsSync(join(dir, "run.json")) ? undefined : experiment, options)).done();
  const given = { dir: "", digest: "", forgotten: "", extended: "", swept: "" };
  const more = tinyTask("mine", "private");
  const extended = async (dir: string) => (await mulab.extend(dir, { tasks: [more] }, options)).done();
  const request = () => tinyRequest({ repetitions: 1, scaleFactors: [1] });
  const swept = async (dir: string): Promise<unknown> => {
    const run = await mulab.sweep(dir, request(), tinyOptions() as never);
    await run.done();
    const failed = run.failures[0];
    if (failed) throw Object.assign(new Error(failed.message), { name: "MulabError" });
    return run;
  };

  beforeAll(async () => {
    given.dir = join(newPlace(), "run");
    await done(given.dir);
    given.digest = (await mulab.readRun(given.dir)).digest;
    const other = copied(given.dir, newPlace(), "run");
    await extended(other);
    given.extended = (await mulab.readRun(other)).digest;
    const third = copied(given.dir, newPlace(), "run");
    await mulab.forget(third, "two");
    given.forgotten = (await mulab.readRun(third)).digest;
    const sweep = join(newPlace(), "sweep");
    await swept(sweep);
    given.swept = await pointsOf(sweep);
  });

  interface Work {
    readonly prepare?: (place: string) => void;
    readonly work: (place: string) => Promise<unknown>;
    readonly check: (place: string) => Promise<void>;
  }
  const ofRun = (work: (dir: string) => Promise<unknown>, digest: () => string): Work => ({
    prepare: (place) => void copied(given.dir, place, "run"),
    work: (place) => work(join(place, "run")),
    async check(place) {
      const dir = join(place, "run");
      if ((await mulab.readRun(dir)).digest === given.digest) await work(dir);
      else await (await mulab.open(dir, undefined, { ...options, tasks: [...tasks, more] })).done();
      await expectDigest(dir, digest());
    },
  });
  const WORKS: Readonly<Record<string, Work>> = {
    open: {
      work: (place) => done(join(place, "run")),
      async check(place) {
        await done(join(place, "run"));
        await expectDigest(join(place, "run"), given.digest);
      },
    },
    "open, after a kill": {
      prepare(place) {
        const dir = copied(given.dir, place, "run");
        for (const folder of [dir, join(dir, "layers")])
          writeFileSync(join(folder, ".tmp-1-1"), "half of a fi");
      },
      work: (place) => done(join(place, "run")),
      async check(place) {
        await done(join(place, "run"));
        await expectDigest(join(place, "run"), given.digest);
        expect(filesOf(place).filter((name) => name.includes(".tmp-"))).toEqual([]);
      },
    },
    extend: ofRun(extended, () => given.extended),
    forget: {
      ...ofRun(
        (dir) => mulab.forget(dir, "two"),
        () => given.forgotten,
      ),
      async check(place) {
        await mulab.forget(join(place, "run"), "two"); // again, if it was journaled: then it finishes the removal
        await expectDigest(join(place, "run"), given.forgotten);
      },
    },
    fork: {
      prepare: (place) => void copied(given.dir, place, "run"),
      work: (place) => mulab.fork(join(place, "run"), join(place, "fork")),
      async check(place) {
        if (!existsSync(join(place, "fork", "run.json")))
          await mulab.fork(join(place, "run"), join(place, "fork"));
        await expectDigest(join(place, "fork"), given.digest);
      },
    },
    sweep: {
      work: (place) => swept(join(place, "sweep")),
      async check(place) {
        await swept(join(place, "sweep"));
        expect(await pointsOf(join(place, "sweep"))).toBe(given.swept);
      },
    },
  };

  it.each(Object.keys(WORKS))(
    "%s on a disk that fails is done again with the undisturbed digest",
    async (name) => {
      const { prepare, work, check } = WORKS[name]!;
      for (const isReading of [false, true]) {
        const first = newPlace();
        prepare?.(first);
        const operations = await counted(first, isReading, () => work(first));
        removePlace(first);
        const places = IS_LONG || isReading ? drawn(operations.length, 6) : ofEachClass(operations, first, 1);
        for (const [i, at] of places.entries()) {
          const kinds = isReading
            ? (["EIO"] as const)
            : kindsAt(operations[at]!).filter((how) => !/^kill/.test(how));
          for (const how of IS_LONG ? kinds : [kinds[i % kinds.length]!]) {
            const place = newPlace();
            prepare?.(place);
            const kind = `${name} in-process`;
            const { error, struck } = await disturbed(place, how, at, isReading, () => work(place));
            if (struck) tallyOf(kind).struck += 1;
            // The process that failed would have ended, and its lock with it.
            for (const file of filesOf(place))
              if (/writer\.lock/.test(file)) rmSync(join(place, file), { recursive: true });
            await tried(kind, `${how} at ${at}${isReading ? " (reads)" : ""}`, async () => {
              if (error !== undefined && (error as Error).name !== "MulabError")
                throw new Error(`an error that is no sentence: ${error}`);
              await check(place);
            });
            removePlace(place);
          }
        }
      }
      expect(tallyOf(`${name} in-process`).lost).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "every flipped bit, in every file of a run, is found",
    async () => {
      const files = filesOf(given.dir).filter((name) => name !== "report.html");
      const groups = [...new Set(files.map((name) => name.split(/[/\\]/)[0]!))];
      expect(groups).toEqual(expect.arrayContaining(["run.json", "events.jsonl", "layers"]));
      for (const group of groups) {
        const of = files.filter((name) => name.startsWith(group));
        expect(of.length).toBeGreaterThan(0);
        for (let n = 0; n < (IS_LONG ? 2_000 : 50); n++) {
          const place = newPlace();
          const dir = copied(given.dir, place, "run");
          const file = of[draw(of.length)]!;
          const bytes = readFileSync(join(dir, file));
          const at = draw(bytes.length);
          const bit = draw(8);
          bytes[at]! ^= 1 << bit;
          writeFileSync(join(dir, file), bytes);
          tallyOf(`flips in ${group}`).struck += 1;
          await tried(`flips in ${group}`, `${file}, byte ${at}, bit ${bit}`, async () => {
            const isFound = await mulab.verifyRun(dir).then(
              ({ ok }) => !ok,
              () => true,
            );
            if (!isFound) throw new Error("verify did not find it");
          });
          removePlace(place);
        }
        expect(tallyOf(`flips in ${group}`).lost).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );
});

const canUnshare = spawnSync("unshare", ["-pfu", "--mount-proc", "true"]).status === 0;
if (!canUnshare)
  console.warn(
    "chaos: no namespaces of processes here (unshare -pfu needs root on Linux); two writers are tried without them",
  );

describe("two writers", () => {
  it(
    "that can't see each other's processes: one writes, and nothing is lost",
    async () => {
      // Containers: processes, /proc and host name of their own; hosts of one name are the harder case.
      const container = (host: string): Start => ({
        prefix: canUnshare
          ? [
              "unshare",
              "-pfu",
              "--kill-child",
              "--mount-proc",
              "sh",
              "-c",
              'hostname "$0" && exec "$@"',
              host,
            ]
          : [],
      });
      for (let n = 0; n < (IS_LONG ? 30 : 4); n++) {
        const place = newPlace();
        const dir = copied(whole.partial, place, "run");
        // Its writer was killed: in another namespace nobody can look that up, so it must have been silent for a while.
        const before = new Date(Date.now() - 600_000);
        for (const file of filesOf(dir))
          if (file.startsWith("writer.lock")) utimesSync(join(dir, file), before, before);
        const args = ["resume", dir, "--threads", "1"];
        const ended = await Promise.all([
          child(args, undefined, container("lab")),
          child(args, undefined, container(n % 2 ? "lab" : "other")),
        ]);
        tallyOf("two writers").struck += 1;
        await tried("two writers", `try ${n}`, async () => {
          for (const { code, stderr } of ended)
            if (code !== 0) expect(stderr).toMatch(/is being written by process|lock/);
          expect(
            ended.some(({ code }) => code === 0),
            `nobody wrote: ${ended.map(({ stderr }) => stderr.trim()).join(" ")}`,
          ).toBe(true);
          await expectWholeRun(dir);
        });
        removePlace(place);
      }
      expect(tallyOf("two writers").lost).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
