// The claims of muNet, each with a verdict.

import { claimRows } from "../../analysis/sweep/claims.js";
import { signed, span, view } from "../../format/table.js";
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
        { head: "claim", text: ({ claim }) => claim },
        { head: "verdict", text: ({ verdict }) => verdict },
        { head: "difference", text: ({ difference }) => signed(difference?.mean ?? null, 2) },
        { head: "95 % interval", text: ({ difference }) => (difference ? span(difference, 2) : "–") },
        { head: "pairs", text: ({ difference }) => String(difference?.n ?? 0) },
        { head: "unit", text: ({ unit }) => unit },
        { head: "numbers", text: ({ detail }) => detail, isFootnote: true },
      ],
      '"holds": the whole interval is on the claim\'s side; "does not hold": it is on the other; "not shown": it includes 0, or there are fewer than two pairs. "At some scale factor" takes the best of as many duels as there are scale factors, each at 95 %: of twenty, one may miss.',
    ),
);
