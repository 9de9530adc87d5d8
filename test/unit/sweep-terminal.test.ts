import { join } from "node:path";
import { Writable } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { variantName } from "../../src/core/variant.js";
import { sweepHtml } from "../../src/notebook/sweep-html.js";
import { forecastOf } from "../../src/sweep/forecast.js";
import { chosenPoints, planSweep } from "../../src/sweep/plan.js";
import type { SweepProgress } from "../../src/sweep/progress.js";
import type { Sweep } from "../../src/sweep/stored.js";
import { readSweep, type SweepEvent, sweep } from "../../src/sweep/sweep.js";
import { createSweepDisplay, type SweepDisplayOptions } from "../../src/terminal/sweep-display.js";
import { bestOfCurves, sweepLines } from "../../src/terminal/sweep-lines.js";
import { planRows, sweepTable } from "../../src/terminal/sweep-table.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyOptions, tinyRequest } from "../support/tiny-sweep.js";

const newFolder = temporaryFolders();
const told: { event: SweepEvent; progress: SweepProgress }[] = [];
let stored: Sweep;

beforeAll(async () => {
  const dir = join(newFolder(), "sweep");
  const running = await sweep(
    dir,
    tinyRequest({ repetitions: 1 }),
    tinyOptions({ onEvent: (event, self) => told.push({ event, progress: self.progress }) }),
  );
  await running.done();
  stored = await readSweep(dir);
});

/** What a display writes of the whole sweep. */
function shown(options: Partial<SweepDisplayOptions>): string {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  let time = 0;
  const display = createSweepDisplay({
    stream,
    columns: 90,
    color: false,
    now: () => (time += 1000),
    ...options,
  });
  for (const { event, progress } of told) display.event(event, () => progress);
  display.end();
  return text;
}

describe("a sweep in a terminal", () => {
  it("is one line per point where there is no terminal", () => {
    const lines = shown({ isTTY: false }).trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(
      /^1\/4 munet-s0\.3, repetition 1: test \d+\.\d %; .* parameters per task; .* s; about .* left$/,
    );
    expect(lines[3]).toMatch(/^4\/4 adapters-8/);
    expect(lines[3]).not.toContain("left");
  });

  it("is a block that tells the point, the run, how far and the best of every curve", () => {
    const text = shown({ isTTY: true });
    expect(text).toContain("munet-s0.3  repetition 1  point 1/4");
    expect(text).toMatch(/one {2}iteration 1\/1 {2}generation 1\/2/);
    expect(text).toContain("4/4 points");
    for (const curve of ["muNet", "Multi-head", "Residual adapters"]) expect(text).toContain(curve);
  });

  it("fits, whatever the width and the moment", () => {
    for (const { progress } of told)
      for (const columns of [20, 33, 60, 100])
        for (const line of sweepLines(progress, columns))
          expect([...line].length).toBeLessThanOrEqual(columns);
  });

  it("never says that less is done than before, and ends with all of it", () => {
    const shares = told.map(({ progress: { pointsDone, pointsTotal } }) => pointsDone / pointsTotal);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const { secondsLeft, pointsDone, current } = told.at(-1)!.progress;
    expect([secondsLeft, pointsDone, current]).toEqual([0, 4, null]);
  });

  it("ends in a table with a row a variant", () => {
    const lines = sweepTable(stored.points).split("\n");
    expect(lines[0]).toMatch(/^variant +runs +test % +± +M per task +examples k +TFLOPs +core s$/);
    expect(lines.slice(2).map((line) => line.split(" ")[0])).toEqual([
      "munet-s0.3",
      "munet-s1",
      "multi-head",
      "adapters-8",
    ]);
  });
});

describe("a plan in a terminal", () => {
  it("counts as done what is asked for, not the other repetitions of a variant", () => {
    const plan = planSweep(tinyRequest({ repetitions: 2 }));
    const rows = (...only: string[]) =>
      planRows(plan, forecastOf(chosenPoints(plan, only), stored.points, {}, 1), stored.points);
    // The first repetition has ended.
    expect(rows("munet-s1_r1").map(({ runs, done }) => [runs, done])).toEqual([[1, 0]]);
    expect(rows("munet-s1").map(({ runs, done }) => [runs, done])).toEqual([[2, 1]]);
  });
});

describe("the best of every curve", () => {
  it("is one row a curve, the best first", () => {
    const rows = bestOfCurves(stored.points);
    expect(rows).toHaveLength(3);
    expect(rows.map(({ test }) => test)).toEqual(rows.map(({ test }) => test).sort((a, b) => b - a));
    const munets = stored.points.filter(({ variant }) => variant.method === "munet");
    const meanOf = ({ tasks }: (typeof munets)[number]) =>
      tasks.reduce((sum, { testAccuracy }) => sum + testAccuracy, 0) / tasks.length;
    const best = munets.reduce((top, point) => (meanOf(point) > meanOf(top) ? point : top));
    expect(rows.map(({ variant }) => variantName(variant))).toContain(variantName(best.variant));
  });
});

describe("a sweep in a notebook", () => {
  it("is a little HTML in which names are text", () => {
    const { progress } = told.at(-1)!;
    const failure = {
      name: "full_r0",
      variant: { method: "full" } as const,
      repetition: 0,
      code: "x",
      message: "<b>",
    };
    const text = sweepHtml("A <i>title</i>", "ended", progress, [failure]);
    expect(text).toContain("A &lt;i&gt;title&lt;/i&gt;");
    expect(text).toContain("full_r0 failed: &lt;b&gt;");
    expect(text.match(/<tr>/g)).toHaveLength(1 + 3);
    expect(text).not.toMatch(/<script|style=/);
  });
});
