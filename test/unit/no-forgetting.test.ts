// What a system has learned it keeps: after ten further segments the predictions for every task that they left alone are bit for
// bit what they were, by the real engine.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { predict } from "../../src/export/predict.js";
import { extend } from "../../src/run/extend.js";
import { forget } from "../../src/run/forget.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { writeClasses } from "../support/images.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();

it("after ten further segments, one of them forgetting a task, every task left alone predicts to the bit as before", async () => {
  const dir = join(newFolder(), "run");
  const images = join(newFolder(), "images");
  mkdirSync(images);
  writeClasses(images, { dots: 3, lines: 3 });
  const tasks = ["glyphs/thai", "glyphs/lao", "glyphs/khmer"].map((name, i) => ({
    name,
    access: i === 2 ? ("private" as const) : ("public" as const),
  }));
  const experiment = tinyExperiment({ tasks, iterations: 1, limit: 20, seed: 4 });
  const options: OpenOptions = { trainer: fakeTrainer };
  await (await open(dir, experiment, options)).done();
  const predictions = () =>
    Promise.all(
      tasks.map(async ({ name }) =>
        (await predict(dir, name, images, { threads: 1 })).map(({ probabilities }) => [...probabilities]),
      ),
    );
  const before = await predictions();
  const { retained } = (await readRun(dir)).state;
  for (let i = 0; i < 10; i++) {
    const fresh = tinyTask(`new/${i}`, i % 3 === 0 ? "private" : "public");
    const settings = { seed: i, children: 1 + (i % 3) };
    await (await extend(dir, { tasks: [fresh], iterations: 1, settings }, options)).done();
    if (i === 5) await forget(dir, "new/3");
  }
  const { state } = await readRun(dir);
  expect(state.models.length).toBeGreaterThan(20);
  for (const { name } of tasks) expect(state.retained[name]).toBe(retained[name]);
  expect(await predictions()).toEqual(before);
  expect(await verifyRun(dir)).toMatchObject({ ok: true });
}, 60_000);
