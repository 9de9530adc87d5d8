// What the installed packages and the lockfile say: which hold plugins, which must exist once in the page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const labDir = dirname(fileURLToPath(import.meta.url));
export const buildDir = join(labDir, "build");
export const packageDir = (name) => join(labDir, "node_modules", name);

/** Requires as the builder does: webpack and webpack-merge are its dependencies, and must be the ones it uses. */
export const builderRequire = createRequire(join(packageDir("@jupyterlab/builder"), "package.json"));

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** The direct dependencies that carry JupyterLab metadata: plugins, mime renderers, styles. */
export function labPackages() {
  return Object.keys(readJson(join(labDir, "package.json")).dependencies)
    .map((name) => ({ name, data: readJson(join(packageDir(name), "package.json")) }))
    .filter(({ data }) => data.jupyterlab);
}

// Besides the three scopes: packages whose identity matters (contexts, registries, classes compared with instanceof).
const ALSO_SHARED = new Set([
  "react",
  "react-dom",
  "yjs",
  "@codemirror/language",
  "@codemirror/state",
  "@codemirror/view",
  "@jupyter/react-components",
  "@jupyter/web-components",
  "@jupyter/ydoc",
  "@lezer/common",
  "@lezer/highlight",
  "@microsoft/fast-element",
  "@microsoft/fast-foundation",
]);

const isShared = (name) =>
  ALSO_SHARED.has(name) ||
  (/^@(jupyterlab|lumino|jupyter-widgets)\//.test(name) &&
    !name.endsWith("-extension") &&
    name !== "@jupyterlab/builder");

/** Name and resolved version of every package that exists once in the page, from the lockfile. */
export function sharedPackages() {
  const { packages } = readJson(join(labDir, "package-lock.json"));
  return Object.entries(packages)
    .map(([path, { version }]) => ({ name: path.replace(/^node_modules\//, ""), version }))
    .filter(({ name }) => !name.includes("node_modules/") && isShared(name));
}
