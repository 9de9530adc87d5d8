import { expect, test } from "vitest";
import { type Progress, shareDone, startProgress, stepProgress } from "../../src/analysis/progress.js";
import { applyEvent, emptyState, foldEvents } from "../../src/core/state.js";
import { sampleRun } from "../support/sample-run.js";

const { events, experiment, state: end } = await sampleRun({ failing: 9 });

/** Progress after each event, and the states. */
function follow(from: number): Progress[] {
  let state = foldEvents(events.slice(0, from), emptyState);
  let progress = startProgress(experiment);
  return events.slice(from).map((event) => {
    state = applyEvent(state, event);
    progress = stepProgress(progress, event, state, experiment);
    return progress;
  });
}
const all = follow(0);
const at = (type: string) => events.findIndex((event) => event.type === type);

test("what is done never falls, and ends at everything", () => {
  for (const [i, progress] of all.entries())
    if (i > 0) expect(shareDone(progress)).toBeGreaterThanOrEqual(shareDone(all[i - 1]!) - 1e-12);
  expect(all.at(-1)).toMatchObject({ phase: "ended", etaSeconds: 0, childrenDone: end.models.length - 1 });
  expect(shareDone(all.at(-1)!)).toBe(1);
});

test("it shows the progress of the run, counted from one", () => {
  expect(all[at("child-validated")]).toMatchObject({
    phase: "evolving",
    task: "bangla",
    iteration: 1,
    generation: 1,
    child: 1,
    cycle: 1,
    childrenTotal: 48,
  });
});

test("speed and time left follow the clock of the events", () => {
  const last = all.findLast((progress) => progress.examplesPerSecond !== null && progress.etaSeconds! > 0)!;
  expect(last.etaSeconds).toBeCloseTo((last.examplesTotal - last.examplesDone) / last.examplesPerSecond!, 6);
  // 48 children, each 4 validations of about 0.24 s for 5 to 10 batches of 512.
  expect(last.examplesPerSecond).toBeGreaterThan(5_000);
  expect(last.examplesPerSecond).toBeLessThan(30_000);
});

test("one who comes late sees what one who was there sees", () => {
  for (const [i, event] of events.entries()) {
    if (event.type !== "generation-ended") continue;
    const late = follow(i).at(0)!;
    const { samples: _a, examplesPerSecond: _b, etaSeconds: _c, ...seen } = late;
    const { samples: _d, examplesPerSecond: _e, etaSeconds: _f, ...there } = all[i]!;
    expect(seen.childrenDone).toBe(there.childrenDone);
    expect(seen.examplesDone).toBe(there.examplesDone);
    expect(seen.best).toEqual(there.best);
  }
});

test("a forgotten task has no best, and one that came again only that of its new models", async () => {
  const again = await sampleRun({ again: "telugu" });
  const forgotten = again.events.findIndex((event) => event.type === "task-forgotten");
  const seen = { late: startProgress(again.experiment), there: startProgress(again.experiment) };
  for (const [i, event] of again.events.entries()) {
    const state = foldEvents(again.events.slice(0, i + 1));
    seen.there = stepProgress(seen.there, event, state, again.experiment);
    seen.late = stepProgress(startProgress(again.experiment), event, state, again.experiment);
    if (i === forgotten) expect(Object.keys(seen.there.best)).toEqual(["bangla", "devanagari"]);
    if (i >= forgotten) expect(seen.late.best).toEqual(seen.there.best);
  }
  const fresh = again.state.models.filter(
    ({ id, task, status }) =>
      task === "telugu" &&
      id >= again.state.forgettings[0]!.before &&
      ["retained", "dropped"].includes(status),
  );
  expect(seen.there.best.telugu).toBe(Math.max(...fresh.map(({ accuracy }) => accuracy!)));
});

test("the best is of children that were kept", () => {
  for (const task of experiment.tasks) {
    const kept = end.models.filter(
      (model) => model.task === task.name && ["retained", "dropped"].includes(model.status),
    );
    expect(all.at(-1)!.best[task.name]).toBe(Math.max(...kept.map((model) => model.accuracy!)));
  }
});
