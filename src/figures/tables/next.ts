// What the next activation of each task may bring, before one spends it.

import { nextActivations } from "../../analysis/next-activation.js";
import { formatPercent } from "../../format/numbers.js";
import { MINUTES, SHARE, SHARE_DIFFERENCE, SHARE_SPREAD } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const next: TableDefinition = {
  name: "next",
  title: "what one more activation of each task may bring, and what it costs",
  paper: "",
  of: "run",
  make: (source) => {
    const { events, threads } = runOf(source, "next");
    const { tasks, scored } = nextActivations(events, threads);
    const worth = scored
      ? ` Made before each of the ${scored.activations} past activations of old tasks, it was ${formatPercent(scored.meanError)} off on average; they gained ${formatPercent(scored.meanGain)}.`
      : " No task was active twice yet, so nothing is known of what a further activation brings.";
    return view(
      tasks,
      [
        { head: "task", value: ({ task }) => task },
        { head: "validation", of: SHARE, value: ({ accuracy }) => accuracy },
        { head: "expected gain", of: SHARE_DIFFERENCE, value: ({ gain }) => gain },
        { head: "±", of: SHARE_SPREAD, value: ({ spread }) => spread },
        { head: "core-minutes", of: MINUTES, value: ({ coreMinutes }) => coreMinutes },
        {
          head: "gain per core-minute",
          of: SHARE_DIFFERENCE,
          value: ({ gainPerCoreMinute }) => gainPerCoreMinute,
        },
      ],
      `Expected gain: the mean share of its error that earlier activations took from a task that had a model, of this task's error.${worth}`,
    );
  },
};
