// Every task of every method, one row per number: for programs, and for what the papers' layout has no room for.

import { taskRows } from "../../analysis/sweep/methods.js";
import { variantName } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import { COUNT, MEAN_COUNT, PARAMS, SHARE, SHARE_SPREAD } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { publishedOf, shareOf } from "./beside.js";

export const taskDetails = pointsTable(
  {
    name: "task-details",
    title: "every task of every method: accuracies, size, blocks, and what is published",
    paper: "muNet Tables 6 and 7",
    of: "both",
  },
  (points) => {
    const published = publishedOf(points);
    const rows = taskRows(points).map((row) => ({
      ...row,
      paper: published(variantName(row.variant), row.task, "test"),
    }));
    return view(
      rows,
      [
        { head: "method", value: ({ variant }) => variantLabel(variant) },
        { head: "variant", value: ({ variant }) => variantName(variant) },
        { head: "task", value: ({ task }) => task },
        { head: "runs", of: COUNT, value: ({ runs }) => runs },
        { head: "test", of: SHARE, value: ({ test }) => test },
        { head: "± test", of: SHARE_SPREAD, value: ({ testStd, runs }) => (runs < 2 ? null : testStd) },
        {
          head: "published",
          of: SHARE,
          value: ({ paper }) => (paper ? shareOf(paper.target.value) : null),
        },
        { head: "verdict", value: ({ paper }) => paper?.verdict },
        { head: "validation", of: SHARE, value: ({ validation }) => validation },
        {
          head: "± validation",
          of: SHARE_SPREAD,
          value: ({ validationStd, runs }) => (runs < 2 ? null : validationStd),
        },
        { head: "parameters", of: PARAMS, value: ({ params }) => params },
        { head: "blocks", of: MEAN_COUNT, value: ({ blocks }) => blocks },
      ],
      'Means over runs; ± is the population deviation. Why a number can\'t be compared is in the table "published".',
    );
  },
);
