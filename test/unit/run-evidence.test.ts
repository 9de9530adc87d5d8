// What a run folder says against itself: a journal that does not go with run.json, tip.json or the layers beside it is
// refused before anything is touched, nothing is removed that no line made dead, and no run succeeds without its layers.

import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeLayer } from "../../src/core/layer-codec.js";
import type { Trainer } from "../../src/core/seams.js";
import type { BareRun, Evolution } from "../../src/run/evolution.js";
import { createRun, openRun } from "../../src/run/folder.js";
import { fork } from "../../src/run/fork.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fileStore } from "../../src/store/files.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import {
  copyOf,
  journalLines,
  smallExperiment,
  smallOptions,
  treeHash,
  wholeRun,
} from "../support/run-copy.js";
import { failures } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
let whole: string;
let digest: string;
beforeAll(async () => {
  whole = await wholeRun(join(folder(), "whole"));
  ({ digest } = await readRun(whole));
});
const copy = (): string => copyOf(whole, join(folder(), "run"));
const resume = (dir: string, changes: OpenOptions = {}) => open(dir, undefined, smallOptions(changes));
const setJournal = (dir: string, lines: readonly string[]): void =>
  writeFileSync(join(dir, "events.jsonl"), lines.join(""));
/** As a run of format 1 is: nothing says how far its journal had come. */
const withoutTip = (dir: string): string => {
  rmSync(join(dir, "tip.json"));
  return dir;
};

/** Everything that would take the journal for a whole one refuses it, and nothing changes. */
async function expectRefused(dir: string): Promise<void> {
  const before = treeHash(dir);
  const cut = { code: "journal/cut", message: expect.stringMatching(/Restore it from a copy.*mulab repair/) };
  await expect(resume(dir)).rejects.toMatchObject(cut);
  expect(treeHash(dir)).toBe(before);
}

describe("a journal", () => {
  it("that was cut after any line is refused by who resumes, reads or forks it, and verify says so", async () => {
    const lines = journalLines(whole);
    for (const kept of [0, 1, 2, 3, Math.floor(lines.length / 2), lines.length - 2, lines.length - 1]) {
      const dir = copy();
      setJournal(dir, lines.slice(0, kept));
      await expectRefused(dir);
      await expect(readRun(dir)).rejects.toMatchObject({ code: "journal/cut" });
      await expect(fork(dir, join(folder(), "to"))).rejects.toMatchObject({ code: "journal/cut" });
      expect(failures(await verifyRun(dir))).toMatch(
        /tip\.json: it was emptied, cut, rolled back or replaced/,
      );
    }
  });

  it("that is another run's is refused", async () => {
    const other = join(folder(), "other");
    await (await open(other, { ...smallExperiment, seed: 9 }, smallOptions())).done();
    const dir = copy();
    setJournal(dir, journalLines(other));
    const before = treeHash(dir);
    await expect(resume(dir)).rejects.toMatchObject({ code: "run/damaged" });
    expect(treeHash(dir)).toBe(before);
  });

  it("that was rolled back to its own earlier self is refused, and continues when it is restored", async () => {
    const dir = join(folder(), "run");
    const run = await open(dir, smallExperiment, smallOptions());
    const early = await new Promise<string>((resolve) => {
      const off = run.subscribe(({ type }) => {
        if (type !== "generation-ended") return;
        off();
        resolve(readFileSync(join(dir, "events.jsonl"), "utf8"));
      });
    });
    await run.done();
    const late = readFileSync(join(dir, "events.jsonl"));
    writeFileSync(join(dir, "events.jsonl"), early);
    await expectRefused(dir);
    writeFileSync(join(dir, "events.jsonl"), late);
    expect((await (await resume(dir)).done()).ended).toBe(true);
  });

  it("that was emptied is refused without tip.json too, for its layers are there", async () => {
    const dir = withoutTip(copy());
    setJournal(dir, []);
    await expectRefused(dir);
  });

  it("that says nothing of a task on which layers are trained is refused without tip.json too", async () => {
    const dir = withoutTip(copy());
    const lines = journalLines(dir);
    setJournal(dir, lines.slice(0, 2)); // the root alone
    await expect(resume(dir)).rejects.toThrow(/does not mention .*trained on (one|two|secret)/);
  });

  it("that was killed after its first line begins again, to the same digest", async () => {
    const dir = withoutTip(copy());
    rmSync(join(dir, "layers"), { recursive: true });
    setJournal(dir, journalLines(dir).slice(0, 1));
    await (await resume(dir)).done();
    expect((await readRun(dir)).digest).toBe(digest);
    expect(failures(await verifyRun(dir))).toBe("");
  });

  it("with something after its last line: verify distinguishes a torn line from what should not be there", async () => {
    const dir = copy();
    const journal = join(dir, "events.jsonl");
    const seal = JSON.parse(journalLines(dir).at(-1)!).hash;
    appendFileSync(journal, `{"hash":"${"a".repeat(64)}","prev":"${seal}","type":"ru`);
    const torn = await verifyRun(dir);
    expect(failures(torn)).toBe("");
    expect(torn.seal).toBe(seal);
    expect(torn.checks[0]!.detail).toMatch(/and 159 bytes after the last whole line: .* crash tore/);
    for (const junk of [
      "x",
      "\0".repeat(500),
      '{"hash":"',
      `{"hash":"${"a".repeat(64)}","prev":"${"b".repeat(64)}"`,
    ]) {
      const junky = copy();
      appendFileSync(join(junky, "events.jsonl"), junk);
      const report = await verifyRun(junky);
      const isTorn = junk === '{"hash":"';
      expect([report.ok, failures(report) === ""]).toEqual([isTorn, isTorn]);
    }
  });
});

