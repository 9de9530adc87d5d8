// All published numbers by themselves.

import { benchmarkOf } from "../../analysis/paper/benchmarks.js";
import { TARGETS } from "../../analysis/sweep/published.js";
import { view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { publishedValue, quantityText, targetColumns } from "./published-numbers.js";

export const papers: TableDefinition = {
  name: "papers",
  title: "all published numbers of both papers, as they are",
  paper: "all of both papers",
  of: "nothing",
  make: () =>
    view(
      TARGETS,
      [
        { head: "source", text: ({ source }) => source },
        { head: "benchmark", text: ({ benchmark }) => benchmarkOf(benchmark).title },
        { head: "method", text: ({ method }) => method },
        { head: "task", text: ({ task }) => task ?? "all" },
        { head: "quantity", text: quantityText },
        { head: "published", text: publishedValue },
        { head: "runs", text: ({ runs }) => (runs === null ? "–" : String(runs)) },
      ],
      "muNet is arXiv 2205.10937, µ2Net is arXiv 2205.12755.",
      TARGETS.map(targetColumns),
    ),
};
