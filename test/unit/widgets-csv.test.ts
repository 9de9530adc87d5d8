// Files that the views save: the columns of the tables of the same content, and counted as the screen counts.

import { describe, expect, test } from "vitest";
import { accuracyRows } from "../../src/analysis/accuracy-rows.js";
import { architectureOf } from "../../src/analysis/architecture.js";
import { startProgress } from "../../src/analysis/progress.js";
import { tableView } from "../../src/figures/tables/index.js";
import { headOf } from "../../src/wire/head.js";
import type { RunClient } from "../../widgets/client.js";
import {
  accuracyCsv,
  architectureCsv,
  comparedCsv,
  curvesCsv,
  lineageCsv,
  listingCsv,
  paretoCsv,
  progressCsv,
  transferCsv,
} from "../../widgets/csv.js";
import { sampleRun } from "../support/sample-run.js";

const run = await sampleRun({ iterations: 2, generations: 2, children: 3 });
const { state } = run;
const head = headOf("runs/a", run.experiment);
const client = {
  head,
  state,
  minutes: [1, 2, 3, 4],
  status: "ended",
  progress: startProgress(run.experiment),
} as unknown as RunClient;

const lines = (csv: string): string[] => csv.trimEnd().split("\r\n");
const headOfCsv = (csv: string): string[] => lines(csv)[0]!.split(",");
const columnsOf = (table: string) => tableView(table, run).head;

const FILES = {
  lineage: lineageCsv(state, {}),
  architecture: architectureCsv(architectureOf(state)),
  transfer: transferCsv(state),
  accuracy: accuracyCsv(accuracyRows(state, head.method)),
  compared: comparedCsv([{ state, head }]),
  pareto: paretoCsv([{ run: "runs/a", method: "µ2Net", seed: 0, all: [] }]),
  curves: curvesCsv(client),
  progress: progressCsv(client),
  runs: listingCsv([]),
};

describe("CSV of the views", () => {
  test.each(Object.entries(FILES))("%s has words as columns, never the code's names", (_, csv) => {
    expect(headOfCsv(csv).filter((name) => /[a-z][A-Z]/.test(name))).toEqual([]);
  });

  test.each([
    ["lineage", FILES.lineage],
    ["learning", FILES.curves],
    ["results", FILES.accuracy],
  ])("has the columns of the table %s", (table, csv) => {
    expect(headOfCsv(csv)).toEqual(expect.arrayContaining(columnsOf(table).slice()));
  });

  test("iterations and generations begin at 1, and layers have their names on the screen", () => {
    const [names, ...rows] = lines(FILES.lineage).map((line) => line.split(","));
    const values = (name: string) => rows.slice(1).map((row) => Number(row[names!.indexOf(name)]));
    expect(new Set(values("iteration"))).toEqual(new Set([1, 2]));
    expect(new Set(values("generation"))).toEqual(new Set([1, 2]));
    for (const csv of [FILES.lineage, FILES.architecture, FILES.transfer])
      expect(csv).not.toMatch(/encoderblock|posembed|encoder_norm/);
    expect(FILES.transfer).toContain("patch embedding");
  });
});
