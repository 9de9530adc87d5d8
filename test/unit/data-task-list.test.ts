// Lists of tasks as people write them, and what a task says of its augmentations.

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { preprocessingOf } from "../../src/core/hyperparams.js";
import { munet } from "../../src/core/methods.js";
import { KEEPS_ALL, KEEPS_LABELS, keepingLabels, type Task, taskProblem } from "../../src/core/task.js";
import { namedTasks, parseTask, parseTasks } from "../../src/data/task-list.js";
import { characters } from "../../src/experiments/characters.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { parseExperiment } from "../../src/run/parse-experiment.js";
import { tinyTask } from "../support/tiny.js";

describe("own images in a list of tasks", () => {
  test("are a path with what there is to say after it", () => {
    expect(
      parseTasks("folder:signs,folder:/data/x:private:size=48:name=mine/y:links=follow:seed=3", []),
    ).toEqual([
      { name: "mine/signs", access: "public", images: { path: resolve("signs") }, keeps: KEEPS_LABELS },
      {
        name: "mine/y",
        access: "private",
        images: { path: "/data/x", imageSize: 48, followLinks: true, seed: 3 },
        keeps: KEEPS_LABELS,
      },
    ]);
  });

  test("may have colons, commas, spaces and a home in their path", () => {
    expect(parseTask("folder:C:/pictures/a b.zip:private").images!.path).toBe(resolve("C:/pictures/a b.zip"));
    expect(parseTasks("folder:a\\,b , mnist", []).map(({ name }) => name)).toEqual(["mine/a,b", "mnist"]);
    expect(parseTask("folder:~/leaves").images!.path).toBe(join(homedir(), "leaves"));
    expect(parseTask("folder:x.zip").name).toBe("mine/x");
  });

  test("say which augmentations keep their labels", () => {
    const keeps = (text: string) => parseTask(`folder:x:keeps=${text}`).keeps;
    expect(keeps("all")).toEqual(KEEPS_ALL);
    expect(keeps("none")).toEqual({ flip: false, areaMin: 1, hue: false });
    expect(keeps("flip+hue")).toEqual({ flip: true, areaMin: 0.5, hue: true });
    expect(keeps("crop")).toEqual({ flip: false, areaMin: 0, hue: false });
  });

  test.each([
    ["folder:", "folder: and the path of your images"],
    ["folder:x:size=big", 'size is "big", but must be a number'],
    ["folder:x:size=0", "imageSize is 0"],
    ["folder:x:colour=red", 'There is no task setting "colour"'],
    ["folder:x:keeps=rotate", 'keeps is "rotate"'],
    ["folder:x:links=yes", 'links is "yes"'],
    ["folder:x:validation=0.6:test=0.6", "must be below 1"],
    ["folder:x:name=mnist", "a name of its own"],
    ["folder:a/x,folder:b/x", "mine/x"],
    ["mnist:size=3", 'There is no task setting "size"'],
    ["mnist:secret", "with :private after it"],
    ["mnist:readers=", "names of tasks, each once"],
    ["mnist:readers=kmnist+kmnist", "names of tasks, each once"],
  ])("%s is refused", (text, message) => {
    expect(() => parseTasks(text, [])).toThrow(message);
  });

  test("fit into run.json and back", () => {
    const tasks = parseTasks("folder:signs:private:size=48,mnist", []);
    const experiment = { ...preliminary(), tasks };
    expect(parseExperiment(JSON.parse(JSON.stringify(experiment)), "run.json").tasks).toEqual(tasks);
    const bad = { ...experiment, tasks: [{ ...tasks[0], images: { path: "" } }] };
    expect(() => parseExperiment(bad, "run.json")).toThrow("experiment.tasks[0].images.path");
  });
});

