// What every task of the catalog must be, published ones where MULAB_DATA holds them.

import { expect, test } from "vitest";
import { CATALOG } from "../../src/data/catalog/catalog.js";
import { listTasks } from "../../src/data/listing.js";
import { SPLITS, splitSizes } from "../../src/data/splits.js";
import { loadTask } from "../../src/data/tasks.js";

const listings = await listTasks();
const here = listings.filter(({ state }) => state !== "absent").map(({ task }) => task.name);
const absent = listings.filter(({ state }) => state === "absent").map(({ task }) => task.name);
if (absent.length > 0) console.warn(`Not on this machine, so not tested: ${absent.join(", ")}`);

test.each(
  here,
)("%s loads whole, in shape and with its classes balanced as far as they are drawn", async (name) => {
  const entry = CATALOG.find((task) => task.name === name)!;
  const task = await loadTask({ name, access: "public" }, { seed: 0, validation: 0.2, offline: true });
  expect(task).toMatchObject({ name, access: "public", classes: entry.classes, source: entry.source });
  const sizes = splitSizes(entry, 0.2);
  const { imageSize, channels, classes } = entry;
  for (const split of SPLITS) {
    const images = task.splits[split];
    expect(images).toMatchObject({ count: sizes[split], height: imageSize, width: imageSize, channels });
    expect(images.pixels.length).toBe(images.count * imageSize ** 2 * channels);
    expect(images.labels.length).toBe(images.count);
    expect(images.pixels.some((byte) => byte < 64) && images.pixels.some((byte) => byte > 192)).toBe(true);
    expect(images.labels.every((label) => label >= 0 && label < classes)).toBe(true);
    if (name !== "omniglot") expectBalanced(images.labels, classes);
  }
});

/** Every class about as often as any other; kept loose enough for mnist, whose digits are up to 21 % off. */
function expectBalanced(labels: Int32Array, classes: number): void {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]! += 1;
  const average = labels.length / classes;
  for (const count of counts)
    expect(Math.abs(count - average)).toBeLessThan(5 * Math.sqrt(average) + 0.15 * average);
}
