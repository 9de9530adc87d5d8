/** What a specifier leads to: a module of Node's, a file of a package, a module beside the notebook. */
import { readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, sep } from "node:path";
import { noModule } from "../errors.js";
import { isRelative, pathOf, resolveFile, resolvePackage, TsConfig } from "./packages.js";

export type Target =
  | { readonly kind: "tslab" }
  | { readonly kind: "builtin"; readonly id: string }
  /** A module beside the notebook. */
  | { readonly kind: "local"; readonly file: string }
  /** A file of a package. */
  | { readonly kind: "package"; readonly file: string };

const ownFolder = import.meta.dirname;

const isLocal = (file: string): boolean =>
  !file.includes(`${sep}node_modules${sep}`) && !/\.(node|wasm)$/.test(file);

export class Targets {
  readonly #folder: string;
  readonly tsConfig: TsConfig;
  /** Cells that are modules, by path. */
  readonly #written = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;

    this.tsConfig = new TsConfig(folder);
  }

  /** A cell that is a module: others import it as `./name`. */
  write(name: string, text: string): void {
    this.#written.set(join(this.#folder, `${name}.ts`), text);
  }

  /** The text of a module beside the notebook; undefined if it is not there. */
  read(file: string): string | undefined {
    const written = this.#written.get(file);
    if (written !== undefined) return written;
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : undefined;
  }

  /** What a specifier leads to from the file `from`; undefined if it leads nowhere. */
  resolve(specifier: string, from: string): Target | undefined {
    if (specifier === "tslab") return { kind: "tslab" };
    if (isBuiltin(specifier)) return { kind: "builtin", id: specifier };
    const folder = dirname(from);
    const paths = isRelative(specifier)
      ? [pathOf(specifier, folder)]
      : isLocal(from)
        ? this.tsConfig.candidates(specifier)
        : [];
    for (const path of paths) {
      const file = this.#fileAt(path);
      if (file !== undefined) return { kind: isLocal(file) ? "local" : "package", file };
    }
    if (isRelative(specifier)) return undefined;
    const file = resolvePackage(specifier, folder) ?? resolvePackage(specifier, ownFolder);
    if (file === undefined) return undefined;
    return { kind: specifier.startsWith("#") && isLocal(file) ? "local" : "package", file };
  }

  /** As resolve, and throws where it leads nowhere. */
  find(specifier: string, from: string): Target {
    const target = this.resolve(specifier, from);
    if (!target) throw missing(specifier, from);
    return target;
  }

  #fileAt(path: string): string | undefined {
    const written = [path, `${path}.ts`, path.replace(/\.js$/, ".ts")].find((file) =>
      this.#written.has(file),
    );
    return written ?? resolveFile(path);
  }
}

export const missing = (specifier: string, from: string): Error =>
  noModule(specifier, dirname(from), isRelative(specifier));
