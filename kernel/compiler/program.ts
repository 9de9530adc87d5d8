/**
 * The TypeScript program that stays between cells, so that a cell costs only itself.
 *
 * A new program for each cell would mean a new type checker, which first merges all declarations of the language's library and of
 * Node: most of the time of a short cell. Here a cell is parsed, bound, and checked by the checker that is there. That is sound as
 * long as the cell brings in nothing that belongs to a program as a whole: no module that was not imported before, no declaration of
 * globals or of modules. Such a cell has a new program made; and so that nothing piles up, every so often any cell has.
 */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import type TypeScript from "typescript";
import { GLOBALS } from "./globals.js";
import { automaticTypes, compilerOptions, type Resolver, resolver } from "./resolve.js";
import type { Ts } from "./typescript.js";

/** After this many cells and completions a new program is made: a checker never forgets old cells by itself. */
const MAX_USES = 400;

/** What the compiler notes on a source file; it declares these as internal. */
export interface CellFile extends TypeScript.SourceFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  locals?: Map<string, TypeScript.Symbol>;
  parent: TypeScript.Node;
  parseDiagnostics: TypeScript.DiagnosticWithLocation[];
  externalModuleIndicator?: unknown;
  identifiers: Map<string, string>;
  cellImports?: readonly TypeScript.StringLiteralLike[];
}

interface Internals {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
  JSDocParsingMode: { ParseAll: number; ParseNone: number };
}

interface InternalProgram extends TypeScript.Program {
  getResolvedModule(
    file: TypeScript.SourceFile,
    name: string,
    mode: unknown,
  ): TypeScript.ResolvedModuleWithFailedLookupLocations | undefined;
}

interface ReadFile {
  readonly file: TypeScript.SourceFile;
  readonly changedAt: number;
}

/** Packages do not change under a running notebook; modules beside it do. */
const isPackageFile = (path: string) => path.includes("/node_modules/") || path.endsWith(".d.ts");

export class CellProgram {
  readonly #ts: Ts;
  readonly #isKept: boolean;
  readonly options: TypeScript.CompilerOptions;
  readonly #root: string;
  readonly #resolve: Resolver;
  readonly #files = new Map<string, ReadFile>();
  /** Files whose comments are read, because a request asked for help on what they declare. */
  readonly #documented = new Set<string>();
  /** Modules that cells have imported. */
  readonly #imported = new Set<string>();
  /** Cells that declare globals or modules. */
  readonly #global: CellFile[] = [];
  /** Cells that are modules, by path. */
  readonly #written = new Map<string, string>();
  readonly #cells = new WeakSet<object>();
  #program: InternalProgram | undefined;
  #types: string[] | undefined;
  #uses = 0;
  #count = 0;

  constructor(ts: Ts, folder: string, isKept: boolean) {
    this.#ts = ts;
    this.#isKept = isKept;

    this.#root = folder.replaceAll("\\", "/");
    this.options = compilerOptions(ts, this.#root);
    this.#resolve = resolver(ts, this.#root, this.options, {
      fileExists: (path) => this.#written.has(path) || ts.sys.fileExists(path),
      readFile: (path) => this.#written.get(path) ?? ts.sys.readFile(path),
      directoryExists: (path) => ts.sys.directoryExists(path),
      realpath: (path) => ts.sys.realpath!(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
      getCurrentDirectory: () => this.#root,
    });
  }

  /** A module that is a cell: others import it as `./name`. */
  write(name: string, text: string): string {
    const path = `${this.#root}/${name}.ts`;
    this.#written.set(path, text);
    this.#files.delete(path);
    this.#program = undefined;
    return path;
  }

  /** A cell's file, parsed and bound. Every cell is a module with its own name. */
  parse(code: string, kind: "ts" | "tsx"): CellFile {
    const ts = this.#ts;
    const name = `${this.#root}/__cell__${this.#count++}.${kind}`;
    const file = ts.createSourceFile(name, code, {
      languageVersion: ts.ScriptTarget.ESNext,
      setExternalModuleIndicator: (each) => {
        (each as CellFile).externalModuleIndicator ??= true;
      },
    }) as CellFile;
    file.path = name;
    file.resolvedPath = name;
    file.originalFileName = name;
    (ts as unknown as Internals).bindSourceFile(file, this.options); // sets the parents, too
    file.cellImports = importsOf(ts, file);
    // A program that takes a file in finds these out itself, unless they are there.
    if (!changesGlobals(ts, file)) {
      Object.assign(file, { imports: file.cellImports, moduleAugmentations: [], ambientModuleNames: [] });
    }
    this.#cells.add(file);
    return file;
  }

