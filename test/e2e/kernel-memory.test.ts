// What the thread that runs cells and the type checker keep of each cell: their heaps after collection, by the slopes over hundreds
// of cells.

import { tmpdir } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { Checker } from "../../kernel/compiler/checker.js";
import { loadTypeScript } from "../../kernel/compiler/typescript.js";
import type { JupyterClient } from "../support/jupyter-client.js";
import { startKernel } from "../support/jupyter-kernel.js";

const CELLS = 600;
/** Sources are known for the last 500 cells: their number is reached before anything is measured. */
const WARM = 550;

let client: JupyterClient | undefined;
afterEach(() => client?.kill());

// A snapshot drops what V8 keeps only as long as there is room: compiled code, and scripts that may be wanted again.
const HEAP = `const v8 = await import("node:v8");
const heap = () => { v8.getHeapSnapshot().destroy(); return process.memoryUsage().heapUsed; }; undefined`;

/** Bytes of heap that stay for each cell. */
async function slope(suffixOf: (i: number) => string): Promise<number> {
  client = await startKernel();
  const value = async (code: string) =>
    (await client!.execute(code)).output.find(({ type }) => type === "execute_result")?.content.data[
      "text/plain"
    ];
  const run = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const { reply } = await client!.execute(
        `const value${suffixOf(i)} = { n: ${i} }; function next${suffixOf(i)}() { return value${suffixOf(i)}.n + 1 }`,
      );
      expect(reply.content.status).toBe("ok");
    }
    return Number(await value("heap()"));
  };
  await client.execute(HEAP);
  const before = await run(0, WARM);
  return ((await run(WARM, WARM + CELLS)) - before) / CELLS;
}

describe("the heap of the thread that runs cells", () => {
  it("keeps of cells that declare the same names again their text for the history, and little more", async () => {
    // 0.3 to 0.8 kB in Node 20 to 24. A script, its code and its boxes that stayed added 1.5 kB.
    expect(await slope(() => "")).toBeLessThan(1_400);
  }, 120_000);

  it("keeps of cells with new names these, with their values", async () => {
    // 1.6 to 2.1 kB.
    expect(await slope(String)).toBeLessThan(2_800);
  }, 120_000);
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** A program is made again after so many cells, and the old one goes: whole rounds of it are compared. */
const ROUND = 400;
/** The first rounds also grow tables that stay. */
const CHECKER_WARM = ROUND + ROUND / 4;

const sevenLines = (
  i: number,
  suffix: string,
) => `const values${suffix} = [${i}, 2, 3].map((x) => ({ x, y: x * 2 }));
function total${suffix}(scale: number): number {
  let sum = 0;
  for (const { x, y } of values${suffix}) sum += scale * (x + y);
  return sum;
}
console.log(total${suffix}(2));`;

/** Bytes of heap that stay for each cell. */
function checkerSlope(suffixOf: (i: number) => string): number {
  const { ts } = loadTypeScript(undefined);
  const checker = new Checker(ts, tmpdir(), true, () => []);
  checker.load();
  const run = (from: number, to: number): number => {
    for (let i = from; i < to; i++) {
      const code = sevenLines(i, suffixOf(i));
      expect(checker.check({ kind: "check", code, commit: "if-sound" }).diagnostics).toEqual([]);
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = run(0, CHECKER_WARM);
  return (run(CHECKER_WARM, CHECKER_WARM + ROUND) - before) / ROUND;
}

describe("the heap of the type checker", () => {
  it("stays level while cells declare the same names again", () => {
    expect(checkerSlope(() => "")).toBeLessThan(6_000);
  }, 120_000);

  it("grows by what the names of new cells mean, and no more", () => {
    // 23 kB: the syntax tree of seven lines and what its names mean. A whole file for each outer scope added 3 kB.
    expect(checkerSlope(String)).toBeLessThan(30_000);
  }, 120_000);
});
