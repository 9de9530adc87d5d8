// A machine with neither images nor network: everything that a beginner starts runs all the same, on drawn numerals.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lastJson, runCli } from "../support/cli.js";

const SETTINGS = ["--set", "limit=48", "batchSize=16", "cycles=1", "iterations=1", "generations=1"];
const NO_NETWORK = new URL("../support/no-network.mjs", import.meta.url).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-offline-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const offline = (...args: string[]) =>
  runCli([...args, "--threads", "1", "--json", ...SETTINGS, "children=2"], {
    env: {
      MULAB_DATA: "",
      XDG_CACHE_HOME: join(folder, "cache"),
      NODE_OPTIONS: `--import=${NO_NETWORK}`,
    },
  });

const tasksOf = async (dir: string): Promise<string[]> => {
  const { experiment } = JSON.parse(await readFile(join(dir, "run.json"), "utf8"));
  return experiment.tasks.map((task: { name: string; access: string }) => `${task.name} ${task.access}`);
};

describe("without images and network", () => {
  it("mulab run names the stand-ins, and runs", async () => {
    const dir = join(folder, "run");
    const { code, stderr } = await offline("run", "preliminary", "--out", dir);
    expect(stderr).toContain("can't be downloaded now");
    expect(stderr).toContain("cmaterdb/bangla (by glyphs/bengali)");
    expect(code).toBe(0);
    expect(await tasksOf(dir)).toEqual([
      "glyphs/bengali public",
      "glyphs/devanagari public",
      "glyphs/telugu private",
    ]);
  });

  it("mulab sweep does too", async () => {
    const out = ["--out", join(folder, "sweep"), "--budget", "smoke", "--repetitions", "1", "--yes"];
    const swept = await offline("sweep", "characters", "--scale-factors", "1", ...out);
    expect(swept.stderr).toContain("cmaterdb/telugu (by glyphs/telugu)");
    expect(lastJson(swept)).toMatchObject({ status: "ended", done: 1, failures: [] });
  });

  it("tasks that were asked for by name are not replaced, and the message says how to get them", async () => {
    const { code, stderr } = await offline("run", "preliminary", "--tasks", "cmaterdb/bangla");
    expect(code).toBe(1);
    for (const words of ["cmaterdb/bangla", "no network in this test", "mulab fetch", "--tasks glyphs"])
      expect(stderr).toContain(words);
  });
});
