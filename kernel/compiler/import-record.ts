/** What an import of a cell or a module says: from where, how, and which names. */
import type { Identifier, ImportDeclaration, Literal } from "acorn";

/** One import of a cell or a module. */
export interface ImportRecord {
  readonly source: string;
  /** `with { type: "json" }` */
  readonly attributes: Readonly<Record<string, string>>;
  /** Local names and what they are: an export's name, or undefined for the whole namespace. */
  readonly names: readonly { readonly local: string; readonly imported: string | undefined }[];
}

export const importedName = (node: Identifier | Literal): string =>
  node.type === "Identifier" ? node.name : String(node.value);

export function recordOf(node: ImportDeclaration): ImportRecord {
  const names = node.specifiers.map((specifier) => {
    const local = specifier.local.name;
    if (specifier.type === "ImportNamespaceSpecifier") return { local, imported: undefined };
    const imported =
      specifier.type === "ImportDefaultSpecifier" ? "default" : importedName(specifier.imported);
    return { local, imported };
  });
  return { source: String(node.source.value), attributes: attributesOf(node), names };
}

export function attributesOf({ attributes }: Pick<ImportDeclaration, "attributes">): Record<string, string> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [importedName(key), String(value.value)]),
  );
}
