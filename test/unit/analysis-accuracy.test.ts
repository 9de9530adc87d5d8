import { expect, test } from "vitest";
import { taskResults } from "../../src/analysis/accuracy.js";
import { summaryOf } from "../../src/analysis/summary.js";
import { layerUsers } from "../../src/core/layer-users.js";
import { accountedParams } from "../../src/core/score.js";
import { foldEvents } from "../../src/core/state.js";
import { resultsView } from "../../src/figures/tables/results.js";
import { shownTable } from "../../src/figures/tables/shown.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";
import { sampleExperiment } from "../support/sample-run.js";

const state = fixedState();

test("own parameters are in layers that nobody else uses, the root included", () => {
  const [a, b, c] = taskResults(state);
  // a: norm 4 + head 30 are its own; embedding and position are the root's, class token and block b's and c's.
  expect(a).toMatchObject({ ownParams: 34, sharedParams: 100 + 10 + 20 + 200 });
  expect(b).toMatchObject({ ownParams: 34, sharedParams: 100 + 10 + 20 + 200 });
  expect(c).toMatchObject({ ownParams: 10 + 20 + 200 + 4 + 30, sharedParams: 100 + 200 });
});

test("accounted parameters divide each layer by the tasks that use it; the root bears nothing", () => {
  const [a, b, c] = taskResults(state);
  expect(a!.accountedParams).toBeCloseTo(100 + 10 / 2 + 20 / 2 + 200 / 3 + 4 + 30, 10);
  expect(b!.accountedParams).toBeCloseTo(100 / 2 + 10 / 2 + 20 / 2 + 200 / 3 + 4 + 30, 10);
  expect(c!.accountedParams).toBeCloseTo(100 / 2 + 10 + 20 + 200 / 3 + 200 + 4 + 30, 10);
});

test("accounted parameters are those of core/score, and sum to the system's", () => {
  const results = taskResults(state);
  for (const { task, accountedParams: accounted } of results) {
    const model = state.models.get(state.retained[task]!)!;
    expect(accounted).toBeCloseTo(accountedParams(model.path, layerUsers(state, task)), 10);
  }
  const { systemParams } = summaryOf(state, sampleExperiment(), {
    wallSeconds: 1,
    trainSeconds: 1,
    digest: "",
  });
  expect(results.reduce((sum, { accountedParams: p }) => sum + p!, 0)).toBeCloseTo(systemParams, 10);
});

test("accuracies and blocks are the retained model's", () => {
  expect(taskResults(state)[2]).toMatchObject({
    task: "c",
    access: "private",
    validationAccuracy: 0.9,
    testAccuracy: 0.875,
    blocks: 2,
  });
});

test("a task without a retained model has a row of nothing", () => {
  const early = foldEvents(fixedEvents().slice(0, 4));
  expect(taskResults(early)[0]).toEqual({
    task: "a",
    access: "public",
    validationAccuracy: null,
    testAccuracy: null,
    blocks: null,
    ownParams: null,
    sharedParams: null,
    accountedParams: null,
    transfer: {},
  });
});

test("a survivor that is a candidate again still has its row and its share", () => {
  const events = fixedEvents().slice(0, -1);
  const again = foldEvents([...events, { type: "activation-started", iteration: 1, task: "a", seeds: [0] }]);
  expect(again.models.get(1)!.status).toBe("active");
  expect(taskResults(again)).toEqual(taskResults(state));
});

test("the summary counts children and examples, and is plain JSON", () => {
  const experiment = sampleExperiment({ seed: 3 });
  const summary = summaryOf(state, experiment, { wallSeconds: 12, trainSeconds: 9, digest: "d" });
  // Steps 40 + 40 + 20 + 20 + 20 + 60, batches of 512.
  expect(summary).toMatchObject({
    children: 6,
    examplesTrained: 200 * 512,
    seed: 3,
    wallSeconds: 12,
    trainSeconds: 9,
    digest: "d",
    ended: true,
  });
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});

test("the table has a column of shares for every task", () => {
  const table = shownTable(resultsView(state));
  expect(table.numRows()).toBe(3);
  expect(table.columnNames()).toContain("from c");
  expect(table.get("validation", 1)).toBe(0.85);
});
