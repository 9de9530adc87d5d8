// An ablation beside a run: what can be requested, what it is called, and its results.

import { describe, expect, it } from "vitest";
import { pairedDifferences } from "../../src/analysis/paired.js";
import { List } from "../../src/core/list.js";
import { munet } from "../../src/core/methods.js";
import { ablationSettings, LiveAblation } from "../../src/notebook/live-ablation.js";
import { LiveRun } from "../../src/notebook/live-run.js";
import { changed } from "../../src/sweep/changes.js";
import { changeName, changesOf, changeWords } from "../../src/wire/ablation.js";
import { ReplayedRun } from "../support/replayed-run.js";
import { sampleExperiment, sampleRun } from "../support/sample-run.js";

const recorded = await sampleRun({ iterations: 1, generations: 2, children: 4 });
const settings = ablationSettings(recorded.experiment);

describe("a wish", () => {
  it("is what differs from the run, and nothing impossible", () => {
    expect(changesOf({ adapters: settings.adapters, tuning: false, scaleFactor: 1 }, settings)).toEqual({
      tuning: false,
    });
    expect(changesOf({ adapters: true, mu: 0.1, held: ["flip", "nonsense"] }, settings)).toEqual({
      adapters: true,
      mu: 0.1,
      held: ["flip"],
    });
    for (const nothing of [null, 7, "x", {}, { scaleFactor: 0 }, { mu: 0.123 }, { adapters: "yes" }])
      expect(changesOf(nothing, settings)).toBeUndefined();
  });

  it("holds nothing where nothing is tuned", () =>
    expect(changesOf({ tuning: false, held: ["flip"] }, settings)).toEqual({ tuning: false }));

  it("can't change a depth that has no choice", () => {
    const fixed = { ...recorded.experiment.method, blocksRange: [1, 1] as const };
    expect(ablationSettings({ ...recorded.experiment, method: fixed }).depth).toBeNull();
  });

  it("has words for people and a name for a folder, equal for equal wishes", () => {
    const wish = { adapters: false, scaleFactor: 0.3, mu: 0.1, held: ["nesterov", "flip"] };
    expect(changeWords(wish)).toBe("without adapters, s 0.3, µ 0.1, holding nesterov and flip");
    expect(changeName(wish)).toBe("no-adapters_s0.3_mu0.1_hold-flip-nesterov");
    expect(changeName({ ...wish, held: ["flip", "nesterov"] })).toBe(changeName(wish));
  });

  it("offers µ also where the method doesn't search it", () => {
    const { muValues, mu } = ablationSettings({ ...sampleExperiment({ blocks: 3 }), method: munet });
    expect(mu).toBe(0.1);
    expect(muValues).toEqual([0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1]);
  });
});

/** An ablation over recorded runs; every variant is the same recording under its own experiment. */
function ablation(start?: (dir: string) => ReplayedRun) {
  const states: Record<string, unknown>[] = [];
  let count = 0;
  const widget = (state: Record<string, unknown>) => {
    const id = `w${++count}`;
    let now = state;
    states.push(now);
    return {
      id,
      isOpen: true,
      get: () => now,
      set: (changes: Record<string, unknown>) => {
        now = { ...now, ...changes };
      },
      onChange: () => () => {},
      onCustom: () => () => {},
    };
  };
  const base = new ReplayedRun(recorded, 2, "runs/base");
  const opened: string[] = [];
  const live = new LiveAblation({
    run: base,
    make: widget,
    live: (run, name) => new LiveRun(run, widget, { name }),
    start: async (dir, changes) => {
      opened.push(dir);
      if (start) return start(dir);
      const experiment = changed(base.experiment, changes);
      return new ReplayedRun({ ...recorded, experiment }, 2, dir);
    },
  });
  return { live, opened, state: () => live.widget.get() };
}

describe("an ablation", () => {
  it("opens the variant beside the run, from the same seed, and shows both", async () => {
    const { live, opened, state } = ablation();
    await live.ablate({ tuning: false, mu: 0.1 });
    expect(opened).toEqual(["runs/base-ablation/no-tuning_mu0.1"]);
    expect(state().runs).toEqual(["IPY_MODEL_w1", "IPY_MODEL_w3"]);
    expect(state().variants).toEqual([{ name: "no-tuning_mu0.1", words: "without auto-tuning, µ 0.1" }]);
    const [base, variant] = live.lives.map(({ run }) => run.experiment);
    expect(variant!.seed).toBe(base!.seed);
    expect(variant!.method.tuneHyperparams).toBe(false);
    expect(variant!.method.defaults.mutationProbability).toBe(0.1);
    expect(live.lives.map(({ pictured }) => pictured.head.method.label.curve)).toEqual([
      "µ2Net",
      "µ2Net without auto-tuning (µ 0.1)",
    ]);
  });

  it("says why nothing was opened, and stays as it was", async () => {
    const { live, opened, state } = ablation();
    await live.ablate({});
    expect(state()).toMatchObject({ isError: true, message: expect.stringContaining("Nothing differs") });
    await live.ablate({ adapters: true });
    await live.ablate({ adapters: true });
    expect(state()).toMatchObject({ isError: true, message: expect.stringContaining("is already shown") });
    expect(opened).toHaveLength(1);
  });

  it("shows why opening failed", async () => {
    const { live, state } = ablation(() => {
      throw new Error("The folder is in use.");
    });
    await live.ablate({ adapters: true });
    expect(state()).toMatchObject({ isError: true, message: "The folder is in use.", variants: [] });
  });
});

describe("paired differences", () => {
  it("are of the same task, and their mean of the tasks that all have", () => {
    const base = recorded.state;
    const other = {
      ...base,
      models: List.of(
        base.models.map((model) =>
          model.testAccuracy === null ? model : { ...model, testAccuracy: model.testAccuracy + 0.01 },
        ),
      ),
    };
    const { rows, isTest } = pairedDifferences(base, [other]);
    expect(isTest).toBe(true);
    expect(rows).toHaveLength(base.tasks.length + 1);
    for (const row of rows) expect(row.others[0]!.delta).toBeCloseTo(0.01, 12);
    expect(rows.at(-1)!.task).toBeNull();
  });

  it("are of validation accuracies while any model is untested, and missing where there is none", () => {
    const { tasks } = recorded.state;
    const early = {
      ...recorded.state,
      retained: { [tasks[0]!.name]: recorded.state.retained[tasks[0]!.name]! },
    };
    const { rows, isTest } = pairedDifferences(recorded.state, [early]);
    expect(isTest).toBe(false);
    expect(rows.map(({ others }) => others[0]!.delta)).toEqual([0, null, null, 0]);
  });
});
