import { describe, expect, it } from "vitest";
import type { SweepPoint } from "../../src/analysis/point.js";
import { characters } from "../../src/experiments/characters.js";
import { forecastOf, priorSeconds, secondsLeft } from "../../src/sweep/forecast.js";
import { planSweep, pointsOf } from "../../src/sweep/plan.js";
import { workOf } from "../../src/sweep/work.js";

const experiment = characters({ budget: "laptop" });
const counts = Object.fromEntries(experiment.tasks.map(({ name }) => [name, 1_900]));
const { variants } = planSweep({ experiment, scaleFactors: [0.3, 1], baselines: ["all"], repetitions: 2 });
const points = pointsOf(
  planSweep({ experiment, scaleFactors: [0.3, 1], baselines: ["all"], repetitions: 2 }),
);
const took = (name: string, wallSeconds: number): SweepPoint => {
  const { variant, repetition } = points.find((point) => point.name === name)!;
  return { variant, repetition, cost: { wallSeconds } } as SweepPoint;
};

describe("the work of a point", () => {
  it("in examples is that of muNet for every baseline, counted by hand", () => {
    const { training, iterations, generations, children, tasks } = experiment;
    const perCycle = Math.ceil(Math.min(1_900, training.examplesPerCycle) / training.batchSize);
    const byHand =
      tasks.length * iterations * generations * children * training.cycles * perCycle * training.batchSize;
    for (const { variant, experiment: of } of variants)
      expect(workOf(of, variant, counts).examples).toBe(byHand);
  });

  it("in operations is more the more layers are trained", () => {
    const flops = (method: string, frozen?: number) => {
      const planned = variants.find(
        ({ variant }) => variant.method === method && (variant.method !== "top" || variant.frozen === frozen),
      )!;
      return workOf(planned.experiment, planned.variant, counts).flops;
    };
    const ordered = [flops("multi-head"), flops("top", 2), flops("top", 1), flops("top", 0)];
    expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
    expect(flops("full")).toBeCloseTo(3 * flops("multi-head"), -3);
  });

  it("is computed once for replicas that end alike, and shared by siblings that differ", () => {
    for (const { variant, experiment: of } of variants) {
      const { flops, computed } = workOf(of, variant, counts);
      if (variant.method === "munet" || variant.method === "adapters") expect(computed).toBeLessThan(flops);
      else expect(computed).toBe(flops / 8);
    }
  });
});

describe("the forecast of a sweep", () => {
  const seconds = (ended: readonly SweepPoint[]) =>
    Object.fromEntries(forecastOf(points, ended, counts, 2).map((point) => [point.name, point.seconds]));

  it("before anything has ended is each point's own, less with more threads", () => {
    const forecast = seconds([]);
    for (const { name, variant, experiment: of } of points)
      expect(forecast[name]).toBe(priorSeconds(workOf(of, variant, counts), of, 2));
    expect(priorSeconds({ computed: 1e12 }, experiment, 4)).toBeLessThan(
      priorSeconds({ computed: 1e12 }, experiment, 2),
    );
  });

  it("takes what a variant took for what it will take", () => {
    expect(seconds([took("munet-s1_r0", 100)])["munet-s1_r1"]).toBeCloseTo(100);
    expect(seconds([took("full_r0", 30), took("full_r1", 50)]).full_r0).toBe(30);
  });

  it("corrects a curve by its points, and the rest by all points", () => {
    const before = seconds([]);
    const prior = before["munet-s1_r0"]!;
    const after = seconds([took("munet-s1_r0", 2 * prior)]);
    expect(after["munet-s0.3_r0"]).toBeCloseTo(2 * before["munet-s0.3_r0"]!);
    expect(after.full_r0).toBeCloseTo(2 * before.full_r0!);
    const two = seconds([took("munet-s1_r0", 2 * prior), took("full_r0", before.full_r0! / 2)]);
    expect(two["munet-s0.3_r0"]).toBeCloseTo(2 * before["munet-s0.3_r0"]!);
    const ratio = (2 * prior + before.full_r0! / 2) / (prior + before.full_r0!);
    expect(two["adapters-8_r0"]).toBeCloseTo(ratio * before["adapters-8_r0"]!);
  });

  it("counts what is left without what has ended", () => {
    const ended = [took("munet-s1_r0", 10)];
    const forecast = forecastOf(points, ended, counts, 2);
    const all = forecast.reduce((sum, point) => sum + point.seconds, 0);
    expect(secondsLeft(forecast, ended)).toBeCloseTo(all - 10);
    expect(secondsLeft(forecast, [])).toBeCloseTo(all);
  });
});
