/**
 * Modules beside the notebook: loaded here, because Node would never load a changed one again.
 *
 * Each import looks whether their text, or that of anything they import, has changed.
 */
import { dirname, extname } from "node:path";
import vm from "node:vm";
import { prepareModule, type RunnableModule, type Script } from "../compiler/cell.js";
import { placeOf } from "../compiler/edits.js";
import { badModuleSyntax, moduleAwaits } from "../errors.js";
import type { Stacks } from "../stacks.js";
import { addExports, addStar, commonJsNamespace, createNamespace, type Namespace } from "./namespaces.js";
import type { Attributes, NodeModules, NodeTarget } from "./node-modules.js";
import { missing, type Target, type Targets } from "./targets.js";

/** What a module has without importing it. */
export interface Surroundings {
  metaOf(file: string): ImportMeta;
  moduleOf(file: string, require: NodeJS.Require): NodeJS.Module;
  /** `needs`, if given, learns the files beside the notebook that are required. */
  requireFor(file: string, needs?: Set<string>): NodeJS.Require;
  import(specifier: string, attributes: Attributes, from: string): Promise<Namespace>;
}

/** Turns what only the TypeScript compiler can into JavaScript. */
export type Lower = (code: string, isJsx: boolean) => Promise<Script>;

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
export class NeedsCompiler extends Error {
  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    super(moduleAwaits(file).message);
  }
}

const COMMON_JS = /\bmodule\.exports\b|\bexports\.\w+\s*=|\brequire\s*\(/;

export class LocalModules {
  /** What asks for a module that is not there: the notebook. */
  readonly #notebook: string;
  readonly #targets: Targets;
  readonly #node: NodeModules;
  readonly #stacks: Stacks;
  readonly #lower: Lower;
  readonly #around: Surroundings;
  readonly #locals = new Map<string, LocalModule>();
  readonly #lowered = new Map<string, Script>();

  constructor(
    notebook: string,
    targets: Targets,
    node: NodeModules,
    stacks: Stacks,
    lower: Lower,
    around: Surroundings,
  ) {
    this.#notebook = notebook;
    this.#targets = targets;
    this.#node = node;
    this.#stacks = stacks;
    this.#lower = lower;
    this.#around = around;
  }

  async import(file: string): Promise<Namespace> {
    for (;;) {
      try {
        return await this.#load(file);
      } catch (error) {
        if (!(error instanceof NeedsCompiler)) throw error;
        this.#lowered.set(error.text, await this.#lower(error.text, /x$/.test(error.file)));
      }
    }
  }

  /** What `require` gives for the file. */
  require(file: string): unknown {
    const namespace = this.#requireNamespace(file);
    const { run } = this.#locals.get(file)!;
    if (run.kind === "common-js") return run.module.exports;
    return run.kind === "value" ? namespace.default : namespace;
  }

  /** Forgets modules whose text, or that of a module that they import, has changed. */
  #forgetChanged(file: string): void {
    const reached = new Set<string>();
    const reach = (at: string) => {
      if (reached.has(at)) return;
      reached.add(at);
      for (const next of this.#locals.get(at)?.needs ?? []) reach(next);
    };
    reach(file);
    const stale = new Set([...reached].filter((at) => this.#locals.get(at)?.text !== this.#targets.read(at)));
    for (let before = -1; before !== stale.size; ) {
      before = stale.size;
      for (const at of reached) {
        if ([...(this.#locals.get(at)?.needs ?? [])].some((need) => stale.has(need))) stale.add(at);
      }
    }
    for (const at of stale) this.#locals.delete(at);
  }

  async #load(file: string): Promise<Namespace> {
    this.#forgetChanged(file);
    const order = this.#graph(file);
    try {
      const packages = new Map<Target, Namespace>();
      for (const target of packageTargets(order)) {
        packages.set(target, await this.#node.import(target));
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

  #requireNamespace(file: string): Namespace {
    this.#forgetChanged(file);
    const order = this.#graph(file);
    try {
      const packages = new Map(packageTargets(order).map((target) => [target, this.#node.require(target)]));
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
    const text = this.#targets.read(file);
    if (text === undefined) throw missing(file, this.#notebook);
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
    const prepared = prepareModule(text, file, this.#targets.tsConfig.jsx, this.#lowered.get(text));
    if (prepared.kind === "needs-compiler") throw new NeedsCompiler(file, text);
    if (prepared.kind === "invalid")
      throw badModuleSyntax(file, placeOf(text, prepared.offset), prepared.message);
    // Decided from the syntax, as Node does: texts and comments of a bundle may begin a line with "import".
    const isCommonJs = /\.c[jt]s$/.test(file) || (!prepared.code.isModule && COMMON_JS.test(text));
    if (isCommonJs) return this.#makeCommonJs(file, prepared);
    const targets = prepared.code.imports.map(({ source }) => this.#targets.find(source, file));
    const needs = new Set(targets.flatMap((target) => (target.kind === "local" ? [target.file] : [])));
    return { namespace: createNamespace(), needs, run: { kind: "module", code: prepared, targets } };
  }

  #makeCommonJs(file: string, prepared: RunnableModule): Pick<LocalModule, "namespace" | "needs" | "run"> {
    const needs = new Set<string>();
    const require = this.#around.requireFor(file, needs);
    const module = this.#around.moduleOf(file, require);
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
    this.#stacks.remember(file, { name: file, js, placeOf: (place) => prepared.placeOf(place) });
    return new vm.Script(js, { filename: file }).runInThisContext();
  }

  #helpers(file: string, namespace: Namespace): object {
    return {
      meta: this.#around.metaOf(file),
      import: (id: string, options?: { with?: Attributes }) =>
        this.#around.import(id, options?.with ?? {}, file),
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
      const require = this.#around.requireFor(file);
      const module = this.#around.moduleOf(file, require);
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
}

/** What modules that have not run import of packages and of Node. */
function packageTargets(order: readonly LocalModule[]): NodeTarget[] {
  return order.flatMap(({ run }) =>
    run.kind === "module"
      ? run.targets.filter((target): target is NodeTarget => target.kind !== "local")
      : [],
  );
}
