/**
 * Packages that say only in "exports" where their types are, for a compiler that does not read it.
 *
 * tslab resolves as Node 10 did: by "main", "types" and "typesVersions". What "exports" says is put into these, and only where the
 * package has none of its own; which JavaScript runs is Node's business, and stays so.
 */

type Target = string | null | readonly Target[] | { readonly [condition: string]: Target };

/** In the order of preference where a package has several; conditions that name no kind of code come as the package lists them. */
const CONDITIONS = ["types", "import", "node", "require", "module", "default"];

/** The text of a package.json with what its "exports" says in the older fields as well. */
export function withOldFields(text: string): string {
  if (!text.includes('"exports"')) return text;
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text; // the compiler has its own words for that
  }
  const { exports } = json as { exports?: Target };
  if (exports === undefined || exports === null || json.typesVersions !== undefined) return text;
  const byPath = new Map(Object.entries(isMap(exports) ? exports : { ".": exports }));
  const types = fileOf(byPath.get("."));
  const hasOwn = json.types !== undefined || json.typings !== undefined;
  const paths = [...byPath].flatMap(([path, target]) => {
    const file = path.startsWith("./") ? fileOf(target) : undefined;
    return file === undefined || !/\.[cm]?[jt]s$/.test(file)
      ? []
      : [[path.slice(2), withTypes(file)] as const];
  });
  const added = {
    ...(hasOwn || types === undefined ? {} : { types }),
    ...(json.main === undefined && types !== undefined ? { main: types } : {}),
    ...(paths.length === 0 ? {} : { typesVersions: { "*": Object.fromEntries(paths) } }),
  };
  return JSON.stringify({ ...json, ...added });
}

/** A file, before it the declarations that may lie beside it. */
const withTypes = (file: string): string[] =>
  /\.[cm]?js$/.test(file) ? [file.replace(/\.([cm]?)js$/, ".d.$1ts"), file] : [file];

const isMap = (exports: Target): exports is { readonly [path: string]: Target } =>
  typeof exports === "object" && exports !== null && Object.keys(exports).some((key) => key.startsWith("."));

/** The file that a target leads to, types first. */
function fileOf(target: Target | undefined): string | undefined {
  if (typeof target === "string") return target;
  if (target === null || target === undefined) return undefined;
  if (Array.isArray(target)) return firstOf(target);
  const byCondition = target as { readonly [condition: string]: Target };
  return firstOf(CONDITIONS.map((condition) => byCondition[condition]));
}

function firstOf(targets: readonly (Target | undefined)[]): string | undefined {
  for (const target of targets) {
    const file = fileOf(target);
    if (file !== undefined) return file;
  }
  return undefined;
}
