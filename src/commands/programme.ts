// `mulab programme`: one system grows by every segment of a programme, one after another.

import { join } from "node:path";
import type { Command } from "commander";
import { segmentRows } from "../analysis/segments.js";
import { planIsStored } from "../core/errors/index.js";
import type { Programme } from "../core/programme.js";
import { isFolder } from "../disk/listing.js";
import { deviceOf } from "../engine/devices.js";
import { defaultThreads } from "../engine/limits.js";
import { PROGRAMMES, programmeOf } from "../experiments/programmes.js";
import { segmentsView } from "../figures/tables/segments.js";
import { said } from "../format/plain.js";
import { plainTable } from "../format/table-text.js";
import { forecastOf } from "../programme/forecast.js";
import { stepsOf } from "../programme/programme.js";
import { isProgramme, openProgramme, readProgramme, refuseUsed, systemDir } from "../programme/stored.js";
import { readRun } from "../run/record.js";
import { dataProgress } from "./data-progress.js";
import type { EngineOptions } from "./engine-options.js";
import { evolveShown } from "./evolve-shown.js";
import { linesOf, printJson, widthOf } from "./output.js";
import { prepareProgrammeOn } from "./prepare.js";
import { planView } from "./programme-plan.js";

interface ProgrammeCommandOptions extends EngineOptions {
  readonly out?: string;
  readonly seed?: number;
  readonly budget?: "laptop" | "smoke";
  readonly root?: string;
  readonly plan?: boolean;
}

/** Options that make a plan; they mean nothing where one is stored. */
const PLAN_OPTIONS = ["out", "seed", "budget", "root"] as const;

export async function programmeCommand(
  what: string,
  options: ProgrammeCommandOptions,
  command: Command,
): Promise<void> {
  const stream = linesOf(options);
  const isStored = await isProgramme(what);
  if (isStored) {
    const given = PLAN_OPTIONS.filter((name) => command.getOptionValueSource(name) === "cli");
    if (given.length > 0) throw planIsStored(what, given.map((name) => `--${name}`).join(", "), "programme");
  } else if (!Object.hasOwn(PROGRAMMES, what) && (await isFolder(what))) await readProgramme(what); // throws
  const dir = isStored ? what : (options.out ?? join("runs", `programme-${what}`));
  const { seed, budget } = options;
  const asked = isStored
    ? await readProgramme(dir)
    : programmeOf(what, { ...(seed !== undefined && { seed }), ...(budget && { budget }) });
  if (options.plan) {
    tellPlan(asked, options, stream);
    return;
  }
  deviceOf(options.engine, options.device); // before data is fetched and a root is trained
  await refuseUsed(dir);
  const programme = await openProgramme(
    dir,
    isStored ? undefined : await prepareProgrammeOn(stream, asked, options),
  );
  const { segments } = programme;
  const shown = dataProgress(stream);
  const loading = { onProgress: shown.show, onNote: shown.note };
  for await (const { segment, title, replica, dir: at, start } of stepsOf(dir, programme, loading)) {
    const copy = replica === undefined ? "" : `, copy ${replica}`;
    stream.write(said`\nSegment ${segment + 1} of ${segments.length + 1}: ${title}${copy}\n`);
    const { isStopped } = await evolveShown(at, options, (opened) => start(opened).finally(shown.end));
    if (!isStopped) continue;
    stream.write(said`The programme continues with \`mulab programme ${dir}\`.\n`);
    return;
  }
  const { experiment, events, header, digest } = await readRun(systemDir(dir));
  const rows = segmentRows(experiment, events, header.threads);
  stream.write(`\n${plainTable(segmentsView(rows), widthOf(stream))}\n`);
  printJson(options, { dir, system: systemDir(dir), digest, segments: rows });
}

function tellPlan(programme: Programme, options: ProgrammeCommandOptions, stream: NodeJS.WriteStream): void {
  const threads = options.threads ?? defaultThreads();
  const { title, source } = programme;
  stream.write(said`${title} (${source})\n`);
  stream.write(`\n${plainTable(planView(programme, threads), widthOf(stream))}\n`);
  const forecast = forecastOf(programme, threads).map(({ experiment: _, ...row }) => row);
  printJson(options, { ...programme, forecast });
}