describe("augmentations", () => {
  test("of an experiment's own tasks and their stand-ins are the papers', of other characters those that keep labels", () => {
    const standard = characters().tasks;
    const keeps = (text: string) => parseTasks(text, standard).map((task) => task.keeps);
    expect(keeps("mnist,cmaterdb/bangla,kmnist/first7000,glyphs/bengali")).toEqual(Array(4).fill(undefined));
    expect(keeps("glyphs/lao,decathlon/gtsrb")).toEqual([KEEPS_LABELS, KEEPS_LABELS]);
    expect(keeps("decathlon/dtd")).toEqual([undefined]);
    expect(keeps("mnist:keeps=none,glyphs/lao:keeps=all")).toEqual([
      { flip: false, areaMin: 1, hue: false },
      KEEPS_ALL,
    ]);
    for (const { tasks } of [preliminary(), characters()])
      expect(tasks.some(({ keeps }) => keeps !== undefined)).toBe(false);
  });

  test("that change labels are left out, the others stay as the hyperparameters say", () => {
    const papers = { ...preprocessingOf(munet.defaults), hue: 0.1, brightness: 0.2 };
    expect(keepingLabels(papers, undefined)).toBe(papers);
    expect(keepingLabels(papers, KEEPS_ALL)).toEqual(papers);
    expect(keepingLabels(papers, KEEPS_LABELS)).toEqual({ ...papers, flip: false, areaMin: 0.5, hue: 0 });
    expect(keepingLabels({ ...papers, areaMin: 1, flip: false }, KEEPS_LABELS).areaMin).toBe(1);
  });
});

describe("a task that somebody made", () => {
  const sound = tinyTask("mine/x", "public");
  const withTrain = (change: object): Task => ({
    ...sound,
    splits: { ...sound.splits, train: { ...sound.splits.train, ...change } },
  });
  const { count, height, width, channels, pixels, labels } = sound.splits.train;
  const label = (value: number) => {
    const changed = Int32Array.from(labels);
    changed[2] = value;
    return withTrain({ labels: changed });
  };

  test("is sound where everything fits", () => {
    expect(taskProblem(sound)).toBeUndefined();
    expect(taskProblem({ ...sound, classNames: Array(sound.classes).fill("c") })).toBeUndefined();
  });

  test.each<[string, Task, string]>([
    ["a count that is too small", withTrain({ count: count - 1 }), "splits.train.pixels"],
    ["a count that is too large", withTrain({ count: count + 1 }), "splits.train.pixels"],
    ["a count that is not a number", withTrain({ count: Number.NaN }), "splits.train.count"],
    ["an empty split", withTrain({ count: 0 }), "splits.train.count"],
    ["sides that don't fit", withTrain({ height: height + 1 }), "splits.train.pixels"],
    ["half a pixel", withTrain({ width: width + 0.5 }), "splits.train.width"],
    ["four channels", withTrain({ channels: 4 }), "splits.train.channels"],
    [
      "other channels than elsewhere",
      withTrain({ channels: 4 - channels, width: (width * channels) / (4 - channels) }),
      "splits",
    ],
    ["floats", withTrain({ pixels: Float32Array.from(pixels) }), "splits.train.pixels"],
    ["labels in a list", withTrain({ labels: [...labels] }), "splits.train.labels"],
    ["bytes as labels", withTrain({ labels: Uint8Array.from(labels) }), "splits.train.labels"],
    ["too few labels", withTrain({ labels: labels.slice(1) }), "splits.train.labels"],
    ["a label too high", label(sound.classes), "splits.train.labels[2]"],
    ["a label below 0", label(-1), "splits.train.labels[2]"],
    ["no classes", { ...sound, classes: 0 }, "classes"],
    ["too few names", { ...sound, classNames: ["a"] }, "classNames"],
    ["another access", { ...sound, access: "secret" as "private" }, "access"],
    ["no fingerprint", { ...sound, fingerprint: "" }, "fingerprint"],
    ["no splits", { ...sound, splits: {} as Task["splits"] }, "splits.train"],
  ])("is not with %s", (_, task, path) => {
    expect(taskProblem(task)?.path.startsWith(path)).toBe(true);
  });
});

describe("the tasks of a segment", () => {
  test("are the run's own by name and new ones, in the order that is written", () => {
    expect(namedTasks("glyphs/thai:private, mine/signs,glyphs/lao", [], ["mine/signs"])).toEqual([
      expect.objectContaining({ name: "glyphs/thai", access: "private" }),
      "mine/signs",
      expect.objectContaining({ name: "glyphs/lao", access: "public" }),
    ]);
  });
});
