// What arrives in the browser is the state, whatever was sent when.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paretoFront } from "../../src/analysis/pareto.js";
import { rescore } from "../../src/analysis/rescore.js";
import type { Event } from "../../src/core/event.js";
import { emptyState, foldEvents, type State } from "../../src/core/state.js";
import { StateDecoder } from "../../src/wire/decoder.js";
import { StateEncoder } from "../../src/wire/encoder.js";
import { failuresOf } from "../../src/wire/failures.js";
import { headOf } from "../../src/wire/head.js";
import { sampleRun } from "../support/sample-run.js";

const runs = await Promise.all(
  [1, 2, 3].map((seed) =>
    sampleRun({
      seed,
      iterations: 2,
      generations: 2,
      children: 5,
      insertAdapters: seed > 1,
      failing: 7,
      ...(seed > 1 && { again: seed === 2 ? "telugu" : "bangla" }),
    }),
  ),
);

/** A run, and places in its events at which something is sent. */
const cuts = fc
  .nat(runs.length - 1)
  .chain((which) =>
    fc.tuple(
      fc.constant(runs[which]!),
      fc.uniqueArray(fc.nat(runs[which]!.events.length), { maxLength: 12 }),
    ),
  );

const statesAt = (events: Parameters<typeof foldEvents>[0][], places: readonly number[]): State[] =>
  [...places].sort((a, b) => a - b).map((end) => foldEvents([...events[0]!].slice(0, end)));

/** `state` as a browser has it: without what only a merge needs. */
const seen = (state: State): State => ({ ...state, moments: [], merging: [] });

describe("the live state", () => {
  it("is the same from diffs as when it is sent whole", () => {
    fc.assert(
      fc.property(cuts, ([run, places]) => {
        const head = headOf("runs/a", run.experiment);
        const encoder = new StateEncoder();
        const decoder = new StateDecoder();
        let attributes: Record<string, unknown> = { head, words: [], tasks: [] };
        for (const state of [...statesAt([run.events as never], places), run.state]) {
          attributes = { ...attributes, ...encoder.update(state) };
          const whole: Record<string, unknown> = {
            head,
            words: [],
            tasks: [],
            ...new StateEncoder().update(state),
          };
          const fromWhole = new StateDecoder().read((key) => whole[key] as never);
          expect(decoder.read((key) => attributes[key] as never)).toEqual(fromWhole);
          if (state !== emptyState && state.models.length > 0) expect(fromWhole).toEqual(seen(state));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("shows tasks that were added to a run and those that it forgot, in any order", () => {
    const names = ["bangla", "devanagari", "telugu", "mine/leaves", "mine/<b>", "new"];
    const name = fc.constantFrom(...names);
    const record = (task: string) => ({ ...runs[0]!.state.tasks[0]!, name: task, fingerprint: task });
    const changes = fc.array(
      fc.oneof(
        name.map((task): Event => ({ type: "task-forgotten", task })),
        fc
          .tuple(fc.uniqueArray(name, { maxLength: 3 }), fc.array(name, { maxLength: 4 }))
          .map(([tasks, schedule]): Event => ({ type: "run-extended", tasks: tasks.map(record), schedule })),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.nat(runs.length - 1), changes, (which, more) => {
        const { state, experiment } = runs[which]!;
        const encoder = new StateEncoder();
        const decoder = new StateDecoder();
        const attributes: Record<string, unknown> = { head: headOf("runs/a", experiment), words: [] };
        for (let count = 0; count <= more.length; count++) {
          const now = foldEvents(more.slice(0, count), state);
          Object.assign(attributes, encoder.update(now));
          expect(decoder.read((key) => attributes[key] as never)).toEqual(seen(now));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("says why children failed, without those that a resume made void", () => {
    fc.assert(
      fc.property(fc.nat(runs.length - 1), fc.nat(), (which, at) => {
        const { events } = runs[which]!;
        const kept = at % events.length;
        const failed = (some: readonly Event[]) =>
          some.flatMap((event) =>
            event.type === "child-finished" && event.outcome.result === "failed" ? [`${event.child}`] : [],
          );
        expect(Object.keys(failuresOf(events))).toEqual(failed(events));
        const resumed: Event[] = [...events, { type: "run-resumed", kept }];
        expect(Object.keys(failuresOf(resumed))).toEqual(failed(events.slice(0, kept)));
      }),
    );
    expect(failuresOf(runs[0]!.events)[7]!.message).not.toBe("");
  });

  it("survives a state that went back, as after a resume", () => {
    fc.assert(
      fc.property(cuts, ([run, places]) => {
        const head = headOf("runs/a", run.experiment);
        const encoder = new StateEncoder();
        const decoder = new StateDecoder();
        const attributes: Record<string, unknown> = { head, words: [], tasks: [] };
        const states = statesAt([run.events as never], [2, ...places]).filter(
          ({ models }) => models.length > 0,
        );
        for (const state of [run.state, ...states.reverse()]) {
          Object.assign(attributes, encoder.update(state));
          expect(decoder.read((key) => attributes[key] as never)).toEqual(seen(state));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("re-scored under the run's own scale factor keeps what the run kept, at every moment between activations, forgotten tasks and all", () => {
    for (const { events, experiment } of runs)
      for (const [i, event] of events.entries()) {
        if (!["activation-ended", "task-forgotten", "run-extended"].includes(event.type)) continue;
        const state = foldEvents(events.slice(0, i + 1));
        const { kept } = rescore(state, experiment.method);
        expect(Object.fromEntries(kept.map(({ task, model }) => [task, model.id]))).toEqual(state.retained);
      }
  });
});

describe("a Pareto front", () => {
  it("is that of brute force", () => {
    const place = fc.record({ params: fc.nat(20), accuracy: fc.nat(20).map((n) => n / 20) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 30 }), (points) => {
        const beats = (a: (typeof points)[0], b: (typeof points)[0]) =>
          a.params <= b.params &&
          a.accuracy >= b.accuracy &&
          (a.params < b.params || a.accuracy > b.accuracy);
        const brute = points.filter((point) => !points.some((other) => beats(other, point)));
        const unique = new Set(brute.map(({ params, accuracy }) => `${params}/${accuracy}`));
        expect(new Set(paretoFront(points).map(({ params, accuracy }) => `${params}/${accuracy}`))).toEqual(
          unique,
        );
      }),
    );
  });
});
