// A run as a cell's value, and what the lines below a cell's run say there is.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { figureLine, remember, tableLine } from "../../src/notebook/cells/show.js";
import { renderRun } from "../../src/notebook/runs.js";
import { open } from "../../src/run/open.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

test("a run is shown by its results, and its own tables are among those that are named", async () => {
  const dir = await mkdtemp(join(tmpdir(), "mulab-run-"));
  const experiment = tinyExperiment({ iterations: 1 });
  const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
  const run = await open(dir, experiment, { tasks, trainer: fakeTrainer });
  await run.done();
  const text = renderRun(run)?.["text/plain"];
  expect(text).toMatch(/, seed \d+: ended, \d+ models\n/);
  expect(text).toContain(`: model ${run.state.retained[tasks[0]!.name]}, validation `);
  expect(text).toContain(dir);
  expect(renderRun({ ...run })).toBeUndefined();

  remember("tiny", run);
  await expect(tableLine({ args: "reslts tiny" })).rejects.toThrow(
    'did you mean "results"? Valid: methods, ',
  );
  expect(await tableLine({ args: "accuracy tiny" })).toEqual(await tableLine({ args: "tiny" })); // its former name
  await expect(figureLine({ args: "lineag tiny" })).rejects.toThrow(
    'did you mean "lineage"? Valid: progress, ',
  );
  await rm(dir, { recursive: true, force: true });
});
