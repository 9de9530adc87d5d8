// Two systems of one root that become one: what the merged run is, what proves it, and what is refused.

import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { segmentRows } from "../../src/analysis/segments.js";
import { signed, statementOf } from "../../src/certificate/certificate.js";
import { problemsOf } from "../../src/certificate/check.js";
import { publicKeyOf } from "../../src/certificate/key.js";
import type { Experiment } from "../../src/core/experiment.js";
import type { Access } from "../../src/core/model.js";
import { FIGURES, figure } from "../../src/figures/index.js";
import { TABLES, table } from "../../src/figures/tables/index.js";
import { mergeLine } from "../../src/notebook/cells/merge-cell.js";
import { report } from "../../src/report/report.js";
import { type Extension, extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { type MergeOptions, merge } from "../../src/run/merge.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { replayRun } from "../../src/run/replay/replay.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { forge, soundRunIn } from "../support/forged-runs.js";
import type { changeable, SoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const newDir = () => join(newFolder(), "run");
const names = ["one", "two", "secret", "three", "four", "hidden", "five"];
const access = (name: string): Access => (["secret", "hidden"].includes(name) ? "private" : "public");
const all = names.map((name) => tinyTask(name, access(name)));
/** Later children are better, so that activations change their task's model. */
const trainer: NonNullable<OpenOptions["trainer"]> = (given) =>
  fakeTrainer({
    ...given,
    accuracy: ({ child }, _, rng) => Math.round(100 * (0.2 + child / 150 + 0.1 * rng.uniform())) / 100,
  });
const options: OpenOptions = { tasks: all, trainer };
const start = tinyExperiment({ iterations: 1, seed: 4 });
const task = (name: string) => all.find((each) => each.name === name)!;

async function begun(changes: Partial<Experiment> = {}): Promise<string> {
  const dir = newDir();
  await (await open(dir, { ...start, ...changes }, options)).done();
  return dir;
}

/** A fork of `dir` that grew by segments. */
async function grown(dir: string, ...segments: Extension[]): Promise<string> {
  const to = newDir();
  await fork(dir, to);
  for (const segment of segments) await (await extend(to, { iterations: 1, ...segment }, options)).done();
  return to;
}

async function merged(first: string, second: string, changes: MergeOptions = {}): Promise<string> {
  const out = newDir();
  await merge(first, second, out, changes);
  return out;
}

const failuresOf = async (dir: string): Promise<string[]> =>
  (await verifyRun(dir)).checks.flatMap(({ failures }) => [...failures]);

const { privateKey: key } = generateKeyPairSync("ed25519");
const certified = async (dir: string): Promise<string[]> =>
  problemsOf(JSON.stringify(signed(await statementOf(dir), key)), dir, publicKeyOf(key));

/** Every file of a run with its bytes. */
const filesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(dir.length), readFileSync(path).toString("base64")]),
  );

const survivors = async (dir: string) => {
  const { state } = await readRun(dir);
  return Object.fromEntries(
    Object.entries(state.retained).map(([name, id]) => [
      name,
      state.models.get(id)!.path.map(({ id }) => id),
    ]),
  );
};

let base: string;
let left: string;
let right: string;
let both: string;

beforeAll(async () => {
  base = await begun();
  left = await grown(base, {
    title: "left",
    tasks: [task("three"), "one"],
    settings: { seed: 8 },
    iterations: 2,
  });
  expect((await survivors(left)).one).not.toEqual((await survivors(base)).one);
  right = await grown(
    base,
    { title: "right", tasks: [task("four"), task("hidden")], settings: { children: 2 } },
    { title: "again", tasks: ["two", "four"], settings: { seed: 8 } },
  );
  both = await merged(left, right);
});

