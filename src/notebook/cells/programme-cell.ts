// `%%programme`: one system grows by every segment of a programme; run again, the cell continues it.

import { join } from "node:path";
import { prepareProgrammeOn } from "../../commands/prepare.js";
import { planView } from "../../commands/programme-plan.js";
import { differentProgramme, usage } from "../../core/errors/index.js";
import type { Programme } from "../../core/programme.js";
import { defaultThreads, type Limits, limited } from "../../engine/limits.js";
import { programmeOf } from "../../experiments/programmes.js";
import { shownTable } from "../../figures/tables/shown.js";
import { programme } from "../../programme/grow.js";
import { isSamePlan } from "../../programme/prepare.js";
import { isProgramme, readProgramme, refuseUsed } from "../../programme/stored.js";
import { watch } from "../watch.js";
import { type Call, untilDone, variableOf } from "./call.js";
import { PROGRAMME_FIELDS } from "./fields.js";
import { runningOf } from "./parse.js";
import { remember } from "./show.js";
import { complain, flag, path, whole, YamlCell } from "./yaml-cell.js";

const ASKING =
  "%%programme needs a programme, as in\n%%programme system\nprogramme: laptop\nbudget: smoke\nplan: true\nPress Tab for the keys and their values, Shift-Tab for what they mean.";

export async function programmeCell({ args, body, bodyLine, signal, define }: Call): Promise<unknown> {
  const variable = variableOf("%%programme", args, "system");
  if (!/^\s*[^\s#]/m.test(body)) throw usage(ASKING);
  const cell = parseProgrammeCell(body, bodyLine);
  if (cell.plan) return shownTable(planView(cell.programme, cell.threads ?? defaultThreads()));
  const dir = cell.out ?? join("runs", variable);
  const growing = await programme(dir, await planFor(dir, cell), limited(cell));
  remember(variable, growing.system);
  define(variable, growing, 'import("mulab").ProgrammeRun');
  watch.programme(growing);
  if (cell.wait) await untilDone(growing, signal);
  return undefined;
}

interface ProgrammeCell extends Limits {
  readonly programme: Programme;
  readonly root?: string;
  readonly out?: string;
  readonly plan: boolean;
  readonly wait: boolean;
}

/** The plan to begin in `dir`; undefined to continue the one that is there, which is the cell's. Throws programme/different. */
async function planFor(
  dir: string,
  { programme: asked, ...cell }: ProgrammeCell,
): Promise<Programme | undefined> {
  if (await isProgramme(dir)) {
    // What the machine had (images, a root) when it began is in the stored plan.
    const stored = await readProgramme(dir);
    if (isSamePlan(asked, stored)) return undefined;
    throw differentProgramme(dir, stored.name);
  }
  await refuseUsed(dir); // before data is fetched and a root is trained
  return prepareProgrammeOn(process.stdout, asked, cell);
}

/** The cell whose body is `text`; `line` is where the body begins in the cell. Throws CellError. */
export function parseProgrammeCell(text: string, line: number): ProgrammeCell {
  const cell = new YamlCell(text, line, PROGRAMME_FIELDS);
  const seed = cell.read("seed", (value) => whole("seed", value ?? 0, 0));
  const name = cell.read("programme", (value) =>
    value === undefined
      ? complain("programme", "nothing", "the name of a programme, such as laptop")
      : String(value),
  );
  cell.read("programme", () => programmeOf(name));
  const programme = cell.read("budget", (value) => {
    if (value === undefined) return programmeOf(name, { seed });
    if (value !== "laptop" && value !== "smoke") return complain("budget", value, "laptop or smoke");
    return programmeOf(name, { seed, budget: value });
  });
  const root = cell.read("root", (value) => path("root", value));
  const out = cell.read("out", (value) => path("out", value));
  return {
    programme,
    plan: cell.read("plan", (value) => flag("plan", value ?? false)),
    ...(root !== undefined && { root }),
    ...(out !== undefined && { out }),
    ...runningOf(cell),
  };
}
