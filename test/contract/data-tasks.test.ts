// What every task of the catalog must be, published ones where MULAB_DATA holds them.

import { expect, test } from "vitest";
import { CATALOG } from "../../src/data/catalog.js";
import { loadTask } from "../../src/data/tasks.js";

const available = CATALOG.filter(({ kind }) => kind === "generated" || process.env.MULAB_DATA);

test.each(
  available.map(({ name }) => name),
)("%s loads whole, in shape and with every class in every split", async (name) => {
  const entry = CATALOG.find((task) => task.name === name)!;
  const task = await loadTask({ name, access: "public" }, { seed: 0, validation: 0.2, offline: true });
  expect(task).toMatchObject({ name, access: "public", classes: entry.classes, source: entry.source });
  const { train, validation, test: tested } = task.splits;
  expect([train.count, validation.count, tested.count]).toEqual([
    entry.train * 0.8,
    entry.train * 0.2,
    entry.test,
  ]);
  for (const images of [train, validation, tested]) {
    expect([images.height, images.width, images.channels]).toEqual([entry.imageSize, entry.imageSize, 3]);
    expect(images.pixels.length).toBe(images.count * entry.imageSize ** 2 * 3);
    expect(images.labels.length).toBe(images.count);
    const counts = new Array<number>(entry.classes).fill(0);
    for (const label of images.labels) counts[label]! += 1;
    const average = images.count / entry.classes;
    for (const count of counts) expect(Math.abs(count - average)).toBeLessThan(5 * Math.sqrt(average));
  }
});
