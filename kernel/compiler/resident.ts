/**
 * The program that stays between cells, so that a cell costs only itself.
 *
 * A new TypeScript program for each cell means a new type checker, and that first merges all of the library's and Node's
 * declarations again: most of the time of a short cell. Here a cell is parsed and bound, and then checked and emitted by the program
 * of an earlier cell. That is sound as long as the cell brings in nothing that belongs to a program as a whole: no import that
 * was not resolved before, no declaration of globals or modules. Whatever else comes is left to tslab's own way, which
 * makes a new program; and so that nothing piles up, every so often a cell is too.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Ts } from "./typescript.js";

/** After so many cells and completions a new program is made. What a checker knows of old cells is never forgotten by itself. */
const MAX_BUILDS = 200;

/** What a program notes on a source file that belongs to it; the compiler declares these as internal. */
interface ProgramFile extends TypeScript.SourceFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  imports?: readonly TypeScript.StringLiteralLike[];
  resolvedModules?: ResolvedModules | undefined;
}

interface ResolvedModules {
  get(name: string, mode: undefined): Resolved | undefined;
  set(name: string, mode: undefined, resolved: Resolved): ResolvedModules;
}
type Resolved = { readonly resolvedModule?: { readonly resolvedFileName: string } };

interface Internals {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  createModeAwareCache(): ResolvedModules;
}

/** The two files that change with each cell: what the cells before have declared, and the cell itself. */
export interface CellFiles {
  readonly declarations: string;
  readonly cell: string;
}

/** The part of a watch program's host that tells who wants to know of a new program. */
export interface WatchHost {
  afterProgramCreate?: (builder: TypeScript.BuilderProgram) => void;
}

export class Resident {
  private base: TypeScript.BuilderProgram | undefined;
  private builds = 0;
  private resolved = new Map<string, Resolved>();
  private declarationsFile: ProgramFile | undefined;
  private cellFile: ProgramFile | undefined;
  /** True when a file other than the cell's two has changed since the program was made. */
  private isStale = false;
  private tell: (builder: TypeScript.BuilderProgram) => void = () => {};

  constructor(
    private readonly ts: Ts,
    private readonly names: CellFiles,
    private readonly isKept: boolean,
  ) {}

  /** tslab's system, through which the watch program hears of changes: its update is left out where this program will do. */
  wrapSystem(system: TypeScript.System): TypeScript.System {
    const { declarations, cell } = this.names;
    let leftOut: unknown;
    const setTimeout = (update: () => void, ms: number) => {
      const timer: unknown = system.setTimeout!(() => {
        const read = (name: string) => system.readFile(name) ?? "";
        const builder = this.build({ declarations: read(declarations), cell: read(cell) });
        if (!builder) return update();
        leftOut = timer;
        this.tell(builder);
      }, ms);
      return timer;
    };
    const clearTimeout = (timer: unknown) => {
      // The watch program still waits for the update that was left out, and takes it back before it asks for the next.
      if (timer !== leftOut) system.clearTimeout!(timer);
    };
    const watchFile: TypeScript.System["watchFile"] = (path, callback, ...rest) => {
      const isOther = path !== declarations && path !== cell;
      const changed: TypeScript.FileWatcherCallback = (...args) => {
        if (isOther) this.invalidate();
        callback(...args);
      };
      return system.watchFile!(path, changed, ...rest);
    };
    const wrapped = Object.create(system) as TypeScript.System;
    return Object.assign(wrapped, { setTimeout, clearTimeout, watchFile });
  }

  /** Hears of each new program, before tslab does. */
  wrapHost(host: WatchHost): void {
    const { afterProgramCreate } = host;
    if (afterProgramCreate) this.tell = (builder) => afterProgramCreate.call(host, builder);
    host.afterProgramCreate = (builder) => {
      this.take(builder);
      this.tell(builder);
    };
  }

  /** Something changed on disk, or a module was added: the next cell needs a new program. */
  invalidate(): void {
    this.isStale = true;
  }

  /** Takes the program that was made for a cell, to check the next ones with it. */
  private take(builder: TypeScript.BuilderProgram): void {
    this.builds = 0;
    this.isStale = false;
    this.resolved = new Map();
    this.declarationsFile = undefined;
    const files = [this.names.declarations, this.names.cell].map((name) => {
      return builder.getSourceFile(name) as ProgramFile | undefined;
    });
    // Globals that a cell declares would stay in the checker.
    this.base = files.some((file) => !file || affectsAll(this.ts, builder.getProgram(), file))
      ? undefined
      : builder;
    for (const file of files) {
      for (const { text } of file?.imports ?? []) {
        const found = file?.resolvedModules?.get(text, undefined);
        if (found && (found.resolvedModule || this.isAmbient(builder, text))) this.resolved.set(text, found);
      }
    }
  }

