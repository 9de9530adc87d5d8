// The claims of muNet, each with a verdict.

import { claimRows } from "../../analysis/sweep/claims.js";
import { AS_NAMED, AS_NAMED_DIFFERENCE, COUNT, WHOLE_SHARE } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";

const NOTE = [
  "Low and high: the 95 % interval of the paired difference (same seed, data and root).",
  'A claim "holds" if the whole interval is on its side, "does not hold" if it is on the other, and is "undecided" otherwise; one of no difference holds if the interval is within the margin.',
  "Power: the chance that as many new repetitions would decide, if effect and spread are as seen here; detects: the smallest difference that they would show in four of five cases; more: further repetitions after which four of five such sweeps decide (with few pairs, a rough guess; –: over a thousand, or unknown).",
  '"At some scale factor" takes the best of as many duels as there are scale factors, each at 95 %: of twenty, one may miss.',
].join(" ");

export const claims = pointsTable(
  {
    name: "claims",
    title: "the paper's nine claims: hold, do not hold or undecided, and what would decide them",
    paper: "muNet",
    of: "sweep",
  },
  (points) =>
    view(
      claimRows(points),
      [
        { head: "claim", value: ({ claim }) => claim },
        { head: "source", value: ({ source }) => source },
        { head: "verdict", value: ({ verdict }) => verdict },
        { head: "difference", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.mean },
        { head: "low", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.low },
        { head: "high", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.high },
        { head: "unit", value: ({ unit }) => unit },
        { head: "pairs", of: COUNT, value: ({ difference }) => difference?.n ?? 0 },
        { head: "power", of: WHOLE_SHARE, value: ({ power }) => power },
        { head: "detects", of: AS_NAMED, value: ({ detects }) => detects },
        { head: "more", of: COUNT, value: ({ more }) => more },
        { head: "numbers", value: ({ detail }) => detail, isFootnote: true },
      ],
      NOTE,
    ),
);
