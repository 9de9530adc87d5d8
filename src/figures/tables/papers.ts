// All published numbers of both papers.

import { benchmarkOf } from "../../analysis/paper/benchmarks.js";
import { TARGETS } from "../../analysis/sweep/published.js";
import { AS_NAMED, AS_NAMED_SPREAD, COUNT } from "../../format/quantities.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { publishedText, quantityText } from "./published-numbers.js";

export const papers: TableDefinition = {
  name: "papers",
  title: "all published numbers of both papers, as they are",
  paper: "all of both papers",
  of: "nothing",
  make: () =>
    view(
      TARGETS,
      [
        { head: "source", value: ({ source }) => source },
        { head: "benchmark", value: ({ benchmark }) => benchmarkOf(benchmark).title },
        { head: "method", value: ({ method }) => method },
        { head: "task", value: ({ task }) => task ?? "all" },
        { head: "quantity", value: quantityText },
        { head: "published", of: AS_NAMED, value: ({ value }) => value, text: publishedText },
        { head: "± published", of: AS_NAMED_SPREAD, value: ({ std }) => std },
        { head: "runs", of: COUNT, value: ({ runs }) => runs },
      ],
      "muNet is arXiv 2205.10937, µ2Net is arXiv 2205.12755.",
    ),
};
