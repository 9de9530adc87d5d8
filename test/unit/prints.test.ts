// The same images are known again under another name: what privacy hangs on is data, not prose.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkpointRoot } from "../../src/checkpoints/load.js";
import type { Images } from "../../src/core/task.js";
import { hasImageOf, printsOf } from "../../src/data/prints.js";
import { open } from "../../src/run/open.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";
import { tinyRootContent, writeRoot } from "../support/tiny-root.js";

const newFolder = temporaryFolders();

/** `count` images of 4 × 4, each of its own. */
function images(from: number, count: number, channels = 1): Images {
  const size = 16 * channels;
  const pixels = new Uint8Array(new SharedArrayBuffer(count * size));
  for (let i = 0; i < count; i++)
    for (let p = 0; p < 16; p++)
      pixels.fill((from + i) * 7 + p * p, i * size + p * channels, i * size + (p + 1) * channels);
  const labels = new Int32Array(new SharedArrayBuffer(count * 4));
  return { pixels, labels, count, height: 4, width: 4, channels };
}
const none = images(0, 0);
const splits = (train: Images, validation = none, test = none) => ({ train, validation, test });

it("a set has the same prints however it is cut, and whether its grey is read as one channel or three", async () => {
  const whole = await printsOf(splits(images(0, 30)));
  expect(whole).toHaveLength(30);
  expect(await printsOf(splits(images(10, 20), images(0, 4), images(4, 6)))).toEqual(whole);
  expect(await printsOf(splits(images(0, 30, 3)))).toEqual(whole);
  expect(await printsOf(splits(images(1, 30)))).not.toEqual(whole);
});

it("a part of a set is found again, another set is not, and a blank image says nothing", async () => {
  const known = await printsOf(splits(images(0, 20)));
  expect(await hasImageOf(splits(none, none, images(19, 5)), known)).toBe(true);
  expect(await hasImageOf(splits(images(20, 5)), known)).toBe(false);
  const blank = { ...images(0, 1), pixels: new Uint8Array(new SharedArrayBuffer(16)).fill(9) };
  expect(await printsOf(splits(blank))).toEqual([]);
});

it("a root that was trained on the images of a private task is refused whatever the task is called there", async () => {
  const dir = newFolder();
  mkdirSync(join(dir, "roots"));
  const standard = tinyExperiment({ iterations: 1 });
  const [first, ...others] = standard.tasks;
  const tasks = [
    tinyTask(first!.name, "private"),
    ...others.map(({ name, access }) => tinyTask(name, access)),
  ];
  const trainedOn = { task: "another/name", images: await printsOf(tasks[0]!.splits) };
  const shape = { ...tinyRootContent().backbone };
  const path = writeRoot(join(dir, "roots"), { ...tinyRootContent(), backbone: shape, trainedOn });
  const root = await checkpointRoot(path, { blocks: standard.root.blocks });
  expect(root.trainedOn).toEqual(trainedOn);
  const experiment = { ...standard, root, tasks: tasks.map(({ name, access }) => ({ name, access })) };
  const refused = open(join(dir, "run"), experiment, { tasks, trainer: fakeTrainer });
  await expect(refused).rejects.toMatchObject({ code: "access/private-root", found: "another/name" });
});