describe("a merge of two forks", () => {
  it("has the tasks of both with the very models that each side left, and the common past once", async () => {
    const [a, b, c] = await Promise.all([left, right, both].map(survivors));
    expect(Object.keys(c!).sort()).toEqual(["four", "hidden", "one", "secret", "three", "two"]);
    expect(c).toEqual({ ...a, two: b!.two, four: b!.four, hidden: b!.hidden });
    const [all, one, other, past] = await Promise.all(
      [both, left, right, base].map(async (dir) => (await readRun(dir)).state.models.length),
    );
    expect(all).toBe(one! + other! - past!);
  });

  it("is proved by verify, by the certificate's checker, and by training every child again", async () => {
    expect(await failuresOf(both)).toEqual([]);
    expect(await certified(both)).toEqual([]);
    const { state } = await readRun(both);
    const replay = await replayRun(both, { children: 999, trainer, tasks: all });
    expect(replay.failures).toEqual([]);
    expect(replay.replayed.length).toBe(state.models.length - 1);
  });

  it("is the same bytes each time, and leaves both runs as they were", async () => {
    const before = [filesOf(left), filesOf(right)];
    expect(filesOf(await merged(left, right))).toEqual(filesOf(both));
    expect([filesOf(left), filesOf(right)]).toEqual(before);
  });

  it("keeps private tasks to themselves, also when it grows", async () => {
    const dir = await grown(both, { tasks: [task("five"), "hidden", "one"], iterations: 2 });
    expect(await failuresOf(dir)).toEqual([]);
    expect(await certified(dir)).toEqual([]);
    const { predicate } = await statementOf(dir);
    for (const model of predicate.models)
      for (const secret of ["secret", "hidden"])
        if (model.task !== secret) expect(model.influencedBy).not.toContain(secret);
  });

  it("grows under the settings of the first, and never draws from a stream that was drawn from", async () => {
    const dir = await grown(both, { tasks: ["one", "two", "four"] });
    const { events, state } = await readRun(dir);
    const started = events.flatMap((event) => (event.type === "activation-started" ? [event] : []));
    expect(started.slice(-3).map(({ iteration }) => iteration)).toEqual([3, 2, 2]);
    expect(state.models.length).toBe(
      (await readRun(both)).state.models.length + 3 * start.generations * start.children,
    );
  });

  it("can be forked at a segment's end, forget, and be extended by what it forgot", async () => {
    const dir = newDir();
    await fork(both, dir, { at: { segment: 2 }, trainsAgain: { trainer, tasks: all } });
    expect((await readRun(dir)).digest).toBe((await readRun(left)).digest);
    const other = await grown(both);
    await forget(other, "hidden");
    await forget(other, "two");
    expect(await failuresOf(other)).toEqual([]);
    expect(await certified(other)).toEqual([]);
    await (await extend(other, { tasks: [task("hidden")], iterations: 1 }, options)).done();
    expect(await failuresOf(other)).toEqual([]);
    const moments = (await readRun(both)).events.filter(({ type }) => type === "generation-ended").length;
    const inside = await fork(both, newDir(), { at: moments - 1 }).catch((error: unknown) => error);
    expect(inside).toMatchObject({ code: "merge/inside" });
  });

  it("can be merged again, into others and with others", async () => {
    const third = await grown(base, { tasks: [task("five")] });
    const later = await grown(both, { tasks: ["one"] });
    for (const dir of [await merged(both, third), await merged(third, both), await merged(third, later)]) {
      expect(await failuresOf(dir)).toEqual([]);
      expect(await certified(dir)).toEqual([]);
      expect(Object.keys(await survivors(dir)).length).toBe(7);
      expect(await failuresOf(await grown(dir, { tasks: ["two", "five"] }))).toEqual([]);
    }
  });

  it("has every table and figure of a run, and a report", async () => {
    const run = await readRun(both);
    for (const { name, of } of TABLES) if (of !== "sweep") expect(table(name, run)).toBeDefined();
    for (const { name, of } of FIGURES) if (of !== "sweep") expect(figure(name, run)).toBeDefined();
    expect(await report(run)).toContain("merged: tiny");
    const titles = segmentRows(run.experiment, run.events, 1).map(({ title, tasks }) => [title, tasks]);
    expect(titles.slice(1)).toEqual([
      ["left", 4],
      ["merged: tiny", 3],
      ["right", 5],
      ["again", 6],
    ]);
  });

  it("is refused by versions that don't know merges, as a format of its own", () => {
    expect(JSON.parse(readFileSync(join(both, "run.json"), "utf8")).format).toBe(3);
    expect(JSON.parse(readFileSync(join(left, "run.json"), "utf8")).format).toBe(2);
  });
});

describe("a merge of runs that have only the root in common", () => {
  it("has the tasks of both, each split as its own run says", async () => {
    const one = await begun({ tasks: [{ name: "one", access: "public" }], iterations: 2 });
    const other = await begun({
      tasks: [
        { name: "four", access: "public" },
        { name: "hidden", access: "private" },
      ],
      validationFraction: 0.25,
      children: 2,
    });
    const dir = await merged(one, other);
    expect(await failuresOf(dir)).toEqual([]);
    expect(await certified(dir)).toEqual([]);
    expect(await survivors(dir)).toEqual({ ...(await survivors(one)), ...(await survivors(other)) });
    expect((await replayRun(dir, { children: 99, trainer, tasks: all })).failures).toEqual([]);
    expect(await failuresOf(await grown(dir, { tasks: ["hidden", "one", "four"] }))).toEqual([]);
  });
});

