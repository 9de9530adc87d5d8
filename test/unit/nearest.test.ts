/** What a suggestion is worth: it is made where it makes sense, with the names that people really mistype, and else not. */
import { describe, expect, it } from "vitest";
import { unknownName } from "../../src/core/errors/index.js";
import { meant, nearestNumbers } from "../../src/core/nearest.js";
import { applyOverrides, settingsOf } from "../../src/experiments/overrides.js";
import { preliminary } from "../../src/index.js";

const settings = [...settingsOf(preliminary()).keys()];

describe("a suggestion", () => {
  it.each([
    ["lr", "learningRate"],
    ["learning_rate", "learningRate"],
    ["LearningRate", "learningRate"],
    ["learningrat", "learningRate"],
    ["childen", "children"],
    ["scale", "scaleFactor"],
    ["bs", "batchSize"],
    ["batch-size", "batchSize"],
    ["momentun", "momentum"],
  ])("for the setting %s is %s", (given, expected) => {
    expect(meant(given, settings)).toBe(expected);
    expect(() => applyOverrides(preliminary(), [`${given}=1`])).toThrow(`did you mean "${expected}"?`);
  });

  it.each(["epochs", "optimizer", "x", "zzzzzz", "", "☃"])("for %j is not made: none is near", (given) => {
    expect(meant(given, settings)).toBeUndefined();
    expect(unknownName("setting", given, settings).message).not.toContain("did you mean");
    expect(unknownName("setting", given, settings).message).toContain("Valid: ");
  });

  it("is one that is valid, and every valid name is its own", () => {
    for (const name of settings) expect(meant(name, settings)).toBe(name);
  });

  it("between numbers is those on both sides", () => {
    expect(nearestNumbers(0.03, [0.01, 0.02, 0.05])).toBe("0.02 and 0.05");
    expect(nearestNumbers(9, [1, 2])).toBe("2");
    expect(nearestNumbers("9", [1, 2])).toBeUndefined();
  });
});
