/** What an import gives: the namespace of a module, CommonJS modules included. */
import { inspect } from "node:util";

export type Namespace = Record<string, unknown>;

/** An object like a module's namespace: no prototype, and it shows its values rather than its getters. */
export function createNamespace(): Namespace {
  const namespace = Object.create(null) as Namespace;
  Object.defineProperty(namespace, Symbol.toStringTag, { value: "Module" });
  Object.defineProperty(namespace, inspect.custom, { value: showValues });
  return namespace;
}

function showValues(this: Namespace): object {
  const shown = Object.create(null) as Namespace;
  Object.defineProperty(shown, Symbol.toStringTag, { value: "Module" });
  for (const key of Object.keys(this)) {
    try {
      shown[key] = this[key];
    } catch {
      shown[key] = undefined; // not initialized yet
    }
  }
  return shown;
}

/** Adds live exports; existing names stay. */
export function addExports(namespace: Namespace, getters: Readonly<Record<string, () => unknown>>): void {
  for (const [name, get] of Object.entries(getters)) {
    if (!Object.hasOwn(namespace, name))
      Object.defineProperty(namespace, name, { get, enumerable: true, configurable: true });
  }
}

/** Adds what `export * from` does: all but the default. */
export function addStar(namespace: Namespace, from: Namespace): void {
  for (const name of Object.keys(from)) {
    if (name !== "default") addExports(namespace, { [name]: () => from[name] });
  }
}

const known = new WeakMap<object, Namespace>();

/**
 * The namespace of a CommonJS module: its default is what it exports, or what it exports as its default where a compiler wrote it
 * down as an ES module; its names are all names of what it exports, as types say, and not only those that Node sees in its text.
 */
export function commonJsNamespace(exports: unknown): Namespace {
  const isObject = (typeof exports === "object" && exports !== null) || typeof exports === "function";
  if (!isObject) return Object.assign(createNamespace(), { default: exports });
  const found = known.get(exports);
  if (found) return found;
  const namespace = createNamespace();
  known.set(exports, namespace);
  const values = exports as Namespace;
  const isCompiled = values.__esModule === true && "default" in values;
  addExports(namespace, { default: () => (isCompiled ? values.default : exports) });
  for (const name of Object.keys(values)) addExports(namespace, { [name]: () => values[name] });
  return namespace;
}

/** What an import of a CommonJS module has by that name, also one that the module has added since. */
export function exportOf(namespace: Namespace, name: string): unknown {
  if (name in namespace) return namespace[name];
  const whole = namespace.default;
  const isObject = (typeof whole === "object" && whole !== null) || typeof whole === "function";
  return isObject ? (whole as Namespace)[name] : undefined;
}
