/** What the kernel and its compiler threads say to each other. Types only. */

/** A type or syntax error at a place in a cell. Lines and columns count from 0, in UTF-16 units. */
export interface Diagnostic {
  readonly message: string;
  readonly code: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** A module beside the notebook; undefined in the cell itself. */
  readonly file?: string;
}

export interface LocalModule {
  readonly path: string;
  readonly js: string;
  readonly maps: string[];
}

export interface Compiled {
  readonly kind: "compiled";
  /** CommonJS to run; undefined if the cell only declares types. */
  readonly js?: string;
  /** What later cells see: the declarations of all cells so far. */
  readonly declarations: string;
  readonly isAsync: boolean;
  /** The export that holds the value of the last expression. */
  readonly resultName?: string;
  /** JavaScript of local modules that the cell imports, by path, with the source maps back. */
  readonly modules: LocalModule[];
  /** Source maps from `js` back to the cell: the last step first. JSON, parsed only when an error needs them. */
  readonly maps: string[];
}

export interface Rejected {
  readonly kind: "rejected";
  readonly diagnostics: Diagnostic[];
}

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly matches: { readonly text: string; readonly type: string }[];
}

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  readonly indent?: string;
}

/** Positions are UTF-16 offsets into the cell. `declarations` is what the cells before have left. */
export type CompileRequest =
  | { readonly kind: "compile"; readonly declarations: string; readonly code: string }
  | {
      readonly kind: "complete";
      readonly declarations: string;
      readonly code: string;
      readonly position: number;
    }
  | {
      readonly kind: "inspect";
      readonly declarations: string;
      readonly code: string;
      readonly position: number;
    }
  | { readonly kind: "isComplete"; readonly code: string };

export interface CompileAnswers {
  compile: Compiled | Rejected;
  complete: Completion;
  inspect: string | undefined;
  isComplete: Completeness;
}

export interface WorkerOptions {
  readonly folder: string;
  /** Where compiled code of the TypeScript compiler is kept between starts; undefined to keep none. */
  readonly cacheFolder?: string;
  /** False: each cell has a program of its own, as tslab has it. Slower, and what tests compare with. */
  readonly keepsProgram?: boolean;
}
