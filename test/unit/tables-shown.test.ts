// One table in everything that shows it: the same columns under the same names, numbers as people read them, and the values
// themselves in full precision for programs.

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { preliminary } from "../../src/experiments/preliminary.js";
import { csvOfTable } from "../../src/figures/export.js";
import { TABLES, table, tableView } from "../../src/figures/tables/index.js";
import { reportTable } from "../../src/format/table-html.js";
import { markdownTable, plainTable } from "../../src/format/table-text.js";
import { renderTable } from "../../src/notebook/tables.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const sweep = { points: madeUpSweep({ repetitions: 2, scaleFactors: [0.3, 1] }) };
const run = { state: fixedState(), events: fixedEvents(), experiment: preliminary() };
const sourceOf = (of: string) => (of === "run" ? run : sweep);

const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&#39;", "'");
const headsIn = (html: string) =>
  [...html.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/g)].map(([, text]) => textOf(text!));
const html = (value: object) => String(renderTable(value)!["text/html"]);

/** A number that nobody should have to read: five digits after the point. */
const RAW = /\d\.\d{4,}/;

describe.each(TABLES)("the table $name", ({ name, of }) => {
  const source = sourceOf(of);
  const view = tableView(name, source);

  test("has the same columns as HTML, text, Markdown, CSV, JSON and arquero", () => {
    const { head } = view;
    expect(new Set(head).size).toBe(head.length);
    expect(headsIn(html(table(name, source)))).toEqual(head);
    expect(headsIn(reportTable(view, "x").text)).toEqual(head);
    const first = plainTable(view).split("\n")[0]!.replace(" ↓", "");
    expect(first.split(/\s{2,}/).filter(Boolean)).toHaveLength(head.length);
    expect(markdownTable(view).split("\n")[0]).toBe(`| ${head.join(" | ")} |`);
    expect(csvOfTable(view).split("\n")[0]).toBe(head.join(","));
    for (const row of view.rows) expect(Object.keys(row)).toEqual(head);
    expect(table(name, source).columnNames()).toEqual(head);
  });

  test("shows no raw number, and keeps the values", () => {
    expect(view.cells.flat().filter((cell) => RAW.test(cell))).toEqual([]);
    const numbers = view.rows
      .flatMap((row) => Object.values(row))
      .filter((value) => typeof value === "number");
    expect(numbers.length).toBeGreaterThan(0);
    const shown = table(name, source);
    expect(shown.objects()).toEqual(view.rows);
  });

  test("says what every number is in, here and in docs/tables.md", async () => {
    for (const [i, { isNumber, unit }] of view.quantities.entries()) {
      expect(unit !== "", view.head[i]).toBe(isNumber);
      if (isNumber) expect(html(table(name, source))).toContain(`title="in CSV and JSON: ${unit}"`);
    }
    const documented = await readFile(new URL("../../docs/tables.md", import.meta.url), "utf8");
    const section = documented.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? "";
    const tasks = new Set(run.state.tasks.map((task) => task.name));
    for (const [i, head] of view.head.entries()) {
      const { unit } = view.quantities[i]!;
      const known = tasks.has(head.replace(/^from /, ""))
        ? "from TASK"
        : head.replace(/^after \d+$/, "after N");
      const listed = name === "tasks" && i > 1 && head !== "mean" ? "TASK" : known;
      expect(section, `${name}: ${listed}`).toContain(`| ${listed} | ${unit || "words"} |`);
    }
  });
});

