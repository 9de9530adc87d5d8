import fc from "fast-check";
import { expect, test } from "vitest";
import { summaryOf } from "../../src/analysis/summary.js";
import { resultTable, textTable } from "../../src/terminal/terminal.js";
import { fixedState } from "../support/fixed-state.js";
import { sampleExperiment } from "../support/sample-run.js";

const measures = { wallSeconds: 1, trainSeconds: 1, digest: "" };
const longest = (text: string) => Math.max(...text.split("\n").map((line) => [...line].length));

test("numbers are set right, text left", () => {
  expect(
    textTable(
      ["name", "n"],
      [
        ["a", "1"],
        ["long name", "1 000"],
      ],
    ),
  ).toBe(["name           n", "─────────  ─────", "a              1", "long name  1 000"].join("\n"));
  // A Chinese character is two columns wide, a combining mark none.
  expect(
    textTable(
      ["name", "n"],
      [
        ["漢字", "1"],
        ["e\u0301", "22"],
      ],
    ),
  ).toBe(["name   n", "────  ──", "漢字   1", "e\u0301     22"].join("\n"));
  expect(textTable(["nothing", "yet"], [])).toBe("nothing  yet\n───────  ───");
});

test("a table fits the terminal: long texts take several lines, columns without room go below, after the first", () => {
  const head = ["task", "runs", "test of the best", "what it shows"];
  const rows = [
    ["cmaterdb/bangla", "3", "58.3 %", "every published number beside ours, with a verdict"],
    ["telugu", "12", "7.0 %", "short"],
  ];
  expect(textTable(head, rows, undefined, 60)).toBe(
    [
      "task            runs    test of the what it shows",
      "                               best",
      "─────────────── ──── ────────────── ────────────────────────",
      "cmaterdb/bangla    3         58.3 % every published number",
      "                                    beside ours, with a",
      "                                    verdict",
      "telugu            12          7.0 % short",
    ].join("\n"),
  );
  const narrow = textTable(head, rows, undefined, 32);
  expect(longest(narrow)).toBeLessThanOrEqual(32);
  expect(narrow.match(/^task\b/gm)).toHaveLength(2);
});

test("no line of a table is longer than the terminal, unless one of its words is", () => {
  const word = fc.stringMatching(/^[a-z0-9%.]{1,12}$/);
  const cell = fc.array(word, { minLength: 1, maxLength: 9 }).map((words) => words.join(" "));
  const table = fc
    .integer({ min: 1, max: 9 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 5 }),
    );
  fc.assert(
    fc.property(table, fc.integer({ min: 51, max: 140 }), ([head, ...rows], width) => {
      const text = textTable(head!, rows, undefined, width);
      expect(longest(text)).toBeLessThanOrEqual(width);
      const words = [head!, ...rows].flat().join(" ").split(" ");
      for (const each of words) expect(text).toContain(each);
      expect(textTable(head!, rows, undefined, 10_000)).toBe(textTable(head!, rows));
    }),
  );
});

test("the result of a run, parameters in millions", () => {
  const names = ["cmaterdb/bangla", "cmaterdb/devanagari", "cmaterdb/telugu"] as const;
  const table = resultTable(summaryOf(fixedState(names), sampleExperiment(), measures));
  expect(table).toMatchInlineSnapshot(`
    "task                 access   validation    test  blocks  own  shared  accounted
    ───────────────────  ───────  ──────────  ──────  ──────  ───  ──────  ─────────
    cmaterdb/bangla      public       75.0 %  70.0 %       1   34     330        216
    cmaterdb/devanagari  public       85.0 %  80.0 %       1   34     330        166
    cmaterdb/telugu      private      90.0 %  87.5 %       2  264     300        381

    Share of gradient steps in each model, mean over its layers
    trained on →          bangla  devanagari  telugu
    ───────────────────  ───────  ──────────  ──────
    cmaterdb/bangla      100.0 %           –       –
    cmaterdb/devanagari   53.3 %      46.7 %       –
    cmaterdb/telugu       24.8 %      16.7 %  58.6 %"
  `);
});

test("classes of one's own are named, by label, on a line that fits, and obey nobody", () => {
  const state = fixedState(["mine/signs", "mine/letters", "cmaterdb/telugu"]);
  const classNames = [
    ["stop", "yield\n\u001b[31m", "turn"],
    Array.from({ length: 519 }, (_, i) => `letter ${i}`),
  ];
  const tasks = state.tasks.map((task, i) => ({
    ...task,
    ...(classNames[i] && { classNames: classNames[i] }),
  }));
  const summary = summaryOf({ ...state, tasks }, sampleExperiment(), measures);
  expect(summary.tasks.map(({ classNames }) => classNames?.length)).toEqual([3, 519, undefined]);
  const lines = resultTable(summary).split("\n");
  expect(lines.slice(-2)).toEqual([
    "Classes of mine/signs: stop, yield [31m, turn",
    "Classes of mine/letters: letter 0, letter 1, letter 2, letter 3, … (519 in all)",
  ]);
  expect(longest(lines.join("\n"))).toBeLessThanOrEqual(100);
});

test("it is readable at 100 columns, whatever the tasks are called and however many they are", () => {
  for (const count of [1, 3, 6, 7, 69]) {
    const tasks = Array.from({ length: count }, (_, i) => ({
      task: `a family of tasks/with a really long name of its own/${i}`,
      access: "private" as const,
      validationAccuracy: 1,
      testAccuracy: 0.123456,
      blocks: 24,
      ownParams: 303_303_682,
      sharedParams: 303_303_682,
      accountedParams: 303_303_682.5,
      transfer: Object.fromEntries(
        Array.from({ length: count }, (_, s) => [
          `a family of tasks/with a really long name of its own/${s}`,
          1 / count,
        ]),
      ),
    }));
    expect(longest(resultTable({ tasks }))).toBeLessThanOrEqual(100);
  }
});

test("a name can't move the cursor, change colours or break a line", () => {
  const state = fixedState(["\u001b[31mred", "two\nlines", "right\u202eto left"]);
  const table = resultTable(summaryOf(state, sampleExperiment(), measures));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
  expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(table.split("\n")).toHaveLength(12);
});
