// The ground room: one helper of each kind, and no other file does the same by hand.

import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hashFile, hashSoFar } from "../../src/disk/hash.js";
import { isFile, isFolder, namesIn, statAt } from "../../src/disk/listing.js";
import { openForReading } from "../../src/disk/random-access.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mulab-disk-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const asIs = (cause: unknown): Error => cause as Error;
const HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

it("a file has the hash of its bytes, which more may be added to", async () => {
  const path = join(dir, "a");
  await writeFile(path, "hel");
  const hash = (await hashSoFar(path)).update("lo");
  expect(hash.digest("hex")).toBe(HELLO);
  await writeFile(path, "hello");
  expect(await hashFile(path, asIs)).toBe(HELLO);
  await expect(hashFile(dir, asIs)).rejects.toThrow();
  await expect(hashFile(join(dir, "none"), () => new RangeError("mine"))).rejects.toThrow(RangeError);
});

it("what is not there is an answer, what is in the way is an error", async () => {
  await writeFile(join(dir, "a"), "x");
  await mkdir(join(dir, "b"));
  expect((await namesIn(dir)).sort()).toEqual(["a", "b"]);
  expect(await namesIn(join(dir, "none"))).toEqual([]);
  expect(await namesIn(join(dir, "a", "below"))).toEqual([]);
  expect((await statAt(join(dir, "a")))?.size).toBe(1);
  expect(await statAt(join(dir, "none"))).toBeUndefined();
  await expect(statAt(join(dir, "n".repeat(300)))).rejects.toMatchObject({ code: "store/read-failed" });
  expect([await isFile(join(dir, "a")), await isFile(join(dir, "b"))]).toEqual([true, false]);
  expect([await isFolder(join(dir, "a")), await isFolder(join(dir, "b"))]).toEqual([false, true]);
});

it("a piece of a file is exact, and shorter only at its end", async () => {
  await writeFile(join(dir, "a"), "hello");
  const file = await openForReading(join(dir, "a"), asIs);
  const text = async (start: number, end: number) => Buffer.from(await file.read(start, end)).toString();
  expect([file.size, await text(1, 3), await text(3, 99), await text(9, 12)]).toEqual([5, "el", "lo", ""]);
  await file.close();
});

it("nothing outside disk/ has its own copy of what disk/ has", () => {
  const copies: readonly [RegExp, string][] = [
    [/new Worker\(/, "spawn"],
    [/\bmkdir(Sync)?\([^)]*recursive/, "makeFolder"],
    [/createHash[\s\S]*createReadStream\(/, "hashFile"],
    [/\["ENOENT", "ENOTDIR"\]/, "isAbsent"],
    [/process\.kill\(/, "isAlive"],
  ];
  const found = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("disk/"))
    .flatMap((name) => {
      const text = readFileSync(join("src", name), "utf8");
      return copies.flatMap(([pattern, helper]) =>
        pattern.test(text) ? [`${name}: use disk/ ${helper}`] : [],
      );
    });
  expect(found).toEqual([]);
});
