// Which candidate of a task to take, and why: the front of every task, each point with what selection leaves of its accuracy.

import { dominatedText, reasonText, WHY_WORDS } from "../../analysis/front/words.js";
import { formatPercent } from "../../format/numbers.js";
import { said } from "../../format/plain.js";
import { fixed, millions, percent, view } from "../../format/table.js";
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
    const rows = fronts.flatMap((of) => of.points.map((point) => ({ task: of.task, point, of })));
    return view(
      rows,
      [
        { head: "task", text: ({ task }) => labels[task]! },
        { head: "model", text: ({ point }) => String(point.model) },
        { head: "accounted M", text: ({ point }) => millions(point.params) },
        { head: "validation", text: ({ point }) => percent(point.accuracy) },
        { head: "± SE", text: ({ point }) => fixed(100 * point.standardError, 2) },
        { head: "without bias", text: ({ point }) => percent(point.corrected) },
        {
          head: "interval",
          text: ({ point }) => `${percent(point.low, 1)}–${percent(point.high, 1)}`,
        },
        { head: "test", text: ({ point }) => formatPercent(point.testAccuracy) },
        { head: "dominates", text: ({ point }) => (point.isFront ? String(point.dominates) : "–") },
        { head: "choice", text: ({ point }) => point.why.map((why) => WHY_WORDS[why]).join(", ") },
      ],
      noteOf(fronts, labels),
      rows.map(({ task, point: { why, ...point }, of }) => ({
        task,
        ...point,
        why: why.join(" "),
        reason: reasonText({ ...point, why }, of),
      })),
    );
  },
};

const noteOf = (fronts: ReturnType<typeof frontOf>, labels: Readonly<Record<string, string>>): string =>
  [
    "SE: standard error from the number of validation images. Without bias: what the accuracy would be if selection explained as much of it as it can. Interval: from there to what was measured, with one SE on either side.",
    ...fronts.flatMap((of) => [
      said`${labels[of.task]}: ${dominatedText(of)}`,
      ...of.points
        .filter(({ why }) => why.length > 0)
        .map((point) => said`${labels[of.task]}, model ${point.model}: ${reasonText(point, of)}`),
    ]),
  ].join("\n");
