/**
 * Widget models: the kernel's half of `jupyter.widget` comms, version 2 of the protocol.
 *
 * State is a plain object that both sides hold; only what changed is sent, and binary values leave the JSON and travel as buffers.
 * The other half is a model in the browser, on @jupyter-widgets/base. Protocol: ipywidgets, packages/schema/messages.md.
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { DISPLAY, type MimeBundle } from "../display.js";
import {
  type Bytes,
  type Comm,
  type CommHost,
  type CommManager,
  type CommMessage,
  Handlers,
  toUint8Array,
} from "./comm.js";

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
  /** Merges `changes` and sends those keys whose values differ from what was sent last; an array may be changed and set again. */
  set(changes: WidgetState): void;
  /** Called with what the front end has changed. */
  onChange(handler: (changes: WidgetState) => void): () => void;
  /** Called with each custom message of the front end. */
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

/**
 * A value as it was when it was sent: the owner of an array or an object may change it and set it again.
 *
 * Binary values may be millions of bytes; their hash is enough to see a change.
 */
function snapshot(value: unknown): unknown {
  if (isBytes(value)) {
    const bytes = toUint8Array(value);
    return new Sent(`${bytes.byteLength} ${createHash("sha1").update(bytes).digest("base64")}`);
  }
  if (Array.isArray(value)) return value.map(snapshot);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, snapshot(item)]));
}

/** The hash of a binary value; a class, so that no string is taken for one. */
class Sent {
  constructor(readonly hash: string) {}
}

class KernelWidget implements WidgetModel {
  readonly #comm: Comm;
  readonly #fallback: (() => MimeBundle) | undefined;
  readonly #changes: Handlers<[WidgetState]>;
  readonly #customs: Handlers<[content: Record<string, unknown>, buffers: Uint8Array[]]>;
  #state: WidgetState;
  /** The state as front ends have it. */
  #sent: WidgetState;

  constructor(comm: Comm, state: WidgetState, host: CommHost, fallback: (() => MimeBundle) | undefined) {
    this.#comm = comm;
    this.#fallback = fallback;
    this.#changes = new Handlers(host);
    this.#customs = new Handlers(host);
    this.#state = state;
    this.#sent = snapshot(state) as WidgetState;
    comm.onMessage((message) => this.#receive(message));
  }

  get id(): string {
    return this.#comm.id;
  }

  get isOpen(): boolean {
    return this.#comm.isOpen;
  }

  get(): Readonly<WidgetState> {
    return this.#state;
  }

  set(changes: WidgetState): void {
    const now = snapshot(changes) as WidgetState;
    const changed = Object.keys(changes).filter(
      (key) => !(key in this.#sent && isDeepStrictEqual(this.#sent[key], now[key])),
    );
    this.#state = { ...this.#state, ...changes };
    if (changed.length === 0) return;
    this.#sent = { ...this.#sent, ...now };
    this.#sendState("update", Object.fromEntries(changed.map((key) => [key, changes[key]])));
  }

  onChange(handler: (changes: WidgetState) => void): () => void {
    return this.#changes.add(handler);
  }

  onCustom(handler: (content: Record<string, unknown>, buffers: Uint8Array[]) => void): () => void {
    return this.#customs.add(handler);
  }

  send(content: object, buffers: readonly Bytes[] = []): void {
    this.#comm.send({ method: "custom", content }, { buffers, metadata: WIDGET_PROTOCOL });
  }

  close(): void {
    this.#comm.close();
  }

  [DISPLAY](): MimeBundle {
    return {
      "text/plain": String(this.#state._model_name ?? "Widget"),
      ...this.#fallback?.(),
      "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 0, model_id: this.id },
    };
  }

  #sendState(method: "update" | "echo_update", patch: WidgetState): void {
    if (!this.#comm.isOpen) return; // the front end closed it: the state stays here
    const { state, paths, buffers } = removeBuffers(patch);
    this.#comm.send({ method, state, buffer_paths: paths }, { buffers, metadata: WIDGET_PROTOCOL });
  }

  #receive({ data, buffers }: CommMessage): void {
    switch (data.method) {
      case "update": {
        const changes = putBuffers(
          { ...(data.state as WidgetState) },
          (data.buffer_paths as Path[]) ?? [],
          buffers,
        );
        this.#state = { ...this.#state, ...changes };
        this.#sent = { ...this.#sent, ...(snapshot(changes) as WidgetState) };
        // Every front end learns at once what this one did, before any handler takes its time.
        this.#sendState("echo_update", changes);
        this.#changes.call(changes);
        break;
      }
      case "request_state":
        this.#sendState("update", this.#state);
        break;
      case "custom":
        this.#customs.call((data.content ?? {}) as Record<string, unknown>, buffers);
        break;
    }
  }
}

/** All open widgets: a page that is opened or reloaded asks for them through the control target. */
export class Widgets {
  readonly #open = new Map<string, KernelWidget>();
  readonly #comms: CommManager;

  constructor(comms: CommManager) {
    this.#comms = comms;
    comms.registerTarget(CONTROL_TARGET, (comm) => {
      comm.onMessage(({ data }) => {
        if (data.method === "request_states") this.#sendStates(comm);
      });
    });
    // A front end may make widgets too, such as the output of a slider it controls; the kernel keeps their state.
    comms.registerTarget(WIDGET_TARGET, (comm, { data, buffers }) => {
      const paths = (data.buffer_paths as Path[]) ?? [];
      this.#add(comm, putBuffers({ ...(data.state as WidgetState) }, paths, buffers), undefined);
    });
  }

  create(state: WidgetState, options: WidgetOptions = {}): WidgetModel {
    const stripped = removeBuffers(state);
    const comm = this.#comms.open(
      WIDGET_TARGET,
      { state: stripped.state, buffer_paths: stripped.paths },
      {
        buffers: stripped.buffers,
        metadata: WIDGET_PROTOCOL,
        ...(options.id === undefined ? {} : { id: options.id }),
      },
    );
    return this.#add(comm, { ...state }, options.fallback);
  }

  #add(comm: Comm, state: WidgetState, fallback: (() => MimeBundle) | undefined): KernelWidget {
    const widget = new KernelWidget(comm, state, this.#comms.host, fallback);
    this.#open.set(comm.id, widget);
    return widget;
  }

  #sendStates(control: Comm): void {
    const states: WidgetState = {};
    for (const [id, widget] of this.#open) {
      if (!widget.isOpen) {
        this.#open.delete(id);
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
