/**
 * Makes packages of the kernel resolvable, types included, from any folder.
 *
 * TypeScript looks for `node_modules` in the notebook's folder and every folder above. The last place it looks, `/node_modules`, is
 * made to show what the kernel itself can require. So a package beside the notebook always wins, and `import "mulab"` works in an
 * empty folder too.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, parse, sep } from "node:path";
import { withOldFields } from "./package-exports.js";
import type { Ts } from "./typescript.js";

/** The package that this kernel is part of: the nearest folder above with a package.json. */
export function ownPackage(): { name: string; root: string } {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const { name } = JSON.parse(readFileSync(file, "utf8")) as { name: string };
      return { name, root: folder };
    }
    if (folder === dirname(folder)) throw new Error(`No package.json above ${import.meta.dirname}.`);
  }
}

/** The `node_modules` folders that the kernel itself resolves from, nearest first; last what its package carries itself. */
export function kernelModuleFolders(): string[] {
  const require = createRequire(import.meta.url);
  const own = require.resolve.paths("any-package") ?? [];
  const vendored = join(ownPackage().root, "vendor");
  return [...new Set([...own, vendored])].filter((folder) => existsSync(folder));
}

const fallbackFolder = (folder: string) => `${parse(folder).root.split(sep).join("/")}node_modules`;

/** What a cell can import in any folder: the kernel's own package and what that depends on itself, not what these need in turn. */
export function fallbackModules(folder: string): string[] {
  if (existsSync(fallbackFolder(folder))) return [];
  const { name, root } = ownPackage();
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  return [name, "tslab", ...Object.keys(dependencies)].filter((each) => !each.startsWith("@"));
}

/** Maps a path below the fallback folder to the file that it stands for; other paths to themselves. */
export function fallbackPaths(folder: string): (path: string) => string {
  const prefix = fallbackFolder(folder);
  if (existsSync(prefix)) return (path) => path;
  const { name, root } = ownPackage();
  const folders = kernelModuleFolders();
  const known = new Map<string, string>();
  const find = (rest: string): string => {
    const parts = rest.split("/");
    const packageName = rest.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
    const inside = rest.slice(packageName.length);
    const folder =
      known.get(packageName) ?? folders.map((f) => join(f, packageName)).find((f) => existsSync(f));
    if (folder) {
      known.set(packageName, folder);
      return folder + inside;
    }
    if (packageName !== name) return join(prefix, rest);
    // Its dependencies are all visible beside it; seen below it as well, each would be two packages with unrelated types.
    if (inside.startsWith("/node_modules")) return join(prefix, rest);
    // Node10 resolution does not read "exports", where a subpath such as /kernel is said to be in dist.
    const isSubpath = inside !== "" && !/^\/(package\.json|dist(\/|$))/.test(inside);
    return root + (isSubpath ? "/dist" : "") + inside;
  };
  return (path) => {
    if (!path.startsWith(prefix)) return path;
    const rest = path.slice(prefix.length + 1);
    // The folder itself: any real one will do, it only has to exist.
    return rest === "" ? (folders[0] ?? path) : find(rest);
  };
}

/** True if the package at `path` is found from `folder` by walking up, or contains it. */
function isAbove(path: string, folder: string): boolean {
  const modules = path.indexOf("/node_modules/");
  const { root } = ownPackage();
  const owner = modules >= 0 ? path.slice(0, modules) : path.startsWith(`${root}/`) ? root : undefined;
  return owner !== undefined && `${folder}/`.startsWith(`${owner}/`);
}

/** Patches `ts.sys`, through which tslab's converter sees the disk. */
export function patchFileSystem(ts: Ts, folder: string): void {
  const real = fallbackPaths(folder);
  const { sys } = ts;
  const { fileExists, directoryExists, readFile, realpath, readDirectory, getDirectories, watchFile } = sys;
  sys.fileExists = (path) => fileExists.call(sys, real(path));
  sys.directoryExists = (path) => directoryExists.call(sys, real(path));
  sys.readFile = (path, encoding) => {
    const text = readFile.call(sys, real(path), encoding);
    return text !== undefined && path.endsWith("/package.json") ? withOldFields(text) : text;
  };
  // A fallback path keeps its name: TypeScript can write `/node_modules/arquero` into declarations as "arquero", the real path of a
  // kernel installed elsewhere it could not ("cannot be named"). What lies above the notebook has a name of its own.
  sys.realpath = (path) => {
    const at = real(path);
    return at === path || isAbove(at, folder) ? realpath!.call(sys, at) : path;
  };
  sys.readDirectory = (path, ...rest) => readDirectory.call(sys, real(path), ...rest);
  sys.getDirectories = (path) => {
    const at = real(path);
    // Completion would list all that the kernel's tools are made of.
    if (path.replace(/\/$/, "") === fallbackFolder(folder) && at !== path) return [];
    // Types that are only there because the kernel's own tools want them must not leak into a notebook.
    return at !== path && at.endsWith("@types") ? ["node"] : getDirectories.call(sys, at);
  };
  sys.getCurrentDirectory = () => folder;
  const unwatched = { close: () => {} };
  // Packages do not change under a running notebook; modules beside it do.
  sys.watchFile = (path, ...rest) =>
    path.includes("node_modules") || !path.startsWith(folder)
      ? unwatched
      : watchFile!.call(sys, path, ...rest);
  sys.watchDirectory = () => unwatched;
}
