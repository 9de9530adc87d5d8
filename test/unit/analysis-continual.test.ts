import { describe, expect, it } from "vitest";
import { continual } from "../../src/analysis/continual.js";
import type { Event } from "../../src/core/event.js";
import { foldEvents } from "../../src/core/state.js";
import { continualSpec } from "../../src/figures/charts/continual.js";
import { drawingOf } from "../../src/figures/index.js";
import { chartLook } from "../../src/figures/scenes/palette.js";
import { continualView } from "../../src/figures/tables/continual.js";
import { chartSvg } from "../../src/report/report.js";
import { fixedEvents } from "../support/fixed-state.js";
import { tinyExperiment } from "../support/tiny.js";

const extended = (title: string, task: string): Event => ({
  type: "run-extended",
  title,
  tasks: [],
  schedule: [task],
});

/** The activation of `a` once more, whose child 1 is now child `id`, with the test accuracy `test`. */
function again(id: number, test: number): Event[] {
  const events = fixedEvents();
  const [begins, ends] = [2, events.findIndex(({ type }) => type === "model-tested")];
  return events.slice(begins, ends + 1).flatMap((event): Event[] => {
    switch (event.type) {
      case "activation-started":
        return [{ ...event, iteration: 1 }];
      case "child-planned":
        return event.plan.child === 1 ? [{ ...event, plan: { ...event.plan, child: id } }] : [];
      case "child-validated":
      case "child-finished":
        return event.child === 1 ? [{ ...event, child: id }] : [];
      case "activation-ended":
        return [{ ...event, iteration: 1, retained: id }];
      case "model-tested":
        return [{ ...event, model: id, testAccuracy: test }];
      default:
        return [event];
    }
  });
}

const of = (events: readonly Event[]) =>
  continual({ state: foldEvents(events), experiment: { title: "Fixed" }, events });

/** Segment 1 learns a, b and c; segment 2 makes a better, segment 3 worse. */
const grown: Event[] = [
  ...fixedEvents(),
  extended("better", "a"),
  ...again(7, 0.9),
  { type: "run-ended" },
  extended("worse", "a"),
  ...again(8, 0.6),
  { type: "run-ended" },
];

describe("continual learning's measures", () => {
  it("read a run of one segment by its activations", () => {
    const { kind, boundaries, tasks, means } = of(fixedEvents());
    expect(kind).toBe("activation");
    expect(boundaries.map(({ accuracies }) => accuracies)).toEqual([
      { a: 0.7 },
      { a: 0.7, b: 0.8 },
      { a: 0.7, b: 0.8, c: 0.875 },
    ]);
    expect(tasks.map(({ learnedAt, backward, byOthers }) => [learnedAt, backward, byOthers])).toEqual([
      [1, 0, 0],
      [2, 0, 0],
      [3, null, null], // what the last activation learned has no later one
    ]);
    expect(means.backward).toMatchObject({ n: 2, mean: 0 });
    expect(means.now!.mean).toBeCloseTo((0.7 + 0.8 + 0.875) / 3, 12);
  });

  it("read a run that has grown by its segments, and tell own activations from others' training", () => {
    const { kind, boundaries, tasks, means, byOthers } = of(grown);
    expect(kind).toBe("segment");
    expect(boundaries.map(({ title, activated }) => [title, activated])).toEqual([
      ["Fixed", ["a", "b", "c"]],
      ["better", ["a"]],
      ["worse", ["a"]],
    ]);
    const a = tasks.find(({ task }) => task === "a")!;
    expect(boundaries.map(({ accuracies }) => accuracies.a)).toEqual([0.7, 0.9, 0.6]);
    expect(a).toMatchObject({ learned: 0.7, now: 0.6, byOthers: null }); // trained in every segment
    expect(a.backward).toBeCloseTo(-0.1, 12);
    expect(a.forgetting).toBeCloseTo(0.3, 12);
    expect(means.forgetting!.mean).toBeCloseTo(0.1, 12);
    expect(byOthers).toBe(0);
  });

  it("take forward transfer from the first generation's children of both kinds", () => {
    // b: children 3 and 4 of model 1 (0.85, 0.2), child 5 of 3, which is b's own generation; none of the root.
    expect(of(fixedEvents()).tasks.map(({ forward }) => forward)).toEqual([null, null, null]);
    const events = fixedEvents().map((event): Event => {
      if (event.type !== "child-planned" || event.plan.child !== 4) return event;
      return { ...event, plan: { ...event.plan, parent: 0 } };
    });
    const b = of(events).tasks.find(({ task }) => task === "b")!;
    expect(b.forward).toBeCloseTo((0.85 + 0.65) / 2 - 0.2, 12);
  });

  it("see a change that another task's training made", () => {
    const forged = grown.map(
      (event, i): Event =>
        event.type === "model-tested" && event.model === 8
          ? { ...event, model: 3, testAccuracy: 0.5 }
          : grown[i]!,
    );
    expect(of(forged).byOthers).toBeCloseTo(0.3, 12);
    expect(continualView(of(forged)).note).toContain("should be impossible");
    expect(continualView(of(grown)).note).toContain("no model ever changes");
  });

  it("before anything is tested are nothing", () => {
    const { boundaries, tasks, means } = of(fixedEvents().slice(0, 4));
    expect([boundaries, tasks, means]).toEqual([[], [], {}]);
    expect(continualView(of(fixedEvents().slice(0, 4))).rows).toEqual([]);
  });
});

describe("the accuracy matrix", () => {
  it("has a cell for every task that the system has, and marks those that were trained", () => {
    const run = { state: foldEvents(grown), experiment: tinyExperiment({}), events: grown };
    const drawing = drawingOf("continual", run);
    expect(drawing.rows).toHaveLength(9);
    expect(drawing.rows.filter((row) => (row as { isOwn: boolean }).isOwn)).toHaveLength(5);
  });

  it("of 69 tasks shows them all, each in a row of its own", async () => {
    const tasks = Array.from({ length: 69 }, (_, i) => `task-${i}`);
    const cells = tasks.flatMap((task, i) =>
      Array.from({ length: 10 - Math.floor(i / 7) }, (_, k) => ({
        task,
        after: `${10 - k} segment`,
        number: 10 - k,
        accuracy: 0.5 + i / 200,
        isOwn: k === 0,
      })),
    );
    for (const theme of ["light", "dark"] as const) {
      const svg = await chartSvg(continualSpec(cells, chartLook(tasks, theme)), "x");
      for (const task of tasks) expect(svg).toContain(`>${task}<`);
      expect(svg).not.toContain("of 69 tasks");
    }
  });
});
