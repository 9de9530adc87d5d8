/**
 * The kernel's process: `node dist/kernel/main.js --config-path=FILE [--commands=PACKAGE]`.
 *
 * FILE is Jupyter's connection file. PACKAGE is loaded when a cell uses a command that is not known.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Kernel } from "./kernel.js";
import { parseConnection } from "./wire.js";

function cacheFolder(): string {
  if (process.env.MULAB_CACHE) return process.env.MULAB_CACHE;
  if (process.platform === "win32") {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "mulab", "cache");
  }
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "mulab");
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "mulab");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { "config-path": { type: "string" }, commands: { type: "string", multiple: true, default: [] } },
  });
  const file = values["config-path"];
  if (file === undefined) {
    throw new Error(
      "The kernel needs --config-path=FILE, Jupyter's connection file. It is started by Jupyter; install it with `mulab kernel install`.",
    );
  }
  const kernel = new Kernel({
    connection: parseConnection(readFileSync(file, "utf8"), file),
    folder: process.cwd(),
    parentPid: Number(process.env.JPY_PARENT_PID ?? 0),
    cacheFolder: cacheFolder(),
    providers: values.commands,
  });
  await kernel.start();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
