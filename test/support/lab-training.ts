// What the tests of a real training in JupyterLab begin with: mulab installed into a prefix as a person would, and a
// folder of images whose name is an attack.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWidgets } from "../../scripts/build-widgets.mjs";
import { runCli } from "./cli.js";
import { writeClasses } from "./images.js";
import { type Lab, startLab } from "./lab-server.js";

/** Legal as a folder's name on this system. */
export const HOSTILE = "<img src=x onerror=window.hacked=1>";

export interface TrainingLab {
  readonly server: Lab;
  /** Folder of the notebooks and of all that their cells write. */
  readonly notebooks: string;
  stop(): Promise<void>;
}

export async function startTrainingLab(): Promise<TrainingLab> {
  const dir = mkdtempSync(join(tmpdir(), "mulab-training-"));
  const notebooks = join(dir, "notebooks");
  const prefix = join(dir, "prefix");
  mkdirSync(notebooks);
  await buildWidgets();
  const installed = await runCli(["kernel", "install", "--prefix", prefix]);
  if (installed.code !== 0) throw new Error(installed.stderr);
  writeClasses(join(notebooks, HOSTILE), { dots: 20, lines: 20 });
  const server = await startLab({ notebooksDir: notebooks, prefixes: [prefix], saveState: true });
  return {
    server,
    notebooks,
    async stop() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A cell that trains drawn scripts and the hostile folder, private, in `dir`; small, but by the real engine. */
export const trainingCell = (dir: string, settings: readonly string[] = []): string => `
import { applyOverrides, folderTask, open, preliminary, watch } from "mulab";
const mine = await folderTask(${JSON.stringify(HOSTILE)}, { access: "private", name: ${JSON.stringify(HOSTILE)} });
const tasks = [
  { name: "glyphs/thai", access: "public" },
  { name: "glyphs/lao", access: "public" },
  { name: mine.name, access: "private" },
] as const;
const experiment = applyOverrides(preliminary({ seed: 1, budget: "smoke", tasks }), ${JSON.stringify(settings)});
const run = await open(${JSON.stringify(dir)}, experiment, { tasks: [mine], threads: 1 });
watch(run);
`;
