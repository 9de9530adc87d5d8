/**
 * Small changes to the TypeScript module before tslab's converter is built on it.
 *
 * tslab 1.0.22 is pinned, and these lean on how it calls the compiler (the end-to-end tests fail when that changes):
 * - source maps are kept, so that an error can point into the cell;
 * - dynamic `import()` stays one, so that ES modules with a top-level await load;
 * - a program stays for many cells (resident.ts), and the builder's graph of who refers to whom is not made anew for each;
 * - the kernel's globals (`display`, `input`, …) are declared;
 * - the first program knows the language's own library only, and is there sooner; Node's types follow;
 * - completion sees the disk, for the names of modules;
 * - comments of packages are read when somebody asks for help (documentation.ts).
 */
import { dirname } from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { withDependencies } from "./builder.js";
import { CommonJsPrinter } from "./common-js.js";
import { Documentation } from "./documentation.js";
import { GLOBALS, QUICK_CONSOLE } from "./globals.js";
import { Resident, underOwnName, type WatchHost } from "./resident.js";
import type { Ts } from "./typescript.js";

/** Files that only the compiler sees. */
const VIRTUAL = { "__kernel__.d.ts": GLOBALS, "__console__.d.ts": QUICK_CONSOLE };
const MAP_COMMENT = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;
/** Marks the JSON of the two source maps at the end of the converter's output. */
const MAPS_MARK = "//# mulab-maps ";

export interface PatchedCompiler {
  /** From the next conversion on, Node's types and those of all other packages in `@types` are known. Once is enough. */
  loadTypes(): void;
  /** Reads the comments of what was inspected; true if they had been left out, and inspecting again shows them. */
  loadDocumentation(): boolean;
}

/** What tslab calls of a watch program. */
interface Watch {
  updateRootFileNames(files: string[]): void;
}

/** tslab's own addition to the compiler. */
type Inspecting = (
  file: TypeScript.SourceFile,
  checker: TypeScript.TypeChecker,
  token: unknown,
  position: number,
) => unknown;

interface Completing {
  getCompletionsAtPositionForTslab(host: object, program: TypeScript.Program, ...rest: unknown[]): unknown;
}

/** What belongs to one converter of tslab's. */
interface Converting {
  readonly resident: Resident;
  readonly options: TypeScript.CompilerOptions;
  readonly system: TypeScript.System;
  files: readonly string[];
}

