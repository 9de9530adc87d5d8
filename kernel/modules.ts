/**
 * Importing, for cells and for modules beside the notebook: `import`, `import()`, `require` and `import.meta`.
 *
 * Packages are imported by Node, from the notebook's folder first, then from the kernel's own package, so that `import "mulab"` or
 * `import "arquero"` works in any folder. However a package is imported, it is one instance. Modules beside the notebook are loaded
 * here, because Node would never load a changed one again: each import looks whether their text, or that of anything they import,
 * has changed.
 */
import { readFileSync, statSync } from "node:fs";
import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, extname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { prepareModule, type RunnableModule, type Script } from "./compiler/cell.js";
import { placeOf } from "./compiler/edits.js";
import type { ImportRecord } from "./compiler/rewrite.js";
import { badModuleSyntax, moduleAwaits, noModule } from "./errors.js";
import { addExports, addStar, commonJsNamespace, createNamespace, type Namespace } from "./namespaces.js";
import { isRelative, pathOf, resolveFile, resolvePackage, TsConfig } from "./packages.js";
import type { Stacks } from "./stacks.js";

/** Turns what only the TypeScript compiler can into JavaScript. */
type Lower = (code: string, isJsx: boolean) => Promise<Script>;

type Attributes = Readonly<Record<string, string>>;

/** What Node's module class has but does not declare. */
interface RequiringModule extends NodeJS.Module {
  paths: string[];
}

/** What a specifier leads to. */
type Target =
  | { readonly kind: "tslab" }
  | { readonly kind: "builtin"; readonly id: string }
  /** A module beside the notebook. */
  | { readonly kind: "local"; readonly file: string }
  /** A file of a package. */
  | { readonly kind: "package"; readonly file: string };

/** A module beside the notebook. */
interface LocalModule {
  readonly file: string;
  readonly text: string;
  readonly namespace: Namespace;
  /** Files beside the notebook that it imports. */
  readonly needs: Set<string>;
  readonly run: Run;
  state: "new" | "started" | "done";
  /** Resolves when it has run; undefined before it starts. */
  running?: Promise<void>;
}

type Run =
  | { readonly kind: "value" }
  | { readonly kind: "common-js"; readonly module: NodeJS.Module; readonly run: () => void }
  | {
      readonly kind: "module";
      readonly code: RunnableModule;
      readonly targets: readonly Target[];
      /** What runs it, once its functions can be called. */
      body?: Body;
    };

type Body = Iterator<unknown> | AsyncIterator<unknown>;

/** A module needs the TypeScript compiler, which only an import can wait for. */
class NeedsCompiler extends Error {
  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    super(moduleAwaits(file).message);
  }
}

/** Why `require` refuses what `import()` may take: it awaits, it is an ES module, or its package exports it to imports only. */
const ONLY_IMPORTED = new Set([
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_REQUIRE_ESM",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
]);

