// Sets kept decoded: read back as they were, and made again when anything about them is wrong.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodedPath, readDecoded, writeDecoded } from "../../src/data/decoded-cache.js";
import { partPath } from "../../src/disk/part-file.js";
import { gathered } from "../support/gathered.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-decoded-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const shape = { count: 3000, classes: 10, height: 20, width: 20 };
const image = (row: number, size: number) => new Uint8Array(size).fill(row % 251);

async function write(path: string, channels: number): Promise<void> {
  const expected = { ...shape, channels };
  const writer = (await writeDecoded(path, expected))!;
  for (let row = 0; row < 3000; row++) writer.add(row % 10, image(row, 400 * channels));
  writer.finish();
}

test("what was written is read back, packed where it is grey", async () => {
  for (const channels of [1, 3]) {
    const path = decodedPath(folder, ["set", channels]);
    await write(path, channels);
    const rows = gathered(3000, 400 * channels);
    expect(readDecoded(path, { ...shape, channels }, rows)).toBe(true);
    for (const row of [0, 1, 2622, 2999]) {
      const size = 400 * channels;
      expect(rows.pixels.subarray(row * size, (row + 1) * size)).toEqual(image(row, size));
      expect(rows.labels[row]).toBe(row % 10);
    }
  }
  expect((await readFile(decodedPath(folder, ["set", 1]))).length).toBeLessThan(100_000);
});

test("only wanted rows are put", async () => {
  const path = decodedPath(folder, "set");
  await write(path, 1);
  const rows = gathered(3000, 400, (row) => row === 7 || row === 2999);
  readDecoded(path, { ...shape, channels: 1 }, rows);
  expect(rows.order).toEqual([7, 2999]);
});

test("a damaged, short or foreign file is removed and not believed", async () => {
  const path = decodedPath(folder, "set");
  const expected = { ...shape, channels: 1 };
  await write(path, 1);
  const whole = await readFile(path);
  const damaged = [0, 1, 100, whole.length - 33, whole.length - 1].map((at) => {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 1;
    return bytes;
  });
  for (const bytes of [...damaged, whole.subarray(0, -1), whole.subarray(0, 10), Buffer.alloc(0)]) {
    await writeFile(path, bytes);
    expect(readDecoded(path, expected, gathered(3000, 400))).toBe(false);
    expect(existsSync(path)).toBe(false);
  }
  expect(readDecoded(path, expected, gathered(3000, 400))).toBe(false);
  for (const other of [
    { ...expected, count: 2999 },
    { ...expected, width: 40 },
    { ...expected, classes: 9 },
  ]) {
    await writeFile(path, whole);
    expect(readDecoded(path, other, gathered(3000, other.width * 20))).toBe(false);
  }
});

test("what the set is made of is in its name", () => {
  const paths = [["a"], ["b"], ["a", 1]].map((parts) => decodedPath(folder, parts));
  expect(new Set(paths).size).toBe(3);
  expect(decodedPath(folder, ["a"])).toBe(paths[0]);
});

test("what a killed process left of the set is removed by the next that writes it, what a live one writes is not", async () => {
  const path = decodedPath(folder, "set");
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  await mkdir(dirname(path), { recursive: true });
  const [killed, old, live, other] = [
    partPath(path, dead),
    partPath(path, process.ppid),
    partPath(path, 1),
    partPath(decodedPath(folder, "other"), dead),
  ];
  for (const part of [killed, old, live, other]) await writeFile(part, "x");
  const long = new Date(Date.now() - 2 * 3_600_000);
  await utimes(old!, long, long);
  await write(path, 1);
  expect([killed, old, live, other].map((part) => existsSync(part!))).toEqual([false, false, true, true]);
  expect(readDecoded(path, { ...shape, channels: 1 }, gathered(3000, 400))).toBe(true);
});

test("an unfinished file has no name, and a cache that can't be written costs nothing but time", async () => {
  const path = decodedPath(folder, "set");
  const writer = (await writeDecoded(path, { ...shape, channels: 1 }))!;
  writer.add(1, image(1, 400));
  writer.abandon();
  expect(existsSync(path)).toBe(false);
  await rm(dirname(path), { recursive: true });
  await mkdir(folder, { recursive: true });
  await writeFile(dirname(path), "a file where the folder should be");
  expect(await writeDecoded(path, { ...shape, channels: 1 })).toBeUndefined();
});

test.runIf(process.platform === "linux")(
  "a file system that takes no folders is no reason to hang",
  async () => {
    expect(await writeDecoded("/proc/mulab/decoded/set.images", { ...shape, channels: 1 })).toBeUndefined();
  },
);
