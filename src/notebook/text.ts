// Watching without a widget kernel: one line at the end of a generation or an activation, so that a script's log stays
// short; and a run in a few lines, for viewers without pictures.

import type { Event } from "../core/event.js";
import { type State, standingTasks } from "../core/state.js";
import type { PicturedRun } from "../figures/scenes/pictured-run.js";
import { formatPercent } from "../format/numbers.js";

/** The line for `event`; undefined for most events. */
export function lineOf(event: Event, state: State): string | undefined {
  switch (event.type) {
    case "generation-ended": {
      const { task, active } = state.activation!;
      const best = Math.max(...active.map((id) => state.models.get(id)!.accuracy ?? 0), 0);
      return `${task}: generation ${event.generation + 1} done, ${active.length} kept, best validation accuracy ${formatPercent(best)}`;
    }
    case "activation-ended":
      return event.retained === null
        ? `${event.task}: no model was kept`
        : `${event.task}: model ${event.retained} is kept`;
    case "model-tested":
      return `${state.models.get(event.model)!.task}: test accuracy ${formatPercent(event.testAccuracy)}`;
    case "run-ended":
      return "The run has ended.";
    default:
      return undefined;
  }
}

/** The data for a run in a few lines. */
type ToldRun = Pick<PicturedRun, "state" | "status"> & {
  readonly head: { readonly experiment: { readonly title: string; readonly seed: number } };
};

/** A run in a few lines. */
export function textOfRun({ head, state, status }: ToldRun): string {
  const rows = standingTasks(state).map(({ name }) => `  ${name}: ${resultOf(state, name)}`);
  return [
    `${head.experiment.title}, seed ${head.experiment.seed}: ${status}, ${state.models.length} models`,
    ...rows,
  ].join("\n");
}

function resultOf(state: State, task: string): string {
  const id = state.retained[task];
  if (id === undefined) return "no model yet";
  const { accuracy, testAccuracy } = state.models.get(id)!;
  return `model ${id}, validation ${formatPercent(accuracy)}, test ${formatPercent(testAccuracy)}`;
}
