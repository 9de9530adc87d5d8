// Loading tasks by name, without the network.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BENCHMARKS } from "../../src/data/benchmarks.js";
import { CATALOG, GLYPHS_FOR, taskNamed } from "../../src/data/catalog/catalog.js";
import type { PublishedTask } from "../../src/data/catalog-entry.js";
import { listTasks } from "../../src/data/listing.js";
import type { Places } from "../../src/data/locate.js";
import { glyphSpecs, loadTask, loadTasks, type TaskProgress } from "../../src/data/tasks.js";

let places: Places & { dataDir: string };

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "mulab-tasks-"));
  places = { dataDir: join(folder, "data"), cacheDir: join(folder, "cache") };
});

afterEach(() => rm(dirname(places.dataDir), { recursive: true, force: true }));

const bangla = { name: "cmaterdb/bangla", access: "public" } as const;
const options = () => ({ seed: 0, validation: 0.2, offline: true, places });

test("a name that does not exist is answered with the nearest one", async () => {
  const load = loadTask({ name: "cmaterdb/bengla", access: "public" }, options());
  await expect(load).rejects.toMatchObject({
    code: "task/unknown",
    message: expect.stringContaining('did you mean "cmaterdb/bangla"?'),
  });
});

test("data that is nowhere, with no network, is task/data-missing and says what to do", async () => {
  await expect(loadTasks([bangla], options())).rejects.toMatchObject({
    code: "task/data-missing",
    message: expect.stringMatching(/looked in .*data, .*cache\).*offline.*MULAB_DATA.*--tasks glyphs/),
  });
});

test("a file that is not the published one is an error, not a reason to go without", async () => {
  const { train, test: tested } = (taskNamed("cmaterdb/bangla") as PublishedTask).sets;
  const [first, second] = [train!, tested!].map(({ pinned }) => pinned!.files[0]!);
  const [path, other] = [first!, second!].map((file) => join(places.dataDir, file.path)) as [string, string];
  await mkdir(dirname(path), { recursive: true });
  await writeFile(other, "");
  await writeFile(path, Buffer.alloc(first!.bytes));
  await expect(loadTask(bangla, options())).rejects.toMatchObject({ code: "data/checksum" });
  await writeFile(path, "torn");
  await expect(loadTask(bangla, options())).rejects.toMatchObject({ code: "data/bad-file" });
});

test("every character task has glyphs as its stand-in, cmaterdb as many of its own scripts, with the same access", () => {
  const characters = BENCHMARKS.find(({ name }) => name === "characters")!.tasks;
  for (const name of characters) expect(taskNamed(GLYPHS_FOR[name]!).kind).toBe("generated");
  expect(new Set(characters.map((name) => GLYPHS_FOR[name])).size).toBe(characters.length);
  for (const { name, classes, sets } of CATALOG.filter((task) => task.name.startsWith("cmaterdb/"))) {
    const glyphs = taskNamed(GLYPHS_FOR[name]!);
    expect(glyphs.classes).toBe(classes);
    for (const set of ["train", "test"]) expect(glyphs.sets[set]!.count).toBe(sets[set]!.count);
  }
  expect(glyphSpecs([bangla, { name: "glyphs/lao", access: "private" }])).toEqual([
    { name: "glyphs/bengali", access: "public" },
    { name: "glyphs/lao", access: "private" },
  ]);
});

test("a limit caps every split and keeps its first images", async () => {
  const spec = { name: "glyphs/thai", access: "private" } as const;
  const [small, larger] = await Promise.all([10, 25].map((limit) => loadTask(spec, { ...options(), limit })));
  expect(small).toMatchObject({
    name: "glyphs/thai",
    access: "private",
    classes: 10,
    source: "generated glyphs",
  });
  for (const split of ["train", "validation", "test"] as const) {
    const [few, more] = [small!.splits[split], larger!.splits[split]];
    expect([few.count, more.count]).toEqual([10, 25]);
    expect(few.pixels).toEqual(more.pixels.slice(0, few.pixels.length));
    expect(few.labels).toEqual(more.labels.slice(0, 10));
  }
});

test("the seed decides the fingerprint, and the same seed gives it again", async () => {
  const load = (seed: number) =>
    loadTask({ name: "glyphs/khmer", access: "public" }, { ...options(), seed, limit: 5 });
  const [first, again, other] = await Promise.all([load(1), load(1), load(2)]);
  expect(again!.fingerprint).toBe(first!.fingerprint);
  expect(other!.fingerprint).not.toBe(first!.fingerprint);
  expect(first!.fingerprint).toMatch(/^[0-9a-f]{64}$/);
});

test("drawing reports the images of all splits up to the last", async () => {
  const seen: TaskProgress[] = [];
  const spec = { name: "glyphs/lao", access: "public" } as const;
  await loadTask(spec, { ...options(), limit: 300, onProgress: (progress) => seen.push(progress) });
  expect(seen.map(({ done }) => done)).toEqual([256, 300, 556, 600, 856, 900]);
  expect(seen.at(-1)).toEqual({ task: "glyphs/lao", doing: "drawing", done: 900, total: 900 });
});

test("the listing says of every task where its data is or how to get it", async () => {
  const state = async () => (await listTasks(places)).find(({ task }) => task.name === "cmaterdb/telugu")!;
  expect(await state()).toMatchObject({ state: "absent", note: expect.stringContaining("291 kB") });
  const { sets } = taskNamed("cmaterdb/telugu") as PublishedTask;
  for (const { path, bytes } of Object.values(sets).flatMap(({ pinned }) => pinned!.files)) {
    await mkdir(dirname(join(places.cacheDir, path)), { recursive: true });
    await writeFile(join(places.cacheDir, path), Buffer.alloc(bytes));
  }
  expect(await state()).toMatchObject({ state: "cache" });
  expect((await listTasks(places)).filter(({ state: s }) => s === "generated")).toHaveLength(26);
});
