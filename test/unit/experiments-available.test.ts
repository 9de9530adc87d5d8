import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Experiment } from "../../src/core/experiment.js";
import { availableTask, onAvailableTasks } from "../../src/experiments/available.js";
import { characters } from "../../src/experiments/characters.js";
import { decathlon } from "../../src/experiments/decathlon.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const namesOf = ({ tasks }: Experiment) => tasks.map(({ name }) => name);

/** The tasks and what was said, on a machine without any data. */
async function withNothing(experiment: Experiment) {
  const empty = newFolder();
  const places = { dataDir: join(empty, "data"), cacheDir: join(empty, "cache") };
  const said: string[] = [];
  const here = await onAvailableTasks(experiment, { onNote: (line) => said.push(line), places });
  return { names: namesOf(here), said: said.join("\n") };
}

describe("a task that is to be had here", () => {
  it("is itself, or another form of itself, or printed glyphs", () => {
    const usable = new Set(["mnist", "omniglot", "kmnist/first7000", "cmaterdb/bangla"]);
    expect(namesOf(characters()).map((name) => availableTask(name, usable))).toEqual([
      "glyphs/latin-digits",
      "glyphs/latin-letters",
      "kmnist/first7000",
      "mnist",
      "omniglot",
      "cmaterdb/bangla",
      "glyphs/devanagari",
      "glyphs/telugu",
    ]);
    expect(availableTask("kmnist/first7000", new Set(["kmnist"]))).toBe("kmnist");
  });

  it("stays what it is where nothing can stand in for it", () => {
    expect(availableTask("decathlon/svhn", new Set())).toBe("decathlon/svhn");
    expect(availableTask("mine/leaves", new Set())).toBe("mine/leaves");
  });
});

describe("the characters benchmark on a machine without data", () => {
  it.each([
    "paper",
    "laptop",
  ] as const)("keeps, at %s budget, what is a small download, and says what stands in for the rest", async (budget) => {
    const experiment = characters({ budget });
    const { names, said } = await withNothing(experiment);
    expect(names).toHaveLength(experiment.tasks.length);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(glyphs|cmaterdb)\//);
    const kmnist = experiment.tasks.find(({ name }) => name.startsWith("kmnist"))!.name;
    expect(said).toContain(`${kmnist} (by glyphs/khmer)`);
    expect(said).not.toContain("cmaterdb");
  });

  it("leaves a benchmark alone that nothing stands in for", async () => {
    const experiment = decathlon();
    const { names, said } = await withNothing(experiment);
    expect(names).toEqual(namesOf(experiment));
    expect(said).toBe("");
  });
});
