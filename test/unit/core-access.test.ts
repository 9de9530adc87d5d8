// Access lists: who may build on what, also through third tasks.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { accessCells } from "../../src/analysis/access.js";
import { accessText, admits, isAccess, keepsReaders, sameAccess } from "../../src/core/access.js";
import type { Access } from "../../src/core/model.js";
import { modelOf } from "../../src/core/state.js";
import { parseTask } from "../../src/data/task-list.js";
import { extend } from "../../src/run/extend.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();

describe("an access", () => {
  it.each<[Access, string, boolean, string]>([
    ["public", "b", true, "public"],
    ["private", "b", false, "private"],
    [["a", "b"], "b", true, "for a, b"],
    [["a"], "b", false, "for a"],
  ])("%j admits %s: %s", (access, task, expected, text) => {
    expect(admits(access, task)).toBe(expected);
    expect(accessText(access)).toBe(text);
    expect(isAccess(access)).toBe(true);
  });

  it.each<[Access, Access, boolean]>([
    ["private", ["a"], true],
    ["private", "public", true],
    [["a"], ["b", "a"], true],
    [["a", "b"], ["a"], false],
    [["a"], "private", false],
    ["public", ["a"], false],
    ["public", "private", false],
  ])("%j may become %j: %s", (before, after, expected) => {
    expect(keepsReaders(before, after)).toBe(expected);
  });

  it("is the same in any order, and nothing else is one", () => {
    expect(sameAccess(["a", "b"], ["b", "a"])).toBe(true);
    expect(sameAccess(["a"], "private")).toBe(false);
    for (const value of [[], ["a", "a"], [""], [1], "secret", null, undefined])
      expect(isAccess(value)).toBe(false);
  });

  it("is written as readers=one+two", () => {
    expect(parseTask("mnist:readers=kmnist+cmaterdb/bangla").access).toEqual(["kmnist", "cmaterdb/bangla"]);
    expect(parseTask("folder:signs:readers=mnist:size=48").access).toEqual(["mnist"]);
  });
});

describe("a task for one reader", () => {
  const access = { one: ["two"], two: "public", three: "public" } as const;
  const names = ["one", "two", "three"] as const;
  // Everybody starts from whatever it may, and something is always kept.
  const experiment = tinyExperiment({
    tasks: names.map((name) => ({ name, access: access[name] })),
    iterations: 3,
    seed: 2,
  });
  const tasks = names.map((name) => tinyTask(name, access[name]));

  it("is built on by that one and by nobody else, not through the reader either; verify agrees", async () => {
    const dir = join(newFolder(), "run");
    await (await open(dir, experiment, { tasks, trainer: fakeTrainer })).done();
    const segment = { tasks: ["three", tinyTask("late")], iterations: 2, settings: { seed: 3 } };
    await (await extend(dir, segment, { tasks, trainer: fakeTrainer })).done();
    const { state } = await readRun(dir);
    const ancestors = (id: number): string[] => {
      const { parent, task } = modelOf(state, id);
      return [...(task === null ? [] : [task]), ...(parent === null ? [] : ancestors(parent))];
    };
    const built = new Set(
      [...state.models].flatMap(({ id, task }) => (ancestors(id).includes("one") ? [task!] : [])),
    );
    expect(built).toEqual(new Set(["one", "two"]));
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
    const cell = (task: string, source: string) =>
      accessCells(state).find((each) => each.task === task && each.source === source)!;
    expect(cell("two", "one").may).toBe(true);
    expect(cell("three", "one")).toMatchObject({ may: false, share: 0 });
    expect(cell("late", "two").may).toBe(true);
  });
});
