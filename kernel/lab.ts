/**
 * Starts JupyterLab, or the Notebook where there is no JupyterLab, with the kernel and its widgets in a temporary prefix.
 *
 * Nothing is installed: the server finds them through JUPYTER_PATH, and the prefix goes when the server ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { noNotebookFolder, noServer } from "./errors.js";
import { installInto, writeDefaults } from "./install.js";
import { findProgram } from "./jupyter-paths.js";

export interface LabOptions {
  /** The folder whose notebooks are shown. */
  readonly folder?: string;
  /** More arguments for the server, such as `--no-browser`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The installed server, JupyterLab preferred. Throws an error that says how to get one. */
export function findServer(env: NodeJS.ProcessEnv = process.env): { name: string; command: string[] } {
  const lab = findProgram("jupyter-lab", env);
  if (lab) return { name: "JupyterLab", command: [lab] };
  const notebook = findProgram("jupyter-notebook", env);
  if (notebook) return { name: "Jupyter Notebook", command: [notebook] };
  throw noServer();
}

/** Runs the server until it ends; resolves with its exit code. */
export async function startLab({
  folder = ".",
  args = [],
  env = process.env,
}: LabOptions = {}): Promise<number> {
  const server = findServer(env);
  if (!existsSync(folder)) throw noNotebookFolder(folder);
  const prefix = mkdtempSync(join(tmpdir(), "mulab-lab-"));
  try {
    const data = join(prefix, "share", "jupyter");
    const installed = installInto(data);
    const config = join(prefix, "etc", "jupyter");
    writeDefaults(config);
    const widgets = installed.labextension ? "" : " (without widgets: dist/widgets has not been built)";
    console.log(`Starting ${server.name} with the kernel "TypeScript (mulab)"${widgets}. Ctrl-C ends it.`);
    const [program, ...rest] = server.command;
    return await runServer(() =>
      spawn(program!, [...rest, ...asRoot(args), ...args, folder], {
        stdio: "inherit",
        env: {
          ...env,
          JUPYTER_PATH: before(data, env.JUPYTER_PATH),
          JUPYTER_CONFIG_PATH: before(config, env.JUPYTER_CONFIG_PATH),
        },
      }),
    );
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}

const before = (folder: string, path: string | undefined): string =>
  [folder, path].filter(Boolean).join(delimiter);

/** Jupyter refuses to start as root without an option; in a container there is no other user. */
function asRoot(args: readonly string[]): string[] {
  const isRoot = process.getuid?.() === 0;
  return isRoot && !args.includes("--allow-root") ? ["--allow-root"] : [];
}

/** Waits for the server that `start` makes, and ends it when this process receives a signal to end. */
function runServer(start: () => ChildProcess): Promise<number> {
  let child: ChildProcess | undefined;
  let isAsked = false;
  const end = () => {
    isAsked = true;
    // Never SIGINT: away from a terminal the servers have no handler for it, so that Python raises KeyboardInterrupt
    // wherever it happens to be, at times when nothing catches it.
    child?.kill("SIGTERM");
  };
  const handlers = {
    // In a terminal, Ctrl-C reaches the server too, which asks before it ends; else only this process has received it.
    SIGINT: () => process.stdin.isTTY !== true && end(),
    SIGTERM: end,
    SIGHUP: end,
  };
  const signals = Object.entries(handlers);
  // Before the server starts: a signal in between would leave the server running without us.
  for (const [signal, handler] of signals) process.on(signal, handler);
  return new Promise<number>((resolve, reject) => {
    child = start();
    child.on("error", reject);
    // A server that has not come as far as handling signals is ended by the one that it was sent: as asked.
    child.on("exit", (code) => resolve(code ?? (isAsked ? 0 : 1)));
  }).finally(() => {
    for (const [signal, handler] of signals) process.off(signal, handler);
  });
}
