// `mulab forget`: what is removed, what still names the task, and a removal that was cut short.

import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { forgetCommand } from "../../src/commands/forget.js";
import { reportCommand } from "../../src/commands/report.js";
import { extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { tracesOf } from "../../src/run/traces.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { arm, disarm } from "../support/disk-faults.mjs";
import { fakeTrainer } from "../support/fake-trainer.js";
import { catchPrinted } from "../support/printed.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const experiment = tinyExperiment({ iterations: 1 });
const options = {
  tasks: experiment.tasks.map(({ name, access }) => tinyTask(name, access)),
  trainer: fakeTrainer,
};
const SECRET = 'mine/<"leaves">';

const printed = catchPrinted();

/** runs/first, extended by a private task, in a folder of its own. */
async function privateRun(): Promise<string> {
  const dir = join(newFolder(), "runs", "first");
  await (await open(dir, experiment, options)).done();
  const task = tinyTask(SECRET, "private");
  await (await extend(dir, { tasks: [task], iterations: 1 }, { trainer: fakeTrainer })).done();
  return dir;
}

it("lists what still names the task, and how to remove it", async () => {
  const dir = await privateRun();
  const around = join(dir, "..");
  await reportCommand(dir, {});
  await fork(dir, join(around, "second"));
  await fork(dir, join(around, "third"));
  await forget(join(around, "third"), SECRET);
  await (await open(join(around, "other"), experiment, options)).done(); // knows nothing of it
  writeFileSync(join(around, "rows.csv"), `task,test\n"${SECRET.replaceAll('"', '""')}",0.5\n`);
  writeFileSync(join(around, "scene.svg"), "<svg><text>mine/&lt;&quot;leaves&quot;&gt;</text></svg>");
  writeFileSync(join(around, "longer.txt"), `${SECRET}/more and not${SECRET}`);
  const traces = await tracesOf(dir, SECRET);
  expect(traces.map(({ path, what }) => [path.slice(around.length + 1), what])).toEqual([
    ["first", "journal"],
    ["first/report.html", "file"],
    ["rows.csv", "file"],
    ["scene.svg", "file"],
    ["second", "fork"],
    ["third", "fork"],
  ]);
  expect(traces[4]!.remedy).toContain("mulab forget");
  expect(traces[5]!.remedy).toContain("rm -r");

  await forgetCommand(dir, SECRET, {});
  expect(printed.text).toMatch(/forgotten; \d+ layers removed/);
  expect(printed.text).toMatch(/\d+ of these layers ha(s|ve) another name on this disk: a fork/);
  for (const { path } of traces) expect(printed.text).toContain(path);
  expect((await verifyRun(dir)).ok).toBe(true);
});

it("of a point names the sweep that it is of", async () => {
  const first = await privateRun();
  const dir = join(newFolder(), "sweep", "points", "munet-s1-0");
  mkdirSync(join(dir, ".."), { recursive: true });
  cpSync(first, dir, { recursive: true });
  writeFileSync(join(dir, "..", "..", "results.json"), JSON.stringify({ points: [{ task: SECRET }] }));
  expect((await tracesOf(dir, SECRET)).map(({ what }) => what)).toEqual(["journal", "sweep"]);
});

it("cut short at any operation of the disk is done again and removes the rest", async () => {
  const dir = await privateRun();
  const copy = (): string => {
    const to = join(newFolder(), "run");
    cpSync(dir, to, { recursive: true });
    return to;
  };
  const whole = copy();
  arm({ root: whole });
  const { layers } = await forget(whole, SECRET);
  const operations = disarm().length;
  expect(layers).toBeGreaterThan(0);
  const { digest } = await readRun(whole);
  const left = readdirSync(whole, { recursive: true }).length;
  for (let at = 0; at < operations; at++)
    for (const how of ["EIO", "half"] as const) {
      const to = copy();
      arm({ root: to, at, how });
      await forget(to, SECRET).catch(() => {});
      disarm();
      // The process that failed has ended, and its lock with it.
      if (readdirSync(to).includes("writer.lock")) continue;
      await forget(to, SECRET);
      expect((await readRun(to)).digest).toBe(digest);
      expect((await verifyRun(to)).checks.flatMap(({ failures }) => failures)).toEqual([]);
      expect(readdirSync(to, { recursive: true })).toHaveLength(left);
      await expect(forget(to, "nothing")).rejects.toMatchObject({ code: "task/unknown" });
    }
});
