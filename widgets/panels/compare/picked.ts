// Which two models are compared before the user has picked any.

import type { RunClient } from "../../client.js";

/** The ids of the two models; null where none is picked. */
export interface Picked {
  readonly a: number | null;
  readonly b: number | null;
}

/** Of one run: the chosen model and its parent, or the models of two tasks. Of two runs: their models of the same task. */
export const withDefaults = (picked: Picked, runs: readonly RunClient[]): Picked =>
  runs.length > 1 ? ofTwoRuns(picked, runs[0]!, runs[1]!) : ofOneRun(picked, runs[0]!);

const retainedOf = ({ state }: RunClient): number[] =>
  state.tasks.flatMap(({ name }) => state.retained[name] ?? []);

function ofTwoRuns({ a, b }: Picked, first: RunClient, second: RunClient): Picked {
  const [own, other] = [first.state.retained, second.state.retained];
  const task = first.state.tasks.find(({ name }) => own[name] !== undefined && other[name] !== undefined);
  return {
    a: a ?? (task && own[task.name]) ?? retainedOf(first)[0] ?? null,
    b: b ?? (task && other[task.name]) ?? Object.values(other)[0] ?? null,
  };
}

function ofOneRun(picked: Picked, run: RunClient): Picked {
  const chosen = run.selected === null ? undefined : run.state.models.get(run.selected);
  if (picked.a === null && picked.b === null && chosen?.parent != null)
    return { a: chosen.parent, b: chosen.id };
  const retained = retainedOf(run);
  const a = picked.a ?? retained.find((id) => id !== picked.b) ?? null;
  return { a, b: picked.b ?? retained.find((id) => id !== a) ?? null };
}
