/**
 * Widget models: the kernel's half of `jupyter.widget` comms, version 2 of the protocol.
 *
 * State is a plain object that both sides hold; only what changed is sent, and binary values leave the JSON and travel as buffers.
 * The other half is a model in the browser, on @jupyter-widgets/base. Protocol: ipywidgets, packages/schema/messages.md.
 */
import { isDeepStrictEqual } from "node:util";
import { DISPLAY, type MimeBundle } from "../display.js";
import { type Bytes, type Comm, type CommManager, type CommMessage, toUint8Array } from "./comm.js";

export const WIDGET_TARGET = "jupyter.widget";
const CONTROL_TARGET = "jupyter.widget.control";
const WIDGET_PROTOCOL = { version: "2.1.0" };

export type WidgetState = Record<string, unknown>;

export interface WidgetOptions {
  readonly id?: string;
  /** Shown where no widget can be: a chart specification, an SVG, text. */
  readonly fallback?: () => MimeBundle;
}

export interface WidgetModel {
  readonly id: string;
  readonly isOpen: boolean;
  get(): Readonly<WidgetState>;
  /** Merges `changes` and sends those keys whose values differ. A changed binary value must be a new view or buffer. */
  set(changes: WidgetState): void;
  /** Hears what the front end has changed. */
  onChange(handler: (changes: WidgetState) => void): () => void;
  /** Hears custom messages of the front end. */
  onCustom(handler: (content: Record<string, unknown>, buffers: Uint8Array[]) => void): () => void;
  send(content: object, buffers?: readonly Bytes[]): void;
  close(): void;
}

type Path = (string | number)[];

const isBytes = (value: unknown): value is Bytes => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

const isPlain = (value: unknown): value is Record<string, unknown> => {
  const prototype = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype || prototype === null;
};

/** State without its binary values, and where they were. In objects the key goes; in arrays null keeps the place. */
export function removeBuffers(state: WidgetState): { state: WidgetState; paths: Path[]; buffers: Bytes[] } {
  const paths: Path[] = [];
  const buffers: Bytes[] = [];
  const strip = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) {
      return value.map((item, i) => {
        if (!isBytes(item)) return strip(item, [...path, i]);
        paths.push([...path, i]);
        buffers.push(item);
        return null;
      });
    }
    if (!isPlain(value)) return value;
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (isBytes(item)) {
        paths.push([...path, key]);
        buffers.push(item);
      } else out[key] = strip(item, [...path, key]);
    }
    return out;
  };
  return { state: strip(state, []) as WidgetState, paths, buffers };
}

/** The inverse of removeBuffers, in place. Paths that do not fit the state are left out: they come from outside. */
export function putBuffers(
  state: WidgetState,
  paths: readonly Path[],
  buffers: readonly Uint8Array[],
): WidgetState {
  paths.forEach((path, i) => {
    let at: unknown = state;
    for (const key of path.slice(0, -1))
      at = Object.hasOwn(at as object, key) ? (at as WidgetState)[key] : undefined;
    const last = path.at(-1);
    if (last === undefined || last === "__proto__" || typeof at !== "object" || at === null) return;
    (at as Record<string | number, unknown>)[last] = buffers[i];
  });
  return state;
}

/** True when sending `next` would tell nothing new. Binary values are compared by identity: bytes may be millions. */
function isSame(before: unknown, next: unknown): boolean {
  if (isBytes(before) || isBytes(next)) return before === next;
  return isDeepStrictEqual(before, next);
}

class KernelWidget implements WidgetModel {
  private readonly changeHandlers = new Set<(changes: WidgetState) => void>();
  private readonly customHandlers = new Set<
    (content: Record<string, unknown>, buffers: Uint8Array[]) => void
  >();

  constructor(
    private readonly comm: Comm,
    private state: WidgetState,
    private readonly bind: Bind,
    private readonly fallback: (() => MimeBundle) | undefined,
  ) {
    comm.onMessage((message) => this.receive(message));
  }

  get id(): string {
    return this.comm.id;
  }

  get isOpen(): boolean {
    return this.comm.isOpen;
  }

  get(): Readonly<WidgetState> {
    return this.state;
  }

