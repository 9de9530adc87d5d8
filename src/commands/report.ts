// `mulab report`: writes a run or a sweep as one self-contained HTML file.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../disk/replace.js";
import { said } from "../format/plain.js";
import { REPORT_KIND } from "../report/page.js";
import { report } from "../report/report.js";
import { sweepReport } from "../report/sweep.js";
import { readRun } from "../run/record.js";
import { isSweep, readSweep } from "../sweep/read.js";

export async function reportCommand(path: string, { out }: { out?: string }): Promise<void> {
  const isFile = (await stat(path).catch(() => null))?.isFile() ?? false;
  const html =
    isFile || (await isSweep(path))
      ? await sweepReport({ ...(await readSweep(path)), dir: path })
      : await report(await readRun(path));
  const file = out ?? (isFile ? "report.html" : join(path, "report.html"));
  await replaceFile(file, html, REPORT_KIND);
  process.stdout.write(said`${file}\n`);
}
