/**
 * Importing, for cells and for modules beside the notebook: `import`, `import()`, `require` and `import.meta`.
 *
 * Packages are imported by Node (node-modules.ts), from the notebook's folder first, then from the kernel's own package, so that
 * `import "mulab"` or `import "arquero"` works in any folder. Modules beside the notebook are loaded here (local-modules.ts).
 */
import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ImportRecord } from "../compiler/import-record.js";
import type { Stacks } from "../stacks.js";
import { LocalModules, type Lower, NeedsCompiler } from "./local-modules.js";
import type { Namespace } from "./namespaces.js";
import { type Attributes, NodeModules, ONLY_IMPORTED, own, requirePackage } from "./node-modules.js";
import type { TsConfig } from "./packages.js";
import { missing, Targets } from "./targets.js";

/** What Node's module class has but does not declare. */
interface RequiringModule extends NodeJS.Module {
  paths: string[];
}

export class CellModules {
  readonly #loadTslab: () => unknown;
  /** What cells have besides their variables. */
  readonly require: NodeJS.Require;
  readonly module: NodeJS.Module;
  readonly filename: string;
  readonly meta: ImportMeta;
  readonly #targets: Targets;
  readonly #node: NodeModules;
  readonly #local: LocalModules;
  /** ES modules that `require` refuses, imported ahead of the cell. */
  readonly #awaited = new Map<string, unknown>();

  constructor(
    folder: string,
    stacks: Stacks,
    loadTslab: () => unknown,
    lower: Lower,
    notebook = "notebook.ipynb",
  ) {
    this.#loadTslab = loadTslab;

    this.filename = join(folder, notebook);
    this.#targets = new Targets(folder);
    this.#node = new NodeModules(loadTslab);
    this.#local = new LocalModules(this.filename, this.#targets, this.#node, stacks, lower, {
      metaOf: (file) => this.#metaOf(file),
      moduleOf: (file, require) => this.#moduleOf(file, require),
      requireFor: (file, needs) => this.#requireFor(file, needs),
      import: (specifier, attributes, from) => this.import(specifier, attributes, from),
    });
    this.require = this.#requireFor(this.filename);
    this.module = this.#moduleOf(this.filename, this.require);
    this.meta = this.#metaOf(this.filename);
  }

  get tsConfig(): TsConfig {
    return this.#targets.tsConfig;
  }

  /** Imports what a cell imports, in order; one namespace for each. */
  async importAll(imports: readonly ImportRecord[]): Promise<Namespace[]> {
    const namespaces: Namespace[] = [];
    for (const { source, attributes } of imports) namespaces.push(await this.import(source, attributes));
    return namespaces;
  }

  async import(specifier: string, attributes: Attributes = {}, from = this.filename): Promise<Namespace> {
    const target = this.#targets.resolve(String(specifier), from);
    if (!target) throw missing(specifier, from);
    return target.kind === "local" ? this.#local.import(target.file) : this.#node.import(target, attributes);
  }

  /** A cell that is a module: others import it as `./name`. */
  write(name: string, text: string): void {
    this.#targets.write(name, text);
  }

  /** Imports, ahead of a cell that requires them, the ES modules that can only be awaited. */
  async prepare(js: string): Promise<void> {
    for (const [, id] of js.matchAll(/\brequire\("([^"\n]+)"\)/g)) {
      if (id === undefined || isBuiltin(id) || this.#awaited.has(id)) continue;
      try {
        this.require(id);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const isOnlyImported =
          error instanceof NeedsCompiler || (code !== undefined && ONLY_IMPORTED.has(code));
        if (isOnlyImported) this.#awaited.set(id, await this.import(id));
        // Anything else is the cell's own error, and is thrown when its line runs.
      }
    }
  }

  #metaOf(file: string): ImportMeta {
    const meta = Object.create(null) as ImportMeta;
    return Object.assign(meta, {
      dirname: dirname(file),
      filename: file,
      url: pathToFileURL(file).href,
      resolve: (specifier: string) => {
        const target = this.#targets.find(specifier, file);
        if (target.kind === "builtin") return specifier.startsWith("node:") ? specifier : `node:${specifier}`;
        return target.kind === "tslab"
          ? pathToFileURL(own.resolve("#tslab")).href
          : pathToFileURL(target.file).href;
      },
    });
  }

  #moduleOf(file: string, require: NodeJS.Require): NodeJS.Module {
    const module = new Module(file) as RequiringModule;
    module.filename = file;
    module.paths = require.resolve.paths("any") ?? [];
    module.require = require;
    return module;
  }

  /** `needs`, if given, learns the files beside the notebook that are required. */
  #requireFor(from: string, needs?: Set<string>): NodeJS.Require {
    const node = createRequire(from);
    const nodeResolve = (id: string, options?: NodeJS.RequireResolveOptions): string => {
      try {
        return node.resolve(id, options);
      } catch (error) {
        try {
          return own.resolve(id, options);
        } catch {
          throw error;
        }
      }
    };
    const require = (id: string): unknown => {
      const awaited = this.#awaited.get(id);
      if (awaited !== undefined) return awaited;
      const target = this.#targets.resolve(id, from);
      if (target?.kind === "tslab") return this.#loadTslab();
      if (target?.kind === "local") {
        needs?.add(target.file);
        return this.#local.require(target.file);
      }
      if (target?.kind !== "package") return node(id);
      return requirePackage(target.file, () => nodeResolve(id));
    };
    const resolve = (id: string, options?: NodeJS.RequireResolveOptions) => {
      const target = options ? undefined : this.#targets.resolve(id, from);
      return target?.kind === "local" ? target.file : nodeResolve(id, options);
    };
    return Object.assign(require, {
      resolve: Object.assign(resolve, { paths: node.resolve.paths }),
      cache: node.cache,
      extensions: node.extensions,
      main: node.main,
    });
  }
}
