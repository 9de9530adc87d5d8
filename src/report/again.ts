// How to reproduce a run, by a command if there is one that describes it completely.

import type { Experiment } from "../core/experiment.js";
import type { State } from "../core/state.js";
import { EXPERIMENTS } from "../experiments/index.js";
import { type Html, html } from "../format/html.js";
import { canonicalJson } from "../run/digest.js";

/** The command, if the run is a named experiment without changes and has ended; otherwise, where to find the experiment. */
export function againText(state: State, experiment: Experiment): Html {
  const { name, seed, budget } = experiment;
  const standard = Object.hasOwn(EXPERIMENTS, name) ? EXPERIMENTS[name]!({ seed, budget }) : undefined;
  const isStandard = standard !== undefined && canonicalJson(standard) === canonicalJson(experiment);
  const isAlone = state.extension.length === 0 && state.forgotten.length === 0;
  if (isStandard && isAlone && state.ended)
    return html`<code>mulab run ${name} --seed ${seed} --budget ${budget}</code> gives the same digest on the same kind of machine.`;
  const except = isAlone ? "" : ", up to the tasks that were added or forgotten since";
  return html`Settings, tasks and root are in <code>run.json</code> in the run’s folder; <code>open</code> with that experiment, in a new folder, evolves it again${except}.`;
}
