/**
 * What the kernel offers to code in cells and to packages: comms, widgets, display, input and magics.
 *
 * It is found at run time under `globalThis[Symbol.for("mulab.comms")]`, so that a package needs no dependency on the kernel. Types
 * only; the kernel makes it, `index.ts` is the friendly way to it.
 */

import type { CellCommand } from "../commands.js";
import type { MimeBundle, Renderer } from "../display.js";
import type { Comm, CommSendOptions, TargetHandler } from "./comm.js";
import type { WidgetModel, WidgetOptions, WidgetState } from "./widget.js";

export const LAYER = Symbol.for("mulab.comms");

export interface DisplayHandle {
  readonly id: string;
  /** Replaces, in place, what is shown. */
  update(value: unknown): void;
}

export interface KernelLayer {
  /** Grows when something is added; what is here does not change. */
  readonly version: 1;
  registerTarget(name: string, handler: TargetHandler): () => void;
  open(target: string, data?: object, options?: CommSendOptions & { id?: string }): Comm;
  widget(state: WidgetState, options?: WidgetOptions): WidgetModel;
  display(value: unknown, options?: { id?: string }): DisplayHandle;
  /** Shows a finished MIME bundle, at once and in order. */
  displayBundle(
    data: MimeBundle,
    options?: { id?: string; metadata?: Record<string, unknown>; update?: boolean },
  ): void;
  /** The cell that runs now is not over before `work` is, such as the last picture of what it shows. */
  hold(work: Promise<unknown>): void;
  clearOutput(wait?: boolean): void;
  input(prompt?: string, options?: { password?: boolean }): Promise<string>;
  addRenderer(renderer: Renderer): () => void;
  registerCellCommand(name: string, command: CellCommand): () => void;
  registerLineCommand(name: string, command: CellCommand): () => void;
  /** Aborted when the cell that runs now is interrupted; undefined outside of cells. */
  cellSignal(): AbortSignal | undefined;
}
