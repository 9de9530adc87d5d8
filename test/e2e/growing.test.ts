// A run that grows by segments, from the command line and in a notebook: new tasks, old ones again, other settings, a kill
// on the way, and a task forgotten in the end.

import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as immediate } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { lastJson, runCli, startCli, TINY } from "../support/cli.js";
import { startKernel } from "../support/jupyter-kernel.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();

const tiny = (tasks: string): string[] => TINY.with(1, tasks);

test("mulab extend grows a run by segments, survives kill -9, and verify proves it", async () => {
  const home = newFolder();
  const [whole, dir] = ["whole", "killed"].map((name) => join(home, name)) as [string, string];
  const tasks = tiny("glyphs/thai,glyphs/lao:private");
  const begun = await runCli(["run", "preliminary", ...tasks, "--out", whole, "--json"]);
  expect(begun.code, begun.stderr).toBe(0);
  cpSync(whole, dir, { recursive: true });

  const segment = [
    ...["--tasks", "glyphs/thai,glyphs/khmer", "--iterations", "1", "--seed", "7"],
    ...["--set", "children=3", "batchSize=8", "scaleFactor=0.3", "--threads", "1", "--json"],
  ];
  const grown = await runCli(["extend", whole, ...segment]);
  expect(grown.code, grown.stderr).toBe(0);
  expect(grown.stderr).toContain("extended by 2 activations: glyphs/thai, glyphs/khmer; from here on ");
  expect(grown.stderr).toContain("3 children per generation");
  expect((lastJson(grown).tasks as { task: string }[]).map(({ task }) => task)).toEqual([
    "glyphs/thai",
    "glyphs/lao",
    "glyphs/khmer",
  ]);

  const killed = startCli(["extend", dir, ...segment]);
  let hasEnded = false;
  void killed.finished.then(() => {
    hasEnded = true;
  });
  while (!hasEnded) {
    const journal = await readFile(join(dir, "events.jsonl"), "utf8");
    const since = journal.slice(Math.max(0, journal.indexOf('"run-extended"')));
    if (journal.includes('"run-extended"') && since.includes('"generation-ended"'))
      killed.process.kill("SIGKILL");
  }
  expect((await killed.finished).signal).toBe("SIGKILL");
  const early = await runCli(["extend", dir, "--tasks", "glyphs/lao"]);
  expect(early.code).toBe(1);
  expect(early.stderr).toContain("resume");
  const resumed = await runCli(["resume", dir, "--json"]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(lastJson(resumed).digest).toBe(lastJson(grown).digest);
  expect((await runCli(["verify", dir, "--expect", String(lastJson(grown).digest)])).code).toBe(0);

  for (const [words, message] of [
    [["--tasks", "glyphs/kmer"], 'did you mean "glyphs/khmer"'],
    [["--tasks", "glyphs/khmer", "--set", "limit=3"], "A segment can't set limit"],
    [["--tasks", "glyphs/khmer", "--set", "learningRate=0.1"], "children have it from their parents"],
    [["--tasks", "glyphs/khmer:private"], "must be one that the run does not have yet"],
  ] as const) {
    const refused = await runCli(["extend", dir, ...words]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(message);
  }
  const copies = await runCli([
    ...["replicate", dir, "--out", join(home, "copies"), "--copies", "2", "--tasks", "glyphs/khmer"],
    ...["--iterations", "1", "--threads", "1", "--json"],
  ]);
  expect(copies.code, copies.stderr).toBe(0);
  expect(copies.stderr).toMatch(/test accuracy +mean +± +seed 8 +seed 9/);
  const replicas = lastJson(copies).replicas as { dir: string; digest: string }[];
  for (const { dir, digest } of replicas)
    expect((await runCli(["verify", dir, "--expect", digest])).code).toBe(0);

  expect((await runCli(["forget", dir, "glyphs/lao"])).code).toBe(0);
  expect((await runCli(["verify", dir])).code).toBe(0);
}, 240_000);

test("%%extend continues a cell's run under its variable, and %forget leaves it without a task", async () => {
  const client = await startKernel({ cwd: newFolder(), commands: ["mulab"] });
  const ok = async (cell: string) => {
    const { reply } = await client.execute(cell);
    expect(reply.content.status, JSON.stringify(reply.content)).toBe("ok");
  };
  try {
    await ok(
      [
        "%%evolve first",
        "experiment: preliminary",
        "budget: smoke",
        "tasks: [glyphs/thai, glyphs/lao]",
        "threads: 1",
        "set: { limit: 48, batchSize: 16, cycles: 1, generations: 1, children: 2, iterations: 1 }",
      ].join("\n"),
    );
    await ok(
      "%%extend first\ntasks: [glyphs/khmer, glyphs/thai]\niterations: 1\nseed: 3\nset: { children: 3 }\nthreads: 1",
    );
    expect(await client.text("first.status")).toBe("'ended'");
    expect(await client.text("first.state.extension.join()")).toBe("'glyphs/khmer,glyphs/thai'");
    expect(await client.text("first.state.models.length")).toBe("11"); // the root, 2 × 2 children, then 2 × 3
    await ok("%forget glyphs/khmer first");
    expect(await client.text("first.state.forgotten.join()")).toBe("'glyphs/khmer'");
    const wrong = async (cell: string) => String((await client.execute(cell)).reply.content.evalue);
    expect(await wrong("%%extend frist\ntasks: glyphs/thai")).toContain('did you mean "first"');
    expect(await wrong("%%extend")).toContain("%%extend needs a run that has ended, and tasks");
    expect(await wrong("%forget glyphs/khmer")).toContain("%forget glyphs/khmer first");
  } finally {
    await client.stop();
  }
}, 120_000);

test("mulab programme grows one system by every segment, continues after kill -9, and can be looked at as it was", async () => {
  const dir = join(newFolder(), "system");
  const plan = await runCli(["programme", "mu2net", "--plan"]);
  expect(plan.code, plan.stderr).toBe(0);
  expect(plan.stdout).toMatch(/9 +VTAB-1k +25 +25 +69 +2 +4 × 32/);

  const words = ["programme", "laptop", "--budget", "smoke", "--seed", "5", "--out", dir, "--threads", "1"];
  const killed = startCli(words);
  let hasEnded = false;
  void killed.finished.then(() => {
    hasEnded = true;
  });
  const segments = async (): Promise<number> =>
    (await readFile(join(dir, "run/events.jsonl"), "utf8").catch(() => "")).split('"run-extended"').length;
  while (!hasEnded && (await segments()) < 4) await immediate();
  killed.process.kill("SIGKILL");
  expect((await killed.finished).signal).toBe("SIGKILL");

  const again = await runCli(["programme", dir, "--seed", "6"]);
  expect(again.stderr).toContain("continues as planned: --seed would change nothing");
  const ended = await runCli(["programme", dir, "--threads", "1", "--json"]);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr).toContain("Segment 5 of 10: Visual Domain Decathlon, copy 3");
  const rows = lastJson(ended).segments as { title: string; tasks: number }[];
  expect(rows.map(({ tasks }) => tasks)).toEqual([3, 3, 9, 9, 13, 13, 13, 17, 23, 23]);
  for (const run of ["run", "replicas/4-2", "replicas/4-3"])
    expect((await runCli(["verify", join(dir, run)])).code).toBe(0);
  expect((await runCli(["programme", dir])).stdout).toContain("VTAB-1k");

  const before = await runCli(["table", "results", join(dir, "run"), "--at", "segment 1", "--json"]);
  expect(lastJson(before)).toHaveLength(3);
  const branch = join(dir, "branch");
  const forked = await runCli(["fork", join(dir, "run"), "--at", "segment 3", "--train", "--out", branch]);
  expect(forked.code, forked.stderr).toBe(0);
  expect((await runCli(["verify", branch])).code).toBe(0);

  // Anybody checks the certificate, with Node alone.
  const [certificate, key] = [join(dir, "system.cert"), join(dir, "key.pem")];
  const certified = await runCli(["certify", join(dir, "run"), "--out", certificate, "--key", key]);
  expect(certified.code, certified.stderr).toBe(0);
  const [checker, ...rest] = /: node (.*)$/m.exec(certified.stdout)![1]!.split(" ");
  const { stdout } = await promisify(execFile)(process.execPath, [checker!, ...rest]);
  expect(stdout).toContain("OK: signature, hashes");
});
