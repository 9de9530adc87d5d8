// What a donor task caused: a segment repeated with it and without it, from the plan to the interval.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { causeOf } from "../../src/analysis/cause.js";
import { cause, causeDir } from "../../src/cause/cause.js";
import { causeSeconds, planCause } from "../../src/cause/plan.js";
import { causeCommand } from "../../src/commands/cause.js";
import { causeChart, causeSentence, causeTable } from "../../src/figures/cause.js";
import { chartSvg } from "../../src/figures/chart-svg.js";
import { plainText } from "../../src/format/plain.js";
import { causeLine } from "../../src/notebook/cells/cause-cell.js";
import { extend } from "../../src/run/extend.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { breaking } from "../support/breaking-trainer.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const names = ["one", "two", "secret", "three", "four"];
const all = names.map((name) => tinyTask(name, name === "secret" ? "private" : "public"));
const task = (name: string) => all.find((each) => each.name === name)!;
const options: OpenOptions = { tasks: all, trainer: fakeTrainer };

let dir: string;

/** one, two and secret; then three and two again; then four. */
beforeAll(async () => {
  dir = join(newFolder(), "run");
  await (await open(dir, tinyExperiment({ iterations: 1, seed: 4 }), options)).done();
  for (const segment of [
    { title: "more", tasks: [task("three"), "two"], settings: { children: 4, seed: 6 } },
    { title: "last", tasks: [task("four")] },
  ])
    await (await extend(dir, { iterations: 1, ...segment }, options)).done();
});

const plan = async (asked: Parameters<typeof planCause>[1]) => planCause(await readRun(dir), asked);

describe("the plan of a comparison", () => {
  it("repeats the segment that brought the task, under seeds of its own", async () => {
    expect(await plan({ task: "three", without: "one", direct: true })).toMatchObject({
      segment: 2,
      seeds: [7, 8, 9],
      with: ["three", "two"],
      rest: ["three", "two"],
      iterations: 1,
      title: "more",
      settings: { children: 4 },
      also: [],
    });
    expect(await plan({ task: "two", without: "one", replicas: 1, seed: 20 })).toMatchObject({
      segment: 1,
      seeds: [20],
      with: ["one", "two", "secret"],
      rest: ["two", "secret"],
    });
  });

  it("leaves out what grew from the donor, unless only its own model is to go", async () => {
    const { state } = (await readRun(dir)).at({ segment: 2 });
    const grew = (name: string) => {
      for (let at = state.models.get(state.retained[name]!); at; at = state.models.get(at.parent ?? -1))
        if (at.task === "one") return true;
      return false;
    };
    const heirs = ["two", "three"].filter(grew).sort();
    expect(heirs.length).toBeGreaterThan(0);
    expect([...(await plan({ task: "four", without: "one" })).also].sort()).toEqual(heirs);
    expect((await plan({ task: "four", without: "one", direct: true })).also).toEqual([]);
  });

  it("can repeat the task's activations alone, with the donor's of the same segment", async () => {
    expect(await plan({ task: "two", without: "one", onlyTask: true })).toMatchObject({
      with: ["one", "two"],
      rest: ["two"],
    });
    expect(await plan({ task: "three", without: "one", onlyTask: true })).toMatchObject({ with: ["three"] });
  });

  it("says how long it takes, as the run took", async () => {
    const run = await readRun(dir);
    const planned = await plan({ task: "three", without: "two", direct: true });
    const seconds = causeSeconds(run, planned)!;
    expect(seconds.with).toBeGreaterThanOrEqual(seconds.without);
    expect(planned.rest).toEqual(["three"]);
  });

  it.each([
    [{ task: "nobody", without: "one" }, "task/unknown"],
    [{ task: "one", without: "nobody" }, "task/unknown"],
    [{ task: "one", without: "one" }, "options/not-valid"],
    [{ task: "one", without: "four" }, "cause/not-a-donor"],
    [{ task: "three", without: "one", segment: 3 }, "options/not-valid"],
    [{ task: "three", without: "one", segment: 9 }, "options/not-valid"],
    [{ task: "three", without: "one", replicas: 0 }, "options/not-valid"],
  ])("refuses %o", async (asked, code) => {
    await expect(plan(asked)).rejects.toMatchObject({ code });
  });
});

