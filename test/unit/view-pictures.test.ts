// The still pictures: every view has one once there is something in it, and says what the live view says.

import { describe, expect, test } from "vitest";
import { comparedAccuracies, comparisonOf } from "../../src/analysis/compare.js";
import { pairedDifferences } from "../../src/analysis/paired.js";
import { candidatePoints } from "../../src/analysis/pareto.js";
import { startProgress, stepProgress } from "../../src/analysis/progress.js";
import { rescore } from "../../src/analysis/rescore.js";
import { List } from "../../src/core/list.js";
import { mu2net, munet } from "../../src/core/methods.js";
import { foldEvents } from "../../src/core/state.js";
import { variantOf } from "../../src/experiments/variants.js";
import { methodsScene } from "../../src/figures/scenes/methods.js";
import type { PicturedRun } from "../../src/figures/scenes/pictured-run.js";
import { pictureScene } from "../../src/figures/scenes/pictures.js";
import { marksOf, type Scene } from "../../src/figures/scenes/scene.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { methodLabel } from "../../src/format/method-names.js";
import { textOfRun } from "../../src/notebook/text.js";
import { headOf } from "../../src/wire/head.js";
import { comparedCsv } from "../../widgets/csv.js";
import { RUN_PICTURES } from "../support/pictures/pictured.js";
import { type SampleOptions, sampleExperiment, sampleRun } from "../support/sample-run.js";

async function pictured(
  options: SampleOptions = {},
  events = Number.POSITIVE_INFINITY,
): Promise<PicturedRun> {
  const run = await sampleRun(options);
  const some = run.events.slice(0, events);
  const state = foldEvents(some);
  const progress = stepProgress(startProgress(run.experiment), some.at(-1)!, state, run.experiment);
  return {
    head: headOf("runs/first", run.experiment),
    state,
    status: state.ended ? "ended" : "running",
    progress,
  };
}

const textsOf = (scene: Scene): string[] =>
  [...marksOf(scene.children)].flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));

describe("a still picture", () => {
  test("is there for every view of a run that has ended, in bounds", async () => {
    const run = await pictured({ iterations: 2, generations: 4, children: 8 });
    for (const name of RUN_PICTURES) {
      const scene = pictureScene(name, [run])!;
      const svg = toSvg(scene, { colors: "light" });
      expect(svg.length, name).toBeLessThan(300_000);
      expect(scene.width, name).toBeGreaterThan(300);
      expect(scene.width, name).toBeLessThan(1300);
    }
  });

  test("of all is made of those of all views", async () => {
    const run = await pictured();
    const texts = textsOf(pictureScene("dashboard", [run])!);
    for (const word of ["Finished", "retained", "Iteration 1", "patch embedding", "gradient steps on"])
      expect(texts).toContain(word);
    expect(texts).toContain("accounted parameters");
  });

  test("is left out while there is nothing to see, and no view breaks", async () => {
    const run = await pictured({}, 2);
    const seen = RUN_PICTURES.filter((name) => pictureScene(name, [run]) !== undefined);
    expect(seen).toEqual(["progress", "lineage", "accuracy", "dashboard"]);
  });

  test("of several runs tells mean and deviation by method", async () => {
    const runs = await Promise.all([1, 2].map((seed) => pictured({ seed })));
    const texts = textsOf(pictureScene("accuracy", runs)!);
    expect(texts).toContain("µ2Net · s 1 · 2 runs");
    expect(texts.filter((text) => text.includes(" ± "))).toHaveLength(3);
    expect(textsOf(pictureScene("pareto", runs)!)).toContain("mean test accuracy");
  });
});

