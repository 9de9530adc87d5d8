/**
 * From the JavaScript module that tslab's first step makes of a cell to CommonJS, which can be run piece by piece.
 *
 * It does what `ts.transpileModule` does, on one program that stays: that one makes a program and a checker for each call, which took
 * longer than all else about a short cell.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Ts } from "./typescript.js";

export interface CommonJs {
  readonly js: string;
  /** JSON of the source map back to what was given. */
  readonly map: string;
}

/** After so many files the program is made anew: what its checker knows of old ones is never forgotten. */
const MAX_FILES = 500;
/** JavaScript is parsed a little differently from TypeScript (`a < b > (c)`), so the name matters. */
const FILE = "cell.js";

type OwnedFile = TypeScript.SourceFile & { path: string; resolvedPath: string; imports: unknown[] };

export class CommonJsPrinter {
  private program: TypeScript.Program | undefined;
  private files = 0;

  constructor(private readonly ts: Ts) {}

  /** `options` are those that tslab gives; they are the same at each call. */
  print(source: string, options: TypeScript.CompilerOptions): CommonJs {
    const ts = this.ts;
    if (this.files++ >= MAX_FILES) {
      this.program = undefined;
      this.files = 1;
    }
    const program = this.program ?? this.createProgram(options);
    this.program = program;
    const file = ts.createSourceFile(FILE, source, options.target!) as OwnedFile;
    file.path = file.resolvedPath = `${this.files}.${FILE}`;
    file.imports = [];
    const { bindSourceFile } = ts as unknown as { bindSourceFile(file: OwnedFile, options: object): void };
    bindSourceFile(file, program.getCompilerOptions());
    let js = "";
    let map = "";
    const write = (name: string, text: string) => {
      if (name.endsWith(".map")) map = text;
      else js = text;
    };
    program.emit(file, write, undefined, false, { before: [keepDynamicImports(ts)] });
    // The map is of its own: the last line would only name a file that there is not.
    return { js: js.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, ""), map };
  }

  /** A program of one empty file, with the options of `ts.transpileModule`. */
  private createProgram(options: TypeScript.CompilerOptions): TypeScript.Program {
    const { ts } = this;
    const all: TypeScript.CompilerOptions = {
      ...options,
      jsx: ts.JsxEmit.Preserve,
      isolatedModules: true,
      noLib: true,
      noResolve: true,
      sourceMap: true,
      suppressOutputPathCheck: true,
      allowNonTsExtensions: true,
    };
    const empty = ts.createSourceFile(FILE, "export {}", options.target!);
    return ts.createProgram([FILE], all, {
      getSourceFile: (name) => (name === FILE ? empty : undefined),
      writeFile: () => {},
      getDefaultLibFileName: () => "lib.d.ts",
      useCaseSensitiveFileNames: () => true,
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => "",
      getNewLine: () => "\n",
      fileExists: (name) => name === FILE,
      readFile: () => "",
      directoryExists: () => true,
      getDirectories: () => [],
    });
  }
}

/** `import(x)` becomes `require.import(x)`, which the kernel answers with a real dynamic import. */
function keepDynamicImports(ts: Ts): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => (file) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isCallExpression(visited) || visited.expression.kind !== ts.SyntaxKind.ImportKeyword)
        return visited;
      const callee = ts.factory.createPropertyAccessExpression(
        ts.factory.createIdentifier("require"),
        "import",
      );
      return ts.factory.updateCallExpression(visited, callee, undefined, visited.arguments);
    };
    return ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}
