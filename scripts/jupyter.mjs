// Installs JupyterLab and Notebook 7 with pip into .jupyter, for the tests that use them as a person would. Without Python
// or a pip index it says so and exits with 1; the tests that need them then report that they were skipped.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", ".jupyter");
const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");

function run(what, command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  console.error(`mulab: ${what} failed.\n${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`.trim());
  process.exit(1);
}

if (!existsSync(join(bin, "jupyter-notebook"))) {
  const began = Date.now();
  console.log("mulab: getting JupyterLab and Notebook from pip …");
  run("making a Python environment", process.env.MULAB_PYTHON ?? "python3", ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  // Without retries, so that an unreachable index is noticed soon.
  const args = [
    "-m",
    "pip",
    "install",
    ...quiet,
    "--retries",
    "0",
    "jupyterlab~=4.6",
    "notebook~=7.6",
    "ipywidgets~=8.1",
  ];
  run("pip install", join(bin, "python"), args);
  console.log(
    `mulab: JupyterLab and Notebook are in .jupyter after ${Math.round((Date.now() - began) / 1000)} s`,
  );
}
