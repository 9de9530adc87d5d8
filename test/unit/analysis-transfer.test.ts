import { expect, test } from "vitest";
import {
  ancestorCells,
  layerTransfer,
  layerTransferCells,
  modelTransfer,
  transferCells,
} from "../../src/analysis/transfer.js";
import { fixedState } from "../support/fixed-state.js";

const state = fixedState();
const span = (task: string, steps: number) => ({ task, steps });

test("a layer's shares are its gradient steps by task, a task's spans together", () => {
  const history = [span("a", 10), span("b", 20), span("a", 10)];
  expect(layerTransfer({ history })).toEqual({ a: 0.5, b: 0.5 });
  expect(layerTransfer({ history: [] })).toEqual({});
});

test("a model's shares are the mean over its trained layers; untrained ones have no say", () => {
  // Model 3: embedding b; class token a; position never; block a; norm a 2/3, b 1/3; head b: five trained layers.
  expect(modelTransfer(state.models.get(3)!).a).toBeCloseTo((1 + 1 + 2 / 3) / 5, 12);
  expect(modelTransfer(state.models.get(3)!).b).toBeCloseTo((1 + 1 / 3 + 1) / 5, 12);
  expect(modelTransfer(state.models.get(0)!)).toEqual({});
});

test.each([
  3, 6, 7, 11, 13, 27, 49,
])("a model of %i layers that one task trained is all that task's, and no hair more", (layers) => {
  const path = Array.from({ length: layers }, () => ({
    ...state.models.get(0)!.path[0]!,
    history: [span("a", 10)],
  }));
  expect(modelTransfer({ path })).toEqual({ a: 1 });
});

test("rows of tasks × tasks sum to one", () => {
  const cells = transferCells(state);
  expect(cells).toHaveLength(9);
  for (const task of ["a", "b", "c"]) {
    const row = cells.filter((cell) => cell.task === task);
    expect(row.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  }
  expect(cells.filter(({ task, source }) => source === "c" && task !== "c").map((c) => c.share)).toEqual([
    0, 0,
  ]);
});

test("layers keep steps and shares, image to head", () => {
  const norm = layerTransferCells(state).filter(
    ({ task, layer }) => task === "c" && layer === "encoder_norm",
  );
  expect(norm.map(({ source, steps }) => [source, steps])).toEqual([
    ["a", 40],
    ["b", 20],
    ["c", 60],
  ]);
});

test("ancestors are counted by task, without the model itself and the root", () => {
  const cells = ancestorCells(state).filter(({ task }) => task === "c");
  expect(cells.map(({ source, ancestors, share }) => [source, ancestors, share])).toEqual([
    ["a", 1, 0.5],
    ["b", 1, 0.5],
    ["c", 0, 0],
  ]);
});
