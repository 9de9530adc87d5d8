// `%%sweep` runs the variants of muNet's figures, or every combination of some settings, from a few lines.

import { join } from "node:path";
import { claimPlanOf, totalLine } from "../../commands/claim-plan.js";
import { usage } from "../../core/errors/index.js";
import type { Experiment } from "../../core/experiment.js";
import { loadTasks } from "../../data/tasks.js";
import { limited } from "../../engine/limits.js";
import { claimPlanView } from "../../figures/tables/claim-plan.js";
import { shownTable } from "../../figures/tables/shown.js";
import { open, type Run, taskOptions } from "../../run/open.js";
import { sweep } from "../../sweep/sweep.js";
import { watch } from "../notebook.js";
import { type Call, untilDone, variableOf } from "./call.js";
import { type EvolveCell, parseEvolveCell, varied } from "./parse.js";
import { rooted } from "./rooted.js";
import { remember } from "./show.js";

export async function sweepCell(call: Call): Promise<unknown> {
  const variable = variableOf("%%sweep", call.args, "sweep");
  const cell = parseEvolveCell(call.body, call.bodyLine, true);
  const hasVariants = Object.keys(cell.variants).length > 0;
  if (hasVariants === cell.over.length > 0)
    throw usage(
      hasVariants
        ? "A sweep has variants (scaleFactors, ablate, baselines, repetitions) or `over:`, not both."
        : "A sweep needs variants, as in\nscaleFactors: [0.3, 1]\nbaselines: all\nor `over:` with settings and lists of values, as in\nover:\n  seed: [0, 1, 2]",
    );
  if (cell.planClaims && !hasVariants) throw usage("planClaims plans a sweep with variants, not `over:`.");
  const experiment = await rooted(cell);
  if (cell.planClaims) return claimPlanTable(variable, { ...cell, experiment });
  await (hasVariants ? sweepVariants : sweepOver)(variable, { ...cell, experiment }, call);
  return undefined;
}

async function sweepVariants(variable: string, cell: EvolveCell, { signal, define }: Call): Promise<void> {
  const { experiment, variants, out, wait } = cell;
  const running = await sweep(out ?? join("runs", variable), { experiment, ...variants }, limited(cell));
  remember(variable, running);
  define(variable, running, 'import("mulab").SweepRun');
  watch.sweep(running);
  if (wait) await untilDone(running, signal);
}

/** What would decide the claims, as a table: the value of the cell in place of a sweep. */
async function claimPlanTable(
  variable: string,
  { experiment, variants, out, pilot }: EvolveCell,
): Promise<unknown> {
  const { claims } = await claimPlanOf(
    out ?? join("runs", variable),
    { experiment, ...variants },
    pilot,
    (of) => loadTasks(of.tasks, taskOptions(of)),
  );
  console.log(totalLine(claims));
  return shownTable(claimPlanView(claims.rows, claims.repetitions));
}

async function sweepOver(variable: string, cell: EvolveCell, { signal, define }: Call): Promise<void> {
  const { experiment, over, out, wait } = cell;
  const folder = out ?? join("runs", variable);
  const swept: Run[] = [];
  define(variable, swept, 'import("mulab").Run[]');
  const begin = async (point: Point): Promise<Run> => {
    const run = await open(join(folder, point.name), point.experiment, limited(cell));
    swept.push(run);
    watch.progress(run);
    return run;
  };
  const [first, ...rest] = combinations(experiment, over);
  let run = await begin(first!); // so that the cell shows a mistake whether it waits or not
  const all = async (): Promise<void> => {
    for (const point of rest) {
      await untilDone(run, signal);
      if (run.status === "stopped") return;
      run = await begin(point);
    }
    await untilDone(run, signal);
    if (run.status !== "stopped") watch.pareto(swept);
  };
  if (wait) await all();
  else void all().catch((error: unknown) => console.error(error));
}

interface Point {
  /** The name of its folder. */
  readonly name: string;
  readonly experiment: Experiment;
}

/** Every combination of the values, where the last setting varies fastest, each with a name for its folder. */
function combinations(experiment: Experiment, over: EvolveCell["over"]): Point[] {
  return over.reduce<Point[]>(
    (points, [key, values]) =>
      points.flatMap((point) =>
        values.map((value) => ({
          name: [point.name, `${key}-${value}`]
            .filter(Boolean)
            .join("_")
            .replaceAll(/[^\w.-]/g, ""),
          experiment: varied(point.experiment, key, value),
        })),
      ),
    [{ name: "", experiment }],
  );
}
