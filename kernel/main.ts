/**
 * The kernel's process: `node dist/bundle/kernel/main.js --config-path=FILE [--commands=PACKAGE]`.
 *
 * FILE is Jupyter's connection file. PACKAGE is loaded when a cell uses a magic that is not known.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import envPaths from "env-paths";
import { noConnectionFile } from "./errors.js";
import { IoThread } from "./io-thread.js";
import { parseConnection } from "./wire.js";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { "config-path": { type: "string" }, commands: { type: "string", multiple: true, default: [] } },
  });
  const file = values["config-path"];
  if (file === undefined) {
    throw noConnectionFile();
  }
  const connection = parseConnection(readFileSync(file, "utf8"), file);
  const session = randomUUID();
  const thread = new IoThread(connection, session, Number(process.env.JPY_PARENT_PID ?? 0));
  const cacheFolder = process.env.MULAB_CACHE || envPaths("mulab", { suffix: "" }).cache;
  keepCompiled(join(cacheFolder, "node"));
  const { Kernel } = await import("./kernel.js");
  const kernel = new Kernel({
    connection,
    thread,
    session,
    folder: process.cwd(),
    cacheFolder,
    providers: values.commands,
  });
  await kernel.start();
}

/** From Node 22.8 on, Node keeps what it compiles: the kernel, and the packages that cells import, load faster the next time. */
function keepCompiled(folder: string): void {
  (module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache?.(folder);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
