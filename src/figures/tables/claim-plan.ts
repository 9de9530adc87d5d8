// What it would take to decide each claim, as `mulab sweep --plan-claims` prints it.

import type { ClaimPlanRow } from "../../analysis/sweep/claim-plan.js";
import { AS_NAMED_DIFFERENCE, COUNT, HOURS_DURATION, WHOLE_SHARE } from "../../format/quantities.js";
import { type TableView, view } from "../../format/table.js";

const NOTE =
  "Difference, with the bounds of its 95 % interval: in the pilot. Repetitions: so many that four of five such sweeps decide the claim, one way or the other, if effect and spread are the pilot's (–: over a thousand, or unknown); a pilot of few pairs makes that a rough guess. Chance: that of the planned repetitions. Runs and core time: what is missing for these repetitions of the variants that the claim needs; claims share runs.";

export const claimPlanView = (rows: readonly ClaimPlanRow[], planned: number): TableView =>
  view(
    rows,
    [
      { head: "claim", value: ({ claim }) => claim },
      { head: "in the pilot", value: ({ verdict }) => verdict },
      { head: "difference", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.mean },
      { head: "low", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.low },
      { head: "high", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.high },
      { head: "unit", value: ({ unit }) => unit },
      { head: `chance with ${planned}`, of: WHOLE_SHARE, value: ({ chance }) => chance },
      { head: "repetitions", of: COUNT, value: ({ repetitions }) => repetitions },
      { head: "runs", of: COUNT, value: ({ runs }) => runs },
      { head: "core time", of: HOURS_DURATION, value: ({ coreHours }) => coreHours },
      { head: "notes", value: ({ note }) => note, isFootnote: true },
    ],
    NOTE,
  );
