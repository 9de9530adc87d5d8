import { describe, expect, it } from "vitest";
import { stepHyperparam } from "../../src/core/hyperparams.js";
import { mu2net, munet, munetCode } from "../../src/core/methods.js";
import { rngFromSeed } from "../../src/core/rng.js";

/** How often each value follows `value` in 20,000 steps. */
function frequencies<T extends number | boolean>(value: T, values: readonly T[]): Map<T, number> {
  const rng = rngFromSeed(0);
  const counts = new Map<T, number>();
  for (let i = 0; i < 20_000; i++) {
    const next = stepHyperparam("learningRate", value, values, rng);
    counts.set(next, (counts.get(next) ?? 0) + 1 / 20_000);
  }
  return counts;
}

describe("a step of a hyperparameter (method.md §b.3)", () => {
  const near = (share: number) => expect.closeTo(share, 1);

  it("goes to either neighbour with probability ½ and nowhere else", () => {
    expect([...frequencies(0.02, [0.01, 0.02, 0.05])].sort()).toEqual([
      [0.01, near(0.5)],
      [0.05, near(0.5)],
    ]);
  });

  it.each([
    [0.01, 0.02],
    [0.05, 0.02],
  ])("stays at the end %d with probability ½", (end, inner) => {
    const found = frequencies(end, [0.01, 0.02, 0.05]);
    expect(found.get(end)).toEqual(near(0.5));
    expect(found.get(inner)).toEqual(near(0.5));
  });

  it("flips a switch with probability ½", () => {
    expect(frequencies<boolean>(false, [false, true]).get(true)).toEqual(near(0.5));
  });

  it("refuses a value that is not in its list and names the nearest", () => {
    expect(() => stepHyperparam("learningRate", 0.03, [0.01, 0.02, 0.05], rngFromSeed(0))).toThrow(
      /learningRate 0.03 is not one of its valid values .* the nearest: 0.02 and 0.05/,
    );
  });
});

describe("the methods", () => {
  it.each([mu2net, munet, munetCode])("$name's defaults are values of its own search space", ({
    search,
    defaults,
  }) => {
    for (const [name, values] of Object.entries(search))
      expect(values, name).toContain(defaults[name as keyof typeof defaults]);
  });

  it("mu2net lists 11 probabilities, 12 learning rates and 9 momenta (µ2Net Table 1)", () => {
    const { mutationProbability, learningRate, momentum } = mu2net.search;
    expect([mutationProbability?.length, learningRate?.length, momentum?.length]).toEqual([11, 12, 9]);
  });

  it("muNet's lists are the paper's, or those of its published code (method.md §0-10)", () => {
    expect(munet.search.learningRate?.at(-1)).toBe(0.5);
    expect(munet.search.momentum).toEqual([0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99]);
    expect(munetCode.search.learningRate?.at(-1)).toBe(0.1);
    expect(munetCode.search.momentum).toEqual([0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]);
    expect({ ...munetCode, name: munet.name, search: munet.search }).toEqual(munet);
  });
});
