// What a mistyped name is taken for, and that nothing is suggested where nothing is near.

import { expect, it } from "vitest";
import { unknownName } from "../../src/core/errors.js";
import { suggestion } from "../../src/core/nearest.js";
import { settingsOf } from "../../src/experiments/overrides.js";
import { preliminary } from "../../src/experiments/preliminary.js";

const settings = [...settingsOf(preliminary({})).keys()];

it.each([
  ["lr", "learningRate"],
  ["bs", "batchSize"],
  ["learnRate", "learningRate"],
  ["childen", "children"],
  ["Generations", "generations"],
  ["warmup", "warmupRatio"],
  ["mutation", "mutationProbability"],
])("%s is likely meant for %s", (given, meant) => expect(suggestion(given, settings)).toBe(meant));

it.each([
  "quark",
  "x",
  "",
  "cos",
  "dropout_probability_of_heads",
])("%j is likely meant for nothing", (given) => expect(suggestion(given, settings)).toBeUndefined());

it("the message asks only where there is something to ask", () => {
  expect(unknownName("setting", "lr", settings).problem).toBe(
    'There is no setting "lr"; did you mean "learningRate"?',
  );
  expect(unknownName("setting", "quark", settings).problem).toBe('There is no setting "quark".');
  expect(unknownName("run", "first", []).problem).toBe('There is no run "first".');
});
