// The price of forgetting, against what forgetting then does.

import { join } from "node:path";
import { expect, it } from "vitest";
import { priceOfForgetting } from "../../src/analysis/price-of-forgetting.js";
import { forget } from "../../src/run/forget.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();

it("names the model that falls, the layers that go, and what it took; all others stay", async () => {
  const dir = join(newFolder(), "run");
  const experiment = tinyExperiment({ seed: 2 });
  const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
  await (await open(dir, experiment, { tasks, trainer: fakeTrainer })).done();
  const before = await readRun(dir);
  for (const { name } of experiment.tasks) {
    const price = priceOfForgetting({ ...before, threads: 2 }, name);
    expect(price.model!.id).toBe(before.state.retained[name]);
    expect(price.took).toMatchObject({ activations: 2, children: 2 * 2 * 3 });
    expect(price.heirs.map(({ task }) => task)).not.toContain(name);
  }
  const price = priceOfForgetting({ ...before, threads: 2 }, "secret");
  expect(price.heirs).toEqual([]); // private
  const { layers } = await forget(dir, "secret");
  expect(layers).toBe(price.model!.ownLayers);
  const after = await readRun(dir);
  for (const name of ["one", "two"]) expect(after.state.retained[name]).toBe(before.state.retained[name]);
  expect(() => priceOfForgetting(after, "secret")).toThrow('There is no task "secret" in this run');
});
