// The claims of muNet, each with a verdict.

import { claimRows } from "../../analysis/sweep/claims.js";
import { AS_NAMED_DIFFERENCE, COUNT } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";

export const claims = pointsTable(
  {
    name: "claims",
    title: "the paper's claims: hold, do not hold, or not shown",
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
        { head: "pairs", of: COUNT, value: ({ difference }) => difference?.n ?? 0 },
        { head: "unit", value: ({ unit }) => unit },
        { head: "numbers", value: ({ detail }) => detail, isFootnote: true },
      ],
      'Low and high: the 95 % interval. "holds": the whole interval is on the claim\'s side; "does not hold": it is on the other; "not shown": it includes 0, or there are fewer than two pairs. "At some scale factor" takes the best of as many duels as there are scale factors, each at 95 %: of twenty, one may miss.',
    ),
);