describe("layers", () => {
  it("of an old run that lacks one are not touched, whatever the journal made dead", async () => {
    const dir = copy();
    const store = fileStore(join(dir, "layers"));
    const { state } = await readRun(dir);
    const lost = state.models.find(({ status }) => status === "retained")!.path.at(-1)!;
    await store.remove([lost.id]);
    const before = treeHash(dir);
    await expect(resume(dir)).rejects.toMatchObject({
      code: "run/layers-missing",
      message: expect.stringMatching(
        new RegExp(`lacks a layer .*${lost.name} of model \\d+ .*layer ${lost.id.slice(0, 8)}`),
      ),
    });
    expect(treeHash(dir)).toBe(before);
  });

  it("that the journal doesn't name stay, and those that it made dead and a crash left go", async () => {
    const dir = copy();
    const store = fileStore(join(dir, "layers"));
    const { state } = await readRun(dir);
    const root = await store.get(state.models.get(0)!.path[0]!.id);
    const history = [{ task: "one", steps: 1 }];
    const content = { name: "head", tensors: {}, momentum: null, history } as const;
    const unnamed = await store.put(
      encodeLayer({ ...content, tensors: { x: { dims: [1], data: new Float32Array(1) } } } as never),
    );
    const dead = state.models.find(({ status }) => status === "dropped")!.path.at(-1)!.id;
    expect(await store.has(dead)).toBe(false);
    const path = store.pathOf(dead);
    writeFileSync(path, root); // its name is what counts
    await (await resume(dir)).done();
    expect([await store.has(unnamed), await store.has(dead)]).toEqual([true, false]);
  });

  /** A trainer that removes a layer while generation `when` is trained. */
  const vanishing =
    (when: number, remove: () => void): NonNullable<OpenOptions["trainer"]> =>
    (given): Trainer => {
      const trainer = fakeTrainer(given);
      let generation = 0;
      return {
        ...trainer,
        async *trainGeneration(...args) {
          yield* trainer.trainGeneration(...args);
          if (generation++ === when) remove();
        },
      };
    };

  it.each([
    0, 3, 5,
  ])("that vanish while generation %i is trained end the run as failed, and it says which", async (when) => {
    const dir = join(folder(), "run");
    const trainer = vanishing(when, () => {
      const id = JSON.parse(journalLines(dir)[1]!).path[0].id;
      rmSync(fileStore(join(dir, "layers")).pathOf(id));
    });
    const run = await open(dir, smallExperiment, smallOptions({ trainer }));
    await expect(run.done()).rejects.toMatchObject({
      code: "run/layers-missing",
      message: expect.stringMatching(/of model 0 \(root\), layer [0-9a-f]{8}/),
    });
    expect(run.status).toBe("failed");
    expect(journalLines(dir).join("")).not.toContain('"run-ended"');
    await expect(resume(dir)).rejects.toMatchObject({ code: "run/layers-missing" });
  });

  it("that are damaged at the end, with nothing left to read them, end the run as failed too", async () => {
    const dir = join(folder(), "run");
    const run = await open(dir, smallExperiment, smallOptions());
    run.subscribe((event, state) => {
      if (event.type !== "model-tested" || Object.keys(state.retained).length < 3) return;
      const path = fileStore(join(dir, "layers")).pathOf(
        state.models.get(state.retained.one!)!.path.at(-1)!.id,
      );
      writeFileSync(path, "not it");
    });
    await expect(run.done()).rejects.toMatchObject({ code: "run/layers-missing" });
    expect(run.status).toBe("failed");
  });

  it("all vanish with the folder: the run ends as failed", async () => {
    const dir = join(folder(), "run");
    const trainer = vanishing(2, () => rmSync(dir, { recursive: true }));
    const run = await open(dir, smallExperiment, smallOptions({ trainer }));
    await expect(run.done()).rejects.toMatchObject({ name: "MulabError" });
    expect(run.status).toBe("failed");
  });
});

