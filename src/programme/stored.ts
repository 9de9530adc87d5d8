// A programme's folder: programme.json (the plan), run (the system), replicas/<segment>-<copy> (copies that grew by the same
// segment under another seed). The runs say for themselves how far they are, so the plan is written once and never changes.

import { join } from "node:path";
import {
  damagedProgramme,
  differentProgramme,
  folderNotEmpty,
  MulabError,
  newerFormat,
  notAProgramme,
  readFailed,
} from "../core/errors/index.js";
import type { TaskSpec } from "../core/experiment.js";
import type { Programme, ProgrammeSegment } from "../core/programme.js";
import { decodeUtf8, parseStrictJson } from "../core/strict-json.js";
import { makeFolder, writeAtomically } from "../disk/atomic.js";
import { isFile, namesIn } from "../disk/listing.js";
import { readRegular } from "../disk/regular.js";
import { canonicalJson } from "../run/digest.js";
import { experimentProblem, taskSpec } from "../run/parse-experiment.js";
import { type Check, filled, list, name, object, positive, text } from "../store/check.js";
import { settings } from "../store/parse-settings.js";

export const PROGRAMME_FILE = "programme.json";
const FORMAT = 1;

interface ProgrammeFile {
  readonly format: number;
  readonly programme: Programme;
}

const segment = object<ProgrammeSegment>(
  { title: name, tasks: filled(taskSpec) as Check<readonly TaskSpec[]>, iterations: positive },
  {
    settings: settings as Check<NonNullable<ProgrammeSegment["settings"]>>,
    replicas: object<NonNullable<ProgrammeSegment["replicas"]>>({ copies: positive, continued: positive }),
  },
);

const file = object<ProgrammeFile>({
  format: positive,
  programme: object<Programme>({
    name,
    title: text,
    source: text,
    begins: name,
    experiment: experimentProblem as Check<Programme["experiment"]>,
    segments: list(segment),
  }),
});

/** Whether the folder `dir` holds a programme. */
export const isProgramme = (dir: string): Promise<boolean> => isFile(join(dir, PROGRAMME_FILE));

/** The programme in `dir`. Throws programme/not-a-programme, programme/damaged, run/newer-format, store/read-failed. */
export async function readProgramme(dir: string): Promise<Programme> {
  if (!(await isProgramme(dir))) throw notAProgramme(dir, PROGRAMME_FILE);
  const path = join(dir, PROGRAMME_FILE);
  const bytes = await readRegular(path).catch((error) => {
    throw readFailed(path, error);
  });
  try {
    const value = parseStrictJson(decodeUtf8(bytes));
    const { format } = (value ?? {}) as { format?: unknown };
    if (typeof format === "number" && format > FORMAT) throw newerFormat(path, format, FORMAT);
    const problem = file(value);
    if (problem)
      throw damagedProgramme(path, `${problem.path.slice(1)} is ${problem.found}`, problem.expected);
    return (value as ProgrammeFile).programme;
  } catch (error) {
    if (error instanceof MulabError) throw error;
    throw damagedProgramme(path, `it can't be read (${(error as Error).message})`, "what mulab wrote");
  }
}

/** The programme in `dir`, which is `asked` if the folder is new. Throws as readProgramme, programme/different, run/folder-not-empty, store/…. */
export async function openProgramme(dir: string, asked?: Programme): Promise<Programme> {
  if (!asked || (await isProgramme(dir))) {
    const stored = await readProgramme(dir);
    if (asked && canonicalJson(asked) !== canonicalJson(stored)) throw differentProgramme(dir, stored.name);
    return stored;
  }
  await refuseUsed(dir);
  await makeFolder(dir);
  const stored: ProgrammeFile = { format: FORMAT, programme: asked };
  await writeAtomically(
    join(dir, PROGRAMME_FILE),
    new TextEncoder().encode(`${JSON.stringify(stored, null, 2)}\n`),
  );
  return asked;
}

/** Throws where a new programme in `dir` would stand among other files. */
export async function refuseUsed(dir: string): Promise<void> {
  if (await isProgramme(dir)) return;
  if ((await namesIn(dir)).length > 0) throw folderNotEmpty(dir, "programme");
}

/** The folder of the system. */
export const systemDir = (dir: string): string => join(dir, "run");

/** The folder of copy `copy` of segment `segment`; both counted from 1. */
export const replicaDir = (dir: string, segment: number, copy: number): string =>
  join(dir, "replicas", `${segment}-${copy}`);
