/**
 * Installs, lists and removes the kernel in Jupyter's folders: the kernelspec with its logo, and the widgets' browser code.
 *
 * Needs no Python: these are files in known places. The widgets are a prebuilt JupyterLab extension and, for the classic Notebook and
 * static pages, an AMD module; both come from `dist/widgets` if they have been built. With them comes a default of JupyterLab:
 * that it saves the state of widgets, so that a notebook shows them again where there is no kernel.
 */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ownPackage } from "./compiler/resolve.js";
import { notAFolder, notWritable } from "./errors.js";
import { dataFolder, type InstallPlace, searchFolders } from "./jupyter-paths.js";
import { logoPng, logoSvg } from "./logo.js";
import { makeFolder } from "./make-folder.js";
import { at, contentsOf, filesIn, inTheWay, putFile, putFolder, removeAsides } from "./own-files.js";

export const KERNEL_NAME = "mulab";
const DISPLAY_NAME = "TypeScript (mulab)";

export interface Installed {
  readonly kernelspec: string;
  /** Undefined where `dist/widgets` has not been built. */
  readonly labextension?: string;
  readonly nbextension?: string;
}

/** Where each thing goes, below a data folder. */
function places(folder: string) {
  const { name } = ownPackage();
  return {
    kernelspec: join(folder, "kernels", KERNEL_NAME),
    labextension: join(folder, "labextensions", name),
    nbextension: join(folder, "nbextensions", name),
    /** Defaults that packages bring to the JupyterLab of this prefix; what a user has set comes first. */
    defaults: join(folder, "lab", "settings", "overrides.d", `${name}.json`),
  };
}

/** In the kernelspec: the folders that the installation had to make, so that they can go with it. */
const MADE = "folders-made.json";
const DEFAULTS = { "@jupyter-widgets/jupyterlab-manager:plugin": { saveState: true } };

/** Writes the default as configuration, which counts for the server that reads `config`, whichever JupyterLab it runs. */
export function writeDefaults(config: string): void {
  const folder = join(config, "labconfig");
  makeFolder(folder);
  putFile(join(folder, "default_setting_overrides.json"), json(DEFAULTS));
}

/** Writes everything for one place. An earlier installation there is replaced. */
export function installKernel(place: InstallPlace, env: NodeJS.ProcessEnv = process.env): Installed {
  return installInto(dataFolder(place, env));
}

/** As installKernel, given the data folder itself. Throws an error that says what to do when it cannot be written. */
export function installInto(folder: string): Installed {
  const { kernelspec, defaults } = places(folder);
  const made = madeBefore(kernelspec);
  /** What was made is known at once, should the installation be cut short. */
  const make = (path: string) => {
    const more = makeFolder(path);
    for (const folder of more) made.add(folder);
    if (more.length > 0 && at(kernelspec)) putFile(join(kernelspec, MADE), json([...made]));
  };
  try {
    refuseForeign(folder);
    make(kernelspec);
    const widgets = installWidgets(folder, make);
    if (widgets.labextension) {
      make(dirname(defaults));
      putFile(defaults, json(DEFAULTS));
      removeAsides(dirname(defaults));
    }
    // The kernel comes last: once it is listed, everything is installed.
    const files = new Map<string, string | Uint8Array>([
      [MADE, json([...made])],
      ["logo-svg.svg", logoSvg()],
      ...([32, 64] as const).map((size) => [`logo-${size}x${size}.png`, logoPng(size)] as const),
      [SPEC, json(kernelSpec())],
    ]);
    putFolder(kernelspec, files, SPEC, make);
    return { kernelspec, ...widgets };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR" || code === "EEXIST") {
      throw notAFolder(path ?? folder);
    }
    if (!["EACCES", "EPERM", "EROFS", "ENOENT"].includes(code ?? "")) throw error;
    throw notWritable(path ?? folder);
  }
}

