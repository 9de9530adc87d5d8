// How a model is named on the command line and in cells: "runs/first#12" is model 12 of that run, "runs/first#telugu" is
// the model of a task, and a name without "#" is the whole run.

import { unknownName, usage } from "../core/errors/index.js";
import type { Model } from "../core/model.js";
import type { State } from "../core/state.js";
import { isFolder } from "../disk/listing.js";
import { type RunRecord, readRun } from "../run/record.js";

/** The parts before and after the "#"; if a folder has the whole name, "#" included, the name means that folder. */
export async function splitName(text: string): Promise<readonly [run: string, model: string | null]> {
  const at = text.lastIndexOf("#");
  if (at < 0 || (await isFolder(text))) return [text, null];
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The model that `name` names in `state`: by its number, or by a task that retains it. Throws model/unknown. */
export function namedModel(state: State, name: string): Model {
  const id = /^\d+$/.test(name) ? Number(name) : state.retained[name];
  const model = id === undefined ? undefined : state.models.get(id);
  if (model) return model;
  if (/^\d+$/.test(name))
    throw usage(`There is no model ${name}: the run has models 0 to ${state.models.length - 1}.`);
  throw unknownName(
    "model",
    name,
    Object.keys(state.retained),
    "in this run: give a model's number or one of its tasks",
  );
}

/** A run, and its model if one is named. */
export interface NamedSide extends RunRecord {
  /** The name that was given. */
  readonly name: string;
  readonly model: Model | null;
}

/** The two runs, or two models, that are named; a second name of "#7" means model 7 of the first's run. Throws as readRun, and options/usage if one names a model and the other a run. */
export async function sidesAt(first: string, second: string): Promise<readonly [NamedSide, NamedSide]> {
  const [dirA, modelA] = await splitName(first);
  const [dirB, modelB] = await splitName(second);
  if ((modelA === null) !== (modelB === null))
    throw usage("Compare two runs or two models (DIR#12 or DIR#task), not a run with a model.");
  const a = await readRun(dirA);
  const isSame = dirB === "" || dirB === dirA;
  const b = isSame ? a : await readRun(dirB);
  return [side(a, dirA, modelA), side(b, isSame ? dirA : dirB, modelB)];
}

const side = (record: RunRecord, dir: string, model: string | null): NamedSide => ({
  ...record,
  name: model === null ? dir : `${dir}#${model}`,
  model: model === null ? null : namedModel(record.state, model),
});