describe("a forgotten task", () => {
  const again = sampleRun({ again: "telugu" });
  const at = async (end?: number): Promise<PicturedRun> => {
    const { events, experiment } = await again;
    const some = events.slice(0, end);
    const state = foldEvents(some);
    const progress = stepProgress(startProgress(experiment), some.at(-1)!, state, experiment);
    return { head: headOf("runs/a", experiment), state, status: "ended", progress };
  };

  test("is shown nowhere", async () => {
    const { events } = await again;
    const run = await at(1 + events.findIndex(({ type }) => type === "task-forgotten"));
    expect(textsOf(pictureScene("progress", [run])!).join()).not.toContain("telugu");
    expect(textOfRun(run)).not.toContain("telugu");
    expect(
      candidatePoints(run.state, rescore(run.state, run.head.method)).map(({ task }) => task),
    ).not.toContain("telugu");
    expect(comparedAccuracies([run]).rows.map(({ task }) => task)).toEqual(["bangla", "devanagari"]);
    expect(pairedDifferences(run.state, [run.state]).isTest).toBe(true);
  });

  test("that came again is shown by its new models alone", async () => {
    const { state, head } = await at();
    const { before } = state.forgettings[0]!;
    const { kept, activations } = rescore(state, head.method);
    expect(kept.find(({ task }) => task === "telugu")!.model.id).toBe(state.retained.telugu);
    const found = activations.filter(({ task }) => task === "telugu").map(({ model }) => model.id);
    expect(found).toHaveLength(1);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(before);
  });
});

describe("the comparison of runs", () => {
  test("averages repetitions, and keeps methods and scale factors apart", async () => {
    const [a, b] = await Promise.all([1, 2].map((seed) => pictured({ seed })));
    const scaled = {
      ...a!,
      head: {
        ...a!.head,
        method: { ...a!.head.method, scaleFactor: 0.5, label: { curve: "µ2Net", point: "s 0.5" } },
      },
    };
    const { points, again, isTest } = comparisonOf([a!, b!, scaled], null);
    expect(points.map(({ curve, point, runs }) => [curve, point, runs])).toEqual([
      ["µ2Net", "s 1", 2],
      ["µ2Net", "s 0.5", 1],
    ]);
    expect(again).toEqual([]);
    expect(isTest).toBe(true);
    const tests = [a!, b!].map(({ state }) =>
      state.tasks.map(({ name }) => state.models.get(state.retained[name]!)!.testAccuracy!),
    );
    const means = tests.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
    expect(points[0]!.accuracy).toBeCloseTo((means[0]! + means[1]!) / 2, 12);
    expect(points[0]!.accuracyStd).toBeCloseTo(Math.abs(means[0]! - means[1]!) / 2, 12);
    const { columns, rows } = comparedAccuracies([a!, b!, scaled]);
    expect(columns.map(({ point, seeds }) => [point, seeds])).toEqual([
      ["s 1", [1, 2]],
      ["s 0.5", [1]],
    ]);
    expect(rows[0]!.cells[0]!.mean).toBeCloseTo((tests[0]![0]! + tests[1]![0]!) / 2, 12);
    expect(rows[0]!.cells[1]!.std).toBeNull();
  });

  test("leaves out runs that have nothing yet, re-scored as well, and keeps their colours for them", async () => {
    const named = (run: PicturedRun, curve: string): PicturedRun => ({
      ...run,
      head: { ...run.head, method: { ...run.head.method, label: { curve, point: "" } } },
    });
    const whole = named(await pictured(), "second");
    const runs = [named(await pictured({ seed: 2 }, 2), "first"), whole];
    const compared = comparisonOf(runs, 0.5);
    const alone = comparisonOf([whole], 0.5);
    expect(compared.again.map(({ curve }) => curve)).toEqual(["second"]);
    expect(compared.again[0]!.accuracy).toBeCloseTo(alone.again[0]!.accuracy, 12);
    expect(comparisonOf([whole, named(await pictured({ seed: 2 }, 2), "second")], 0.5).again).toEqual(
      alone.again,
    );
    expect(compared.curves).toEqual(["first", "second"]);
    const fills = [...marksOf(methodsScene(compared).children)].map(({ fill, stroke }) => fill ?? stroke);
    expect(fills).toContain("task-1");
    expect(fills).not.toContain("task-0");
  });

  test("is over the tasks that every run has a model for, and says so where those are not all", async () => {
    const whole = await pictured();
    const { events } = await sampleRun();
    const first = events.findIndex(({ type }) => type === "model-tested");
    const young = await pictured({}, first + 1);
    const variant = {
      ...young,
      head: { ...young.head, method: { ...young.head.method, label: { curve: "variant", point: "" } } },
    };
    expect(Object.keys(young.state.retained)).toEqual(["bangla"]);
    const { points, tasks, isTest } = comparisonOf([whole, variant], null);
    expect(tasks).toEqual({ common: 1, all: 3 });
    expect(isTest).toBe(true);
    const bangla = ({ state }: PicturedRun) => state.models.get(state.retained.bangla!)!.testAccuracy!;
    expect(points.map(({ accuracy }) => accuracy)).toEqual([bangla(whole), bangla(variant)]);
    const texts = (runs: PicturedRun[]) =>
      [...marksOf(methodsScene(comparisonOf(runs, null)).children)].flatMap((mark) =>
        mark.kind === "text" ? [mark.text] : [],
      );
    expect(texts([whole, variant])).toContain("mean test accuracy over 1 of 3 tasks");
    expect(texts([whole, whole])).toContain("mean test accuracy");
    expect(pairedDifferences(whole.state, [variant.state]).meanOf).toBe("Mean over 1 of 3");
    expect(pairedDifferences(whole.state, [whole.state]).meanOf).toBe("Mean");
  });

  test("never mixes test and validation in one mean, and says which it is", async () => {
    const [a, b] = await Promise.all([1, 2].map((seed) => pictured({ seed })));
    const last = b!.state.retained.telugu!;
    const models = List.of(
      b!.state.models.map((model) => (model.id === last ? { ...model, testAccuracy: null } : model)),
    );
    const untested = { ...b!, state: { ...b!.state, models } };
    const { rows, isTest } = comparedAccuracies([a!, untested]);
    expect(isTest).toBe(false);
    for (const { task, cells } of rows)
      expect(cells[0]!.accuracies).toEqual(
        [a!, untested].map(({ state }) => state.models.get(state.retained[task]!)!.accuracy),
      );
    expect(pictureScene("accuracy", [a!, untested])!.title).toBe("Validation accuracy by task and method");
    expect(pictureScene("accuracy", [a!, b!])!.title).toBe("Test accuracy by task and method");
    const column = (runs: PicturedRun[]) => comparedCsv(runs).split("\r\n")[0]!.split(",").at(-1);
    expect(column([a!, untested])).toBe("validation");
    expect(column([a!, b!])).toBe("test");
  });

  test("tells validation where everything is re-scored: other picks were never tested", async () => {
    const { again, isTest } = comparisonOf([await pictured()], 0.01);
    expect(isTest).toBe(false);
    expect(again).toHaveLength(1);
    expect(again[0]!.scaleFactor).toBe(0.01);
  });
});

