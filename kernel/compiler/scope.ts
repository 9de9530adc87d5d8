/**
 * What the cells so far have declared, as the type checker sees it.
 *
 * TypeScript looks a name up in the file, then in what the file is inside of, up to the globals. A cell's file is put inside of one
 * whose names are the symbols of earlier cells: so the checker sees what they declared itself, with all its types, and not a
 * description of it. A name may have a value and a type from different cells, so there is one such file for each.
 *
 * A cell that stays keeps only the names that it uses, as they were when it ran: a value that it computed does not change its type
 * when a later cell declares one of those names again. Nothing else is held on to.
 */
import type TypeScript from "typescript";
import type { CellFile } from "./program.js";
import type { Ts } from "./typescript.js";

type Names = Map<string, TypeScript.Symbol>;

const MEANINGS = ["values", "types", "namespaces"] as const;
type Meaning = (typeof MEANINGS)[number];

interface CellSymbol extends TypeScript.Symbol {
  exportSymbol?: TypeScript.Symbol;
}

export class CellScope {
  readonly #ts: Ts;
  /** A bound file of an empty module. */
  readonly #createFile: () => CellFile;
  readonly #names: Record<Meaning, Names> = { values: new Map(), types: new Map(), namespaces: new Map() };

  #empty: CellFile | undefined;

  constructor(
    ts: Ts,

    createFile: () => CellFile,
  ) {
    this.#ts = ts;
    this.#createFile = createFile;
  }

  /** Puts a cell inside of what earlier cells have declared. */
  enter(cell: CellFile): void {
    this.#put(cell, (names) => names);
  }

  /** Adds what a cell declares. `checker` is one that has checked it. */
  add(cell: CellFile, checker: TypeScript.TypeChecker): void {
    const used = (names: Names, meaning: Meaning): Names => {
      const out: Names = new Map();
      for (const name of cell.identifiers.keys()) {
        const symbol = names.get(name);
        // What the cell declares itself it never looks up here; kept, a cell that runs again would keep all its runs.
        if (symbol && !this.#declares(cell, name, meaning)) out.set(name, symbol);
      }
      return out;
    };
    this.#put(cell, used);
    for (const [name, symbol] of cell.locals ?? []) {
      const declared = (symbol as CellSymbol).exportSymbol ?? symbol;
      for (const meaning of this.#meanings(declared, checker)) this.#names[meaning].set(name, declared);
    }
  }

  #declares(cell: CellFile, name: string, meaning: Meaning): boolean {
    const symbol = cell.locals?.get(name) as CellSymbol | undefined;
    const { Value, Type, Namespace } = this.#ts.SymbolFlags;
    const flags = { values: Value, types: Type, namespaces: Namespace }[meaning];
    return (((symbol?.exportSymbol ?? symbol)?.flags ?? 0) & flags) !== 0;
  }

  #put(cell: CellFile, select: (names: Names, meaning: Meaning) => Names): void {
    let inner = cell;
    for (const meaning of MEANINGS) {
      const names = select(this.#names[meaning], meaning);
      if (names.size === 0) continue;
      const outer = this.#outer(names);
      inner.parent = outer;
      inner = outer;
    }
  }

  /** A file around a cell. Three for each cell would be most of what a short one keeps, so they share all but their names. */
  #outer(locals: Names): CellFile {
    this.#empty ??= this.#createFile();
    const own = { locals, parent: undefined, id: 0 };
    return Object.assign(Object.create(this.#empty), own) as CellFile;
  }

  #meanings(symbol: TypeScript.Symbol, checker: TypeScript.TypeChecker): readonly Meaning[] {
    const { SymbolFlags } = this.#ts;
    const target = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const flags = target.flags | symbol.flags;
    const found: Meaning[] = [];
    if (flags & SymbolFlags.Value) found.push("values");
    if (flags & SymbolFlags.Type) found.push("types");
    if (flags & SymbolFlags.Namespace) found.push("namespaces");
    return found.length > 0 ? found : MEANINGS;
  }
}
