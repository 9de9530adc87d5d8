// What the stored notebooks show of the stored sweep is what the code makes of it today. With MULAB_REDRAW=1 it is put into
// them, so that a change of a chart's look needs no run of any notebook.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Displays } from "../../kernel/display.js";
import { figure } from "../../src/figures/index.js";
import type { SourceOptions } from "../../src/figures/source.js";
import { table } from "../../src/figures/tables/index.js";
import { renderChart } from "../../src/notebook/charts.js";
import { renderTable } from "../../src/notebook/tables.js";
import { readSweep } from "../../src/sweep/sweep.js";

const file = (name: string) => fileURLToPath(new URL(`../../notebooks/${name}`, import.meta.url));

interface Shown {
  readonly notebook: string;
  readonly source: string;
  readonly kind: "figure" | "table";
  readonly name: string;
  readonly options: SourceOptions;
  readonly filter?: string;
  readonly stored: Readonly<Record<string, unknown>>;
}

/** `table("selection-bias", sweep).filter("d => …")`, `figure("shared", sweep, { variants: ["munet-s0.3"] })` at the end of a cell. */
const CALL =
  /^(figure|table)\("([a-z-]+)", sweep(?:, \{ variants: (\[.*\]) \})?\)(?:\.filter\("([^"]+)"\))?$/;

const REDRAW = process.env.MULAB_REDRAW === "1";

const cellsOf = async (notebook: string) => JSON.parse(await readFile(file(notebook), "utf8")).cells;

async function shownIn(notebook: string): Promise<Shown[]> {
  const cells = await cellsOf(notebook);
  return cells.flatMap(({ source, outputs }: { source: string[]; outputs?: { data: object }[] }) => {
    const call = CALL.exec(source.join("").split("\n").at(-1)!);
    if (!call) return [];
    const [, kind, name, variants, filter] = call;
    const options = variants === undefined ? {} : { variants: JSON.parse(variants) };
    const data = Object.entries(outputs?.at(-1)?.data ?? {});
    const stored = Object.fromEntries(
      data.map(([mime, part]) => [mime, Array.isArray(part) ? part.join("") : part]),
    );
    return [{ notebook, source: source.join(""), kind, name, options, filter, stored }];
  });
}

/** Puts `data` into the notebook, as Jupyter writes files: texts as lists of lines. */
async function redraw({ notebook, source }: Shown, data: Readonly<Record<string, unknown>>): Promise<void> {
  const content = JSON.parse(await readFile(file(notebook), "utf8"));
  const cell = content.cells.find((each: { source: string[] }) => each.source.join("") === source);
  cell.outputs.at(-1).data = Object.fromEntries(
    Object.keys(data)
      .sort()
      .map((mime) => {
        const part = data[mime];
        return [mime, typeof part === "string" && mime !== "image/png" ? part.split(/(?<=\n)/) : part];
      }),
  );
  await writeFile(file(notebook), `${JSON.stringify(content, null, 1)}\n`);
}

const notebooks = (await readdir(file(""))).filter((name) => name.endsWith(".ipynb"));
const shown = (await Promise.all(notebooks.map(shownIn))).flat();
const sweep = await readSweep(file("sweeps/characters-laptop.json.gz"));
const displays = new Displays();
displays.addRenderer(renderChart);
displays.addRenderer(renderTable);

describe("the stored notebooks", () => {
  it("show something of the stored sweep", () => {
    expect(new Set(shown.map(({ notebook }) => notebook)).size).toBeGreaterThanOrEqual(4);
  });

  it.each(
    notebooks,
  )("%s was executed at the budget that its text is about, not at CI's", async (notebook) => {
    for (const { source, outputs = [] } of await cellsOf(notebook)) {
      if (source[0]?.startsWith("%%")) continue; // says its budget itself
      for (const { data = {} } of outputs)
        expect([data["image/svg+xml"]].flat().join("").includes("smoke budget")).toBe(false);
    }
  });

  it.each(shown)("$notebook: $kind $name is as it would be made today", async (cell) => {
    const { kind, name, options, filter, stored } = cell;
    const rows = () => table(name, sweep, options);
    const value = kind === "figure" ? figure(name, sweep, options) : filter ? rows().filter(filter) : rows();
    const { data } = await displays.of(value);
    if (REDRAW) return redraw(cell, data);
    expect(Object.keys(stored).sort()).toEqual(Object.keys(data).sort());
    for (const [mime, part] of Object.entries(data))
      if (!mime.startsWith("image/"))
        expect(stored[mime], mime).toEqual(
          typeof part === "string" ? part : JSON.parse(JSON.stringify(part)),
        );
    // A chart's drawing has no more in it than its spec; a picture says in words what it shows.
    const words = (svg: unknown) => /<desc[^>]*>[^<]*<\/desc>/.exec(String(svg))?.[0];
    expect(words(stored["image/svg+xml"])).toBe(words(data["image/svg+xml"]));
  });
});