const SPEC = "kernel.json";
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Throws where one of the places has something that no installation of mulab can have left there, whole or cut short. */
function refuseForeign(folder: string): void {
  const { kernelspec, labextension, nbextension, defaults } = places(folder);
  const spec = () =>
    readSpec(kernelspec)?.argv?.some?.((argument) => `${argument}`.startsWith("--commands="));
  const isOurs = (path: string, isNamed: () => boolean | undefined, cutShort: RegExp): boolean =>
    at(path)!.isDirectory() && (isNamed() ?? filesIn(path).every((name) => cutShort.test(name)));
  for (const [path, isNamed, cutShort] of [
    [kernelspec, spec, /^(\.mulab-aside-.*|logo-.*|folders-made\.json)$/],
    [labextension, () => packageName(labextension), /^(static\/.*|install\.json|\.mulab-aside-.*)$/],
    [nbextension, () => undefined, /^(index\.js.*|\.mulab-aside-.*)$/],
  ] as const)
    if (at(path) && !isOurs(path, isNamed, cutShort)) throw inTheWay(path);
  if (at(defaults) && !at(defaults)!.isFile()) throw inTheWay(defaults);
}

/** Whether the package in a folder is this one; undefined where there is none. */
function packageName(folder: string): boolean | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, PACKAGE), "utf8")) as { name?: unknown };
    return name === ownPackage().name;
  } catch {
    return at(join(folder, PACKAGE)) ? false : undefined;
  }
}

/** The folders that an earlier installation made; none if there is no earlier one. */
function madeBefore(kernelspec: string): Set<string> {
  try {
    return new Set(JSON.parse(readFileSync(join(kernelspec, MADE), "utf8")) as string[]);
  } catch {
    return new Set();
  }
}

/**
 * Interrupting code that never yields leaves Node's stack of async ids as that code had it. The kernel mends that, but at the end
 * of the call stack only afterwards, and Node must not abort the process before: it does unless its check is off.
 */
export const NODE_FLAGS = ["--no-force-async-hooks-checks"];

/** What Jupyter reads. The Node that runs this also runs the kernel: a server's PATH is often another one. */
function kernelSpec(): object {
  const main = join(ownPackage().root, "dist", "bundle", "kernel", "main.js");
  return {
    argv: [
      process.execPath,
      ...NODE_FLAGS,
      main,
      "--config-path={connection_file}",
      `--commands=${ownPackage().name}`,
    ],
    display_name: DISPLAY_NAME,
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: true },
  };
}

function installWidgets(folder: string, make: (path: string) => void): Omit<Installed, "kernelspec"> {
  const built = join(ownPackage().root, "dist", "widgets");
  const copy = (from: string, to: string): string | undefined => {
    if (!existsSync(from)) return undefined;
    make(to);
    const files = contentsOf(from);
    putFolder(to, files, files.has(PACKAGE) ? PACKAGE : "index.js", make);
    return to;
  };
  const { labextension: lab, nbextension: nb } = places(folder);
  const labextension = copy(join(built, "labextension"), lab);
  const nbextension = copy(join(built, "amd"), nb);
  return { ...(labextension ? { labextension } : {}), ...(nbextension ? { nbextension } : {}) };
}

/** What JupyterLab reads of an extension first: it names the files to load. */
const PACKAGE = "package.json";

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
      const isRunnable =
        !isOurs ||
        spec.argv
          .filter((arg) => !arg.startsWith("-"))
          .slice(0, 2)
          .every((file) => existsSync(file));
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
    return undefined; // without a readable kernel.json a folder is not a kernel, for Jupyter either
  }
}

/** Removes the kernel and its widgets from one place. Returns what it removed; nothing if it was not there. */
export function removeKernel(place: InstallPlace, env: NodeJS.ProcessEnv = process.env): string[] {
  const { kernelspec, ...others } = places(dataFolder(place, env));
  const made = madeBefore(kernelspec);
  // The kernelspec goes last: it knows the folders that were made, until the removal is complete.
  const removed = [...Object.values(others), kernelspec].filter((path) => at(path));
  refuseForeign(dataFolder(place, env));
  removeAsides(dirname(others.defaults));
  for (const path of removed) rmSync(path, { recursive: true, force: true });
  // Deepest first; a folder that holds something else by now stays.
  for (const folder of [...made].sort((a, b) => b.length - a.length)) {
    try {
      rmdirSync(folder);
    } catch {
      // Gone already, or no longer empty.
    }
  }
  return removed;
}
