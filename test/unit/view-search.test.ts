// Finding models by what is typed over the lineage.

import { expect, test } from "vitest";
import { searchModels } from "../../src/analysis/search.js";
import type { Mutation } from "../../src/core/hyperparams.js";
import { List } from "../../src/core/list.js";
import type { State } from "../../src/core/state.js";
import { fixedState } from "../support/fixed-state.js";

const clone = (component: string) => ({ kind: "clone", component }) as Mutation;

/** The fixed state, its models from 1 mutated as given. */
function mutated(...all: Mutation[][]): State {
  const state = fixedState();
  const models = state.models.map((model) => ({ ...model, mutations: all[model.id - 1] ?? [] }));
  return { ...state, models: List.of(models) };
}

const state = mutated(
  [clone("encoderblock_1")],
  [clone("encoderblock_11"), clone("residual_adapter_1")],
  [clone("encoderblock_2"), clone("residual_adapter_0")],
  [clone("encoderblock_1"), clone("residual_adapter_10")],
);

test("a block or adapter is found by its number, and not by one that only begins like it", () => {
  expect(searchModels(state, "block 2")).toEqual([1, 4]);
  expect(searchModels(state, "Block  12")).toEqual([2]);
  expect(searchModels(state, "block 1")).toEqual([]);
  expect(searchModels(state, "adapter 1")).toEqual([3]);
  expect(searchModels(state, "clone block 2 adapter 11")).toEqual([4]);
});

test("a number alone is a model's, words must all fit", () => {
  expect(searchModels(state, "2")).toEqual([2]);
  expect(searchModels(state, "#2 adapter")).toEqual([2]);
  expect(searchModels(state, "block")).toEqual([1, 2, 3, 4]);
  expect(searchModels(state, " ")).toEqual([]);
});
