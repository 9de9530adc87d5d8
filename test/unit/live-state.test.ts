// The widgets' state on the wire: what is sent, what arrives, and that re-scoring is the run's own retention.

import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { rescore, withPicks } from "../../src/analysis/rescore.js";
import { applyEvent, emptyState, foldEvents } from "../../src/core/state.js";
import { StateDecoder } from "../../src/wire/decoder.js";
import { StateEncoder } from "../../src/wire/encoder.js";
import { headOf } from "../../src/wire/head.js";
import { MODULE_VERSION, type Wire } from "../../src/wire/schema.js";
import { sampleRun } from "../support/sample-run.js";

const run = await sampleRun({ iterations: 2, generations: 3, children: 6 });

/** What a front end holds after every patch so far. */
function wired(): { attributes: Record<string, unknown>; read: <K extends keyof Wire>(key: K) => Wire[K] } {
  const attributes: Record<string, unknown> = { head: headOf("runs/a", run.experiment) };
  return { attributes, read: (key) => attributes[key] as never };
}

describe("the wire", () => {
  it("holds the whole state", () => {
    const { attributes, read } = wired();
    Object.assign(attributes, new StateEncoder().update(run.state));
    expect(new StateDecoder().read(read)).toEqual({ ...run.state, moments: [], merging: [] });
  });

  it("sends nothing where nothing changed", () => {
    const encoder = new StateEncoder();
    encoder.update(run.state);
    expect(encoder.update(run.state)).toEqual({});
  });

  it("keeps the objects of models on pages that did not change", () => {
    const { attributes, read } = wired();
    const encoder = new StateEncoder();
    const decoder = new StateDecoder();
    const middle = run.events.findIndex((event) => event.type === "child-planned" && event.plan.child === 66);
    const state = foldEvents(run.events.slice(0, middle));
    Object.assign(attributes, encoder.update(state));
    const before = decoder.read(read).models;
    const more = encoder.update(applyEvent(state, run.events[middle]!));
    Object.assign(attributes, more);
    const after = decoder.read(read).models;
    expect(after.length).toBe(67);
    expect(Object.keys(more)).not.toContain("head");
    const same = before.filter((model, i) => model === after.get(i));
    expect(same.length).toBeGreaterThan(before.length / 4);
  });

  it("is the same state as before where nothing of it changed", () => {
    const { attributes, read } = wired();
    const decoder = new StateDecoder();
    Object.assign(attributes, new StateEncoder().update(run.state));
    const state = decoder.read(read);
    Object.assign(attributes, { selected: 3, scale: 0.5, beat: 2 });
    expect(decoder.read(read)).toBe(state);
    attributes.tasks = [...run.state.tasks];
    expect(decoder.read(read)).not.toBe(state);
  });

  it("reads what a notebook saved before tasks were remembered as forgotten", () => {
    const { attributes, read } = wired();
    Object.assign(attributes, new StateEncoder().update(run.state));
    const { forgettings: _, ...older } = attributes.activity as Wire["activity"];
    attributes.activity = older;
    expect(new StateDecoder().read(read)).toEqual({ ...run.state, moments: [], merging: [] });
  });

  it("has the version of the package", () => expect(MODULE_VERSION).toBe(packageJson.version));

  it("is empty before a run is known", () =>
    expect(new StateDecoder().read(() => undefined)).toBe(emptyState));
});

describe("re-scoring", () => {
  const scoring = run.experiment.method;

  it("keeps what the run kept under the run's own scale factor", () => {
    const { kept } = rescore(run.state, scoring);
    expect(Object.fromEntries(kept.map(({ task, model }) => [task, model.id]))).toEqual(run.state.retained);
    expect(withPicks(run.state, rescore(run.state, scoring)).retained).toEqual(run.state.retained);
  });

  it("keeps smaller models under a smaller scale factor", () => {
    const size = (scaleFactor: number) =>
      rescore(run.state, { ...scoring, scaleFactor, rootParams: 5000 }).meanAccounted;
    expect(size(0.02)).toBeLessThanOrEqual(size(0.3));
    expect(size(0.3)).toBeLessThanOrEqual(size(1));
    expect(size(0.02)).toBeLessThan(size(1));
  });
});
