// watch(): what is sent and when, what the buttons do, and what happens without a kernel.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MimeBundle } from "../../src/notebook/layer.js";
import { LiveRun } from "../../src/notebook/live-run.js";
import { ReplayedRun } from "../support/replayed-run.js";
import { sampleRun } from "../support/sample-run.js";

const LAYER = Symbol.for("mulab.comms");
const run = await sampleRun({ iterations: 1, generations: 2, children: 4 });

/** A widget that records what it is sent. */
function recorder() {
  const sent: { at: number; changes: Record<string, unknown> }[] = [];
  let obey: (content: Record<string, unknown>) => void = () => {};
  const made: Record<string, unknown>[] = [];
  const fallbacks: (() => MimeBundle)[] = [];
  const shown: unknown[] = [];
  const held: Promise<unknown>[] = [];
  const widget = (state: Record<string, unknown>, options?: { fallback?: () => MimeBundle }) => {
    made.push(state);
    if (options?.fallback) fallbacks.push(options.fallback);
    return {
      id: `w${made.length}`,
      isOpen: true,
      get: () => state,
      set: (changes: Record<string, unknown>) => void sent.push({ at: performance.now(), changes }),
      onChange: () => () => {},
      onCustom: (handler: typeof obey) => {
        obey = handler;
        return () => {};
      },
    };
  };
  const display = (value: unknown) => {
    shown.push(value);
    return { update: (next: unknown) => void shown.push(next) };
  };
  return {
    sent,
    made,
    fallbacks,
    shown,
    widget,
    display,
    held,
    hold: (work: Promise<unknown>) => void held.push(work),
    press: (content: Record<string, unknown>) => obey(content),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});
afterEach(() => {
  vi.useRealTimers();
  delete (globalThis as Record<symbol, unknown>)[LAYER];
});

