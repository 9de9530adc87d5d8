// What the commands share: where they print, how they write what was made for people, and a run's summary.

import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type Summary, summaryOf } from "../analysis/summary.js";
import { writeFailed } from "../core/errors.js";
import { makeFolder } from "../disk/atomic.js";
import type { RunRecord } from "../run/record.js";

export interface JsonOption {
  readonly json?: boolean;
}

/** The lines for people: standard output, or standard error where standard output is kept for JSON. */
export const linesOf = ({ json }: JsonOption): NodeJS.WriteStream => (json ? process.stderr : process.stdout);

/** Prints `value` as one line of JSON, where it was asked for. */
export function printJson({ json }: JsonOption, value: unknown): void {
  if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Writes `content` to `file`, in a folder that is made where it isn't there. Throws store/…. */
export async function writeOut(file: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(file));
  await writeFile(file, content).catch((error) => {
    throw writeFailed(file, error);
  });
}

/** The summary of a run as `--json` prints it. */
export const summaryOfRun = ({ state, experiment, wallMs, trainMs, digest }: RunRecord): Summary =>
  summaryOf(state, experiment, { wallSeconds: wallMs / 1000, trainSeconds: trainMs / 1000, digest });
