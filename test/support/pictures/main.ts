// Draws everything that mulab shows, still and live, in both themes, and puts it onto contact sheets.

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Drawing } from "../../../src/figures/drawing.js";
import { svgOf } from "../../../src/figures/export.js";
import { drawingOf, FIGURES } from "../../../src/figures/index.js";
import { pictureScene } from "../../../src/figures/scenes/pictures.js";
import type { RunSource, Source } from "../../../src/figures/source.js";
import { livePictures } from "./live.js";
import { picturedSample, RUN_PICTURES } from "./pictured.js";
import { contactSheets, png } from "./sheets.js";
import { runSources, sweepSources } from "./sources.js";

const THEMES = ["light", "dark"] as const;

const { values } = parseArgs({
  options: {
    run: { type: "string" },
    out: { type: "string", default: "pictures" },
    /** Only what has this in its name. */
    only: { type: "string", default: "" },
    /** Sources and kinds, with commas between them. */
    of: { type: "string" },
    kind: { type: "string", default: "charts,stills,live" },
  },
});
const { out } = values;
const kinds = values.kind.split(",");
const chosen = <T>(sources: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(sources).filter(([name]) => values.of?.split(",").includes(name) ?? true),
  );
const wanted = (name: string): boolean => name.includes(values.only);
const made: { file: string; name: string }[] = [];
const problems: string[] = [];

async function save(name: string, bytes: Uint8Array): Promise<void> {
  const file = join(out, `${name}.png`);
  await writeFile(file, bytes);
  made.push({ file, name });
}

/** Each figure of each source that has it. */
async function charts(sources: Readonly<Record<string, Source>>): Promise<void> {
  for (const [of, source] of Object.entries(sources))
    for (const { name, of: kind } of FIGURES) {
      const isSweep = "points" in source;
      if ((kind === "run" && isSweep) || (kind === "sweep" && !isSweep)) continue;
      const file = `chart-${name}-${of}`;
      if (!wanted(file)) continue;
      try {
        const drawing: Drawing = drawingOf(name, source);
        for (const theme of THEMES) await save(`${file}-${theme}`, await png(await svgOf(drawing, theme)));
      } catch (error) {
        problems.push(`${file}: ${error}`);
      }
    }
}

async function stills(runs: Readonly<Record<string, RunSource>>): Promise<void> {
  for (const [of, run] of Object.entries(runs))
    for (const name of RUN_PICTURES) {
      const file = `still-${name}-${of}`;
      if (!wanted(file)) continue;
      try {
        const scene = pictureScene(name, [picturedSample(run, of)]);
        if (!scene) continue;
        const drawing: Drawing = { kind: "scene", rows: [], scene };
        for (const theme of THEMES) await save(`${file}-${theme}`, await png(await svgOf(drawing, theme)));
      } catch (error) {
        problems.push(`${file}: ${error}`);
      }
    }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const runs = chosen(await runSources(values.run));
const started = Date.now();
if (kinds.includes("charts")) await charts({ ...runs, ...chosen(await sweepSources()) });
if (kinds.includes("stills")) await stills(runs);
if (kinds.includes("live")) await livePictures(runs, wanted, save);
const sheets = await contactSheets(made, out);
for (const problem of problems) console.error(problem);
console.log(`${made.length} pictures in ${out}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
for (const sheet of sheets) console.log(sheet);
