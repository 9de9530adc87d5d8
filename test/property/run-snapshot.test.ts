// A run that is opened with a snapshot is the run that is opened without: at every boundary, whatever follows, and whatever has
// happened to the snapshot.

import { hash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Event, effectiveEvents, isBoundary, standing } from "../../src/core/event.js";
import { foldEvents } from "../../src/core/state.js";
import { extend } from "../../src/run/extend.js";
import { readRun as readFolder } from "../../src/run/folder.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { beginning, History } from "../../src/run/history.js";
import { deadLayers } from "../../src/run/layers.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { repair } from "../../src/run/repair.js";
import { Prefix, SNAPSHOT_FILE, snapshotBytes } from "../../src/run/snapshot/file.js";
import { stateBytes, stateOf } from "../../src/run/snapshot/state.js";
import { tallyOf } from "../../src/run/tally.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { START } from "../../src/store/journal.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const folder = temporaryFolders();
const experiment = tinyExperiment({ iterations: 1 });
const options = (changes: OpenOptions = {}): OpenOptions => ({
  tasks: experiment.tasks.map(({ name, access }) => tinyTask(name, access)),
  trainer: fakeTrainer,
  threads: 1,
  ...changes,
});

let next = 0;
const newDir = () => join(folder(), `run${next++}`);

/** A run that was stopped in the middle of a generation, resumed, extended and made to forget a task. */
async function eventfulRun(snapshotBytes: number, seed = 0): Promise<string> {
  const dir = newDir();
  const own = { ...experiment, seed };
  for (const moment of [9, 31]) {
    let seen = 0;
    const run = await open(dir, own, options({ snapshotBytes }));
    await new Promise<void>((resolve) => {
      run.subscribe(() => {
        if (++seen === moment) resolve();
      });
    });
    await run.stop();
  }
  await (await open(dir, own, options({ snapshotBytes }))).done();
  const more = { tasks: [tinyTask("four"), "two"], iterations: 1, settings: { children: 2 } };
  await (await extend(dir, more, options({ snapshotBytes }))).done();
  await forget(dir, "secret");
  const again = { tasks: [tinyTask("secret", "private")], iterations: 1 };
  await (await extend(dir, again, options({ snapshotBytes }))).done();
  return dir;
}

/** A line of a journal: its event, and the place behind it. */
interface Line {
  readonly event: Event;
  readonly mark: { readonly index: number; readonly offset: number; readonly hash: string };
}

let plain: string;
let lines: Line[];
beforeAll(async () => {
  plain = await eventfulRun(Number.POSITIVE_INFINITY);
  lines = [];
  let offset = 0;
  for await (const { event, hash, index } of (await readFolder(plain)).journal.read(0)) {
    offset += readFileSync(join(plain, "events.jsonl"), "utf8").split("\n")[index]!.length + 1;
    lines.push({ event, mark: { index: index + 1, offset, hash } });
  }
  const types = new Set(lines.map(({ event }) => event.type));
  for (const type of ["run-resumed", "run-extended", "task-forgotten"] as const)
    expect(types).toContain(type);
});

const eventsTo = (count: number): Event[] => lines.slice(0, count).map(({ event }) => event);
const boundaries = (): number[] => lines.flatMap(({ event }, i) => (isBoundary(event) ? [i + 1] : []));

/** The run after its first `count` events. */
function cutAt(count: number): string {
  const dir = newDir();
  mkdirSync(dir);
  copyFileSync(join(plain, "run.json"), join(dir, "run.json"));
  const { offset, hash, index } = lines[count - 1]!.mark;
  writeFileSync(join(dir, "events.jsonl"), readFileSync(join(plain, "events.jsonl")).subarray(0, offset));
  writeFileSync(join(dir, "tip.json"), `${JSON.stringify({ events: index, hash })}\n`);
  return dir;
}

/** The snapshot that the run would have stored at its boundary after `count` events. */
async function snapshotAt(count: number): Promise<Uint8Array> {
  const events = eventsTo(count);
  const { mark } = lines[count - 1]!;
  const prefix = new Prefix();
  expect(await prefix.advance(join(plain, "events.jsonl"), mark)).toBe(true);
  const state = foldEvents(standing(events));
  const tally = tallyOf(events, beginning(1).tally);
  return snapshotBytes({ mark, effective: effectiveEvents(events).length, tally, state }, prefix.hash);
}

/** All that a reader sees of a run. */
async function seen(dir: string) {
  const history = await History.of(await readFolder(dir));
  const { images, state, events, digest, resumes, wallMs, trainMs, threads } = await readRun(dir);
  const { state: stood, kept } = history.standing();
  return {
    record: { images, models: [...state.models], events, digest, resumes, wallMs, trainMs, threads },
    rest: { ...state, models: null },
    standing: { ...stood, models: [...stood.models] },
    counts: { kept, length: history.length, effective: history.effective },
    events: history.events,
  };
}

const isUsed = async (dir: string): Promise<boolean> =>
  (await History.of(await readFolder(dir))).base.mark !== START;