describe("a method's label", () => {
  test("names the published methods and what is changed in them", () => {
    expect(methodLabel(munet)).toEqual({ curve: "muNet", point: "s 1" });
    expect(methodLabel({ ...munet, scaleFactor: 0.3, insertAdapters: false })).toEqual({
      curve: "muNet without adapters",
      point: "s 0.3",
    });
    expect(methodLabel({ ...munet, insertAdapters: false, tuneHyperparams: false }).curve).toBe(
      "muNet without adapters and auto-tuning",
    );
    const changed = { ...mu2net, depth: "remove-top" as const, insertAdapters: true };
    expect(
      methodLabel({ ...changed, defaults: { ...mu2net.defaults, mutationProbability: 0.1 } }).curve,
    ).toBe("µ2Net with adapters (µ 0.1, depth remove-top)");
    expect(methodLabel({ ...munet, name: "<b>" }).curve).toBe("<b>");
  });

  test("knows muNet's baselines by what they train", () => {
    const experiment = { ...sampleExperiment({ blocks: 3 }), method: munet };
    const of = (variant: Parameters<typeof variantOf>[1]) =>
      methodLabel(variantOf(experiment, variant).method);
    expect(of({ method: "full" })).toEqual({ curve: "Full fine-tuning", point: "" });
    expect(of({ method: "multi-head" })).toEqual({ curve: "Multi-head", point: "" });
    expect(of({ method: "top", frozen: 1 })).toEqual({ curve: "Fine-tune top layers", point: "top 2" });
    expect(of({ method: "adapters", dim: 64 })).toEqual({ curve: "Residual adapters", point: "dim 64" });
  });
});
