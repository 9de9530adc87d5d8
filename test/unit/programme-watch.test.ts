// A watched programme: its segments in place under the cell, and its system's views beside them.

import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Programme } from "../../src/core/programme.js";
import { watch } from "../../src/notebook/watch.js";
import { programme } from "../../src/programme/grow.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment } from "../support/tiny.js";

const newFolder = temporaryFolders();
const LAYER = Symbol.for("mulab.comms");
const DISPLAY = Symbol.for("Jupyter.display");
type Shown = { [DISPLAY]?: () => Record<string, string> };

afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[LAYER];
  vi.restoreAllMocks();
});

const specs = (...names: string[]) =>
  names.map((name) => ({ name: `glyphs/${name}`, access: "public" as const }));

const plan: Programme = {
  name: "tiny",
  title: "A tiny programme",
  source: "this test",
  begins: "first",
  experiment: tinyExperiment({ iterations: 1, seed: 4, limit: 20, tasks: specs("thai", "lao") }),
  segments: [
    { title: "<b>more", tasks: specs("lao", "khmer"), iterations: 1, replicas: { copies: 2, continued: 1 } },
  ],
};

const start = () => programme(join(newFolder(), "p"), plan, { trainer: fakeTrainer });

describe("a watched programme", () => {
  it("is shown at once, in place, and as it ended at last, with the system's views", async () => {
    const bundles: Record<string, string>[] = [];
    const widgets: { state: Record<string, unknown> }[] = [];
    const show = (value: unknown) => {
      const made = (value as Shown)[DISPLAY]?.();
      if (made) bundles.push(made);
    };
    (globalThis as Record<symbol, unknown>)[LAYER] = {
      display(value: unknown) {
        show(value);
        return { update: show };
      },
      widget(state: Record<string, unknown>) {
        const kept = { ...state };
        widgets.push({ state: kept });
        return {
          id: String(widgets.length),
          isOpen: true,
          set: (changes: object) => Object.assign(kept, changes),
          onCustom() {},
        };
      },
    };
    const growing = await start();
    watch.programme(growing);
    await growing.done();
    expect(bundles.length).toBeGreaterThanOrEqual(2);
    expect(bundles[0]!["text/plain"]).toContain("A tiny programme: running; 0 of 3 steps");
    expect(bundles.at(-1)!["text/plain"]).toContain("A tiny programme: ended; 3 of 3 steps.");
    expect(bundles.at(-1)!["text/html"]).toContain("&lt;b&gt;more");
    expect(bundles.at(-1)!["text/plain"]).toMatch(/2, copy 2 +<b>more +\d+ +ended/);
    // The last state of the system reaches its views, though another run made each segment.
    await vi.waitFor(() => expect(widgets[0]!.state).toMatchObject({ status: "ended" }));
    const { counts } = widgets[0]!.state.activity as { counts: { models: number } };
    expect(counts.models).toBe(growing.system.state.models.length);
  });

  it("outside of a notebook is two lines per step", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const growing = await start();
    watch.programme(growing);
    await growing.done();
    expect(lines.mock.calls.map(([line]) => line).slice(-3)).toEqual([
      "segment 2, <b>more: ended",
      "segment 2, <b>more, copy 2: growing",
      "segment 2, <b>more, copy 2: ended",
    ]);
  });
});
