/**
 * Which file an import leads to: packages as Node finds them, files beside the notebook as TypeScript does.
 *
 * Node remembers what it did not find for as long as it runs. Here each import looks again, so that a package that was installed
 * after a first try is found.
 */
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createPathsMatcher, getTsconfig, type TsConfigJson } from "get-tsconfig";
import { resolveExports, resolveImports } from "resolve-pkg-maps";
import type { JsxOptions } from "../compiler/strip.js";

/** As Node's own for `import`; what can be required and awaited alike comes first where Node has it so. */
const IMPORT_CONDITIONS = [
  "node",
  "import",
  "default",
  "node-addons",
  ...((process.features as { require_module?: boolean }).require_module ? ["module-sync"] : []),
];

/** Endings in the order of preference for a name without one. */
const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
/** The TypeScript that `./x.js` may mean. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

interface PackageJson {
  readonly name?: string;
  readonly type?: string;
  readonly main?: string;
  readonly exports?: never;
  readonly imports?: never;
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function readPackage(folder: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson;
  } catch {
    return undefined;
  }
}

function* foldersAbove(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

/** `a/b` is the package `a` and its part `./b`; `@a/b` is a package. */
function splitSpecifier(specifier: string): { name: string; inside: string } {
  const parts = specifier.split("/");
  const name = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  return { name, inside: specifier.slice(name.length + 1) };
}

/** True for what is looked for beside the importing file. */
export const isRelative = (specifier: string): boolean =>
  /^\.{0,2}\//.test(specifier) ||
  /^\.{1,2}$/.test(specifier) ||
  specifier.startsWith("file:") ||
  isAbsolute(specifier);

/** The file that `import specifier` leads to from a folder; undefined if there is none. */
export function resolvePackage(specifier: string, folder: string): string | undefined {
  if (specifier.startsWith("#")) return resolveImport(specifier, folder);
  const { name, inside } = splitSpecifier(specifier);
  const itself = [...foldersAbove(folder)].find((at) => existsSync(join(at, "package.json")));
  if (itself !== undefined) {
    const own = readPackage(itself);
    if (own?.name === name && own.exports !== undefined) return inPackage(itself, own, inside);
  }
  for (const at of foldersAbove(folder)) {
    const root = join(at, "node_modules", name);
    const own = isFolder(root) ? (readPackage(root) ?? {}) : undefined;
    if (own) return inPackage(root, own, inside);
  }
  return undefined;
}

function resolveImport(specifier: string, folder: string): string | undefined {
  for (const at of foldersAbove(folder)) {
    const own = readPackage(at);
    if (!own) continue;
    if (own.imports === undefined) return undefined;
    const [target] = attempt(() => resolveImports(own.imports!, specifier, IMPORT_CONDITIONS)) ?? [];
    if (target === undefined) return undefined;
    return target.startsWith("./") ? real(join(at, target)) : resolvePackage(target, at);
  }
  return undefined;
}

function inPackage(root: string, own: PackageJson, inside: string): string | undefined {
  if (own.exports !== undefined) {
    const targets = attempt(() => resolveExports(own.exports!, inside, IMPORT_CONDITIONS)) ?? [];
    return targets.map((target) => real(join(root, target))).find((file) => file !== undefined);
  }
  const path = inside === "" ? join(root, own.main ?? "index.js") : join(root, inside);
  const candidates = [path, `${path}.js`, `${path}.json`, join(path, "index.js"), join(root, "index.js")];
  const found = (inside === "" ? candidates : candidates.slice(0, 4)).find(isFile);
  return found === undefined ? undefined : real(found);
}

/** Node names a module by its real path: so do we, or one package would be two. */
function real(file: string): string | undefined {
  return isFile(file) ? realpathSync(file) : undefined;
}

function attempt<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined; // "exports" has no such part
  }
}

/** The file that a path without an ending, with the ending of its JavaScript, or of a folder means. */
export function resolveFile(path: string): string | undefined {
  const ending = /\.[cm]?[jt]sx?$/.exec(path)?.[0];
  const sources =
    ending === undefined ? [] : (SOURCES[ending] ?? []).map((to) => path.slice(0, -ending.length) + to);
  const beside = ENDINGS.map((to) => path + to);
  const within = ENDINGS.map((to) => join(path, `index${to}`));
  return [path, ...sources, ...beside, ...within].find(isFile);
}

/** The path that a relative specifier names. */
export function pathOf(specifier: string, folder: string): string {
  return specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(folder, specifier);
}

/** What the tsconfig.json above a folder says about importing; read again when the file changes. */
export class TsConfig {
  readonly #folder: string;
  #path: string | undefined;
  #readAt = -1;
  #matcher: ((specifier: string) => string[]) | null = null;
  #options: TsConfigJson["compilerOptions"] = {};

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The paths that `compilerOptions.paths` gives for a specifier. */
  candidates(specifier: string): readonly string[] {
    this.#read();
    return this.#matcher?.(specifier) ?? [];
  }

  get jsx(): JsxOptions {
    this.#read();
    const { jsx, jsxImportSource, jsxFactory, jsxFragmentFactory } = this.#options ?? {};
    const isClassic = jsx === "react" || (jsx === undefined && jsxFactory !== undefined);
    return {
      runtime: isClassic ? "classic" : "automatic",
      ...(jsxImportSource === undefined ? {} : { importSource: jsxImportSource }),
      ...(jsxFactory === undefined ? {} : { pragma: jsxFactory }),
      ...(jsxFragmentFactory === undefined ? {} : { pragmaFrag: jsxFragmentFactory }),
    };
  }

  #read(): void {
    this.#path ??= [...foldersAbove(this.#folder)].map((at) => join(at, "tsconfig.json")).find(existsSync);
    if (this.#path === undefined) return;
    const changedAt = statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changedAt === this.#readAt) return;
    this.#readAt = changedAt;
    const found = attempt(() => getTsconfig(this.#path));
    this.#matcher = found ? createPathsMatcher(found) : null;
    this.#options = found?.config.compilerOptions ?? {};
  }
}
