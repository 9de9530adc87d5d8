/** Makes what the kernel offers to cells and packages, and puts it where they find it. */
import { randomUUID } from "node:crypto";
import type { Commands } from "../commands.js";
import { currentScope, outputParent, updateParent } from "../context.js";
import { DISPLAY, type Display, type Displays, NOTHING } from "../display.js";
import { html, image, md, svg } from "../display-helpers.js";
import type { Inputs } from "../input.js";
import type { CommManager } from "./comm.js";
import { type DisplayHandle, type KernelLayer, LAYER } from "./layer.js";
import type { Widgets } from "./widget.js";

interface LayerParts {
  publish(msgType: string, parent: string, content: object): void;
  /** The header of the cell that runs now. */
  running(): string | undefined;
  hold(work: Promise<unknown>): void;
  readonly displays: Displays;
  readonly comms: CommManager;
  readonly widgets: Widgets;
  readonly commands: Commands;
  readonly inputs: Inputs;
}

/** Sets `globalThis[Symbol.for("mulab.comms")]` and the globals of cells: display, clearOutput, input and the display helpers. */
export function installLayer({
  publish,
  running,
  hold,
  displays,
  comms,
  widgets,
  commands,
  inputs,
}: LayerParts): KernelLayer {
  const show = (content: Display, id: string, isUpdate: boolean, parent: string) => {
    if (content === NOTHING) return;
    publish(isUpdate ? "update_display_data" : "display_data", parent, {
      ...content,
      transient: { display_id: id },
    });
  };
  // The parent is taken now: when a display method is asynchronous, another cell may be running by the time it is done.
  const showValue = (value: unknown, id: string, isUpdate: boolean) => {
    const parent = isUpdate ? updateParent(running()) : outputParent();
    const content = displays.of(value);
    if (content instanceof Promise) hold(content.then((ready) => show(ready, id, isUpdate, parent)));
    else show(content, id, isUpdate, parent);
  };
  const layer: KernelLayer = {
    version: 1,
    registerTarget: (name, handler) => comms.registerTarget(name, handler),
    open: (target, data, options) => comms.open(target, data, options),
    widget: (state, options) => widgets.create(state, options),
    display(value, options = {}): DisplayHandle {
      const id = options.id ?? randomUUID();
      showValue(value, id, false);
      // As a cell's last value the handle is not shown: the value already is.
      return { id, update: (next) => showValue(next, id, true), [DISPLAY]: () => null } as DisplayHandle;
    },
    displayBundle(data, { id = randomUUID(), metadata = {}, update = false } = {}) {
      show({ data, metadata }, id, update, update ? updateParent(running()) : outputParent());
    },
    hold,
    clearOutput: (wait = false) => publish("clear_output", outputParent(), { wait }),
    input: (prompt, options) => inputs.ask(prompt, options),
    addRenderer: (renderer) => displays.addRenderer(renderer),
    registerCellCommand: (name, command) => commands.register(name, command),
    registerLineCommand: (name, command) => commands.registerLine(name, command),
    cellSignal: () => currentScope()?.cell.signal,
  };
  const { display, clearOutput, input } = layer;
  // Not enumerable, and writable: a notebook may have its own `display`.
  for (const [name, value] of Object.entries({ display, clearOutput, input, html, md, svg, image })) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
  Object.defineProperty(globalThis, LAYER, { value: layer, configurable: true });
  return layer;
}
