// Makes again what the notebooks show of the stored sweep, after the look or the words of a figure or a table have changed:
// `node scripts/redraw-notebooks.mjs`. Cells that train something are left alone; run those notebooks again instead.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Displays } from "../dist/kernel/display.js";
import { figure } from "../dist/src/figures/index.js";
import { table } from "../dist/src/figures/tables/index.js";
import { renderChart } from "../dist/src/notebook/charts.js";
import { readSweep } from "../dist/src/sweep/sweep.js";

/** `table("methods", sweep).filter("d => …")` and the like at the end of a cell; test/golden/notebooks reads them alike. */
const CALL =
  /^(figure|table)\("([a-z-]+)", sweep(?:, \{ variants: (\[.*\]) \})?\)(?:\.filter\("([^"]+)"\))?$/;

const folder = fileURLToPath(new URL("../notebooks", import.meta.url));
const sweep = await readSweep(join(folder, "sweeps", "characters-laptop.json.gz"));
const displays = new Displays();
displays.addRenderer(renderChart);

/** A part of a display as nbformat stores it: text by its lines. */
const stored = (mime, part) =>
  typeof part === "string" && mime !== "image/png" ? part.split(/(?<=\n)/) : part;

for (const name of readdirSync(folder).filter((file) => file.endsWith(".ipynb"))) {
  const text = readFileSync(join(folder, name), "utf8");
  const notebook = JSON.parse(text);
  for (const cell of notebook.cells) {
    const call = CALL.exec(cell.source.join("").split("\n").at(-1));
    const output = cell.outputs?.at(-1);
    if (!call || !output?.data) continue;
    const [, kind, what, variants, filter] = call;
    const options = variants === undefined ? {} : { variants: JSON.parse(variants) };
    const rows = () => table(what, sweep, options);
    const value = kind === "figure" ? figure(what, sweep, options) : filter ? rows().filter(filter) : rows();
    const { data } = await displays.of(value);
    output.data = Object.fromEntries(
      Object.keys(data)
        .sort() // as nbformat does
        .map((mime) => [mime, stored(mime, data[mime])]),
    );
  }
  const indent = /^ +/m.exec(text)?.[0].length ?? 1;
  writeFileSync(join(folder, name), `${JSON.stringify(notebook, null, indent)}\n`);
}