  /** The program that knows all that a cell needs. */
  for(file: CellFile): TypeScript.Program {
    const names = (file.cellImports ?? []).map(({ text }) => text);
    const isGlobal = changesGlobals(this.#ts, file);
    if (isGlobal && !this.#global.includes(file)) this.#global.push(file);
    const isKnown = names.every(
      (name) => this.#imported.has(name) && this.#find(name)?.resolvedModule !== undefined,
    );
    for (const name of names) this.#imported.add(name);
    const hasChanged = this.#hasChanged();
    // What was not found before may exist by now.
    if (!isKnown || hasChanged) this.#resolve.forget();
    const isOld = !this.#isKept || isGlobal || !isKnown || this.#uses++ >= MAX_USES || hasChanged;
    if (!this.#program || isOld) this.#make();
    return this.#program!;
  }

  /** A cell that declares globals was not sound: its declarations go. */
  drop(file: CellFile): void {
    const at = this.#global.indexOf(file);
    if (at < 0) return;
    this.#global.splice(at, 1);
    this.#program = undefined;
  }

  /** Makes the first program; nothing if there is one. */
  load(): void {
    if (!this.#program) this.#make();
  }

  /** The modules beside the notebook that a file imports, and what they import in turn. */
  localModules(file: CellFile): TypeScript.SourceFile[] {
    const program = this.#program!;
    const found = new Set<TypeScript.SourceFile>();
    const visit = (path: string | undefined) => {
      const module = path === undefined || isPackageFile(path) ? undefined : program.getSourceFile(path);
      if (!module || module.isDeclarationFile || found.has(module)) return;
      found.add(module);
      for (const { text } of importsOf(this.#ts, module)) {
        visit(this.#resolve(text, module.fileName, undefined).resolvedModule?.resolvedFileName);
      }
    };
    for (const { text } of file.cellImports ?? []) visit(this.#find(text)?.resolvedModule?.resolvedFileName);
    return [...found];
  }

  /** Reads a package's comments, which are left out until a request needs them; true if they had been left out. */
  document(fileName: string): boolean {
    if (this.#documented.has(fileName) || !fileName.endsWith(".d.ts")) return false;
    this.#documented.add(fileName);
    this.#files.delete(fileName);
    this.#program = undefined;
    return true;
  }

  /** True if a module beside the notebook has changed since the program was made. */
  #hasChanged(): boolean {
    for (const [path, { changedAt }] of this.#files) {
      if (!isPackageFile(path) && changedAt !== -1 && changeOf(path) !== changedAt) return true;
    }
    return false;
  }

  #find(name: string) {
    return this.#resolve(name, `${this.#root}/__imports__.ts`, this.#ts.ModuleKind.ESNext);
  }

  #make(): void {
    const ts = this.#ts;
    const { options } = this;
    const root = this.#root;
    this.#uses = 0;
    this.#types ??= automaticTypes(ts, root, options);
    const imports = [...this.#imported].map((name) => `import ${JSON.stringify(name)};`).join("\n");
    const virtual = new Map([
      [`${root}/__kernel__.d.ts`, GLOBALS],
      [`${root}/__imports__.ts`, `${imports}\nexport {};`],
    ]);
    const global = new Map(this.#global.map((file) => [file.fileName, file]));
    const host: TypeScript.CompilerHost = {
      getSourceFile: (path, given) => global.get(path) ?? this.#read(path, given, virtual.get(path)),
      getDefaultLibFileName: (each) => ts.getDefaultLibFilePath(each),
      getDefaultLibLocation: () => dirname(ts.sys.getExecutingFilePath()),
      getCurrentDirectory: () => root,
      getCanonicalFileName: (path) => path,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      writeFile: () => {},
      fileExists: (path) => virtual.has(path) || this.#written.has(path) || ts.sys.fileExists(path),
      readFile: (path) => virtual.get(path) ?? this.#written.get(path) ?? ts.sys.readFile(path),
      directoryExists: (path) => ts.sys.directoryExists(path),
      realpath: (path) => ts.sys.realpath!(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => this.#resolve(text, from, ts.ModuleKind.ESNext)),
    };
    const roots = [...virtual.keys(), ...this.#types, ...global.keys()];
    const program = ts.createProgram(roots, options, host) as InternalProgram;
    const { getResolvedModule } = program;
    program.getResolvedModule = (file, name, mode) =>
      this.#cells.has(file) ? this.#find(name) : getResolvedModule.call(program, file, name, mode);
    this.#program = program;
  }

  #read(path: string, given: TypeScript.ScriptTarget | TypeScript.CreateSourceFileOptions, text?: string) {
    const ts = this.#ts;
    const isVirtual = text !== undefined || this.#written.has(path);
    const changedAt = isVirtual || isPackageFile(path) ? -1 : changeOf(path);
    const known = text === undefined ? this.#files.get(path) : undefined;
    if (known && known.changedAt === changedAt) return known.file;
    const found = text ?? this.#written.get(path) ?? ts.sys.readFile(path);
    if (found === undefined) return undefined;
    const { JSDocParsingMode } = ts as unknown as Internals;
    const isDocumented = this.#documented.has(path) || !path.endsWith(".d.ts") || text !== undefined;
    const options = typeof given === "object" ? given : { languageVersion: given };
    const file = ts.createSourceFile(path, found, {
      ...options,
      jsDocParsingMode: (isDocumented ? JSDocParsingMode.ParseAll : JSDocParsingMode.ParseNone) as never,
    });
    if (text === undefined) this.#files.set(path, { file, changedAt });
    return file;
  }
}

const changeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** True if a file changes more than itself: it declares globals or whole modules, or brings in types by a comment. */
function changesGlobals(ts: Ts, file: CellFile): boolean {
  const { referencedFiles, typeReferenceDirectives, libReferenceDirectives } = file;
  if (referencedFiles.length + typeReferenceDirectives.length + libReferenceDirectives.length > 0)
    return true;
  return file.statements.some(
    (statement) =>
      ts.isModuleDeclaration(statement) &&
      (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0),
  );
}

/** All module specifiers of a file: of imports and exports, of `import()`, `require` and of `import("…").Type`. */
export function importsOf(ts: Ts, file: TypeScript.SourceFile): TypeScript.StringLiteralLike[] {
  const found: TypeScript.StringLiteralLike[] = [];
  const isJsx = /\.[jt]sx$/.test(file.fileName);
  if (!/\b(import|from|require)\b/.test(file.text) && !isJsx) return found;
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
