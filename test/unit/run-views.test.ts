// What the public entry attaches to a run: the loop itself knows no table and no chart.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { open } from "../../src/index.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

test("a run opened by the public entry has its results as a table and its charts, always of now", async () => {
  const dir = await mkdtemp(join(tmpdir(), "mulab-views-"));
  const experiment = tinyExperiment({ iterations: 1 });
  const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
  const run = await open(dir, experiment, { tasks, trainer: fakeTrainer });
  const { charts } = run;
  await run.done();
  expect(run.accuracy().numRows()).toBe(tasks.length);
  expect(charts.learning()).toEqual(run.charts.learning());
  expect(JSON.stringify(run.charts.pareto())).toContain(tasks[0]!.name);
  await rm(dir, { recursive: true, force: true });
});
