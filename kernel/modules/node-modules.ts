/**
 * What Node itself imports: its own modules and packages. However a package is imported, it is one instance.
 *
 * An import that failed is tried anew, where Node would only repeat the error.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { commonJsNamespace, type Namespace } from "./namespaces.js";
import type { Target } from "./targets.js";

/** What `with` says. */
export type Attributes = Readonly<Record<string, string>>;
/** What is not beside the notebook. */
export type NodeTarget = Exclude<Target, { readonly kind: "local" }>;

/** Resolves and requires as the kernel's own package does. */
export const own = createRequire(import.meta.url);

/** Why `require` refuses what `import()` may take: it awaits, it is an ES module, or its package exports it to imports only. */
export const ONLY_IMPORTED = new Set([
  "ERR_REQUIRE_ASYNC_MODULE",
  "ERR_REQUIRE_ESM",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
]);

export class NodeModules {
  readonly #loadTslab: () => unknown;
  /** How often the import of a file has failed. */
  readonly #failures = new Map<string, number>();

  constructor(loadTslab: () => unknown) {
    this.#loadTslab = loadTslab;
  }

  async import(target: NodeTarget, attributes: Attributes = {}): Promise<Namespace> {
    switch (target.kind) {
      case "tslab":
        return commonJsNamespace(this.#loadTslab());
      case "builtin":
        return (await import(target.id)) as Namespace;
      case "package":
        return this.#importFile(target.file, attributes);
    }
  }

  /** As import, without waiting. */
  require(target: NodeTarget): Namespace {
    switch (target.kind) {
      case "tslab":
        return commonJsNamespace(this.#loadTslab());
      case "builtin":
        return commonJsNamespace(own(target.id));
      default: {
        const value = own(target.file) as Namespace;
        const isModule = Object.prototype.toString.call(value) === "[object Module]";
        return isModule ? value : commonJsNamespace(value);
      }
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
}

/**
 * Requires the file that an import of the package would load, so that there is one instance of it.
 *
 * Where a package has another file for `require`, what that one would return is what the caller expects: a namespace if it is
 * compiled from an ES module, else the default.
 */
export function requirePackage(imported: string, resolveRequired: () => string): unknown {
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
