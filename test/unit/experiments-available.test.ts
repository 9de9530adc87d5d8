import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Experiment } from "../../src/core/experiment.js";
import { availableTask, onAvailableTasks } from "../../src/experiments/available.js";
import { characters } from "../../src/experiments/characters.js";
import { decathlon } from "../../src/experiments/decathlon.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const namesOf = ({ tasks }: Experiment) => tasks.map(({ name }) => name);

/** A network that is not there, or one that has the files of a folder. */
function network(folder?: string) {
  const fetch = vi.fn(async (url: string) => {
    if (!folder) throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") });
    return new Response(await readFile(join(folder, ...url.split("/").slice(-2))));
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}
afterEach(() => vi.unstubAllGlobals());

/** The tasks and the notes, on a machine without any data. */
async function withNothing(experiment: Experiment, dataDir = newFolder()) {
  const places = { dataDir, cacheDir: join(newFolder(), "cache") };
  const said: string[] = [];
  const here = await onAvailableTasks(experiment, { onNote: (line) => said.push(line), places });
  return { names: namesOf(here), said: said.join("\n") };
}

describe("a task that is available here", () => {
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

  it("stays what it is where it has no stand-in", () => {
    expect(availableTask("decathlon/svhn", new Set())).toBe("decathlon/svhn");
    expect(availableTask("mine/leaves", new Set())).toBe("mine/leaves");
  });
});

describe("an experiment on a machine without data", () => {
  it.each([
    "paper",
    "laptop",
  ] as const)("and without a network is drawn, characters at %s budget, and the stand-ins are named", async (budget) => {
    network();
    const experiment = characters({ budget });
    const { names, said } = await withNothing(experiment);
    expect(names).toHaveLength(experiment.tasks.length);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^glyphs\//);
    const kmnist = experiment.tasks.find(({ name }) => name.startsWith("kmnist"))!.name;
    expect(said).toContain(`${kmnist} (by glyphs/khmer)`);
    expect(said).toContain("cmaterdb/telugu (by glyphs/telugu)");
    expect(said).toContain("can't be downloaded now");
  });

  it("asks a network that is not there once only, and keeps what is private private", async () => {
    const fetch = network();
    const empty = newFolder();
    const places = { dataDir: undefined, cacheDir: join(empty, "cache") };
    const { tasks } = await onAvailableTasks(preliminary(), { places });
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(tasks.map(({ name, access }) => `${name} ${access}`)).toEqual([
      "glyphs/bengali public",
      "glyphs/devanagari public",
      "glyphs/telugu private",
    ]);
  });

  it.skipIf(!process.env.MULAB_DATA)("downloads what is small, and then has it", async () => {
    const fetch = network(join(process.env.MULAB_DATA!, "cmaterdb"));
    const { names, said } = await withNothing(preliminary());
    expect(names).toEqual(namesOf(preliminary()));
    expect(said).toBe("");
    expect(fetch).toHaveBeenCalled();
  });

  it("is reported where MULAB_DATA is misspelt", async () => {
    network();
    const { said } = await withNothing(preliminary(), "/nowhere/dta");
    expect(said).toMatch(/^Not on this machine \(nothing is in \/nowhere\/dta, which MULAB_DATA names/);
  });

  it("is left alone where there is no stand-in", async () => {
    const experiment = decathlon();
    const { names, said } = await withNothing(experiment);
    expect(names).toEqual(namesOf(experiment));
    expect(said).toBe("");
  });
});
