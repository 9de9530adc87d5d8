import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { watch } from "../../src/notebook/notebook.js";
import { sweep } from "../../src/sweep/sweep.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyOptions, tinyRequest } from "../support/tiny-sweep.js";

const newFolder = temporaryFolders();
const LAYER = Symbol.for("mulab.comms");
const DISPLAY = Symbol.for("Jupyter.display");
type Shown = { [DISPLAY]: () => Record<string, string> };

afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[LAYER];
  vi.restoreAllMocks();
});

const start = () => sweep(join(newFolder(), "sweep"), tinyRequest({ repetitions: 1 }), tinyOptions());

describe("a watched sweep", () => {
  it("is shown at once, in place, and as it ended at last", async () => {
    const bundles: Record<string, string>[] = [];
    const show = (value: unknown) => void bundles.push((value as Shown)[DISPLAY]());
    (globalThis as Record<symbol, unknown>)[LAYER] = {
      display(value: unknown) {
        show(value);
        return { update: show };
      },
    };
    const running = await start();
    watch.sweep(running);
    await running.done();
    expect(bundles.length).toBeGreaterThanOrEqual(2);
    expect(bundles[0]!["text/html"]).toContain("running; 0 of 4 points");
    expect(bundles.at(-1)!["text/html"]).toContain("ended; 4 of 4 points");
    expect(bundles.at(-1)!["text/plain"]).toMatch(/^Tiny: ended\ndone\n/);
  });

  it("outside of a notebook is one line per point", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const running = await start();
    watch.sweep(running);
    await running.done();
    expect(lines.mock.calls.map(([line]) => String(line).split(",")[0])).toEqual([
      "1/4 munet-s0.3",
      "2/4 munet-s1",
      "3/4 multi-head",
      "4/4 adapters-8",
    ]);
  });
});
