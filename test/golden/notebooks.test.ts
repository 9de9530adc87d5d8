// What the stored notebooks show of the stored sweep, and of the runs whose state is in them, is what the code makes of it
// today. With MULAB_REDRAW=1 it is put into them, so that a change of a look or of words needs no run of any notebook.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Displays } from "../../kernel/display.js";
import { figure } from "../../src/figures/index.js";
import type { SourceOptions } from "../../src/figures/source.js";
import { table } from "../../src/figures/tables/index.js";
import { renderChart } from "../../src/notebook/charts.js";
import { Still } from "../../src/notebook/still.js";
import { renderTable } from "../../src/notebook/tables.js";
import { readSweep } from "../../src/sweep/sweep.js";
import { type StoredNotebook, savedPicture, savedRun, WIDGET_MIME } from "../support/saved-runs.js";

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

const read = async (notebook: string): Promise<StoredNotebook> =>
  JSON.parse(await readFile(file(notebook), "utf8"));
const cellsOf = async (notebook: string) => (await read(notebook)).cells;

async function shownIn(notebook: string): Promise<Shown[]> {
  const cells = await cellsOf(notebook);
  return cells.flatMap(({ source, outputs }): Shown[] => {
    const call = CALL.exec(source.join("").split("\n").at(-1)!);
    if (!call) return [];
    const [, kind, name, variants, filter] = call;
    const options = variants === undefined ? {} : { variants: JSON.parse(variants) };
    const stored = joined(outputs?.at(-1)?.data ?? {});
    return [
      {
        notebook,
        source: source.join(""),
        kind: kind as Shown["kind"],
        name: name!,
        options,
        ...(filter !== undefined && { filter }),
        stored,
      },
    ];
  });
}

/** Texts as one, which Jupyter keeps as lists of lines. */
const joined = (data: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([mime, part]) => [mime, Array.isArray(part) ? part.join("") : part]),
  );

interface Place {
  readonly notebook: string;
  readonly source: string;
  /** Which output of the cell; the last where not given. */
  readonly output?: number;
}

/** Puts `data` into the notebook, as Jupyter writes files: texts as lists of lines. */
async function redraw(
  { notebook, source, output = -1 }: Place,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const content = await read(notebook);
  const cell = content.cells.find((each) => each.source.join("") === source)!;
  cell.outputs!.at(output)!.data = Object.fromEntries(
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
    await check(cell, stored, data);
  });
});

/** Stored is what `data` is, or becomes it. */
async function check(
  place: Place,
  stored: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (REDRAW) return redraw(place, data);
  expect(Object.keys(stored).sort()).toEqual(Object.keys(data).sort());
  for (const [mime, part] of Object.entries(data))
    if (!mime.startsWith("image/"))
      expect(stored[mime], mime).toEqual(typeof part === "string" ? part : JSON.parse(JSON.stringify(part)));
  // A chart's drawing has no more in it than its spec; a picture says in words what it shows.
  const words = (svg: unknown) => /<desc[^>]*>[^<]*<\/desc>/.exec(String(svg))?.[0];
  expect(words(stored["image/svg+xml"])).toBe(words(data["image/svg+xml"]));
}

interface OfRun extends Place {
  readonly what: string;
  readonly stored: Readonly<Record<string, unknown>>;
  readonly make: (content: StoredNotebook) => Promise<Readonly<Record<string, unknown>>>;
}

/** What the cells of `notebook` show of runs whose state is in it: views, tables of results, charts. */
async function runsIn(notebook: string): Promise<OfRun[]> {
  const content = await read(notebook);
  return content.cells.flatMap((cell) => {
    const source = cell.source.join("");
    const views = (cell.outputs ?? []).flatMap(({ data }, output): OfRun[] => {
      const { model_id: id } = (data?.[WIDGET_MIME] ?? {}) as { model_id?: string };
      if (id === undefined || !savedPicture(content, id)) return [];
      const make = async (now: StoredNotebook) => {
        const { name, runs } = savedPicture(now, id)!;
        const still = new Still(name, () => runs);
        await still.render();
        return { ...still.bundle(id), [WIDGET_MIME]: data![WIDGET_MIME] };
      };
      return [{ notebook, source, output, what: `view ${output}`, stored: joined(data!), make }];
    });
    const value = shownBy(content, source.split("\n").at(-1)!);
    if (!value) return views;
    const make = async () => (await displays.of(value())).data;
    return [
      ...views,
      { notebook, source, what: "value", stored: joined(cell.outputs?.at(-1)?.data ?? {}), make },
    ];
  });
}

/** The value of a cell that ends with `line`, where that is of a run whose state is in the notebook. */
function shownBy(content: StoredNotebook, line: string): (() => object) | undefined {
  const [, variable, chart] = /^(\w+)\.(?:accuracy\(\)|charts\.(\w+)\(\))$/.exec(line) ?? [];
  const run = savedRun(content, variable ?? "");
  if (!run) return undefined;
  return chart === undefined ? () => table("results", run) : () => figure(chart, run);
}

const ofRuns = (await Promise.all(notebooks.map(runsIn))).flat();

describe("the stored notebooks, of the runs whose state is in them", () => {
  it("show views and results", () => {
    expect(ofRuns.filter(({ what }) => what === "value").length).toBeGreaterThanOrEqual(4);
    expect(new Set(ofRuns.map(({ notebook }) => notebook)).size).toBe(notebooks.length);
  });

  it.each(ofRuns)("$notebook: $what of $source", async (each) => {
    await check(each, each.stored, await each.make(await read(each.notebook)));
  });
});
