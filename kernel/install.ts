/**
 * Installs, lists and removes the kernel in Jupyter's folders: the kernelspec with its logo, and the widgets' browser code.
 *
 * Needs no Python: these are files in known places. The widgets are a prebuilt JupyterLab extension and, for the classic Notebook and
 * static pages, an AMD module; both come from `dist/widgets` if they have been built.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownPackage } from "./compiler/resolve.js";
import { dataFolder, type InstallPlace, searchFolders } from "./jupyter-paths.js";
import { logoPng, logoSvg } from "./logo.js";

export const KERNEL_NAME = "mulab";
const DISPLAY_NAME = "TypeScript (mulab)";

export interface Installed {
  readonly kernelspec: string;
  /** Undefined where `dist/widgets` has not been built. */
  readonly labextension?: string;
  readonly nbextension?: string;
}

/** Writes everything for one place. An earlier installation there is replaced. */
export function installKernel(place: InstallPlace, env: NodeJS.ProcessEnv = process.env): Installed {
  return installInto(dataFolder(place, env));
}

/** As installKernel, given the data folder itself. Throws an error that says what to do when it cannot be written. */
export function installInto(folder: string): Installed {
  const kernelspec = join(folder, "kernels", KERNEL_NAME);
  try {
    rmSync(kernelspec, { recursive: true, force: true });
    mkdirSync(kernelspec, { recursive: true });
    writeFileSync(join(kernelspec, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
    writeFileSync(join(kernelspec, "logo-svg.svg"), logoSvg());
    for (const size of [32, 64]) writeFileSync(join(kernelspec, `logo-${size}x${size}.png`), logoPng(size));
    return { kernelspec, ...installWidgets(folder) };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") throw error;
    throw new Error(
      `The kernel could not be installed: ${path ?? folder} is not writable. Use --user, or --prefix with a folder of yours.`,
    );
  }
}

/** What Jupyter reads. The Node that runs this also runs the kernel: a server's PATH is often another one. */
function kernelSpec(): object {
  const main = fileURLToPath(new URL("./main.js", import.meta.url));
  return {
    argv: [process.execPath, main, "--config-path={connection_file}", `--commands=${ownPackage().name}`],
    display_name: DISPLAY_NAME,
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false },
  };
}

function installWidgets(folder: string): Omit<Installed, "kernelspec"> {
  const { name, root } = ownPackage();
  const built = join(root, "dist", "widgets");
  const copy = (from: string, kind: "labextensions" | "nbextensions"): string | undefined => {
    if (!existsSync(from)) return undefined;
    const to = join(folder, kind, name);
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
    return to;
  };
  const labextension = copy(join(built, "labextension"), "labextensions");
  const nbextension = copy(join(built, "amd"), "nbextensions");
  return { ...(labextension ? { labextension } : {}), ...(nbextension ? { nbextension } : {}) };
}

export interface FoundKernel {
  readonly name: string;
  readonly displayName: string;
  readonly folder: string;
  readonly isOurs: boolean;
  /** False when what the kernelspec starts is not there any more. */
  readonly isRunnable: boolean;
}

/** All kernels that Jupyter finds here, ours marked. */
export function listKernels(env: NodeJS.ProcessEnv = process.env): FoundKernel[] {
  const found: FoundKernel[] = [];
  for (const data of searchFolders(env)) {
    const kernels = join(data, "kernels");
    for (const name of existsSync(kernels) ? readdirSync(kernels).sort() : []) {
      const folder = join(kernels, name);
      const spec = readSpec(folder);
      if (!spec || found.some((kernel) => kernel.name === name)) continue;
      const isOurs = name === KERNEL_NAME;
      const isRunnable = !isOurs || spec.argv.slice(0, 2).every((file) => existsSync(file));
      found.push({ name, displayName: spec.display_name, folder, isOurs, isRunnable });
    }
  }
  return found;
}

function readSpec(folder: string): { argv: string[]; display_name: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as {
      argv: string[];
      display_name: string;
    };
  } catch {
    return undefined; // a folder without a readable kernel.json is no kernel, to Jupyter either
  }
}

/** Removes the kernel and its widgets from one place. Returns the folders that it removed; none if it was not there. */
export function removeKernel(place: InstallPlace, env: NodeJS.ProcessEnv = process.env): string[] {
  const folder = dataFolder(place, env);
  const { name } = ownPackage();
  const candidates = [
    join(folder, "kernels", KERNEL_NAME),
    join(folder, "labextensions", name),
    join(folder, "nbextensions", name),
  ];
  const removed = candidates.filter((candidate) => existsSync(candidate));
  for (const candidate of removed) rmSync(candidate, { recursive: true, force: true });
  return removed;
}
