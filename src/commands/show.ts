// `mulab show`: the results of a run or a sweep so far, or the story of one model.

import { storyOf, storyText } from "../analysis/story.js";
import { childCount } from "../core/experiment.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { readRun } from "../run/record.js";
import { isSweep } from "../sweep/read.js";
import { readSweep } from "../sweep/sweep.js";
import { sweepTable } from "../terminal/sweep-table.js";
import { resultTable } from "../terminal/terminal.js";
import { namedModel, splitName } from "./model-at.js";
import { type JsonOption, linesOf, printJson, summaryOfRun, variantsJson, widthOf } from "./output.js";

/** The ancestor story of one model. */
export async function showModel(dir: string, name: string, options: JsonOption): Promise<void> {
  const { state } = await readRun(dir);
  const story = storyOf(state, namedModel(state, name).id);
  const text = storyText(story);
  linesOf(options).write(said`${text}\n`);
  printJson(options, { ...story, text });
}

export async function showCommand(dir: string, options: JsonOption): Promise<void> {
  const record = await readRun(dir);
  const { experiment, state, resumes, digest } = record;
  const summary = summaryOfRun(record);
  const stream = linesOf(options);
  const children = state.models.length - 1;
  stream.write(said`${experiment.title}, seed ${experiment.seed}, ${experiment.budget} budget\n`);
  const interrupted = resumes > 0 ? `, resumed ${resumes === 1 ? "once" : `${resumes} times`}` : "";
  const status = state.ended ? "ended" : `not ended: continue with \`mulab resume ${dir}\``;
  stream.write(
    said`${Math.max(0, children)} of ${childCount(experiment)} children${interrupted}; ${status}\n\n`,
  );
  stream.write(`${resultTable(summary, widthOf(stream))}\n\nDigest: ${digest}\n`);
  printJson(options, summary);
}

/** Shows the run, the sweep or the model that `dir` names. */
export async function showAny(dir: string, options: JsonOption): Promise<void> {
  const [run, model] = await splitName(dir);
  if (model !== null) return showModel(run, model, options);
  if (!(await isSweep(dir))) return showCommand(dir, options);
  const { plan, points, failures } = await readSweep(dir);
  const stream = linesOf(options);
  const runs = plan.repetitions * plan.variants.length;
  const status = points.length === runs ? "ended" : `not ended: continue with \`mulab resume ${dir}\``;
  stream.write(
    said`${plan.title}, seed ${plan.seed}: ${points.length} of ${plural(runs, "run")}; ${status}\n`,
  );
  if (points.length > 0) stream.write(`\n${sweepTable(points, widthOf(stream))}\n`);
  for (const { name, message } of failures) stream.write(said`\n${name} failed: ${message}\n`);
  printJson(options, { dir, runs, done: points.length, variants: variantsJson(points), failures });
}
