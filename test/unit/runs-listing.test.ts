// The list of runs on disk: what is found, what of it is said, and what a front end may ask.

import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { listingView } from "../../src/analysis/run-listing.js";
import { plainTable } from "../../src/format/table-text.js";
import { compareLine, runsLine, tableLine } from "../../src/notebook/cells/show.js";
import { listingBundle } from "../../src/notebook/live-listing.js";
import { takeLock } from "../../src/run/lock.js";
import { listRuns } from "../../src/sweep/list-runs.js";
import { listingWishOf } from "../../src/wire/runs.js";
import { copyRun, writeSoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment } from "../support/tiny.js";

const folder = temporaryFolders();
let base: string;
let runs: string;
const dir = (name: string) => join(runs, name);

beforeAll(async () => {
  base = folder();
  runs = join(base, "runs");
  mkdirSync(join(runs, "nested", "deep"), { recursive: true });
  const first = await writeSoundRun(dir("first"), tinyExperiment({ iterations: 1 }));
  for (const [name, at] of [
    ["first", 1000],
    ["nested/deep/second", 3000],
    ["broken", 2000],
  ] as const) {
    if (name !== "first") copyRun(first, dir(name));
    utimesSync(join(dir(name), "events.jsonl"), at, at);
  }
  const journal = join(dir("broken"), "events.jsonl");
  writeFileSync(journal, readFileSync(journal, "utf8").replace('"seed":0', '"seed":1'));
  utimesSync(journal, 2000, 2000);
  mkdirSync(dir("no-run"));
  symlinkSync(dir("first"), dir("linked"));
});
afterEach(() => vi.restoreAllMocks());

describe("listRuns", () => {
  it("finds runs below a folder, the latest first, follows no link, and keeps a damaged one in the list", async () => {
    const listed = await listRuns(runs);
    expect(listed.map(({ dir: at, status }) => [at, status])).toEqual([
      [dir("nested/deep/second"), "ended"],
      [dir("broken"), "unreadable"],
      [dir("first"), "ended"],
    ]);
    expect(listed[0]).toMatchObject({
      kind: "run",
      experiment: "tiny",
      seed: 0,
      tasks: 3,
      changedAt: 3_000_000,
      problem: null,
    });
    const { done, total, validationAccuracy, systemParams, digest } = listed[0]!;
    expect([done, total! > 0, validationAccuracy! > 0, systemParams! > 0]).toEqual([total, true, true, true]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(listed[1]!.problem).toContain("does not match its hash");
  });

  it("is of the run itself where the folder is one", async () => {
    expect((await listRuns(dir("first"))).map(({ dir: at }) => at)).toEqual([dir("first")]);
  });

  it("says which run is being written", async () => {
    const lock = await takeLock(dir("first"));
    expect((await listRuns(dir("first")))[0]!.status).toBe("running");
    await lock.release();
    expect((await listRuns(dir("first")))[0]!.status).toBe("ended");
  });

  it("refuses a folder that is not there", async () => {
    await expect(listRuns(join(base, "nothing"))).rejects.toMatchObject({ code: "run/folder-unreadable" });
  });

  it("lists a sweep as one, and its runs where asked", async () => {
    const sweep = new URL("../golden/fixtures/sweep-format-1", import.meta.url).pathname;
    expect(await listRuns(sweep)).toMatchObject([{ kind: "sweep", problem: null }]);
    const points = join(base, "sweep", "points", "one");
    mkdirSync(points, { recursive: true });
    writeFileSync(join(base, "sweep", "sweep.json"), "{}");
    copyRun({ dir: dir("first") } as never, points);
    expect(await listRuns(join(base, "sweep"))).toMatchObject([{ kind: "sweep", status: "unreadable" }]);
    const all = await listRuns(join(base, "sweep"), { points: true });
    expect(all.map(({ kind }) => kind).sort()).toEqual(["run", "sweep"]);
  });
});

describe("the list for people", () => {
  it("names what can't be read below the table, on a line of its own", async () => {
    const text = plainTable(listingView(await listRuns(runs)));
    expect(text).toMatch(/^folder +experiment/);
    expect(text.split("\n").filter((line) => line.includes("does not match its hash"))).toHaveLength(1);
  });

  it("is HTML without markup of its names", () => {
    const listing = { dir: "<img src=x>", kind: "run", status: "ended" } as never;
    const html = String(listingBundle("runs", [listing])["text/html"]);
    expect(html).toContain("&lt;img");
    expect(html).not.toContain("<img");
  });
});

it("a front end may have shown what is in the list, and nothing else", async () => {
  const listings = await listRuns(runs);
  const show = (...dirs: unknown[]) => listingWishOf({ command: "show", dirs }, listings);
  expect(show(dir("first"))).toEqual({ command: "show", dirs: [dir("first")] });
  expect(show()).toEqual({ command: "show", dirs: [] });
  expect(listingWishOf({ command: "refresh" }, listings)).toEqual({ command: "refresh" });
  for (const wrong of [
    show("/etc"),
    show(7),
    show(dir("first"), dir("broken"), dir("first")),
    listingWishOf(null, listings),
  ])
    expect(wrong).toBeUndefined();
});

describe("in a session that has begun nothing", () => {
  const home = process.cwd();
  beforeAll(() => process.chdir(base));
  afterAll(() => process.chdir(home));
  const spoken = () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
    vi.spyOn(console, "error").mockImplementation(() => {});
    return lines;
  };

  it("%table is of the latest run on the disk and says so, or of one by its name or folder", async () => {
    const lines = spoken();
    const latest = await tableLine({ args: "accuracy" });
    expect(lines).toEqual([`Showing ${join("runs", "nested/deep/second")}, the latest on the disk.`]);
    const named = await tableLine({ args: "accuracy first" });
    const alone = await tableLine({ args: "first" });
    const there = await tableLine({ args: "accuracy runs/first" });
    expect(lines).toHaveLength(1);
    for (const table of [latest, named, alone, there])
      expect((table as { columnNames(): string[] }).columnNames()).toContain("validation");
    await expect(tableLine({ args: "accuracy frist" })).rejects.toThrow('did you mean "first"?');
  });

  it("%runs lists what is there, as text where there are no widgets", async () => {
    const lines = spoken();
    await runsLine({ args: "" });
    expect(lines[0]).toContain(join("runs", "first"));
    await runsLine({ args: "runs/nested" });
    expect(lines[1]).not.toContain(join("runs", "first"));
    await expect(runsLine({ args: "nowhere" })).rejects.toThrow("there is no such folder");
  });

  it("%compare takes two runs or two models, and says what it needs", async () => {
    spoken();
    await compareLine({ args: "first nested/deep/second" });
    await compareLine({ args: "first#one #two" });
    await expect(compareLine({ args: "first" })).rejects.toThrow("Name two runs, or two models");
    await expect(compareLine({ args: "first#9999 #1" })).rejects.toThrow("There is no model 9999");
    await expect(compareLine({ args: "first#onw #one" })).rejects.toThrow('did you mean "one"?');
    await expect(compareLine({ args: "frist first" })).rejects.toThrow('did you mean "first"?');
  });
});
