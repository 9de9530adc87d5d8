export interface Fault {
  /** Only what is below this folder counts. */
  readonly root: string;
  /** The operation that fails, from 0. */
  readonly at?: number;
  readonly how?: FaultKind | "count" | "snapshots";
  /** Where snapshots go: a folder for each operation, `N` before it and `N-half` when half of its data is written. */
  readonly to?: string;
  /** Whether reading counts too. */
  readonly reads?: boolean;
  /** Of a child process: the file that gets the operations as JSON, where it lives to its end. */
  readonly report?: string;
}
/** `kill` dies before the operation, `kill-after` when it is done or half done, `EIO` fails once, `ENOSPC` from then on, `half` writes half and fails. */
export type FaultKind = "kill" | "kill-after" | "EIO" | "ENOSPC" | "half";
/** Begins to count in this process, and to fail. */
export function arm(fault: Fault): void;
/** Ends it; the operations that were counted. */
export function disarm(): string[];
/** The kinds of faults of which each is another one at this operation. */
export function kindsAt(operation: string): readonly FaultKind[];
