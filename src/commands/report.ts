// `mulab report`: one self-contained HTML file, of a run or of a sweep.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { report } from "../report/report.js";
import { sweepReport } from "../report/sweep.js";
import { readRun } from "../run/record.js";
import { isSweep, readSweep } from "../sweep/read.js";
import { writeOut } from "./output.js";

export async function reportCommand(path: string, { out }: { out?: string }): Promise<void> {
  const isFile = (await stat(path).catch(() => null))?.isFile() ?? false;
  const html =
    isFile || (await isSweep(path))
      ? await sweepReport(await readSweep(path))
      : await report(await readRun(path));
  const file = out ?? (isFile ? "report.html" : join(path, "report.html"));
  await writeOut(file, html);
  process.stdout.write(`${file}\n`);
}