describe("a task that both have", () => {
  it("is refused if both trained it, unless one is preferred", async () => {
    const other = await grown(base, { tasks: ["one"], iterations: 3, settings: { seed: 99 } });
    expect((await survivors(other)).one).not.toEqual((await survivors(left)).one);
    await expect(merged(left, other)).rejects.toMatchObject({ code: "merge/two-models" });
    const [first, second] = [
      await merged(left, other, { prefer: "first" }),
      await merged(left, other, { prefer: "second" }),
    ];
    expect((await survivors(first)).one).toEqual((await survivors(left)).one);
    expect((await survivors(second)).one).toEqual((await survivors(other)).one);
    for (const dir of [first, second]) {
      expect(await failuresOf(dir)).toEqual([]);
      expect(await certified(dir)).toEqual([]);
    }
  });

  it("stays forgotten if one side forgot it, and is refused if the other trained it", async () => {
    const without = await grown(base);
    await forget(without, "secret");
    for (const dir of [await merged(without, left), await merged(left, without)]) {
      expect(Object.keys(await survivors(dir))).not.toContain("secret");
      expect(await failuresOf(dir)).toEqual([]);
      expect(await certified(dir)).toEqual([]);
      await (await extend(dir, { tasks: [task("secret")], iterations: 1 }, options)).done();
      expect(await failuresOf(dir)).toEqual([]);
    }
    const trained = await grown(base, { tasks: ["secret"], iterations: 2, settings: { seed: 77 } });
    await expect(merged(without, trained)).rejects.toMatchObject({ code: "merge/forgotten" });
    await expect(merged(trained, without, { prefer: "first" })).rejects.toMatchObject({
      code: "merge/forgotten",
    });
  });
});

describe("a merge is refused", () => {
  it("of a run with itself or with its own past", async () => {
    await expect(merged(left, left)).rejects.toMatchObject({ code: "merge/same-run" });
    await expect(merged(left, base)).rejects.toMatchObject({ code: "merge/same-run" });
    expect((await readRun(await merged(base, left))).state.retained).toEqual(
      (await readRun(left)).state.retained,
    );
  });

  it("with another root, another score, other images or another access", async () => {
    const only = [{ name: "one", access: "public" }] as const;
    await expect(merged(left, await begun({ seed: 5 }))).rejects.toMatchObject({ code: "merge/other-root" });
    const scored = await grown(base, {
      tasks: ["two"],
      settings: { method: { ...start.method, scaleFactor: 0.5 } },
    });
    await expect(merged(left, scored)).rejects.toMatchObject({ code: "merge/other-scoring" });
    const trained = async (changed: Partial<ReturnType<typeof tinyTask>>, spec: Access = "public") => {
      const dir = newDir();
      const tasks = [{ ...tinyTask("one"), ...changed }];
      const experiment = { ...start, tasks: [{ ...only[0], access: spec }] };
      await (await open(dir, experiment, { ...options, tasks })).done();
      return dir;
    };
    const images = await trained({ fingerprint: "f".repeat(64) });
    await expect(merged(left, images)).rejects.toMatchObject({ code: "merge/other-images" });
    const closed = await trained({ access: "private" }, "private");
    await expect(merged(left, closed)).rejects.toMatchObject({ code: "merge/other-access" });
  });

  it("into a folder with something in it", async () => {
    await expect(merge(left, right, base)).rejects.toMatchObject({ code: "run/exists" });
  });
});

it("%merge makes the same run in a cell, and says how to write it", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const out = newDir();
  await mergeLine({ args: `${left} ${right} ${out}` });
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join("");
  write.mockRestore();
  expect(filesOf(out)).toEqual(filesOf(both));
  expect(text.split("\n")[0]).toContain("adds four, hidden.");
  expect(text).toContain(`\ndigest ${(await readRun(both)).digest}\n`);
  for (const args of ["", left, `${left} ${right}`, `${left} ${right} ${newDir()} third`])
    await expect(mergeLine({ args })).rejects.toThrow("%merge first second runs/both");
});

describe("a lie about a merge", () => {
  const lies: Record<string, (events: ReturnType<typeof changeable>) => void> = {
    "that the common past is another": (events) => {
      at(events, "run-merged").since = 0;
    },
    "that another run was merged": (events) => {
      at(events, "run-merged").digest = "a".repeat(64);
    },
    "that it was drawn by another seed": (events) => {
      at(events, "run-merged").settings.seed = 5;
    },
    "that other settings hold afterwards": (events) => {
      at(events, "merge-ended").settings.children = 9;
    },
    "that it has not ended": (events) => void events.splice(place(events, "merge-ended"), 1),
    "that one of its children was better": (events) => {
      const from = place(events, "run-merged");
      const found = events
        .slice(from)
        .find((event) => (event as { type: string }).type === "child-validated");
      (found as { accuracy: number }).accuracy = 0.99;
    },
    "that a task of it is public": (events) => {
      for (const event of events as { tasks?: { name: string; access: string }[] }[])
        for (const record of event.tasks ?? []) if (record.name === "hidden") record.access = "public";
    },
  };
  // biome-ignore lint/suspicious/noExplicitAny: lies have any shape
  const at = (events: any[], type: string): any => events.find((event) => event.type === type);
  // biome-ignore lint/suspicious/noExplicitAny: lies have any shape
  const place = (events: any[], type: string): number => events.findIndex((event) => event.type === type);

  it.each(Object.keys(lies))("is found: %s", async (name) => {
    const run: SoundRun = await soundRunIn(both);
    const dir = join(newFolder(), "forged");
    await forge(run, dir, { tell: (events) => lies[name]!(events) });
    expect(await failuresOf(dir)).not.toEqual([]);
  });
});