describe("a comparison", () => {
  const compare = (asked: Partial<Parameters<typeof cause>[1]> = {}, changes: OpenOptions = {}) =>
    cause(dir, { task: "three", without: "one", replicas: 2, ...asked, open: { ...options, ...changes } });

  it("trains pairs of one seed, of which one has never seen the donor, and leaves the run as it is", async () => {
    const before = (await readRun(dir)).digest;
    const out = join(newFolder(), "compared");
    const result = await compare({ out });
    expect((await readRun(dir)).digest).toBe(before);
    expect(result.pairs.map(({ seed }) => seed)).toEqual([7, 8]);
    for (const [i, pair] of result.pairs.entries()) {
      expect(pair.without.share).toBe(0);
      for (const arm of ["with", "without"] as const) {
        const at = join(out, `${arm}-${i + 1}`);
        expect(await verifyRun(at)).toMatchObject({ ok: true, digest: pair[arm].digest });
        expect("one" in (await readRun(at)).state.retained).toBe(arm === "with");
      }
    }
    const { low, high, mean, n } = result.caused;
    expect(n).toBe(2);
    expect(low!).toBeLessThanOrEqual(mean);
    expect(high!).toBeGreaterThanOrEqual(mean);
    expect(JSON.parse(readFileSync(join(out, "result.json"), "utf8")).result).toEqual(
      JSON.parse(JSON.stringify(result)),
    );
    // Again: nothing is left to do, and nothing changes.
    const steps = vi.fn();
    expect(await compare({ out, onStep: steps })).toEqual(result);
    expect(steps).not.toHaveBeenCalled();
    await expect(compare({ out, replicas: 3 })).rejects.toMatchObject({ code: "cause/other" });
  });

  it("of the first segment begins runs anew, with and without the donor", async () => {
    const out = join(newFolder(), "compared");
    const result = await compare({ out, task: "two", without: "one" });
    expect(result.pairs.every(({ without }) => without.share === 0)).toBe(true);
    expect((await readRun(join(out, "without-1"))).state.tasks.map(({ name }) => name)).toEqual([
      "two",
      "secret",
    ]);
  });

  it.each([
    1, 3,
  ])("of which every process breaks off after %i generations comes to the same bytes", async (n) => {
    const out = join(newFolder(), "compared");
    let cuts = 0;
    for (let isDone = false; !isDone; )
      isDone = await compare({ out }, { trainer: breaking(n) }).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe("power cut");
          cuts += 1;
          return false;
        },
      );
    expect(cuts).toBeGreaterThan(1);
    expect(await compare({ out })).toEqual(await compare({ out: join(newFolder(), "whole") }));
  });

  it("is read from what is there, once its folder is beside the run", async () => {
    const asked = { task: "three", without: "two", replicas: 1, onlyTask: true };
    const result = await compare(asked);
    const out = causeDir(dir, asked);
    expect(existsSync(join(out, "cause.json"))).toBe(true);
    expect(result.caused.low).toBeNull();
    expect(causeSentence(result)).toContain("one pair has no interval");
    rmSync(`${dir}-cause`, { recursive: true });
  });
});

describe("the result", () => {
  const arm = (test: number | null, share: number | null = 0) => ({
    test,
    validation: test,
    share,
    digest: "d",
  });
  const pairs = [
    { seed: 1, with: arm(0.8, 0.4), without: arm(0.7) },
    { seed: 2, with: arm(0.9, 0.2), without: arm(0.78) },
    { seed: 3, with: arm(0.85, 0.3), without: arm(0.76) },
    { seed: 4, with: arm(null, null), without: arm(0.7) },
  ];
  const about = { task: "lao", without: "khmer", also: [], shareInRun: 0.25 };

  it("is the mean of the differences with its interval by Student's t", () => {
    const { caused, verdict, share } = causeOf(about, pairs);
    expect(caused.n).toBe(3);
    expect(caused.mean).toBeCloseTo(0.31 / 3, 12);
    // Differences 0.10, 0.12, 0.09: deviation 0.015275, t(2) = 4.302653, so ± 0.037946.
    expect(caused.high! - caused.mean).toBeCloseTo(0.037946, 5);
    expect(verdict).toBe("above");
    expect(share).toBeCloseTo(0.3, 12);
  });

  it("is told in words, as a table and as a chart", async () => {
    const result = causeOf(about, pairs);
    expect(causeSentence(result)).toBe(
      "khmer caused +10.33 points of lao's test accuracy over 3 pairs (95 % interval +6.54 to +14.13): more than chance explains. 1 more had no model of lao on a side. The analysis credits khmer with 30.0\u202f% of its model's steps there, and with 25.0\u202f% in the run.",
    );
    expect(causeTable(result).rows[0]).toEqual(["1", "80.0\u202f%", "70.0\u202f%", "+10.00", "40.0\u202f%"]);
    for (const theme of ["light", "dark"] as const)
      expect(await chartSvg(causeChart(result).spec(theme))).toContain("khmer caused +10.33 points");
    expect(causeSentence(causeOf(about, []))).toContain("No pair of runs");
  });
});

it("the command only plans with --plan", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await causeCommand(dir, { task: "four", without: "two", plan: true, engine: "onnx" });
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join("");
  write.mockRestore();
  expect(text).toContain("Segment 3 (last) again, 3 pairs of runs with seed 7, 8, 9");
  expect(existsSync(`${dir}-cause`)).toBe(false);
});

it("the command prints a row per pair and leaves the chart beside the runs", async () => {
  const asked = { task: "three", without: "two", replicas: 2 };
  const result = await cause(dir, { ...asked, open: options });
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await causeCommand(dir, { ...asked, engine: "onnx" }); // nothing is left to train
  const lines = write.mock.calls
    .map(([chunk]) => String(chunk))
    .join("")
    .split("\n");
  write.mockRestore();
  const { head, rows } = causeTable(result);
  const at = lines.findIndex((line) => line.startsWith(head[0]!));
  for (const [i, [seed]] of rows.entries())
    expect(lines[at + 2 + i]!.trimStart().startsWith(seed!)).toBe(true);
  expect(lines).toContain(plainText(causeSentence(result)));
  const log = vi.spyOn(console, "log").mockReturnValue(undefined);
  const { signal } = new AbortController();
  const shown = await causeLine({ args: `three two ${dir} 2`, signal });
  expect(shown).toEqual(causeChart(result).spec("light"));
  expect(log.mock.calls.join("\n")).toContain(causeSentence(result));
  log.mockRestore();
  for (const args of ["", "three two", `three two ${dir} many`])
    await expect(causeLine({ args, signal })).rejects.toThrow("%cause glyphs/lao");
  expect(readFileSync(join(causeDir(dir, asked), "cause.svg"), "utf8")).toContain("<svg");
  expect(readFileSync(join(causeDir(dir, asked), "cause.csv"), "utf8").split("\n")[0]).toContain(
    "seed,arm,test",
  );
});
