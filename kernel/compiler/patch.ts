/**
 * Small changes to the TypeScript module before tslab's converter is built on it.
 *
 * tslab 1.0.22 is pinned, and these lean on how it calls the compiler (the end-to-end tests fail when that changes):
 * - source maps are kept, so that an error can point into the cell;
 * - dynamic `import()` stays one, so that ES modules with a top-level await load;
 * - the builder's graph of who refers to whom is not made anew for each cell: it cost as much as checking the cell;
 * - the kernel's globals (`display`, `input`, …) are declared.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { GLOBALS, QUICK_GLOBALS } from "./globals.js";
import type { Ts } from "./typescript.js";

/** The kernel's globals as a file that only the compiler sees. */
const GLOBALS_FILE = "__kernel__.d.ts";
const MAP_COMMENT = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;
/** Marks the JSON of the two source maps at the end of the converter's output. */
const MAPS_MARK = "\n//# mulab-maps ";

export function patchCompiler(ts: Ts, folder: string, quick: boolean): void {
  const globalsFile = `${folder}/${GLOBALS_FILE}`.replaceAll("\\", "/");
  const { fileExists, readFile } = ts.sys;
  ts.sys.fileExists = (path) => path === globalsFile || fileExists(path);
  ts.sys.readFile = (path, encoding) =>
    path === globalsFile ? (quick ? QUICK_GLOBALS : GLOBALS) : readFile(path, encoding);
  const { createWatchCompilerHost, createWatchProgram, transpileModule } = ts;
  const target = ts as unknown as Record<string, unknown>;
  const { getPreEmitDiagnosticsOfFiles } = ts as unknown as {
    getPreEmitDiagnosticsOfFiles(...args: unknown[]): TypeScript.Diagnostic[];
  };

  target.createWatchCompilerHost = (
    files: string[],
    options: TypeScript.CompilerOptions,
    system: TypeScript.System,
  ) => {
    const changed: TypeScript.CompilerOptions = {
      ...options,
      inlineSourceMap: true,
      lib: [...(options.lib ?? []).filter((lib) => lib !== "lib.es2022.d.ts"), "lib.es2023.d.ts"],
      ...(quick ? { types: [] } : {}),
    };
    const roots = [...files, globalsFile];
    const createProgram = (...args: Parameters<typeof ts.createAbstractBuilder>) =>
      withDependencies(ts, args);
    return (createWatchCompilerHost as (...args: unknown[]) => unknown)(
      roots,
      changed,
      system,
      createProgram,
      undefined,
      () => {},
    );
  };

  target.getPreEmitDiagnosticsOfFiles = (...args: unknown[]) =>
    getPreEmitDiagnosticsOfFiles(...args).filter(({ code }) => !isAboutDeclarations(code));

  target.createWatchProgram = (host: never) => {
    const watch = (createWatchProgram as (host: never) => { updateRootFileNames(files: string[]): void })(
      host,
    );
    const update = watch.updateRootFileNames;
    watch.updateRootFileNames = (files) => update([...files, globalsFile]);
    return watch;
  };

  target.transpileModule = (
    source: string,
    options: TypeScript.TranspileOptions,
  ): TypeScript.TranspileOutput => {
    const inline = MAP_COMMENT.exec(source);
    const output = transpileModule(inline ? source.slice(0, inline.index) : source, {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: inline !== null },
      transformers: { before: [keepDynamicImports(ts)] },
    });
    if (!inline || output.sourceMapText === undefined) return output;
    const js = output.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
    const first = Buffer.from(inline[1]!, "base64").toString("utf8");
    return { ...output, outputText: js + MAPS_MARK + JSON.stringify([output.sourceMapText, first]) };
  };
}

/**
 * Errors about writing a type down in a declaration file: "cannot be named", "is using private name".
 *
 * They matter to whoever publishes a package. Between cells, what the compiler writes instead works as well.
 */
const isAboutDeclarations = (code: number) => code === 2742 || (code >= 4000 && code < 5000);

/** Takes apart what the patched `transpileModule` returned. */
export function splitMaps(output: string): { js: string; maps: string[] } {
  const at = output.lastIndexOf(MAPS_MARK);
  if (at < 0) return { js: output, maps: [] };
  return { js: output.slice(0, at), maps: JSON.parse(output.slice(at + MAPS_MARK.length)) as string[] };
}

/** A builder that only holds the program, with the one question that tslab asks of a real one. */
function withDependencies(ts: Ts, args: Parameters<Ts["createAbstractBuilder"]>): TypeScript.BuilderProgram {
  const builder = ts.createAbstractBuilder(...args);
  // tslab reads the names that a cell declares from its bound file; a real builder would have bound all files by now.
  const { bindSourceFile } = ts as unknown as {
    bindSourceFile(file: TypeScript.SourceFile, options: object): void;
  };
  for (const name of builder.getProgram().getRootFileNames()) {
    const file = builder.getSourceFile(name);
    if (file) bindSourceFile(file, builder.getCompilerOptions());
  }
  builder.getAllDependencies = (start) => {
    const program = builder.getProgram();
    const found = new Set<string>();
    const visit = (file: TypeScript.SourceFile | undefined) => {
      if (!file || found.has(file.fileName)) return;
      found.add(file.fileName);
      if (file.isDeclarationFile) return; // its dependencies are declarations too, and tslab wants sources
      const { resolvedModules } = file as unknown as {
        resolvedModules?: {
          forEach(visit: (resolved: { resolvedFileName: string } | undefined) => void): void;
        };
      };
      resolvedModules?.forEach((resolved) => {
        const module = resolved && "resolvedModule" in resolved ? resolved.resolvedModule : resolved;
        const name = (module as { resolvedFileName?: string } | undefined)?.resolvedFileName;
        if (name) visit(program.getSourceFile(name));
      });
    };
    visit(start);
    return [...found];
  };
  return builder;
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