  /** A builder for these texts on the program that is there; undefined if they need a new one. */
  private build(texts: CellFiles): TypeScript.BuilderProgram | undefined {
    const base = this.base;
    if (!base || !this.isKept || this.isStale || this.builds >= MAX_BUILDS) return undefined;
    // Cells that declare nothing leave the declarations as they were.
    const old = this.declarationsFile;
    const declarations =
      old?.text === texts.declarations ? old : this.parse(base, this.names.declarations, texts.declarations);
    const cell = declarations && this.parse(base, this.names.cell, texts.cell);
    if (!declarations || !cell || cell.imports?.some(({ text }) => text.startsWith("."))) return undefined;
    this.builds++;
    this.declarationsFile = declarations;
    this.cellFile = cell;
    return this.builder(base);
  }

  /** True for a module that some file declares, as Node's types do, rather than is. */
  private isAmbient(builder: TypeScript.BuilderProgram, name: string): boolean {
    const checker = builder.getProgram().getTypeChecker();
    return checker.getAmbientModules().some((symbol) => symbol.name === `"${name}"`);
  }

  private builder(base: TypeScript.BuilderProgram): TypeScript.BuilderProgram {
    const getSourceFile = (name: string) => {
      if (name === this.names.cell) return this.cellFile;
      return name === this.names.declarations ? this.declarationsFile : base.getSourceFile(name);
    };
    const program = Object.assign(Object.create(base.getProgram()) as TypeScript.Program, { getSourceFile });
    return Object.assign(Object.create(base) as TypeScript.BuilderProgram, {
      getSourceFile,
      getProgram: () => program,
      emit: (...args: Parameters<TypeScript.Program["emit"]>) => {
        // tslab takes the declarations apart when it prints what is left of them.
        this.declarationsFile = undefined;
        return program.emit(...args);
      },
    });
  }

  /** A file as a program would have it; undefined if it belongs to no other program than one that is made for it. */
  private parse(base: TypeScript.BuilderProgram, name: string, text: string): ProgramFile | undefined {
    const { ts } = this;
    const internals = ts as unknown as Internals;
    const options = base.getCompilerOptions();
    const file = ts.createSourceFile(name, text, options.target!) as ProgramFile;
    if (affectsAll(ts, base.getProgram(), file)) return undefined;
    const path = name.replace(/(\.d)?\.ts$/, (ending) => `.${this.builds}${ending}`);
    file.path = path;
    file.resolvedPath = path;
    file.originalFileName = name;
    internals.bindSourceFile(file, options); // sets the parents, too
    file.imports = importsOf(ts, file);
    if (file.imports.length > 0) file.resolvedModules = internals.createModeAwareCache();
    for (const { text: specifier } of file.imports) {
      const known = this.resolved.get(specifier);
      if (!known) return undefined;
      file.resolvedModules?.set(specifier, undefined, known);
    }
    return file;
  }
}

/** True if a file changes more than itself: it declares globals or whole modules, or brings in types by a comment. */
function affectsAll(ts: Ts, program: TypeScript.Program, file: ProgramFile): boolean {
  const { referencedFiles, typeReferenceDirectives, libReferenceDirectives } = file;
  if (referencedFiles.length + libReferenceDirectives.length > 0) return true;
  if (typeReferenceDirectives.some(({ fileName }) => !hasTypes(program, fileName))) return true;
  return file.statements.some((statement) => {
    return (
      ts.isModuleDeclaration(statement) &&
      (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0)
    );
  });
}

/** True if a program already has the types that `/// <reference types="name" />` asks for. */
function hasTypes(program: TypeScript.Program, name: string): boolean {
  const { getResolvedTypeReferenceDirectives } = program as unknown as {
    getResolvedTypeReferenceDirectives(): { has(name: string, mode: undefined): boolean };
  };
  return getResolvedTypeReferenceDirectives().has(name, undefined);
}

/** Runs `body` while a resident program's file has a name of its own: the checker keeps errors by name, also of cells before. */
export function underOwnName<T>(file: TypeScript.SourceFile, body: () => T): T {
  const { fileName, path } = file as ProgramFile;
  file.fileName = path;
  try {
    return body();
  } finally {
    file.fileName = fileName;
  }
}

/** All module specifiers of a file: of imports and exports, of `import()` and of `import("…").Type`. */
function importsOf(ts: Ts, file: TypeScript.SourceFile): TypeScript.StringLiteralLike[] {
  const found: TypeScript.StringLiteralLike[] = [];
  if (!/\b(import|from|require)\b/.test(file.text)) return found;
  const add = (node: TypeScript.Node | undefined) => {
    if (node && ts.isStringLiteralLike(node) && node.text !== "") found.push(node);
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
