// The claims of µ2Net's large system, decided on a run that has grown.

import { systemClaims } from "../../analysis/system-claims.js";
import { SHARE } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { runOf } from "../source.js";

export const systemClaimsTable: TableDefinition = {
  name: "system-claims",
  title: "the claims of µ2Net's large system, decided on a run that has grown",
  paper: "µ2Net §5",
  of: "run",
  make: (source) => {
    const run = runOf(source, "system-claims");
    return view(
      systemClaims(run, run.threads),
      [
        { head: "claim", value: ({ claim }) => claim },
        { head: "in the paper", value: ({ source }) => source },
        { head: "published", of: SHARE, value: ({ published }) => published },
        { head: "ours", of: SHARE, value: ({ ours }) => ours },
        { head: "verdict", value: ({ verdict }) => verdict },
      ],
      "One run decides for itself only: `mulab replicate` shows how much of it is chance.",
    );
  },
};
