// live-cell.ts as one file that a cell can require, wherever the notebook is.

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const LIVE_CELL = fileURLToPath(new URL("./live-cell.ts", import.meta.url));

/** Writes `live.js` into `folder`. What is not JavaScript (sharp's binaries) is found from the repository. */
export async function writeLiveCell(folder: string): Promise<void> {
  await build({
    entryPoints: [LIVE_CELL],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: join(folder, "live.js"),
    define: { "import.meta.url": JSON.stringify(pathToFileURL(LIVE_CELL).href) },
    logLevel: "error",
  });
}
