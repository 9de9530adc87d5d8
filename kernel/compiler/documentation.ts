/**
 * Leaves the comments of packages' declarations out until somebody asks for help.
 *
 * Most of the text of the language's library and of Node's types are comments, and parsing them is a third of a start. Types do
 * not depend on them; only inspection shows them.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Ts } from "./typescript.js";

/** A doc comment on lines of its own, as declarations have them. Elsewhere, `/**` may be part of a string. */
const DOC_COMMENTS = /^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\r?\n?/gm;

/** Completion lists what is deprecated last. */
const shortened = (comment: string) => (comment.includes("@deprecated") ? "/** @deprecated */\n" : "");

export class Documentation {
  /** How to have the compiler read a file again whose comments were left out. */
  private readonly readAgain = new Map<string, () => void>();
  private readonly wanted = new Set<string>();
  private readonly loaded = new Set<string>();

  constructor(
    private readonly ts: Ts,
    /** The library's folder: its files belong to no package folder when TypeScript is linked. */
    private readonly library: string,
  ) {}

  /** What the compiler is to read of a file. */
  text(path: string, text: string | undefined): string | undefined {
    return this.isLeftOut(path) ? text?.replace(DOC_COMMENTS, shortened) : text;
  }

  /** A system that tells how to have a file read again. */
  wrapSystem(system: TypeScript.System): TypeScript.System {
    const { Changed } = this.ts.FileWatcherEventKind;
    const watchFile: TypeScript.System["watchFile"] = (path, callback, ...rest) => {
      if (this.isLeftOut(path)) this.readAgain.set(path, () => callback(path, Changed));
      return system.watchFile!(path, callback, ...rest);
    };
    return Object.assign(Object.create(system) as TypeScript.System, { watchFile });
  }

  /** Notes where the name at a place is declared. */
  want(file: TypeScript.SourceFile, checker: TypeScript.TypeChecker, position: number): void {
    const { getTouchingPropertyName } = this.ts as unknown as {
      getTouchingPropertyName(file: TypeScript.SourceFile, position: number): TypeScript.Node;
    };
    const found = checker.getSymbolAtLocation(getTouchingPropertyName(file, position));
    const isAlias = found && (found.flags & this.ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(found) : found;
    for (const declaration of symbol?.declarations ?? []) {
      const { fileName } = declaration.getSourceFile();
      if (this.isLeftOut(fileName)) this.wanted.add(fileName);
    }
  }

  /** Has the comments of what was wanted read; true if there are any, and asking again gives another answer. */
  load(): boolean {
    const names = [...this.wanted];
    this.wanted.clear();
    for (const name of names) {
      this.loaded.add(name);
      this.readAgain.get(name)?.();
      this.readAgain.delete(name);
    }
    return names.length > 0;
  }

  private isLeftOut(path: string): boolean {
    if (this.loaded.has(path) || !path.endsWith(".d.ts")) return false;
    return path.includes("/node_modules/") || path.startsWith(this.library);
  }
}
