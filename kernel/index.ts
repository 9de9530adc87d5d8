/**
 * mulab/kernel: comms, widget models, display and cell commands for any package that runs in a notebook.
 *
 * ```ts
 * import { openComm, registerTarget, widget } from "mulab/kernel";
 * const model = widget({ _model_name: "SliderModel", … });
 * model.onChange((changes) => console.log(changes));
 * ```
 *
 * With no kernel around (a script, a test, another kernel) nothing happens, and the first comm, widget or display says so, once, on
 * stderr. Renderers and commands are silent: packages add them as they are imported. Importing this loads no part of the kernel.
 */
import type { Comm, CommMessage, CommSendOptions, TargetHandler } from "./comm/comm.js";
import { type DisplayHandle, type KernelLayer, LAYER } from "./comm/layer.js";
import type { WidgetModel, WidgetOptions, WidgetState } from "./comm/widget.js";
import type { CellCommand } from "./commands.js";
import type { Renderer } from "./display.js";

export type { Bytes, Comm, CommMessage, CommSendOptions, TargetHandler } from "./comm/comm.js";
export type { DisplayHandle, KernelLayer } from "./comm/layer.js";
export type { WidgetModel, WidgetOptions, WidgetState } from "./comm/widget.js";
export type { CellCommand, CommandCall, CommandCompletion } from "./commands.js";
export type { MimeBundle, Renderer } from "./display.js";

/** The kernel around this code, or undefined. Says nothing. */
export function kernel(): KernelLayer | undefined {
  return (globalThis as { [LAYER]?: KernelLayer })[LAYER];
}

let hasToldOnce = false;

function kernelOrNotice(): KernelLayer | undefined {
  const layer = kernel();
  if (!layer && !hasToldOnce) {
    hasToldOnce = true;
    console.error(
      'kernel/no-comm: No widget kernel is running here, so comms and widgets do nothing. Choose the "TypeScript (mulab)" kernel in Jupyter.',
    );
  }
  return layer;
}

const nothing = () => {};

/** Receives the comms that a front end opens under `name`. Returns a function that stops it. */
export function registerTarget(name: string, handler: TargetHandler): () => void {
  return kernelOrNotice()?.registerTarget(name, handler) ?? nothing;
}

/** Opens a comm to the front end. Without a kernel it is closed from the start, and sending does nothing. */
export function openComm(
  target: string,
  data: object = {},
  options: CommSendOptions & { id?: string } = {},
): Comm {
  return kernelOrNotice()?.open(target, data, options) ?? closedComm(target, options.id ?? "none");
}

/** Calls `handler` with each message of `comm`: the data, its metadata and its binary buffers. Returns how to stop. */
export function observe(comm: Comm, handler: (message: CommMessage) => void): () => void {
  return comm.onMessage(handler);
}

/** Makes a widget model; showing it shows its view. Without a kernel it only holds its state. */
export function widget(state: WidgetState, options: WidgetOptions = {}): WidgetModel {
  return kernelOrNotice()?.widget(state, options) ?? silentWidget(state);
}

/** Shows a value under the cell that runs this. */
export function display(value: unknown, options: { id?: string } = {}): DisplayHandle {
  return kernelOrNotice()?.display(value, options) ?? { id: options.id ?? "none", update: nothing };
}

/** Adds a way to show values: it returns a MIME bundle for those that it knows. Returns how to take it away. */
export function addRenderer(renderer: Renderer): () => void {
  return kernel()?.addRenderer(renderer) ?? nothing;
}

/** Registers `%%name`, a cell of which the command gets the text. */
export function registerCellCommand(name: string, command: CellCommand): () => void {
  return kernel()?.registerCellCommand(name, command) ?? nothing;
}

/** Registers `%name`, a line at the top of a cell. */
export function registerLineCommand(name: string, command: CellCommand): () => void {
  return kernel()?.registerLineCommand(name, command) ?? nothing;
}

function closedComm(target: string, id: string): Comm {
  return {
    id,
    target,
    isOpen: false,
    send: nothing,
    close: nothing,
    onMessage: () => nothing,
    onClose: () => nothing,
  };
}

function silentWidget(initial: WidgetState): WidgetModel {
  let state = { ...initial };
  return {
    id: "none",
    isOpen: false,
    get: () => state,
    set(changes) {
      state = { ...state, ...changes };
    },
    onChange: () => nothing,
    onCustom: () => nothing,
    send: nothing,
    close: nothing,
  };
}