describe("a writer that lost its lock", () => {
  it("stops before it writes, and says who has it", async () => {
    const dir = join(folder(), "run");
    const run = await open(dir, smallExperiment, smallOptions());
    let size = 0;
    run.subscribe(({ type }) => {
      if (type !== "generation-ended" || size > 0) return;
      rmSync(join(dir, "writer.lock"), { recursive: true });
      size = statSync(join(dir, "events.jsonl")).size;
    });
    await expect(run.done()).rejects.toMatchObject({ code: "run/lock-lost" });
    expect(run.status).toBe("failed");
    expect(statSync(join(dir, "events.jsonl")).size).toBe(size);
    const { store } = (run as BareRun as Evolution).folder;
    const before = treeHash(dir);
    await expect(store.put(new Uint8Array(3))).rejects.toMatchObject({ code: "run/lock-lost" });
    await expect(store.remove(await store.list())).rejects.toMatchObject({ code: "run/lock-lost" });
    await expect(store.clean()).rejects.toMatchObject({ code: "run/lock-lost" });
    expect(treeHash(dir)).toBe(before);
    await (await resume(dir)).done();
    expect((await readRun(dir)).digest).toBe(digest);
  });

  it("and sleeps in the middle of a write can't reach the journal of the one that seized it", async () => {
    const dir = join(folder(), "run");
    const { header } = await readRun(whole);
    const { format: _, ...about } = header;
    const asleep = await createRun(dir, about);
    await asleep.journal.append([{ type: "generation-ended", generation: 0 }]);
    // Past its check, about to write, and then silent for longer than is believed.
    const late = openSync(join(dir, "events.jsonl"), "a");
    const [file] = readdirSync(join(dir, "writer.lock"));
    const lock = join(dir, "writer.lock", file!);
    const owner = JSON.parse(readFileSync(lock, "utf8"));
    writeFileSync(lock, JSON.stringify({ ...owner, place: "elsewhere" }));
    utimesSync(lock, 0, 0);
    const awake = await openRun(dir);
    await awake.journal.append([{ type: "generation-ended", generation: 1 }]);
    const journal = readFileSync(join(dir, "events.jsonl"));
    writeSync(late, "a line of a writer that is no longer one\n");
    closeSync(late);
    const more = asleep.journal.append([{ type: "generation-ended", generation: 7 }]);
    await expect(more).rejects.toMatchObject({ code: "run/lock-lost" });
    expect(readFileSync(join(dir, "events.jsonl"))).toEqual(journal);
    await asleep.close();
    await awake.journal.append([{ type: "generation-ended", generation: 2 }]);
    await awake.close();
    expect(journalLines(dir).filter(Boolean).length).toBe(3);
  });
});
