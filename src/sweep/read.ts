// Reads and stores sweeps: a sweep's folder, or a single file. Takes no lock, so a sweep may be read while it runs, and
// checks everything field by field.

import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip, gunzipSync, gzip } from "node:zlib";
import { damagedSweep, MulabError, newerFormat, notASweep, readFailed } from "../core/errors/index.js";
import { decodeUtf8, parseStrictJson } from "../core/strict-json.js";
import { isFile, statAt } from "../disk/listing.js";
import { readRegular } from "../disk/regular.js";
import { type FileKind, replaceFile } from "../disk/replace.js";
import { parsePlan, parseResults, parseSweepFile } from "./parse.js";
import {
  PLAN_FILE,
  type PlanFile,
  RESULTS_FILE,
  type ResultsFile,
  SWEEP_FORMAT,
  type Sweep,
  type SweepFile,
} from "./stored.js";

/** Sweeps take a few megabytes, so a larger file can't be one. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * The sweep in the folder `path`, finished or not, or the one that the file `path` holds (.json, .json.gz). Throws
 * sweep/not-a-sweep, sweep/damaged, run/newer-format, store/read-failed.
 */
export async function readSweep(path: string): Promise<Sweep> {
  const found = await statAt(path);
  if (!found) throw notASweep(path, "there is nothing of that name");
  if (!found.isDirectory()) {
    const { format: _, ...sweep } = parseSweepFile(await readJson(path), path);
    return sweep;
  }
  const { plan, versions } = await readPlan(path);
  const { points, failures, data } = await readResults(path);
  return { plan, versions, points, failures, data };
}

/** Whether the folder `dir` holds a sweep. */
export const isSweep = (dir: string): Promise<boolean> => isFile(join(dir, PLAN_FILE));

/** The plan of the sweep in `dir`. Throws as readSweep. */
export async function readPlan(dir: string): Promise<PlanFile> {
  if (!(await isSweep(dir))) throw notASweep(dir, `it has no ${PLAN_FILE}`);
  const path = join(dir, PLAN_FILE);
  return parsePlan(await readJson(path), path);
}

/** The results of the sweep in `dir`, empty if no point has ended. Throws as readSweep. */
export async function readResults(dir: string): Promise<ResultsFile> {
  const path = join(dir, RESULTS_FILE);
  if (!(await statAt(path))) return { format: SWEEP_FORMAT, points: [], failures: [], data: {} };
  return parseResults(await readJson(path), path);
}

/** Writes `sweep` as one file, compressed if its name ends in .gz. Throws store/…. */
export async function exportSweep(sweep: Sweep, path: string): Promise<void> {
  const { plan, versions, points, failures, data } = sweep;
  const file: SweepFile = { format: SWEEP_FORMAT, plan, versions, points, failures, data };
  const text = `${JSON.stringify(file)}\n`;
  const bytes = new TextEncoder().encode(text);
  const packed = path.endsWith(".gz") ? await promisify(gzip)(bytes, { level: 9 }) : bytes;
  await replaceFile(path, packed, SWEEP_KIND);
}

const SWEEP_KIND: FileKind = {
  name: "a stored sweep",
  recognise(head) {
    const isPacked = head[0] === 0x1f && head[1] === 0x8b;
    try {
      // The head of a compressed file is incomplete.
      const text = isPacked ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
      return /^\{"format":\d+,"plan":\{/.test(Buffer.from(text).toString("latin1"));
    } catch {
      return false;
    }
  },
};

async function readJson(path: string): Promise<unknown> {
  const bytes = await readRegular(path).catch((error) => {
    throw readFailed(path, error);
  });
  try {
    const value = parseStrictJson(decodeUtf8(await unpacked(bytes)));
    const { format } = (value ?? {}) as { format?: unknown };
    if (typeof format === "number" && format > SWEEP_FORMAT) throw newerFormat(path, format, SWEEP_FORMAT);
    return value;
  } catch (error) {
    if (error instanceof MulabError) throw error;
    throw damagedSweep(path, `it can't be read (${(error as Error).message})`, "what mulab wrote");
  }
}

const unpacked = async (bytes: Uint8Array): Promise<Uint8Array> =>
  bytes[0] === 0x1f && bytes[1] === 0x8b ? promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