describe("a watched run", () => {
  it("is sent at most ten times a second, and its last state always", async () => {
    const replay = new ReplayedRun(run);
    const { sent, widget } = recorder();
    new LiveRun(replay, widget);
    const events = run.events.length - 2;
    for (let i = 0; i < events; i++) {
      replay.advance(1);
      vi.advanceTimersByTime(7);
    }
    await vi.advanceTimersByTimeAsync(500);
    const gaps = sent.slice(1, -1).map(({ at }, i) => at - sent[i]!.at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(99);
    expect(sent.length).toBeLessThan(events / 10);
    expect(sent.at(-1)!.changes.status).toBe("ended");
    const activity = sent
      .map(({ changes }) => changes.activity)
      .filter(Boolean)
      .at(-1) as { ended: boolean };
    expect(activity.ended).toBe(true);
  });

  it("gives signs of life while nothing happens", async () => {
    const { sent, widget } = recorder();
    new LiveRun(new ReplayedRun(run), widget);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(Object.keys(sent[0]!.changes).sort()).toEqual([
      "beat",
      "failure",
      "failures",
      "progress",
      "status",
    ]);
  });

  it("obeys the buttons and nothing else", async () => {
    const replay = new ReplayedRun(run);
    const { sent, widget, press } = recorder();
    new LiveRun(replay, widget);
    press({ command: "pause" });
    expect(sent.at(-1)!.changes.status).toBe("paused");
    press({ command: "resume" });
    expect(replay.status).toBe("running");
    press({ command: "format the disk" });
    press({});
    expect(replay.status).toBe("running");
    press({ command: "stop" });
    await vi.advanceTimersByTimeAsync(1);
    expect(sent.at(-1)!.changes.status).toBe("stopped");
  });

  it("shows a pause that a cell requested within about a second", async () => {
    const replay = new ReplayedRun(run);
    const { sent, widget } = recorder();
    new LiveRun(replay, widget);
    replay.pause();
    await vi.advanceTimersByTimeAsync(1100);
    expect(sent.at(-1)!.changes.status).toBe("paused");
  });

  it("says why it failed", async () => {
    const replay = new ReplayedRun(run);
    const { sent, widget } = recorder();
    new LiveRun(replay, widget);
    replay.fail(new Error("no space left"));
    await vi.advanceTimersByTimeAsync(1);
    expect(sent.at(-1)!.changes).toMatchObject({ status: "failed", failure: "no space left" });
  });
});

describe("watch()", () => {
  it("shows views of one run on one model, and the last picture when it has ended", async () => {
    vi.useRealTimers();
    const { watch } = await import("../../src/notebook/notebook.js");
    const layer = recorder();
    (globalThis as Record<symbol, unknown>)[LAYER] = layer;
    const replay = new ReplayedRun(run);
    watch(replay);
    watch.lineage(replay);
    watch.pareto([replay]);
    expect(layer.made.map((state) => state._view_name)).toEqual([
      "DashboardView",
      "LineageView",
      "ParetoView",
    ]);
    expect(layer.made[1]!.runs).toEqual(["IPY_MODEL_w1"]);
    expect(layer.shown).toHaveLength(3);
    expect(layer.fallbacks[0]!()["image/png"]).toBeUndefined(); // only the last picture has one
    replay.advance();
    await vi.waitFor(() => expect(layer.shown).toHaveLength(6), { timeout: 15_000 });
    const bundle = layer.fallbacks[0]!();
    expect(String(bundle["image/png"])).toMatch(/^iVBOR/);
    expect(bundle["image/svg+xml"]).toMatch(/^<svg/);
    expect(bundle["text/plain"]).toMatch(/ended.*bangla: model \d+, validation \d/s);
  });

  it("adds a PNG, for those who strip SVG, and the cell waits for it", async () => {
    vi.useRealTimers();
    const { watch } = await import("../../src/notebook/notebook.js");
    const layer = recorder();
    (globalThis as Record<symbol, unknown>)[LAYER] = layer;
    const replay = new ReplayedRun(run);
    replay.advance();
    watch.transfer(replay);
    expect(layer.held).toHaveLength(1);
    await layer.held[0];
    expect(layer.shown).toHaveLength(2);
    const bundle = layer.fallbacks[1]!();
    const png = Buffer.from(String(bundle["image/png"]), "base64");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.byteLength).toBeLessThan(100_000);
    expect(bundle["image/svg+xml"]).toContain("gradient steps on");
  });

  it("is text without a kernel, and says so once", async () => {
    const { watch } = await import("../../src/notebook/notebook.js");
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    const replay = new ReplayedRun(run);
    watch(replay);
    watch.lineage(replay);
    replay.advance();
    expect(error).toHaveBeenCalledTimes(1);
    expect(error.mock.calls[0]![0]).toContain("watch() found no widget kernel");
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines[0]).toMatch(/^bangla: generation 1 done, \d+ kept, best validation accuracy/);
    expect(lines.at(-1)).toBe("The run has ended.");
    expect(new Set(lines).size).toBeGreaterThan(lines.length - 3);
    log.mockRestore();
    error.mockRestore();
  });
});

it("watch.ablation can begin with a variant pressed, which the cell waits for and the picture shows", async () => {
  const layer = recorder();
  (globalThis as Record<symbol, unknown>)[LAYER] = layer;
  const { watchAblation } = await import("../../src/notebook/notebook.js");
  const dirs: string[] = [];
  const start = async (dir: string) => {
    dirs.push(dir);
    return new ReplayedRun(run);
  };
  watchAblation(new ReplayedRun(run), start, { tuning: false });
  await layer.held.at(-1);
  expect(dirs).toEqual([expect.stringMatching(/-ablation\/no-tuning$/)]);
  const variants = layer.sent.flatMap(({ changes }) => (changes.variants as object[]) ?? []);
  expect(variants.at(-1)).toEqual({ name: "no-tuning", words: "without auto-tuning" });
});