describe("a table in a notebook", () => {
  test("is read as the report reads it", () => {
    const view = tableView("results", run);
    const cells = Object.fromEntries(view.head.map((head, i) => [head, view.cells[0]![i]]));
    expect(cells).toMatchObject({ validation: "75.0\u202f%", test: "70.0\u202f%" });
    expect(view.rows[0]).toMatchObject({ validation: 0.75, test: 0.7 });
    const methods = tableView("methods", sweep);
    const [first] = methods.cells;
    expect(first![methods.head.indexOf("parameters")]).toMatch(/^\d\.\d\d\u202fM$/);
    expect(first![methods.head.indexOf("FLOPs")]).toMatch(/^\d[\d.]*\u202f[kMGTPE]$/);
  });

  test("stays so when it is filtered, sorted, cut, and when columns are chosen, renamed or derived", () => {
    const all = table("published", sweep);
    const kept = all.filter("d => d.method === 'muNet'").orderby("task").slice(0, 5);
    const view = tableView("published", sweep);
    const own = view.cells.filter((row) => row[1] === "muNet");
    expect(headsIn(html(kept))).toEqual(view.head);
    expect(html(kept)).not.toMatch(RAW);
    expect(html(kept)).toContain(`>${own[0]![4]}<`); // as the paper printed it
    const few = table("methods", sweep)
      .filter("d => d.source === 'ours'")
      .select("method", "test")
      .derive({ half: "d => d.test / 2" });
    expect(headsIn(html(few))).toEqual(["method", "test", "half"]);
    expect(html(few)).toMatch(/>\d\d\.\d\d\u202f%</);
    expect(html(few)).not.toMatch(/\d\.\d{5,}/);
    expect(html(table("results", run).rename({ test: "x" }))).toContain(">x</th>");
    expect(html(all.slice(0, 0))).toContain("0 rows × 14 columns");
  });

  test("scrolls in place with its first column in sight, on the ground of the page", () => {
    const shown = html(table("tasks", sweep));
    expect(shown).toMatch(/^<div style="overflow-x:auto/);
    expect(shown).toMatch(
      /<th scope="row" style="[^"]*position:sticky;left:0;[^"]*background:var\(--jp-layout-color0,/,
    );
    expect(shown.match(/<th scope="row"/g)).toHaveLength(shown.match(/<tr>/g)!.length - 1);
  });

  test("shows long texts once, as footnotes, and at most 200 rows", () => {
    const cores = /other cores: the paper(&#39;|')s are TPU cores/g;
    expect(html(table("published", sweep)).match(cores)).toHaveLength(1);
    const points = madeUpSweep({ repetitions: 1, tasks: Array.from({ length: 60 }, (_, i) => `t${i}`) });
    const many = html(table("task-details", { points }));
    expect(many).toMatch(/The first 200 of 1.?260 rows/u);
    expect(many.match(/<tr>/g)).toHaveLength(201);
  });

  test("of another origin is left to the kernel", async () => {
    const { from } = await import("arquero");
    expect(renderTable(from([{ a: 1 }]))).toBeUndefined();
    expect(renderTable({})).toBeUndefined();
  });

  test("escapes names, and two columns never have one name", () => {
    const tasks = ["method", "<b>&", "source"];
    const view = tableView("tasks", { points: madeUpSweep({ repetitions: 1, tasks }) });
    expect(view.head).toEqual(["method", "source", "method 2", "<b>&", "source 2", "mean"]);
    expect(html(table("tasks", { points: madeUpSweep({ repetitions: 1, tasks }) }))).toContain(
      "&lt;b&gt;&amp;",
    );
  });
});

describe("the papers' layout", () => {
  const view = tableView("tasks", sweep);
  const lines = (method: string) => view.cells.filter(([own]) => own === method);

  test("has a method's numbers, their ±, what is published and a verdict below each other, task by task", () => {
    expect(lines("muNet").map(([, source]) => source)).toEqual(["ours", "± std", "muNet Table 6", "verdict"]);
    const bangla = view.head.indexOf("cmaterdb/bangla");
    const [ours, std, paper, verdict] = lines("muNet").map((row) => row[bangla]);
    expect(ours).toMatch(/^\d\d\.\d\u202f%$/);
    expect(std).toMatch(/^± \d\.\d$/);
    expect(paper).toBe("93.9\u202f%"); // Table 6
    expect(verdict).toBe("n/c"); // laptop budget
    const row = view.rows.find(({ method, source }) => method === "muNet" && source === "verdict")!;
    expect(row["cmaterdb/bangla"]).toBe("not comparable");
    expect(view.note).toContain('"n/c" not comparable');
  });

  test("has our lines alone where no paper has the method", () => {
    expect(lines("muNet without adapters").map(([, source]) => source)).toEqual(["ours", "± std"]);
  });

  test("has one row per task where there are many tasks", () => {
    const tasks = Array.from({ length: 69 }, (_, i) => `task-${i}`);
    const many = tableView("tasks", { points: madeUpSweep({ repetitions: 2, scaleFactors: [1], tasks }) });
    expect(many.head.slice(0, 3)).toEqual(["task", "source", "muNet"]);
    expect(many.rows.filter(({ source }) => source === "ours")).toHaveLength(70); // the mean as well
    expect(many.head.length).toBeLessThan(20);
  });

  test("of the methods has the paper's accuracy, ±, size and hours below ours", () => {
    const methods = tableView("methods", sweep);
    const paper = methods.rows.find(({ method, source }) => method === "muNet" && source === "muNet Table 1");
    expect(paper).toMatchObject({
      "test max": 0.9298,
      test: 0.9141,
      "± test": 0.0106,
      runs: 5,
      "core-hours": 5.02,
    });
    expect(paper!.parameters).toBeCloseTo(1.2e6, 3);
  });
});
