// `mulab fork` on the command line: a second run from the present of a first one, which continues to the same digest.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lastJson, runCli, TINY } from "../support/cli.js";

let folder: string;
let dir: string;
let digest: unknown;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-fork-"));
  dir = join(folder, "run");
  digest = lastJson(await runCli(["run", "preliminary", "--out", dir, "--json", ...TINY])).digest;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("forks an ended run, whole or from its root, and says how to continue", async () => {
  const whole = join(folder, "whole");
  const forked = await runCli(["fork", dir, "--out", whole, "--json"]);
  expect(forked.code).toBe(0);
  expect(lastJson(forked)).toMatchObject({ dir: whole, generations: 6 });
  expect(forked.stderr).toContain(`mulab resume ${whole}`);
  const root = join(folder, "root");
  expect(lastJson(await runCli(["fork", dir, "--out", root, "--generations", "0", "--json"]))).toMatchObject({
    generations: 0,
  });
  const resumed = await runCli(["resume", root, "--threads", "1", "--json"]);
  expect(lastJson(resumed).digest).toBe(digest);
  expect((await runCli(["verify", whole])).code).toBe(0);
});

it("after a generation whose layers are gone says after which it is possible", async () => {
  const to = join(folder, "gone");
  const refused = await Promise.all(
    ["1", "3", "5"].map((count) => runCli(["fork", dir, "--out", to, "--generations", count])),
  );
  const said = refused.find(({ code }) => code === 1)!.stderr;
  expect(said).toMatch(/can still be forked after generations 0, [\d, ]*6, or without naming a generation/);
  expect(said).not.toContain("    at ");
});

it("is refused into a folder that has something in it, and where there is no run", async () => {
  const taken = await runCli(["fork", dir, "--out", folder]);
  expect(taken.code).toBe(1);
  const none = await runCli(["fork", join(folder, "none"), "--out", join(folder, "new")]);
  expect(none.stderr).toContain("is not a run folder");
  expect(await readdir(folder)).not.toContain("new");
});