  set(changes: WidgetState): void {
    const changed = Object.entries(changes).filter(([key, value]) => !isSame(this.state[key], value));
    if (changed.length === 0) return;
    const patch = Object.fromEntries(changed);
    this.state = { ...this.state, ...patch };
    this.sendState("update", patch);
  }

  onChange(handler: (changes: WidgetState) => void): () => void {
    const bound = this.bind(handler);
    this.changeHandlers.add(bound);
    return () => this.changeHandlers.delete(bound);
  }

  onCustom(handler: (content: Record<string, unknown>, buffers: Uint8Array[]) => void): () => void {
    const bound = this.bind(handler);
    this.customHandlers.add(bound);
    return () => this.customHandlers.delete(bound);
  }

  send(content: object, buffers: readonly Bytes[] = []): void {
    this.comm.send({ method: "custom", content }, { buffers, metadata: WIDGET_PROTOCOL });
  }

  close(): void {
    this.comm.close();
  }

  [DISPLAY](): MimeBundle {
    return {
      "text/plain": String(this.state._model_name ?? "Widget"),
      ...this.fallback?.(),
      "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 0, model_id: this.id },
    };
  }

  private sendState(method: "update" | "echo_update", patch: WidgetState): void {
    if (!this.comm.isOpen) return; // the front end closed it: the state goes on here
    const { state, paths, buffers } = removeBuffers(patch);
    this.comm.send({ method, state, buffer_paths: paths }, { buffers, metadata: WIDGET_PROTOCOL });
  }

  private receive({ data, buffers }: CommMessage): void {
    switch (data.method) {
      case "update": {
        const changes = putBuffers(
          { ...(data.state as WidgetState) },
          (data.buffer_paths as Path[]) ?? [],
          buffers,
        );
        this.state = { ...this.state, ...changes };
        // Every front end learns at once what this one did, before any handler takes its time.
        this.sendState("echo_update", changes);
        for (const handler of this.changeHandlers) handler(changes);
        break;
      }
      case "request_state":
        this.sendState("update", this.state);
        break;
      case "custom":
        for (const handler of this.customHandlers)
          handler((data.content ?? {}) as Record<string, unknown>, buffers);
        break;
    }
  }
}

type Bind = <A extends unknown[]>(handler: (...args: A) => void) => (...args: A) => void;

/** All open widgets: a page that is opened or reloaded asks for them through the control target. */
export class Widgets {
  private readonly open = new Map<string, KernelWidget>();

  constructor(
    private readonly comms: CommManager,
    private readonly bind: Bind,
  ) {
    comms.registerTarget(CONTROL_TARGET, (comm) => {
      comm.onMessage(({ data }) => {
        if (data.method === "request_states") this.sendStates(comm);
      });
    });
    // A front end may make widgets too, such as the output of a slider it controls; the kernel keeps their state.
    comms.registerTarget(WIDGET_TARGET, (comm, { data, buffers }) => {
      const paths = (data.buffer_paths as Path[]) ?? [];
      this.add(comm, putBuffers({ ...(data.state as WidgetState) }, paths, buffers), undefined);
    });
  }

  create(state: WidgetState, options: WidgetOptions = {}): WidgetModel {
    const stripped = removeBuffers(state);
    const comm = this.comms.open(
      WIDGET_TARGET,
      { state: stripped.state, buffer_paths: stripped.paths },
      {
        buffers: stripped.buffers,
        metadata: WIDGET_PROTOCOL,
        ...(options.id === undefined ? {} : { id: options.id }),
      },
    );
    return this.add(comm, { ...state }, options.fallback);
  }

  private add(comm: Comm, state: WidgetState, fallback: (() => MimeBundle) | undefined): KernelWidget {
    const widget = new KernelWidget(comm, state, this.bind, fallback);
    this.open.set(comm.id, widget);
    return widget;
  }

  private sendStates(control: Comm): void {
    const states: WidgetState = {};
    for (const [id, widget] of this.open) {
      if (!widget.isOpen) {
        this.open.delete(id);
        continue;
      }
      const state = widget.get();
      states[id] = {
        model_name: state._model_name,
        model_module: state._model_module,
        model_module_version: state._model_module_version,
        state,
      };
    }
    const stripped = removeBuffers(states);
    control.send(
      { method: "update_states", states: stripped.state, buffer_paths: stripped.paths },
      { buffers: stripped.buffers.map(toUint8Array) },
    );
  }
}
