import { describe, expect, it } from "vitest";
import { type Experiment, withoutWish } from "../../src/core/experiment.js";
import { munet, munetCode } from "../../src/core/methods.js";
import { characters } from "../../src/experiments/characters.js";
import { applyOverrides, settingsOf } from "../../src/experiments/overrides.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { parseExperiment } from "../../src/run/parse-experiment.js";

describe("settings of an experiment", () => {
  it("have every switch of the method, each value of which run.json may hold", () => {
    const experiment = withoutWish(characters());
    for (const [key, { values }] of settingsOf(experiment))
      for (const value of values ?? []) {
        const changed = applyOverrides(experiment, [`${key}=${value}`]);
        expect(parseExperiment(JSON.parse(JSON.stringify(changed)), "run.json"), key).toEqual(changed);
      }
  });

  it("say what a switch is that the method leaves out: what the published code does", () => {
    const settings = settingsOf(characters());
    const now = ["adapterSlots", "adapterPlaces", "categoricalSteps", "headInit"].map(
      (key) => settings.get(key)!.now,
    );
    expect(now).toEqual(["drawn", "before-blocks", "neighbour", "zero"]);
    for (const key of ["adapterPlaces", "headInit"]) expect(munet).not.toHaveProperty(key);
  });

  it("take muNet's lists from the paper or from its code, and µ2Net has but one", () => {
    const code = applyOverrides(characters(), ["lists=code", "momentum=0.4"]);
    expect(code.method.search).toEqual(munetCode.search);
    expect(code.method.defaults.momentum).toBe(0.4);
    expect(() => applyOverrides(code, ["lists=paper"])).toThrow(
      "momentum 0.4 is not one of its valid values",
    );
    expect(applyOverrides(code, ["momentum=0.9", "lists=paper"]).method.search).toEqual(munet.search);
    expect(() => applyOverrides(characters(), ["momentum=0.4"])).toThrow("the nearest: 0.7");
    expect(() => applyOverrides(preliminary(), ["lists=code"])).toThrow('There is no setting "lists"');
  });

  it("set muNet's fixed µ to any probability, and µ2Net's first to one of its list", () => {
    const mu = (experiment: Experiment, value: string) =>
      applyOverrides(experiment, [`mutationProbability=${value}`]).method.defaults.mutationProbability;
    expect([mu(characters(), "0"), mu(characters(), "0.35"), mu(preliminary(), "0.3")]).toEqual([
      0, 0.35, 0.3,
    ]);
    expect(() => mu(characters(), "1.5")).toThrow("a number from 0 to 1");
    expect(() => mu(preliminary(), "0.35")).toThrow("not one of its valid values");
  });

  it("set what an experiment does not search as well, to a value that one of the papers searches", () => {
    const set = (experiment: Experiment, setting: string) =>
      applyOverrides(experiment, [setting]).method.defaults;
    expect(set(preliminary(), "schedule=constant").schedule).toBe("constant");
    expect(set(preliminary(), "imageSize=48").imageSize).toBe(48);
    expect(set(preliminary(), "adapterDim=64").adapterDim).toBe(64);
    expect(set(characters(), "crop=false").crop).toBe(false);
    expect(() => set(preliminary(), "imageSize=33")).toThrow("the nearest: 32 and 48");
    expect(() => set(preliminary(), "blocks=2")).toThrow('There is no setting "blocks"');
  });

  it("are not searched for having been set", () => {
    const { search } = applyOverrides(preliminary(), ["imageSize=48", "schedule=restarts"]).method;
    expect(search).toEqual(preliminary().method.search);
  });

  it("set the parameters that size is measured by", () => {
    expect(applyOverrides(characters(), ["rootParams=5000"]).method.rootParams).toBe(5000);
    expect(() => applyOverrides(characters(), ["rootParams=0"])).toThrow("in 1…1000000000000");
  });

  it("are refused where no machine could ever do them", () => {
    const whole = ["iterations", "generations", "children", "batchSize", "cycles", "examplesPerCycle"];
    for (const key of [...whole, "validationExamples", "limit", "rootParams", "clipNorm"])
      for (const value of ["1e15", "99999999999999999999", "1e308", "Infinity", "NaN", "-1", "0"])
        expect(() => applyOverrides(characters(), [`${key}=${value}`]), `${key}=${value}`).toThrow(
          expect.objectContaining({ code: "options/not-valid" }),
        );
    expect(() => applyOverrides(characters(), ["children=1e9"])).toThrow("whole number in 1…1000");
    expect(() => applyOverrides(characters(), ["generations=10000", "children=1000"])).toThrow(
      "(iterations × tasks × generations × children) is 160000000, but must be at most 1000000",
    );
  });
});