const own = createRequire(import.meta.url);
const ownFolder = import.meta.dirname;
const COMMON_JS = /\bmodule\.exports\b|\bexports\.\w+\s*=|\brequire\s*\(/;

export class CellModules {
  /** What cells have besides their variables. */
  readonly require: NodeJS.Require;
  readonly module: NodeJS.Module;
  readonly filename: string;
  readonly meta: ImportMeta;
  readonly tsConfig: TsConfig;
  readonly #locals = new Map<string, LocalModule>();
  /** Cells that are modules, by path. */
  readonly #written = new Map<string, string>();
  readonly #lowered = new Map<string, Script>();
  /** How often the import of a file has failed: Node would only repeat the error. */
  readonly #failures = new Map<string, number>();
  /** ES modules that `require` refuses, imported ahead of the cell. */
  readonly #awaited = new Map<string, unknown>();

  constructor(
    private readonly folder: string,
    private readonly stacks: Stacks,
    private readonly loadTslab: () => unknown,
    private readonly lower: Lower,
    notebook = "notebook.ipynb",
  ) {
    this.filename = join(folder, notebook);
    this.tsConfig = new TsConfig(folder);
    this.require = this.#requireFor(this.filename);
    this.module = this.#moduleOf(this.filename, this.require);
    this.meta = this.#metaOf(this.filename);
  }

  /** Imports what a cell imports, in order; one namespace for each. */
  async importAll(imports: readonly ImportRecord[]): Promise<Namespace[]> {
    const namespaces: Namespace[] = [];
    for (const { source, attributes } of imports) namespaces.push(await this.import(source, attributes));
    return namespaces;
  }

  async import(specifier: string, attributes: Attributes = {}, from = this.filename): Promise<Namespace> {
    const target = this.#resolve(String(specifier), from);
    if (target?.kind !== "local") return this.#importTarget(target, specifier, from, attributes);
    for (;;) {
      try {
        return await this.#loadLocal(target.file);
      } catch (error) {
        if (!(error instanceof NeedsCompiler)) throw error;
        this.#lowered.set(error.text, await this.lower(error.text, /x$/.test(error.file)));
      }
    }
  }

  /** A cell that is a module: others import it as `./name`. */
  write(name: string, text: string): void {
    this.#written.set(join(this.folder, `${name}.ts`), text);
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

  #isLocal(file: string): boolean {
    return !file.includes(`${sep}node_modules${sep}`) && !/\.(node|wasm)$/.test(file);
  }

  /** What a specifier leads to; undefined if it leads nowhere. */
  #resolve(specifier: string, from: string): Target | undefined {
    if (specifier === "tslab") return { kind: "tslab" };
    if (isBuiltin(specifier)) return { kind: "builtin", id: specifier };
    const folder = dirname(from);
    const paths = isRelative(specifier)
      ? [pathOf(specifier, folder)]
      : this.#isLocal(from)
        ? this.tsConfig.candidates(specifier)
        : [];
    for (const path of paths) {
      const file = this.#fileAt(path);
      if (file !== undefined) return { kind: this.#isLocal(file) ? "local" : "package", file };
    }
    if (isRelative(specifier)) return undefined;
    const file = resolvePackage(specifier, folder) ?? resolvePackage(specifier, ownFolder);
    if (file === undefined) return undefined;
    return { kind: specifier.startsWith("#") && this.#isLocal(file) ? "local" : "package", file };
  }

  #fileAt(path: string): string | undefined {
    const written = [path, `${path}.ts`, path.replace(/\.js$/, ".ts")].find((file) =>
      this.#written.has(file),
    );
    return written ?? resolveFile(path);
  }

  async #importTarget(
    target: Target | undefined,
    specifier: string,
    from: string,
    attributes: Attributes,
  ): Promise<Namespace> {
    switch (target?.kind) {
      case "tslab":
        return commonJsNamespace(this.loadTslab());
      case "builtin":
        return (await import(target.id)) as Namespace;
      case "package":
        return this.#importFile(target.file, attributes);
      default:
        throw this.#missing(specifier, from);
    }
  }

  async #importFile(file: string, attributes: Attributes): Promise<Namespace> {
    if (extname(file) === ".json") return commonJsNamespace(JSON.parse(readFileSync(file, "utf8")));
    const failures = this.#failures.get(file) ?? 0;
    const url = `${pathToFileURL(file).href}${failures > 0 ? `?again=${failures}` : ""}`;
    try {
      const options = Object.keys(attributes).length > 0 ? { with: { ...attributes } } : undefined;
      const namespace = (await import(url, options as ImportCallOptions)) as Namespace;
      // A CommonJS module that Node has imported is in its cache.
      const required = own.cache[file];
      return required && namespace.default === required.exports
        ? commonJsNamespace(required.exports)
        : namespace;
    } catch (error) {
      this.#failures.set(file, failures + 1);
      throw error;
    }
  }

  /** The namespace of what is not beside the notebook, without waiting. */
  #requireTarget(target: Target): Namespace {
    switch (target.kind) {
      case "tslab":
        return commonJsNamespace(this.loadTslab());
      case "builtin":
        return commonJsNamespace(own(target.id));
      default: {
        const value = own(target.file) as Namespace;
        const isModule = Object.prototype.toString.call(value) === "[object Module]";
        return isModule ? value : commonJsNamespace(value);
      }
    }
  }

  #missing(specifier: string, from: string): Error {
    return noModule(specifier, dirname(from), isRelative(specifier));
  }

  // Modules beside the notebook.

  /** Forgets modules whose text, or that of a module that they import, has changed. */
  #forgetChanged(file: string): void {
    const reached = new Set<string>();
    const reach = (at: string) => {
      if (reached.has(at)) return;
      reached.add(at);
      for (const next of this.#locals.get(at)?.needs ?? []) reach(next);
    };
    reach(file);
    const stale = new Set([...reached].filter((at) => this.#locals.get(at)?.text !== this.#read(at)));
    for (let before = -1; before !== stale.size; ) {
      before = stale.size;
      for (const at of reached) {
        if ([...(this.#locals.get(at)?.needs ?? [])].some((need) => stale.has(need))) stale.add(at);
      }
    }
    for (const at of stale) this.#locals.delete(at);
  }

  #read(file: string): string | undefined {
    const written = this.#written.get(file);
    if (written !== undefined) return written;
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : undefined;
  }

  async #loadLocal(file: string): Promise<Namespace> {
    this.#forgetChanged(file);
    const order = this.#graph(file);
    try {
      const packages = new Map<Target, Namespace>();
      for (const target of packageTargets(order)) {
        packages.set(target, await this.#importTarget(target, "", file, {}));
      }
      this.#instantiate(order, packages);
      for (const local of order) {
        local.running ??= this.#evaluate(local);
        await local.running;
      }
    } catch (error) {
      this.#forgetUnfinished(order);
      throw error;
    }
    return this.#locals.get(file)!.namespace;
  }

  #requireLocal(file: string): Namespace {
    this.#forgetChanged(file);
    const order = this.#graph(file);
    try {
      const packages = new Map(packageTargets(order).map((target) => [target, this.#requireTarget(target)]));
      this.#instantiate(order, packages);
      for (const local of order) {
        if (local.run.kind === "module" && local.run.code.code.isAsync && local.state !== "done") {
          throw moduleAwaits(local.file);
        }
        for (const step of this.#steps(local)) void step;
      }
    } catch (error) {
      this.#forgetUnfinished(order);
      throw error;
    }
    return this.#locals.get(file)!.namespace;
  }

  #forgetUnfinished(order: readonly LocalModule[]): void {
    for (const { file, state } of order) if (state !== "done") this.#locals.delete(file);
  }

  /** The modules that `file` needs and that have not run, what is needed before what needs it. */
  #graph(file: string): LocalModule[] {
    const order: LocalModule[] = [];
    const seen = new Set<string>();
    const visit = (at: string) => {
      if (seen.has(at)) return;
      seen.add(at);
      const local = this.#locals.get(at) ?? this.#create(at);
      for (const need of local.needs) visit(need);
      order.push(local);
    };
    try {
      visit(file);
    } catch (error) {
      this.#forgetUnfinished([...seen].flatMap((at) => this.#locals.get(at) ?? []));
      throw error;
    }
    return order.filter(({ state }) => state !== "done");
  }

  #create(file: string): LocalModule {
    const text = this.#read(file);
    if (text === undefined) throw this.#missing(file, this.filename);
    const made = this.#make(file, text);
    const local: LocalModule = { file, text, state: "new", ...made };
    this.#locals.set(file, local);
    return local;
  }

  #make(file: string, text: string): Pick<LocalModule, "namespace" | "needs" | "run"> {
    if (extname(file) === ".json") {
      const namespace = commonJsNamespace(JSON.parse(text));
      return { namespace, needs: new Set(), run: { kind: "value" } };
    }
    const prepared = prepareModule(text, file, this.tsConfig.jsx, this.#lowered.get(text));
    if (prepared.kind === "needs-compiler") throw new NeedsCompiler(file, text);
    if (prepared.kind === "invalid")
      throw badModuleSyntax(file, placeOf(text, prepared.offset), prepared.message);
    // By what it is, as Node decides: a bundle's texts and comments may well begin a line with "import".
    const isCommonJs = /\.c[jt]s$/.test(file) || (!prepared.code.isModule && COMMON_JS.test(text));
    if (isCommonJs) return this.#makeCommonJs(file, prepared);
    const targets = prepared.code.imports.map(({ source }) => {
      const target = this.#resolve(source, file);
      if (!target) throw this.#missing(source, file);
      return target;
    });
    const needs = new Set(targets.flatMap((target) => (target.kind === "local" ? [target.file] : [])));
    return { namespace: createNamespace(), needs, run: { kind: "module", code: prepared, targets } };
  }

  #makeCommonJs(file: string, prepared: RunnableModule): Pick<LocalModule, "namespace" | "needs" | "run"> {
    const needs = new Set<string>();
    const require = this.#requireFor(file, needs);
    const module = this.#moduleOf(file, require);
    const namespace = createNamespace();
    const run = () => {
      const code = this.#compile(file, prepared) as GeneratorFunction;
      const body = code.call(
        module.exports,
        this.#helpers(file, namespace),
        require,
        module,
        module.exports,
        file,
        dirname(file),
      );
      while (body.next().done !== true);
      module.loaded = true;
      const exported = commonJsNamespace(module.exports);
      addExports(
        namespace,
        Object.fromEntries(Object.keys(exported).map((name) => [name, () => exported[name]])),
      );
    };
    return { namespace, needs, run: { kind: "common-js", module, run } };
  }

  #compile(file: string, prepared: RunnableModule): unknown {
    const { js } = prepared.code;
    this.stacks.remember(file, { name: file, js, placeOf: (place) => prepared.placeOf(place) });
    return new vm.Script(js, { filename: file }).runInThisContext();
  }

  #helpers(file: string, namespace: Namespace): object {
    return {
      meta: this.#metaOf(file),
      import: (id: string, options?: { with?: Attributes }) => this.import(id, options?.with ?? {}, file),
      export: (getters: Readonly<Record<string, () => unknown>>, stars: readonly Namespace[]) => {
        addExports(namespace, getters);
        for (const star of stars) addStar(namespace, star);
      },
    };
  }

  /** Makes their functions callable, before anything of them runs. */
  #instantiate(order: readonly LocalModule[], packages: ReadonlyMap<Target, Namespace>): void {
    for (const { file, run, namespace, state } of order) {
      if (run.kind !== "module" || state !== "new" || run.body) continue;
      const needed = run.targets.map((target) =>
        target.kind === "local" ? this.#locals.get(target.file)!.namespace : packages.get(target)!,
      );
      const code = this.#compile(file, run.code) as (...args: unknown[]) => Body;
      const require = this.#requireFor(file);
      const module = this.#moduleOf(file, require);
      const body = code(
        this.#helpers(file, namespace),
        require,
        module,
        module.exports,
        file,
        dirname(file),
        ...needed,
      );
      run.body = body;
      void body.next();
    }
  }

  async #evaluate(local: LocalModule): Promise<void> {
    for (const step of this.#steps(local)) await step;
  }

  *#steps(local: LocalModule): Generator<unknown> {
    if (local.state !== "new") return;
    local.state = "started";
    if (local.run.kind === "common-js") local.run.run();
    else if (local.run.kind === "module") yield local.run.body!.next();
    local.state = "done";
  }

  // What modules and cells have without importing it.

  #metaOf(file: string): ImportMeta {
    const meta = Object.create(null) as ImportMeta;
    return Object.assign(meta, {
      dirname: dirname(file),
      filename: file,
      url: pathToFileURL(file).href,
      resolve: (specifier: string) => {
        const target = this.#resolve(specifier, file);
        if (!target) throw this.#missing(specifier, file);
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
      const target = this.#resolve(id, from);
      if (target?.kind === "tslab") return this.loadTslab();
      if (target?.kind === "local") {
        needs?.add(target.file);
        return this.#requiredValue(target.file);
      }
      if (target?.kind !== "package") return node(id);
      return requirePackage(target.file, () => nodeResolve(id));
    };
    const resolve = (id: string, options?: NodeJS.RequireResolveOptions) => {
      const target = options ? undefined : this.#resolve(id, from);
      return target?.kind === "local" ? target.file : nodeResolve(id, options);
    };
    return Object.assign(require, {
      resolve: Object.assign(resolve, { paths: node.resolve.paths }),
      cache: node.cache,
      extensions: node.extensions,
      main: node.main,
    });
  }

  #requiredValue(file: string): unknown {
    const namespace = this.#requireLocal(file);
    const { run } = this.#locals.get(file)!;
    if (run.kind === "common-js") return run.module.exports;
    return run.kind === "value" ? namespace.default : namespace;
  }
}

/**
 * Requires the file that an import of the package would load, so that there is one instance of it.
 *
 * Where a package has another file for `require`, what that one would return is what the caller expects: a namespace if it is
 * compiled from an ES module, else the default.
 */
function requirePackage(imported: string, resolveRequired: () => string): unknown {
  let required: string;
  try {
    required = resolveRequired();
  } catch {
    required = imported; // exported to imports only
  }
  if (required === imported || /\.(json|node)$/.test(required)) return own(required);
  let namespace: Namespace;
  try {
    namespace = own(imported) as Namespace;
  } catch (error) {
    if (!ONLY_IMPORTED.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return own(required); // it awaits at its top level: the only way is the other file
  }
  if ("module.exports" in namespace) return namespace["module.exports"];
  const isNamespace = !("default" in namespace) || readFileSync(required, "utf8").includes("__esModule");
  return isNamespace ? namespace : namespace.default;
}

/** What modules that have not run import of packages and of Node. */
function packageTargets(order: readonly LocalModule[]): Target[] {
  return order.flatMap(({ run }) =>
    run.kind === "module" ? run.targets.filter(({ kind }) => kind !== "local") : [],
  );
}
