// A run as the panels see it, whether it comes from a widget model over a comm, a saved notebook or a test.

import type { ComparedRun } from "../src/analysis/compare.js";
import type { RunExtent } from "../src/analysis/moments.js";
import type { PicturedRun } from "../src/figures/scenes/pictured-run.js";
import type { PictureName } from "../src/figures/scenes/pictures.js";
import type { Command, Head, LiveProgress, LiveStatus, ModelId, State } from "../src/wire/browser.js";
import type { Failures } from "../src/wire/failures.js";

/** "gone" means that the run was running when its kernel last answered, and the kernel no longer answers. */
export type SeenStatus = LiveStatus | "gone";

/** What a picture of an old moment needs of the whole run. */
export interface LookBack {
  readonly whole: State;
  readonly extent: RunExtent;
}

export interface RunClient {
  readonly head: Head | undefined;
  readonly state: State;
  readonly progress: LiveProgress | undefined;
  /** Minutes of evolution at the end of each generation; empty if unknown. */
  readonly minutes: readonly number[];
  /** Whether a pause was requested and work in progress is still finishing. */
  readonly isPausing: boolean;
  readonly status: SeenStatus;
  readonly failure: string | null;
  /** Why individual children failed. */
  readonly failures: Failures;
  /** Whether a kernel takes commands. */
  readonly isConnected: boolean;
  /** Seconds since the kernel's last sign of life. */
  readonly silence: number;
  readonly selected: ModelId | null;
  /** Scale factor to re-score with; null means the run's own. */
  readonly scale: number | null;
  /** Models that were picked with a lasso or by ranges, for all views of this page; null if none were. */
  readonly brushed: ReadonlySet<ModelId> | null;
  /** Number of the moment that this page shows (analysis/moments); null if it shows the run as it is now. */
  readonly moment: number | null;
  /** Given if `state` is that of an earlier moment: the state now, and what the pictures of all moments must have room for. */
  readonly back?: LookBack | undefined;
  select(model: ModelId | null): void;
  brush(models: ReadonlySet<ModelId> | null): void;
  rescale(scale: number | null): void;
  visit(moment: number | null): void;
  command(command: Command["command"]): void;
  /** Calls `listener` after any change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** The `runs` with any data yet. */
export const compared = (runs: readonly RunClient[]): ComparedRun[] =>
  runs.flatMap(({ head, state }) => (head ? [{ head, state }] : []));

/** The `runs` that can be drawn as a still picture. */
export const pictured = (runs: readonly RunClient[]): PicturedRun[] =>
  runs.flatMap(({ head, state, progress, status }) =>
    head && progress ? [{ head, state, progress, status: status === "gone" ? "stopped" : status }] : [],
  );

/** A part of the page that shows runs. */
export interface Panel {
  readonly element: HTMLElement;
  /** Shows the present state of the runs. */
  update(): void;
  /** Its picture and table for export, if it has any. */
  readonly exports?: PanelExports;
  dispose?(): void;
}

export interface PanelExports {
  /** File name without extension. */
  readonly name: string;
  /** Which picture it is, for the command that makes it again. */
  readonly picture?: PictureName;
  svg?(): string;
  csv?(): string;
}
