/**
 * The kernel's process: `node dist/kernel/main.js --config-path=FILE [--commands=PACKAGE]`.
 *
 * FILE is Jupyter's connection file. PACKAGE is loaded when a cell uses a magic that is not known.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import envPaths from "env-paths";
import { noConnectionFile } from "./errors.js";
import { Kernel } from "./kernel.js";
import { parseConnection } from "./wire.js";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { "config-path": { type: "string" }, commands: { type: "string", multiple: true, default: [] } },
  });
  const file = values["config-path"];
  if (file === undefined) {
    throw noConnectionFile();
  }
  const kernel = new Kernel({
    connection: parseConnection(readFileSync(file, "utf8"), file),
    folder: process.cwd(),
    parentPid: Number(process.env.JPY_PARENT_PID ?? 0),
    cacheFolder: process.env.MULAB_CACHE || envPaths("mulab", { suffix: "" }).cache,
    providers: values.commands,
  });
  await kernel.start();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
