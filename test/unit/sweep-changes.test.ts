import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HyperparamName } from "../../src/core/hyperparams.js";
import { characters } from "../../src/experiments/characters.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { open } from "../../src/run/open.js";
import { ablate, type Changes, changed } from "../../src/sweep/sweep.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyTask } from "../support/tiny.js";
import { tinyMunet } from "../support/tiny-sweep.js";

const newFolder = temporaryFolders();
const experiment = characters({ budget: "smoke", seed: 3 });

describe("an experiment with changes", () => {
  it("differs in what was changed only", () => {
    const { method, ...rest } = changed(experiment, {
      adapters: false,
      tuning: false,
      scaleFactor: 0.3,
      mutationProbability: 0.25,
    });
    expect(rest).toEqual({ ...experiment, method: undefined });
    expect(method).toEqual({
      ...experiment.method,
      insertAdapters: false,
      tuneHyperparams: false,
      scaleFactor: 0.3,
      defaults: { ...experiment.method.defaults, mutationProbability: 0.25 },
    });
  });

  it("holds hyperparameters at their defaults, and the depth at its first", () => {
    const { search, defaults, blocksRange } = changed(experiment, {
      held: ["learningRate", "imageSize"],
      depth: false,
    }).method;
    expect(Object.keys(experiment.method.search)).toEqual(
      expect.arrayContaining([...Object.keys(search), "learningRate", "imageSize"]),
    );
    expect([search.learningRate, search.imageSize]).toEqual([undefined, undefined]);
    expect([defaults.learningRate, blocksRange]).toEqual([0.01, [3, 3]]);
  });

  it("takes any setting that --set takes", () => {
    expect(changed(experiment, { set: { children: 3, flip: false } })).toMatchObject({
      children: 3,
      method: { defaults: { flip: false } },
    });
  });

  it("without changes is the same", () => expect(changed(experiment, {})).toEqual(experiment));

  it.each<[Changes, string]>([
    [{ scaleFactor: 2 }, "above 0, at most 1"],
    [{ mutationProbability: -1 }, "from 0 to 1"],
    [{ held: ["learnRate" as HyperparamName] }, 'did you mean "learningRate"'],
    [{ set: { childen: 2 } }, 'did you mean "children"'],
  ])("says what is wrong with %j", (changes, words) => {
    expect(() => changed(experiment, changes)).toThrow(words);
  });

  it("starts an evolved µ from a value of its list", () => {
    const mu = (value: number) => changed(preliminary(), { mutationProbability: value }).method.defaults;
    expect(mu(0.3).mutationProbability).toBe(0.3);
    expect(() => mu(0.31)).toThrow("0.3");
  });
});

describe("an ablation", () => {
  const options = {
    tasks: tinyMunet().tasks.map(({ name, access }) => tinyTask(name, access)),
    trainer: fakeTrainer,
  };

  it("runs beside its run, from the same root, and differs by what was changed", async () => {
    const dir = newFolder();
    const first = await open(join(dir, "first"), tinyMunet(), options);
    const variant = await ablate(join(dir, "variant"), first, { adapters: false }, options);
    await Promise.all([first.done(), variant.done()]);
    expect(variant.experiment).toEqual(changed(tinyMunet(), { adapters: false }));
    expect(variant.state.models.get(0)!.path).toEqual(first.state.models.get(0)!.path);
    expect(variant.state.models.some(({ shape }) => shape.adapters.length > 0)).toBe(false);
  });

  it("continues when it is opened again, and is distinguished from another", async () => {
    const dir = join(newFolder(), "variant");
    const run = await ablate(dir, tinyMunet(), { scaleFactor: 0.3 }, options);
    await run.done();
    const again = await ablate(dir, tinyMunet(), { scaleFactor: 0.3 }, options);
    expect((await again.done()).models.length).toBe(run.state.models.length);
    await expect(ablate(dir, tinyMunet(), { scaleFactor: 0.5 }, options)).rejects.toMatchObject({
      code: "run/different-experiment",
    });
  });
});
