// `mulab report`: one self-contained HTML file.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFailed } from "../core/errors.js";
import { report } from "../report.js";
import { readRun } from "../run-record.js";

export async function reportCommand(dir: string, { out }: { out?: string }): Promise<void> {
  const html = await report(await readRun(dir));
  const file = out ?? join(dir, "report.html");
  await writeFile(file, html).catch((error) => {
    throw writeFailed(file, error);
  });
  process.stdout.write(`${file}\n`);
}
