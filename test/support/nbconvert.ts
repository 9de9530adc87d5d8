// Debian's nbconvert, as tests use it: executes a notebook in place with the kernels of a prefix.

import { spawn } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { PYTHON } from "./lab-require.js";

/** Runs all cells of `notebook` and stores what they show. Throws nbconvert's log if it fails. */
export async function convert(notebook: string, prefix: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const args = [
    "-m",
    "nbconvert",
    "--to",
    "notebook",
    "--execute",
    "--inplace",
    "--ExecutePreprocessor.timeout=240",
  ];
  const child = spawn(PYTHON, [...args, basename(notebook)], {
    cwd: dirname(notebook),
    env: { ...process.env, JUPYTER_PATH: join(prefix, "share", "jupyter"), ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    log += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`nbconvert ended with ${code}.\n${log.slice(-3_000)}`);
}
