// Sweeps of every format that was ever released stay readable: these files are never written again.

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { variantName } from "../../src/core/variant.js";
import { readSweep } from "../../src/sweep/sweep.js";

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

describe.each(["sweep-format-1", "sweep-file-format-1.json.gz"])("%s", (name) => {
  it("is read whole", async () => {
    const { plan, points, failures, data } = await readSweep(fixture(name));
    expect(plan).toMatchObject({ name: "tiny", title: "Tiny", seed: 7, repetitions: 2 });
    expect(points.map(({ variant, repetition }) => `${variantName(variant)} ${repetition}`)).toEqual([
      "munet-s0.3 0",
      "munet-s1-no-adapters 0",
      "full 0",
      "top-0 0",
      "multi-head 0",
      "adapters-8 0",
      "munet-s0.3 1",
      "munet-s1-no-adapters 1",
      "full 1",
      "top-0 1",
      "multi-head 1",
    ]);
    expect(failures).toEqual([
      {
        name: "adapters-8_r1",
        variant: { method: "adapters", dim: 8 },
        repetition: 1,
        code: "unexpected",
        message: "the engine fell over",
      },
    ]);
    expect(Object.keys(data)).toEqual(["0", "1"]);
    const { tasks, cost, seed, root, checkpoint, budget, experiment } = points[0]!;
    expect([seed, root, checkpoint, budget, experiment]).toEqual([
      7,
      "random tiny, 1 block",
      null,
      "smoke",
      "tiny",
    ]);
    expect(tasks.map(({ task, images, classes }) => [task, images, classes])).toEqual([
      ["one", { train: 24, validation: 10, test: 10 }, 10],
      ["two", { train: 24, validation: 10, test: 10 }, 10],
    ]);
    expect(cost.examples).toBe(2 * 1 * 2 * 2 * 2 * 3 * 8);
  });
});
