/**
 * `require` and `import()` of cells: from the notebook's folder first, then from the kernel's own package, so that `import "mulab"`
 * or `import "arquero"` works in any folder.
 */
import { existsSync } from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { LocalModule } from "./compiler/protocol.js";
import type { Stacks } from "./stacks.js";

type Require = ((id: string) => unknown) & { import(id: string): Promise<unknown> };
type ImportFunction = (id: string) => Promise<unknown>;

/** What Node's module class has but does not declare: compiling source that is on no disk. */
interface CompilableModule extends NodeJS.Module {
  _compile(js: string, filename: string): void;
}

/** Why `require` refuses what `import()` may take: it awaits, it is an ES module, or its package exports it to imports only. */
const ONLY_IMPORTED = new Set([
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_REQUIRE_ESM",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
]);

const own = createRequire(import.meta.url);
/** Set from Node 20.12 on; with it `import()` in a compiled function resolves from that function's file name. */
const { USE_MAIN_CONTEXT_DEFAULT_LOADER } = (vm.constants ?? {}) as unknown as {
  USE_MAIN_CONTEXT_DEFAULT_LOADER?: symbol;
};

export class CellModules {
  /** Local TypeScript modules, compiled, by path. */
  private readonly sources = new Map<string, string>();
  private readonly loaded = new Map<string, CompilableModule>();
  /** ES modules that `require` refuses, loaded by `import()` instead. */
  private readonly awaited = new Map<string, unknown>();
  private readonly fromFolder: NodeJS.Require;
  private readonly importFromFolder: ImportFunction;
  readonly require: Require;

  constructor(
    folder: string,
    private readonly stacks: Stacks,
    private readonly loadTslab: () => unknown,
  ) {
    const file = join(folder, "__cell__.js");
    this.fromFolder = createRequire(file);
    const options = { filename: file, importModuleDynamically: USE_MAIN_CONTEXT_DEFAULT_LOADER as never };
    this.importFromFolder = USE_MAIN_CONTEXT_DEFAULT_LOADER
      ? quietly(vm.compileFunction("return import(id)", ["id"], options) as ImportFunction)
      : (id) => import(pathToFileURL(this.fromFolder.resolve(id)).href);
    this.require = this.requireFor(folder, (id) => this.load(id));
  }

  /** Takes freshly compiled local modules; a changed one is loaded anew when next required. */
  update(modules: readonly LocalModule[]): void {
    for (const { path, js, maps } of modules) {
      const file = [".ts", ".tsx", ".js"].map((ending) => path.replace(/\.js$/, ending)).find(existsSync);
      // What is on no disk is a cell that is a module, which tslab puts one line before.
      this.stacks.remember(path, { name: file ?? path, maps, firstLineShift: 0, lineShift: file ? 0 : 1 });
      this.sources.set(path, js);
      this.loaded.delete(path);
    }
  }

  /** Loads, ahead of a cell that requires them, the ES modules that can only be awaited. */
  async prepare(js: string): Promise<void> {
    for (const [, id] of js.matchAll(/\brequire\("([^"\n]+)"\)/g)) {
      if (id === undefined || isBuiltin(id) || id.startsWith(".") || this.awaited.has(id)) continue;
      try {
        this.load(id);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== undefined && ONLY_IMPORTED.has(code)) this.awaited.set(id, await this.import(id));
        // Anything else is the cell's own error, and is thrown when its line runs.
      }
    }
  }

  private requireFor(folder: string, plain: (id: string) => unknown): Require {
    const require = (id: string) => this.local(folder, id) ?? this.awaited.get(id) ?? plain(id);
    return Object.assign(require, { import: (id: string) => this.importLocal(folder, id) });
  }

  private importLocal(folder: string, id: string): Promise<unknown> {
    const module = this.local(folder, id);
    return module === undefined ? this.import(id) : Promise.resolve(module);
  }

  private load(id: string): unknown {
    // Always the kernel's own tslab: its display functions write through a variable that the kernel has set.
    if (id === "tslab") return this.loadTslab();
    return withFallback(
      id,
      () => this.fromFolder(id),
      () => own(id),
    );
  }

  private import(id: string): Promise<unknown> {
    return withFallback(
      id,
      () => this.importFromFolder(id),
      () => import(id),
    );
  }

  /** A local module that the compiler has turned into JavaScript; undefined if there is none. */
  private local(folder: string, id: string): unknown {
    const path = join(folder, id).replaceAll("\\", "/");
    const file = extname(path) === "" ? `${path}.js` : path.replace(/\.tsx?$/, ".js");
    const known = this.loaded.get(file);
    if (known) return known.exports;
    const source = this.sources.get(file);
    if (source === undefined) return undefined;
    const module = new Module(file) as CompilableModule;
    module.filename = file;
    module.paths = this.fromFolder.resolve.paths("any") ?? [];
    const require = this.requireFor(dirname(file), (other) => this.load(other));
    module.require = require as never;
    this.loaded.set(file, module); // before running it, for modules that import each other
    module._compile(source, file);
    return module.exports;
  }
}

/** Node warns about USE_MAIN_CONTEXT_DEFAULT_LOADER when it is first used; that is nothing for a notebook. */
function quietly(body: ImportFunction): ImportFunction {
  return (id) => {
    const { emitWarning } = process;
    process.emitWarning = () => {};
    try {
      return body(id);
    } finally {
      process.emitWarning = emitWarning;
    }
  };
}

/** Tries the notebook's folder, and the kernel's package only when the folder does not have `id` itself. */
function withFallback<T>(id: string, first: () => T, second: () => T): T {
  const isMissing = (error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    return (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") && message.includes(`'${id}'`);
  };
  const orFirstError = (error: unknown): T => {
    if (!isMissing(error) || id.startsWith(".")) throw error;
    try {
      return second();
    } catch (other) {
      throw isMissing(other) ? error : other;
    }
  };
  let result: T;
  try {
    result = first();
  } catch (error) {
    return orFirstError(error);
  }
  return result instanceof Promise ? (result.catch(orFirstError) as T) : result;
}