/** Without `keepsProgram` each cell gets a program of its own, as tslab has it. */
export function patchCompiler(ts: Ts, folder: string, keepsProgram: boolean): PatchedCompiler {
  const root = folder.replaceAll("\\", "/");
  const virtual = new Map(Object.entries(VIRTUAL).map(([name, text]) => [`${root}/${name}`, text]));
  const [kernelFile, consoleFile] = [...virtual.keys()] as [string, string];
  const { fileExists, readFile } = ts.sys;
  ts.sys.fileExists = (path) => virtual.has(path) || fileExists(path);
  const documentation = new Documentation(ts, dirname(ts.sys.getExecutingFilePath()).replaceAll("\\", "/"));
  ts.sys.readFile = (path, encoding) =>
    virtual.get(path) ?? documentation.text(path, readFile(path, encoding));
  // Tells versions of a file apart; the text itself does that as well as a checksum of it.
  ts.sys.createHash = (text) => text;
  const { createWatchCompilerHost, createWatchProgram, getQuickInfoAtPosition } = ts as unknown as {
    getQuickInfoAtPosition: Inspecting;
    createWatchCompilerHost(...args: unknown[]): WatchHost;
    createWatchProgram(host: WatchHost): Watch;
  };
  const target = ts as unknown as Record<string, unknown>;
  const byHost = new Map<WatchHost, Converting>();
  const updates: (() => void)[] = [];
  let hasTypes = false;
  const roots = ({ files, options, system }: Converting) => {
    const types = hasTypes ? automaticTypes(ts, options, system, root) : [consoleFile];
    return [...files, kernelFile, ...types];
  };

  target.createWatchCompilerHost = (
    files: string[],
    given: TypeScript.CompilerOptions,
    system: TypeScript.System,
  ) => {
    const lib = [...(given.lib ?? []).filter((name) => name !== "lib.es2022.d.ts"), "lib.es2023.d.ts"];
    const options: TypeScript.CompilerOptions = { ...given, inlineSourceMap: true, lib, types: [] };
    const resident = new Resident(ts, { declarations: files[0]!, cell: files[1]! }, keepsProgram);
    const converting: Converting = { resident, options, system, files };
    const host = createWatchCompilerHost(
      roots(converting),
      options,
      resident.wrapSystem(documentation.wrapSystem(system)),
      (...args: Parameters<Ts["createAbstractBuilder"]>) => withDependencies(ts, args),
      undefined,
      () => {},
    );
    byHost.set(host, converting);
    return host;
  };

  target.createWatchProgram = (host: WatchHost) => {
    const converting = byHost.get(host)!;
    const { resident } = converting;
    resident.wrapHost(host);
    const watch = createWatchProgram(host);
    const update = watch.updateRootFileNames;
    watch.updateRootFileNames = (files) => {
      resident.invalidate();
      converting.files = files;
      update(roots(converting));
    };
    updates.push(() => watch.updateRootFileNames([...converting.files]));
    return watch;
  };

  // Without the errors about writing a type down in a declaration file ("cannot be named", "is using private name"): they matter to
  // whoever publishes a package. Between cells, what the compiler writes instead works as well. While the syntax is wrong, what the
  // rest may mean is a guess, and its errors would only hide the one to mend.
  target.getPreEmitDiagnosticsOfFiles = (program: TypeScript.Program, files: TypeScript.SourceFile[]) => {
    const syntax = files.flatMap((file) => [
      ...underOwnName(file, () => program.getSyntacticDiagnostics(file)),
    ]);
    const found =
      syntax.length > 0
        ? syntax
        : files.flatMap((file) => [...underOwnName(file, () => program.getSemanticDiagnostics(file))]);
    return ts.sortAndDeduplicateDiagnostics<TypeScript.Diagnostic>(found);
  };

  const getQuickInfo: Inspecting = (file, checker, token, position) => {
    documentation.want(file, checker, position);
    return getQuickInfoAtPosition(file, checker, token, position);
  };
  target.getQuickInfoAtPosition = getQuickInfo;

  // tslab gives no file system, without which the names of modules cannot be completed.
  const { Completions } = ts as unknown as { Completions: Completing };
  target.Completions = {
    ...Completions,
    getCompletionsAtPositionForTslab: (_none, program, ...rest) => {
      const host = {
        ...ts.sys,
        useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
        getCompilationSettings: () => program.getCompilerOptions(),
      };
      return Completions.getCompletionsAtPositionForTslab(host, program, ...rest);
    },
  } satisfies Completing;

  const printer = new CommonJsPrinter(ts);
  target.transpileModule = (source: string, { compilerOptions = {} }: TypeScript.TranspileOptions) => {
    const inline = MAP_COMMENT.exec(source);
    const { js, map } = printer.print(inline ? source.slice(0, inline.index) : source, compilerOptions);
    const maps = inline ? [map, Buffer.from(inline[1]!, "base64").toString("utf8")] : [];
    return { outputText: `${js}\n${MAPS_MARK}${JSON.stringify(maps)}` };
  };

  return {
    loadTypes() {
      if (hasTypes) return;
      hasTypes = true;
      for (const update of updates) update();
    },
    loadDocumentation: () => documentation.load(),
  };
}

/** Takes apart what the patched `transpileModule` returned. */
export function splitMaps(output: string): { js: string; maps: string[] } {
  const at = output.lastIndexOf(MAPS_MARK);
  if (at < 0) return { js: output, maps: [] };
  return { js: output.slice(0, at), maps: JSON.parse(output.slice(at + MAPS_MARK.length)) as string[] };
}

/** The packages that TypeScript takes in by itself: all in `@types`. As files, so that they can be added to a program later. */
function automaticTypes(
  ts: Ts,
  options: TypeScript.CompilerOptions,
  system: TypeScript.System,
  folder: string,
): string[] {
  const { types: _, ...all } = options;
  const from = `${folder}/__types__.ts`;
  return ts.getAutomaticTypeDirectiveNames(all, system).flatMap((name) => {
    const found = ts.resolveTypeReferenceDirective(name, from, all, system).resolvedTypeReferenceDirective;
    return found?.resolvedFileName === undefined ? [] : [found.resolvedFileName];
  });
}
