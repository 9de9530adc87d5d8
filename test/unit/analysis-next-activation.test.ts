// The forecast of the next activation, by hand.

import { expect, test } from "vitest";
import { nextActivations } from "../../src/analysis/next-activation.js";
import type { Event } from "../../src/core/event.js";

/** An activation of `task` with one child of that accuracy, trained for `ms`. */
const activation = (task: string, child: number, accuracy: number, ms: number): Event[] => [
  { type: "activation-started", iteration: 0, task, seeds: [0] },
  { type: "child-validated", child, cycle: 0, steps: 1, accuracy, loss: 1, clock: { trainMs: ms } },
  { type: "activation-ended", iteration: 0, task, retained: child },
];

const events: Event[] = [
  ...activation("a", 1, 0.6, 60_000),
  ...activation("b", 2, 0.8, 60_000),
  ...activation("a", 3, 0.8, 120_000), // half of a's error is gone
  ...activation("b", 4, 0.8, 60_000), // nothing of b's
];

test("the gain is the mean share of the error that activations of old tasks took away", () => {
  const { tasks, scored } = nextActivations(events, 2);
  expect(tasks.map(({ task }) => task)).toEqual(["b", "a"]);
  const [b, a] = tasks;
  expect(a).toMatchObject({ accuracy: 0.8, coreMinutes: 4 });
  expect(a!.gain).toBeCloseTo(0.2 * 0.25, 12);
  expect(a!.spread).toBeCloseTo(0.2 * Math.sqrt(0.125), 12);
  expect(b!.gainPerCoreMinute).toBeCloseTo(0.05 / 2, 12);
  // Before b's second activation, half of its error was expected to go, and nothing did.
  expect(scored!.activations).toBe(1);
  expect(scored!.meanError).toBeCloseTo(0.1, 12);
  expect(scored!.meanGain).toBeCloseTo(0, 12);
});

test("without a second activation nothing is expected, and nothing was scored", () => {
  const { tasks, scored } = nextActivations(events.slice(0, 6), undefined);
  expect(tasks.map(({ gain, spread, coreMinutes }) => [gain, spread, coreMinutes])).toEqual([
    [0, null, null],
    [0, null, null],
  ]);
  expect(scored).toBeNull();
});

test("a forgotten task has no next activation, unless it came back", () => {
  const forgotten: Event[] = [...events, { type: "task-forgotten", task: "a" }];
  expect(nextActivations(forgotten, 1).tasks.map(({ task }) => task)).toEqual(["b"]);
  const back = [...forgotten, ...activation("a", 5, 0.5, 60_000)];
  expect(
    nextActivations(back, 1)
      .tasks.map(({ task }) => task)
      .sort(),
  ).toEqual(["a", "b"]);
});
