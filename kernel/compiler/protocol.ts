/** What the kernel and its compiler thread say to each other. Types only. */
import type { Script } from "./cell.js";

/** A type or syntax error at a place in a cell. Lines and columns count from 0, in UTF-16 units. */
export interface Diagnostic {
  readonly message: string;
  /** TypeScript's number for it; 0 for one that is not TypeScript's. */
  readonly code: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** A module beside the notebook; undefined in the cell itself. */
  readonly file?: string;
}

/** What is wrong with a cell; nothing if it may run. */
export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** True if later cells see something that this one declares. */
  readonly isKept?: boolean;
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

/** When later cells see what a cell declares: only if it has no errors, or in any case because it runs in any case. */
export type Commit = "if-sound" | "always";

/** What changes what later cells see. */
export type Declaring = CompileRequest & { readonly kind: "check" | "define" | "addModule" };

/** Positions are UTF-16 offsets into the cell. */
export type CompileRequest =
  /** Take in what another compiler thread has taken in before it was stopped, without checking it again. */
  | { readonly kind: "recall"; readonly requests: readonly Declaring[] }
  | { readonly kind: "check"; readonly code: string; readonly commit: Commit }
  | { readonly kind: "define"; readonly name: string; readonly type: string }
  | { readonly kind: "addModule"; readonly name: string; readonly code: string }
  | { readonly kind: "lower"; readonly code: string; readonly isJsx: boolean }
  | { readonly kind: "complete"; readonly code: string; readonly position: number }
  | { readonly kind: "inspect"; readonly code: string; readonly position: number }
  | { readonly kind: "isComplete"; readonly code: string };

export interface CompileAnswers {
  recall: Checked;
  check: Checked;
  define: Checked;
  addModule: Checked;
  lower: Script;
  complete: Completion;
  inspect: string | undefined;
  isComplete: Completeness;
}

export interface WorkerOptions {
  readonly folder: string;
  /** Where compiled code of the TypeScript compiler is kept between starts; undefined to keep none. */
  readonly cacheFolder?: string;
  /** False: each cell has its own program. Slower; tests compare with it. */
  readonly keepsProgram?: boolean;
}

/** From the thread: the answer to a request, or that it has loaded and recalled everything and answers at once from now on. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly answer: never }
  | { readonly kind: "error"; readonly id: number; readonly error: string };