describe("a snapshot", () => {
  it("at any boundary, with any events after it, shows the same run", async () => {
    for (const at of boundaries()) {
      const bytes = await snapshotAt(at);
      for (const count of new Set([at, Math.min(at + 1 + (at % 7), lines.length), lines.length])) {
        const dir = cutAt(count);
        const without = await seen(dir);
        const dead = new Set(deadLayers(eventsTo(count)));
        writeFileSync(join(dir, SNAPSHOT_FILE), bytes);
        expect(await isUsed(dir)).toBe(true);
        expect(await seen(dir)).toEqual(without);
        // What was dead at the boundary had been removed there.
        const removed = new Set(deadLayers(eventsTo(at)));
        const found = new Set(deadLayers(await History.of(await readFolder(dir))));
        for (const id of found) expect(dead).toContain(id);
        for (const id of dead) if (!removed.has(id)) expect(found).toContain(id);
      }
    }
  });

  it("that is torn, flipped, or of another version, format or run does not count", async () => {
    const at = boundaries();
    const other = await eventfulRun(1, 1);
    const dir = cutAt(lines.length);
    const without = await seen(dir);
    const path = join(dir, SNAPSHOT_FILE);
    const same = async () => {
      expect(await isUsed(dir)).toBe(false);
      expect(await seen(dir)).toEqual(without);
    };
    const whole = Buffer.from(await snapshotAt(at.at(-3)!));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), fc.boolean(), async (byte, bit, isTorn) => {
        const damaged = Buffer.from(isTorn ? whole.subarray(0, byte) : whole);
        if (!isTorn) damaged[byte]! ^= 1 << bit;
        writeFileSync(path, damaged);
        expect(await isUsed(dir)).toBe(false);
      }),
      { numRuns: 60 },
    );
    await same();
    copyFileSync(join(other, SNAPSHOT_FILE), path);
    await same();
    for (const [found, changed] of [
      [/"version":"./, '"version":"x'],
      [/"format":1/, '"format":9'],
    ] as const) {
      const text = whole.toString("latin1");
      const body = Buffer.from(text.slice(32).replace(found, changed), "latin1");
      expect(body.equals(whole.subarray(32))).toBe(false);
      writeFileSync(path, Buffer.concat([hash("sha256", body, "buffer"), body]));
      await same();
    }
    writeFileSync(path, whole);
    expect(await isUsed(dir)).toBe(true);
    writeFileSync(path, "");
    await same();
  });

  it("of a later moment than the journal does not count", async () => {
    const [early, late] = [boundaries().at(-4)!, boundaries().at(-2)!];
    const dir = cutAt(early);
    const without = await seen(dir);
    writeFileSync(join(dir, SNAPSHOT_FILE), await snapshotAt(late));
    expect(await isUsed(dir)).toBe(false);
    expect(await seen(dir)).toEqual(without);
  });

  it("does not hide a flipped bit of the journal", async () => {
    const at = boundaries().at(-2)!;
    const dir = cutAt(lines.length);
    writeFileSync(join(dir, SNAPSHOT_FILE), await snapshotAt(at));
    const path = join(dir, "events.jsonl");
    const sound = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.nat(7), async (byte, bit) => {
        const damaged = Buffer.from(sound);
        damaged[byte]! ^= 1 << bit;
        writeFileSync(path, damaged);
        await expect(readRun(dir)).rejects.toMatchObject({ name: "MulabError" });
      }),
      { numRuns: 60 },
    );
  });
});

it("a run that stores a snapshot at every boundary is the run that stores none, layers included", async () => {
  const often = await eventfulRun(1);
  expect(existsSync(join(plain, SNAPSHOT_FILE))).toBe(false);
  expect(existsSync(join(often, SNAPSHOT_FILE))).toBe(true);
  expect(await isUsed(often)).toBe(true);
  expect((await readRun(often)).digest).toBe((await readRun(plain)).digest);
  const [mine, other] = [await readFolder(often), await readFolder(plain)];
  expect(await mine.store.list()).toEqual(await other.store.list());
  expect(await verifyRun(often)).toMatchObject({ ok: true });
  const forked = newDir();
  await fork(often, forked);
  expect((await readRun(forked)).state).toEqual((await readRun(plain)).state);
  const repaired = await repair(often, newDir());
  expect(repaired.digest).toBe((await readRun(plain)).digest);
});

it("forgetting a task removes the snapshot that knew its models", async () => {
  const dir = await eventfulRun(1);
  await forget(dir, "one");
  expect(existsSync(join(dir, SNAPSHOT_FILE))).toBe(false);
  await (await open(dir, undefined, options({ snapshotBytes: 1 }))).done();
  expect(await isUsed(dir)).toBe(true);
  expect((await readRun(dir)).state.forgotten).toEqual(["one"]);
});

it("a state is the same after it was bytes, whatever its numbers are", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double(),
      fc.nat(),
      (accuracy, loss, steps) => {
        const state = foldEvents(standing(eventsTo(lines.length)));
        const draft = state.models.draft();
        draft.set(1, { ...state.models.get(1)!, evaluations: [{ accuracy, loss }], accuracy, steps });
        const changed = { ...state, models: draft.done() };
        const back = stateOf(stateBytes(changed));
        expect({ ...back, models: [...back.models] }).toEqual({ ...changed, models: [...changed.models] });
      },
    ),
    { numRuns: 30 },
  );
});
