// Which candidate of a task to take, and why: the front of every task, each point with what selection leaves of its accuracy.

import { dominatedText, reasonText, WHY_WORDS } from "../../analysis/front/words.js";
import { said } from "../../format/plain.js";
import { COUNT, NUMBER, PARAMS, SHARE, SHARE_SPREAD } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { frontOf } from "../front.js";
import { labelsOf, runOf } from "../source.js";

export const front: TableDefinition = {
  name: "front",
  title: "the front of accuracy and size of every task, and the reasons to choose a model on it",
  paper: "",
  of: "run",
  make: (source) => {
    const fronts = frontOf(runOf(source, "front"));
    const labels = labelsOf(fronts.map(({ task }) => task));
    return view(
      fronts.flatMap((of) => of.points.map((point) => ({ point, of }))),
      [
        { head: "task", value: ({ of }) => labels[of.task]! },
        { head: "model", of: NUMBER, value: ({ point }) => point.model },
        { head: "accounted", of: PARAMS, value: ({ point }) => point.params },
        { head: "validation", of: SHARE, value: ({ point }) => point.accuracy },
        { head: "± SE", of: SHARE_SPREAD, value: ({ point }) => point.standardError },
        { head: "without bias", of: SHARE, value: ({ point }) => point.corrected },
        { head: "low", of: SHARE, value: ({ point }) => point.low },
        { head: "high", of: SHARE, value: ({ point }) => point.high },
        { head: "test", of: SHARE, value: ({ point }) => point.testAccuracy },
        {
          head: "dominates",
          of: COUNT,
          value: ({ point: { isFront, dominates } }) => (isFront ? dominates : null),
        },
        { head: "choice", value: ({ point }) => point.why.map((why) => WHY_WORDS[why]).join(", ") },
        { head: "why", value: ({ point, of }) => reasonText(point, of), isFootnote: true },
      ],
      [
        "SE: standard error from the number of validation images. Without bias: what the accuracy would be if selection explained as much of it as possible. Low and high: from there to what was measured, with one SE on either side.",
        ...fronts.map((of) => said`${labels[of.task]}: ${dominatedText(of)}`),
      ].join("\n"),
    );
  },
};
