// The commands under figures: a shell must take every path as the one word that it is, and nothing else may happen.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { figureAgain, viewAgain } from "../../src/figures/scenes/again.js";
import { shellPath, shellWord } from "../../src/format/shell.js";

const HOSTILE = [
  "runs/my first run",
  "it's",
  "$(touch /tmp/mulab-was-here)",
  "`id`",
  "a;rm -rf ~",
  "~root/x",
  "=ls",
  "%1",
  "!!",
  "a\nrm x",
  "a\u001b[31m\u0007b",
  "a\u202eb",
  "\u0003",
  "\\'\u0001123",
  "*?[x]{a,b}",
  '"$HOME"',
  "",
  "ünï/語",
  "a\u2028b",
  "#x",
];

describe("a word for a shell", () => {
  test("that is plain stays as it is", () => {
    expect(shellWord("runs/first-2_b.json")).toBe("runs/first-2_b.json");
    expect(shellPath("-rf")).toBe("./-rf");
    expect(shellPath("--out x")).toBe("'./--out x'");
  });

  test.each(HOSTILE)("%j has nothing in it that a terminal obeys", (text) => {
    expect(shellWord(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test.each(HOSTILE)("%j is one word, and the same, for bash", (text) => {
    const { stdout } = spawnSync("bash", ["-c", `printf '%s\\0' ${shellWord(text)}`]);
    expect(stdout.toString()).toBe(`${text}\0`);
  });

  test.each(
    HOSTILE.filter((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)),
  )("%j is the same for sh", (text) => {
    const { stdout } = spawnSync("sh", ["-c", `printf '%s\\0' ${shellWord(text)}`]);
    expect(stdout.toString()).toBe(`${text}\0`);
    expect(existsSync("/tmp/mulab-was-here")).toBe(false);
  });
});

describe("a figure is made again", () => {
  test("by a command and by a magic, as far as there is one", () => {
    expect(viewAgain("lineage", ["runs/first"])).toEqual({
      shell: "mulab figure lineage runs/first",
      cell: "%figure lineage runs/first",
    });
    expect(viewAgain("dashboard", ["first"])).toEqual({
      shell: "mulab report first",
      cell: 'watch(await readRun("first"))',
    });
    expect(viewAgain("architecture", ["first"]).cell).toBe("%figure architecture ./first");
    expect(viewAgain("compare", ["a", "b c"])).toEqual({
      shell: "mulab compare a 'b c'",
      cell: 'watch.compare(await readRun("a"), await readRun("b c"))',
    });
    expect(viewAgain("pareto", ["a", "b"])).toEqual({
      shell: null,
      cell: 'watch.pareto([await readRun("a"), await readRun("b")])',
    });
    expect(viewAgain("pareto", [])).toEqual({ shell: null, cell: null });
  });

  test("by the API where a magic can't name its folder, with nothing unseen in it", () => {
    expect(viewAgain("lineage", ["my run"]).cell).toBe('watch.lineage(await readRun("my run"))');
    expect(viewAgain("lineage", ["a\u202e\u001b"]).cell).toBe(
      'watch.lineage(await readRun("a\\u202e\\u001b"))',
    );
    for (const text of HOSTILE) {
      const { shell, cell } = figureAgain("curves", text, "sweep", { variants: [text], repetition: 2 });
      expect(`${shell}${cell}`).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });

  test("with the options that it was made with", () => {
    expect(
      figureAgain("curves", "s.json.gz", "sweep", { variants: ["munet-s1", "full"], against: "full" }),
    ).toEqual({
      shell: "mulab figure curves s.json.gz --variants munet-s1,full --against full",
      cell: 'figure("curves", await readSweep("s.json.gz"), {"variants":["munet-s1","full"],"against":"full"})',
    });
    expect(figureAgain("pareto", "runs/a", "run")).toEqual({
      shell: "mulab figure pareto runs/a",
      cell: "%figure pareto runs/a",
    });
  });
});
