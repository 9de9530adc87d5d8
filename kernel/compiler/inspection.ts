/** What is known of the name at a place in a cell: its type and its comments. */
import type TypeScript from "typescript";
import type { CellFile } from "./program.js";
import type { Ts } from "./typescript.js";

/** What the compiler has and does not declare. */
interface Internals {
  readonly SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: TypeScript.TypeChecker,
      symbol: TypeScript.Symbol,
      file: TypeScript.SourceFile,
      container: TypeScript.Node | undefined,
      location: TypeScript.Node,
    ): {
      readonly displayParts: TypeScript.SymbolDisplayPart[];
      readonly documentation: TypeScript.SymbolDisplayPart[];
      readonly symbolKind: string;
      readonly tags?: TypeScript.JSDocTagInfo[];
    };
  };
  getTouchingPropertyName(file: TypeScript.SourceFile, position: number): TypeScript.Node;
  getContainerNode(node: TypeScript.Node): TypeScript.Node | undefined;
}

export interface Inspection {
  readonly text: string;
  /** The file that declares the name; "" if none does. */
  readonly declaredIn: string;
}

/** `position` is a UTF-16 offset into the cell; undefined where there is nothing to say. */
export function inspectionAt(
  ts: Ts,
  file: CellFile,
  program: TypeScript.Program,
  position: number,
): Inspection | undefined {
  const internals = ts as unknown as Internals;
  const checker = program.getTypeChecker();
  const node = internals.getTouchingPropertyName(file, position);
  if (node === file) return undefined;
  const symbol = checker.getSymbolAtLocation(node);
  if (!symbol) return undefined;
  const isUnknown = (
    checker as unknown as { isUnknownSymbol(symbol: TypeScript.Symbol): boolean }
  ).isUnknownSymbol(symbol);
  if (isUnknown) return undefined;
  const container = internals.getContainerNode(node);
  const { displayParts, documentation, tags, symbolKind } =
    internals.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      file,
      container,
      node,
    );
  if (symbolKind === "") return undefined;
  const said = (tags ?? []).map(
    ({ name, text }) => `@${name}${text ? ` ${ts.displayPartsToString(text)}` : ""}`,
  );
  const text = [
    ts.displayPartsToString(displayParts),
    ts.displayPartsToString(documentation),
    said.join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const declared = (isAlias ? checker.getAliasedSymbol(symbol) : symbol).declarations?.[0];
  return { text, declaredIn: declared?.getSourceFile().fileName ?? "" };
}
