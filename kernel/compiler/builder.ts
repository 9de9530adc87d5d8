/** A TypeScript builder that only holds its program, for what tslab asks of one. */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Ts } from "./typescript.js";

/** A builder with the one question that tslab asks of a real one: whom does a file import. */
export function withDependencies(
  ts: Ts,
  args: Parameters<Ts["createAbstractBuilder"]>,
): TypeScript.BuilderProgram {
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
