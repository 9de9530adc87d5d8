/**
 * Where the types of an import are: beside the notebook and in its packages first, then in what the kernel itself can import, so that
 * `import "mulab"` has its types in an empty folder too.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type TypeScript from "typescript";
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

/** A file in place of the kernel's own package: a cell can import what it could. */
export const kernelImporter = (): string => join(ownPackage().root, "__kernel__.ts");

/** What a cell can import in any folder: the kernel's own package and what that depends on itself, not what these need in turn. */
export function fallbackModules(): string[] {
  const { name, root } = ownPackage();
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  return [name, "tslab", ...Object.keys(dependencies)].filter((each) => !each.startsWith("@"));
}

/** Options of the notebook's tsconfig.json that say what its code means; how it is built is the kernel's business. */
const TAKEN = [
  "strict",
  "noImplicitAny",
  "strictNullChecks",
  "strictFunctionTypes",
  "strictBindCallApply",
  "strictPropertyInitialization",
  "noImplicitThis",
  "useUnknownInCatchVariables",
  "noUncheckedIndexedAccess",
  "exactOptionalPropertyTypes",
  "paths",
  "baseUrl",
  "pathsBasePath",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "types",
  "typeRoots",
] as const;

/** The libraries of the language that the running Node has. */
const libraryOf = (major: number) =>
  major >= 24 ? "lib.esnext.d.ts" : major >= 22 ? "lib.es2024.d.ts" : "lib.es2023.d.ts";

export function compilerOptions(ts: Ts, folder: string): TypeScript.CompilerOptions {
  const config = ts.findConfigFile(folder, ts.sys.fileExists);
  const given: Record<string, unknown> = {};
  if (config !== undefined) {
    const { config: json } = ts.readConfigFile(config, ts.sys.readFile) as { config?: object };
    const host = { ...ts.sys, readDirectory: () => [] };
    const { options } = ts.parseJsonConfigFileContent(json ?? {}, host, dirname(config), undefined, config);
    for (const name of TAKEN) if (options[name] !== undefined) given[name] = options[name];
  }
  return {
    // As in tslab: a notebook is where ideas are tried.
    strict: false,
    jsx: ts.JsxEmit.ReactJSX,
    ...given,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    customConditions: ["node"],
    lib: [libraryOf(Number.parseInt(process.versions.node, 10))],
    types: [],
    allowImportingTsExtensions: true,
    allowArbitraryExtensions: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    allowJs: true,
    checkJs: false,
    skipLibCheck: true,
    noEmit: true,
    ignoreDeprecations: "6.0",
  };
}

/** Declaration files of the packages that TypeScript takes in by itself: all in the notebook's `@types`, and Node's. */
export function automaticTypes(ts: Ts, folder: string, options: TypeScript.CompilerOptions): string[] {
  const { types: _, ...all } = options;
  const from = `${folder}/__types__.ts`;
  const names = new Set([
    ...ts.getAutomaticTypeDirectiveNames({ ...all, types: ["*"] }, hostIn(ts, folder)),
    "node",
  ]);
  return [...names].flatMap((name) => {
    for (const importer of [from, kernelImporter()]) {
      const found = ts.resolveTypeReferenceDirective(
        name,
        importer,
        { ...all, typeRoots: undefined } as never,
        ts.sys,
      );
      const file = found.resolvedTypeReferenceDirective?.resolvedFileName;
      if (file !== undefined) return [file];
    }
    return [];
  });
}

const hostIn = (ts: Ts, folder: string): TypeScript.ModuleResolutionHost => ({
  ...ts.sys,
  getCurrentDirectory: () => folder,
});

export interface Resolver {
  (
    specifier: string,
    from: string,
    mode: TypeScript.ResolutionMode,
  ): TypeScript.ResolvedModuleWithFailedLookupLocations;
  /** Looks again from now on. */
  forget(): void;
}

/** Resolves as TypeScript does, and from the notebook's folder also to what the kernel itself can import. */
export function resolver(
  ts: Ts,
  folder: string,
  options: TypeScript.CompilerOptions,
  host: TypeScript.ModuleResolutionHost,
): Resolver {
  const cache = ts.createModuleResolutionCache(folder, (name) => name, options);
  const find = (specifier: string, from: string, mode: TypeScript.ResolutionMode) => {
    const written = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
    const resolve = (importer: string, name = written) =>
      ts.resolveModuleName(name, importer, options, host, cache, undefined, mode);
    const found = resolve(from);
    if (found.resolvedModule || /^[./]|^file:/.test(specifier) || from.includes("/node_modules/"))
      return found;
    // The kernel carries tslab with it, under a name that only its own package knows.
    const other = resolve(kernelImporter(), specifier === "tslab" ? "#tslab" : specifier);
    return other.resolvedModule ? other : found;
  };
  return Object.assign(find, { forget: () => cache.clear() });
}
