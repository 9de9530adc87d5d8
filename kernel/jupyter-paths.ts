/** Where Jupyter looks for kernels and extensions, without asking Python. https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { noEnvironment } from "./errors.js";

/** One of the three places that Jupyter's own `install` commands know. */
export type InstallPlace =
  | { readonly kind: "user" }
  | { readonly kind: "prefix"; readonly folder: string }
  | { readonly kind: "sys-prefix" };

/** The data folder of a place: `kernels`, `labextensions` and `nbextensions` are below it. */
export function dataFolder(place: InstallPlace, env: NodeJS.ProcessEnv = process.env): string {
  switch (place.kind) {
    case "user":
      return userDataFolder(env);
    case "prefix":
      return join(place.folder, "share", "jupyter");
    case "sys-prefix":
      return join(sysPrefix(env), "share", "jupyter");
  }
}

function userDataFolder(env: NodeJS.ProcessEnv): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === "win32")
    return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

/** The environment that Jupyter belongs to: the active conda or venv, else the one that `jupyter` on the PATH is in. */
function sysPrefix(env: NodeJS.ProcessEnv): string {
  const active = env.VIRTUAL_ENV ?? env.CONDA_PREFIX;
  if (active) return active;
  const jupyter = findProgram("jupyter", env);
  if (jupyter) return dirname(dirname(realpathSync(jupyter)));
  throw noEnvironment();
}

/** The full path of a program on the PATH. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (folder !== "" && existsSync(file)) return file;
    }
  }
  return undefined;
}

/** All data folders that Jupyter would search here, first match wins there. */
export function searchFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const out = [
    ...(env.JUPYTER_PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
    userDataFolder(env),
  ];
  try {
    out.push(dataFolder({ kind: "sys-prefix" }, env));
  } catch {
    // No environment: the system's folders are left.
  }
  if (process.platform === "win32") out.push(join(env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter"));
  else out.push("/usr/local/share/jupyter", "/usr/share/jupyter");
  return [...new Set(out)];
}
