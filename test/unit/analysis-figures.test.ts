import { describe, expect, test } from "vitest";
import { variantName } from "../../src/core/variant.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { csvOf, csvOfTable, fileOf, formatOf } from "../../src/figures/export.js";
import { drawingOf, FIGURES, figure } from "../../src/figures/index.js";
import { TABLES, table, tableView } from "../../src/figures/tables/index.js";
import { markdownTable, plainTable } from "../../src/format/table-text.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const sweep = { points: madeUpSweep({ repetitions: 2, scaleFactors: [0.3, 1] }) };
const run = { state: fixedState(), events: fixedEvents(), experiment: preliminary() };

describe("figures by name", () => {
  test("have one name each, and say what they are made of", () => {
    const names = FIGURES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(() => drawingOf("quality", sweep)).toThrow(/no figure "quality"; did you mean/);
    expect(() => drawingOf("learning", sweep)).toThrow(/"learning" needs a run's folder/);
  });

  test("take the variants that are asked for and no others", () => {
    const rows = drawingOf("quality-size", sweep, { variants: ["munet-s1", "full"] }).rows;
    expect(rows).toHaveLength(2);
    expect(() => drawingOf("tasks", sweep, { variants: ["munet-s2"] })).toThrow(/no variant "munet-s2" here/);
    expect(() => drawingOf("differences", sweep, { against: "none" })).toThrow(/no variant "none" here/);
    expect(() => drawingOf("architecture", sweep, { repetition: 7 })).toThrow(/no repetition "7"/);
    expect(drawingOf("architecture", sweep, { repetition: 1 }).rows.length).toBeGreaterThan(10);
  });

  test.each(["architecture", "flow"])("%s shows itself as SVG, PNG and a title", async (name) => {
    const picture = figure(name, run) as unknown as { [show: symbol]: () => Promise<Record<string, string>> };
    const shown = await picture[Symbol.for("Jupyter.display")]!();
    expect(Object.keys(shown).sort()).toEqual(["image/png", "image/svg+xml", "text/plain"]);
    expect(shown["text/plain"]).toMatch(/^Figure: [^<]+$/);
    expect(shown["image/svg+xml"]).toMatch(/^<svg /);
    const png = Buffer.from(shown["image/png"]!, "base64");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
  });

  test("of differences draw the variants that have a pair, and say so where none has", () => {
    // The reference's first repetition broke, and the others had no second yet.
    const some = (more: string[] = []) => ({
      points: sweep.points.filter(({ variant, repetition }) => {
        const name = variantName(variant);
        return name === "munet-s1" ? repetition === 1 : repetition === 0 || more.includes(name);
      }),
    });
    const spec = figure("differences", some(["full"])) as { data: { values: { method: string }[] } };
    expect(spec.data.values.map(({ method }) => method)).toEqual(["Full fine-tuning"]);
    expect(JSON.stringify(spec)).not.toContain("NaN");
    const words = JSON.stringify(figure("differences", some()));
    expect(words).toContain("No other variant has a repetition in common");
  });

  test("in a notebook are a spec, or a picture that shows itself", () => {
    expect(figure("quality-size", sweep)).toHaveProperty("$schema");
    const picture = figure("architecture", run, { theme: "dark" });
    expect(picture).toHaveProperty("svg");
    expect((picture as { svg: string }).svg).toContain("<svg");
  });
});

describe("a figure as a file", () => {
  const drawing = drawingOf("quality-size", sweep);
  const scene = drawingOf("flow", sweep);

  test("has the format that its name ends in", () => {
    expect(formatOf("a/b.c.PNG")).toBe("png");
    expect(() => formatOf("figure.pdf")).toThrow(/ends in .svg, .png, .csv, .json, .html/);
  });

  test.each([drawing, scene])("is drawn in every format", async (one) => {
    const svg = (await fileOf(one, "svg", "light", "t")) as string;
    expect(svg).toMatch(/^<svg/);
    const png = (await fileOf(one, "png", "dark", "t")) as Uint8Array;
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    const csv = (await fileOf(one, "csv", "light", "t")) as string;
    expect(csv.trim().split("\n")).toHaveLength(one.rows.length + 1);
    expect(JSON.parse((await fileOf(one, "json", "light", "t")) as string)).toBeTypeOf("object");
    const html = (await fileOf(one, "html", "light", "<t>")) as string;
    expect(html).toContain("<title>&lt;t&gt;</title>");
    expect(html.match(/<svg/g)).toHaveLength(2);
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
  });

  test("can be drawn of tasks whose names have line ends and control characters", async () => {
    const tasks = ["one\u2028line", "two\u0001", "three\u2029\u0000"];
    const points = madeUpSweep({ repetitions: 2, scaleFactors: [0.3, 1], tasks });
    for (const name of ["tasks", "exchange", "curves"]) {
      const png = (await fileOf(drawingOf(name, { points }), "png", "light", name)) as Uint8Array;
      expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    }
  });

  test("has the ground of its theme", async () => {
    expect(await fileOf(drawing, "svg", "dark", "t")).toContain("#14171c");
    expect(await fileOf(drawing, "svg", "light", "t")).toContain("#ffffff");
  });
});

describe("tables by name", () => {
  test.each(TABLES)("$name has as many cells as heads, as text and as Markdown", ({ name, of }) => {
    const view = tableView(name, of === "run" ? run : sweep);
    expect(view.rows.length).toBeGreaterThan(0);
    for (const row of view.cells) expect(row).toHaveLength(view.head.length);
    expect(plainTable(view).split("\n").length).toBeGreaterThan(view.cells.length);
    expect(markdownTable(view).split("\n")[1]).toMatch(/^\|( ---:? \|)+$/);
    expect(view.cells.flat().join(" ")).not.toMatch(/NaN|undefined|Infinity/);
  });

  test.each(TABLES.filter(({ of }) => of === "both" || of === "sweep"))("$name of nothing says so", ({
    name,
  }) => {
    const text = plainTable(tableView(name, { points: [] }));
    if (name !== "claims") expect(text).toMatch(/^\(no rows\)/);
  });

  test.each(TABLES.filter(({ of }) => of === "both"))("$name is made of a run too", ({ name }) => {
    expect(() => tableView(name, run)).not.toThrow();
  });

  test("long texts stand as footnotes once, and in full in Markdown", () => {
    const text = plainTable(tableView("published", sweep));
    const cores = /other cores: the paper's are TPU cores/g;
    expect(text.match(cores)).toHaveLength(1);
    expect(markdownTable(tableView("published", sweep)).match(cores)).toHaveLength(6);
  });

  test("of differences take the variants that are asked for, from a reference that need not be one of them", () => {
    const asked = { variants: ["full", "top-1"] };
    for (const name of ["differences", "task-differences"]) {
      const labels = ["Full fine-tuning", "Fine-tune above block 1"];
      const rows = tableView(name, sweep, asked).rows;
      expect(rows).toEqual(
        tableView(name, sweep).rows.filter(({ method }) => labels.includes(String(method))),
      );
      expect(new Set(rows.map(({ method }) => method)).size).toBe(2);
      expect(rows.length).toBeGreaterThan(0);
    }
    expect(drawingOf("differences", sweep, asked).rows).toHaveLength(2);
    expect(() => tableView("differences", sweep, { variants: ["top-9"] })).toThrow(/no variant "top-9" here/);
  });

  test("have formerly had other names", () => {
    expect(tableView("luck", sweep)).toEqual(tableView("selection-bias", sweep)); // its former name
    expect(drawingOf("luck", sweep).rows).toEqual(drawingOf("selection-bias", sweep).rows);
    expect(() => table("selection-bia", sweep)).toThrow(/did you mean "selection-bias"/);
  });

  test("have the columns of all rows, whichever row comes first", () => {
    // Without what the first claims need, their differences are null.
    const part = { points: sweep.points.filter(({ variant }) => variant.method !== "full") };
    expect(table("claims", part).get("difference", 0)).toBeNull();
    const [head, first] = csvOfTable(tableView("claims", part)).split("\n");
    expect(head!.split(",")).toEqual(tableView("claims", part).head);
    expect(first).toContain(",undecided,");
  });

  test("and figures name variants alike, as --variants takes them", async () => {
    for (const name of ["tasks", "selection-bias", "differences"]) {
      const csv = (await fileOf(drawingOf(name, sweep), "csv", "light", name)) as string;
      expect(csv.split("\n")[0]).toMatch(/^method,variant,/);
      expect(csv).toMatch(/^Full fine-tuning,full,/m);
    }
  });

  test("keep a name that looks like a formula from being one", () => {
    const hostile = [{ task: '=HYPERLINK("http://evil","x")', mean: -0.5 }, { task: "@a,b\n" }];
    expect(csvOf(hostile)).toBe(`task,mean\n"'=HYPERLINK(""http://evil"",""x"")",-0.5\n"'@a,b\n",\n`);
  });
});
