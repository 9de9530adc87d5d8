/**
 * Starts JupyterLab, or the Notebook where that is what there is, with the kernel and its widgets in a temporary prefix.
 *
 * Nothing is installed: the server finds them through JUPYTER_PATH, and the prefix goes when the server ends.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { installInto } from "./install.js";
import { findProgram } from "./jupyter-paths.js";

export interface LabOptions {
  /** The folder whose notebooks are shown. */
  readonly folder?: string;
  /** More arguments for the server, such as `--no-browser`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The server that is there: JupyterLab first. Throws an error that says how to get one. */
export function findServer(env: NodeJS.ProcessEnv = process.env): { name: string; command: string[] } {
  const lab = findProgram("jupyter-lab", env);
  if (lab) return { name: "JupyterLab", command: [lab] };
  const notebook = findProgram("jupyter-notebook", env);
  if (notebook) return { name: "Jupyter Notebook", command: [notebook] };
  throw new Error(
    [
      "No JupyterLab and no Jupyter Notebook was found on the PATH. To get one:",
      "  with conda:   conda env create -f environment.yml && conda activate mulab",
      "  with pip:     pip install jupyterlab",
      "  on Debian:    apt install jupyter-notebook",
      "Then run `mulab lab` again.",
    ].join("\n"),
  );
}

/** Runs the server until it ends; resolves with its exit code. */
export async function startLab({
  folder = ".",
  args = [],
  env = process.env,
}: LabOptions = {}): Promise<number> {
  const server = findServer(env);
  const prefix = mkdtempSync(join(tmpdir(), "mulab-lab-"));
  try {
    const data = join(prefix, "share", "jupyter");
    const installed = installInto(data);
    const widgets = installed.labextension ? "" : " (without widgets: dist/widgets has not been built)";
    console.log(`Starting ${server.name} with the kernel "TypeScript (mulab)"${widgets}. Ctrl-C ends it.`);
    const [program, ...rest] = server.command;
    const child = spawn(program!, [...rest, ...args, folder], {
      stdio: "inherit",
      env: { ...env, JUPYTER_PATH: [data, env.JUPYTER_PATH].filter(Boolean).join(delimiter) },
    });
    // Ctrl-C reaches the server too, which asks before it ends; this process waits for it and then cleans up.
    const ignore = () => {};
    process.on("SIGINT", ignore);
    try {
      return await new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", (code) => resolve(code ?? 1));
      });
    } finally {
      process.off("SIGINT", ignore);
    }
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}
