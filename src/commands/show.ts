// `mulab show`: the results of a run so far, finished or not.

import { storyOf, storyText } from "../analysis/story.js";
import { childCount } from "../core/experiment.js";
import { said } from "../format/plain.js";
import { readRun } from "../run/record.js";
import { resultTable } from "../terminal/terminal.js";
import { namedModel } from "./model-at.js";
import { type JsonOption, linesOf, printJson, summaryOfRun } from "./output.js";

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
  stream.write(`${resultTable(summary)}\n\nDigest: ${digest}\n`);
  printJson(options, summary);
}
