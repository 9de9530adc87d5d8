// Looking back on a run from its present state must give what its journal gives: the state folded from its events so far.

import { describe, expect, test } from "vitest";
import { momentsOf, momentText, Retrospect } from "../../src/analysis/moments.js";
import type { Event } from "../../src/core/event.js";
import { munet } from "../../src/core/methods.js";
import { foldEvents, type State } from "../../src/core/state.js";
import { sampleRun } from "../support/sample-run.js";

/** Ends of generations by the journal: after the activation's end and its tests where it ended too. */
function ends(events: readonly Event[]): number[] {
  return events.flatMap(({ type }, i) => {
    if (type !== "generation-ended") return [];
    let last = i;
    if (events[i + 1]?.type === "activation-ended") last = i + 1;
    while (events[last + 1]?.type === "model-tested") last += 1;
    return [last];
  });
}

/** What pictures are made of. */
const pictured = ({ models, retained, activation, activations, forgettings }: State) => ({
  models: models.map(({ id, status, accuracy, testAccuracy, path, selections, steps }) => ({
    ...{ id, status, accuracy, testAccuracy, steps, selections },
    path: path.map((layer) => layer.id),
  })),
  retained,
  activation: activation && {
    task: activation.task,
    iteration: activation.iteration,
    generations: activation.generations,
    active: activation.active,
  },
  activations,
  forgettings,
});

const RUNS = {
  "of two iterations": await sampleRun({ iterations: 2, generations: 4, children: 8 }),
  "of another seed, with a child that fails": await sampleRun({
    seed: 3,
    iterations: 3,
    generations: 2,
    children: 4,
    failing: 9,
  }),
  "that forgot a task and has it again": await sampleRun({
    again: "telugu",
    iterations: 2,
    generations: 2,
    children: 4,
  }),
};

describe.each(Object.entries(RUNS))("a run %s", (_, { events, experiment, state }) => {
  const retrospect = new Retrospect(state, experiment.method);

  test("has a moment for each generation that ended", () => {
    expect(retrospect.moments).toHaveLength(ends(events).length);
  });

  test("was at each moment as its journal says", () => {
    for (const [i, end] of ends(events).entries()) {
      const then = foldEvents(events.slice(0, end + 1));
      expect(pictured(retrospect.at(retrospect.moments[i]!)), `moment ${i}`).toEqual(pictured(then));
    }
  });

  test("has the same past while it runs as when it has ended", () => {
    for (const at of [0.3, 0.5, 0.8].map((share) => Math.floor(share * events.length))) {
      const running = foldEvents(events.slice(0, at));
      const before = new Retrospect(running, experiment.method);
      const ended = ends(events).filter((end) => end < at);
      expect(before.moments.length).toBeGreaterThanOrEqual(ended.length);
      for (const [i, end] of ended.entries()) {
        const then = foldEvents(events.slice(0, end + 1));
        expect(pictured(before.at(before.moments[i]!))).toEqual(pictured(then));
      }
    }
  });
});

test("what all moments span holds every one of them", () => {
  const { state, experiment } = RUNS["of two iterations"];
  const { extent, moments } = new Retrospect(state, { ...munet, ...experiment.method });
  expect(extent.tasks).toEqual(["bangla", "devanagari", "telugu"]);
  expect(extent.retained).toHaveLength(6);
  expect(momentsOf(state)).toEqual(moments);
});

test("a moment in words", () => {
  const { state, experiment } = RUNS["of two iterations"];
  const { moments, at } = { moments: momentsOf(state), at: new Retrospect(state, experiment.method) };
  expect(momentText(moments[2]!, at.at(moments[2]!), experiment)).toMatch(
    /^generation 3 of 4 of bangla, iteration 1; best \d+\.\d\u202f%$/,
  );
  expect(momentText(moments[3]!, at.at(moments[3]!), experiment)).toMatch(
    /^generation 4 of 4 of bangla, iteration 1, its last: model \d+ is retained with \d+\.\d\u202f%$/,
  );
});
