// The claims of µ2Net's large system (arXiv 2205.12755 §5, §6), decided on a run that has grown. Each is a share, so that the
// paper's value is beside ours.

import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { State } from "../core/state.js";
import { type SegmentRow, segmentRows } from "./segments.js";
import { mean } from "./stats.js";
import { paramsOf, survivorsOf } from "./survivors.js";
import { modelTransfer } from "./transfer.js";

export interface SystemClaim {
  readonly claim: string;
  /** Where the paper says it, and its number there, in [0, 1]; null where it has none. */
  readonly source: string;
  readonly published: number | null;
  /** The same of this run; null where the run can't tell. */
  readonly ours: number | null;
  readonly verdict: "holds" | "does not hold" | "not decided by this run";
}

type Of = Pick<SystemClaim, "claim" | "source" | "published">;

const decided = (claim: Of, ours: number | null, holds: (value: number) => boolean): SystemClaim => ({
  ...claim,
  ours,
  verdict: ours === null ? "not decided by this run" : holds(ours) ? "holds" : "does not hold",
});

/** The claims, decided on a run. `events` are the effective ones. */
export function systemClaims(
  { state, experiment, events }: { state: State; experiment: Experiment; events: readonly Event[] },
  threads?: number | undefined,
): SystemClaim[] {
  const rows = segmentRows(experiment, events, threads).filter(({ tasks }) => tasks > 0);
  const [first, last] = [rows[0], rows.at(-1)];
  const models = survivorsOf(state);
  const whole = models.length > 0 ? mean(models.map(({ path }) => paramsOf(path))) : null;
  const hasGrown = rows.length > 1;
  return [
    decided(
      {
        claim:
          "a task adds fewer parameters to the system than a model of its own has (the share that is saved)",
        source: "§5.4, Fig. 2",
        published: 0.38,
      },
      last && whole && last.tasks > 1 ? 1 - last.addedParams / whole : null,
      (saved) => saved > 0,
    ),
    decided(
      {
        claim: "the larger the system, the smaller the share of it that a task activates (at the end)",
        source: "Table 7",
        published: 0.023,
      },
      first && last && hasGrown && last.tasks > first.tasks ? last.activatedShare : null,
      (share) => share < first!.activatedShare,
    ),
    decided(
      {
        claim:
          "tasks with few images take more of their training from other tasks (smallest third minus largest third)",
        source: "§5.5, Fig. 4",
        published: null,
      },
      smallMinusLarge(state),
      (difference) => difference > 0,
    ),
    decided(
      {
        claim: "what a segment leaves alone keeps its test accuracy (largest change)",
        source: "§1, §3.2",
        published: 0,
      },
      hasGrown ? largestChange(rows) : null,
      (change) => change === 0,
    ),
  ];
}

/** Mean share of steps from other tasks, of the tasks with the fewest training images minus those with the most; null with fewer than six tasks or equal numbers of images. */
function smallMinusLarge(state: State): number | null {
  const images = new Map(state.tasks.map(({ name, train }) => [name, train]));
  const tasks = survivorsOf(state)
    .map((model) => ({
      images: images.get(model.task!) ?? 0,
      others: 1 - (modelTransfer(model)[model.task!] ?? 0),
    }))
    .sort((a, b) => a.images - b.images);
  const third = Math.floor(tasks.length / 3);
  if (third < 2 || tasks[0]!.images === tasks.at(-1)!.images) return null;
  return (
    mean(tasks.slice(0, third).map(({ others }) => others)) -
    mean(tasks.slice(-third).map(({ others }) => others))
  );
}

function largestChange(rows: readonly SegmentRow[]): number {
  let most = 0;
  for (const [i, row] of rows.slice(1).entries())
    for (const [task, before] of Object.entries(rows[i]!.accuracies)) {
      const after = row.accuracies[task];
      if (row.activated.includes(task) || before === null || after === null || after === undefined) continue;
      most = Math.max(most, Math.abs(after - before));
    }
  return most;
}
