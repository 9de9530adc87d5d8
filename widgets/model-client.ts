// A run over a widget model: decodes what arrives and reports an honest status. A dead kernel can't report its own death, so
// this looks at its connection, its status in the front end and its silence.

import type { DOMWidgetModel } from "@jupyter-widgets/base";
import { type Command, type ModelId, StateDecoder, type Wire } from "../src/wire/browser.js";
import type { RunClient, SeenStatus } from "./client.js";

/** The part of JupyterLab's kernel connection that is used, if the manager has one. */
interface KernelConnection {
  readonly status?: string;
  readonly connectionStatus?: string;
  readonly statusChanged?: Signal;
  readonly connectionStatusChanged?: Signal;
  readonly disposed?: Signal;
}

interface Signal {
  connect(slot: () => void): unknown;
  disconnect(slot: () => void): unknown;
}

/** The kernel statuses that mean that the run is lost. */
const LOST = new Set(["dead", "restarting", "autorestarting", "terminating"]);

const clients = new WeakMap<DOMWidgetModel, RunClient>();

/** The one client of `model`. */
export function clientOf(model: DOMWidgetModel): RunClient {
  const known = clients.get(model);
  if (known) return known;
  const client = new ModelClient(model);
  clients.set(model, client);
  return client;
}

class ModelClient implements RunClient {
  readonly #model: DOMWidgetModel;
  readonly #decoder = new StateDecoder();
  readonly #listeners = new Set<() => void>();
  readonly #kernel: KernelConnection | undefined;
  #lastSign = performance.now();
  #isLost = false;
  #hasChanged = true;
  #brushed: ReadonlySet<ModelId> | null = null;
  #moment: number | null = null;

  constructor(model: DOMWidgetModel) {
    this.#model = model;
    model.on("change", () => {
      if (model.hasChanged("beat")) {
        this.#lastSign = performance.now();
        this.#isLost = false;
      }
      this.#hasChanged = true;
      this.#notify();
    });
    model.on("comm_live_update", () => this.#notify());
    const { kernel } = model.widget_manager as { kernel?: KernelConnection | null };
    this.#kernel = kernel ?? undefined;
    const lose = () => {
      this.#isLost = true;
      this.#notify();
    };
    const look = () => {
      if (LOST.has(kernel?.status ?? "")) lose();
    };
    const notify = () => this.#notify();
    const slots: [Signal | undefined, () => void][] = [
      [kernel?.statusChanged, look],
      [kernel?.connectionStatusChanged, notify],
      [kernel?.disposed, lose],
    ];
    for (const [signal, slot] of slots) signal?.connect(slot);
    // The kernel's connection outlives a run that is no longer shown.
    model.on("destroy", () => {
      for (const [signal, slot] of slots) signal?.disconnect(slot);
    });
  }

  #get<K extends keyof Wire>(key: K): Wire[K] | undefined {
    return this.#model.get(key as string) as Wire[K] | undefined;
  }

  get head() {
    return this.#get("head");
  }

  get state() {
    if (this.#hasChanged) this.#decoder.read((key) => this.#get(key));
    this.#hasChanged = false;
    return this.#decoder.state;
  }

  get progress() {
    return this.#get("progress");
  }

  get status(): SeenStatus {
    const status = this.#get("status") ?? "stopped";
    const isOver = status === "ended" || status === "stopped" || status === "failed";
    return isOver || this.isConnected ? status : "gone";
  }

  get minutes() {
    return this.#get("minutes") ?? [];
  }

  get isPausing() {
    return this.status === "paused" && this.#get("isHeld") === false;
  }

  get failure() {
    return this.#get("failure") ?? null;
  }

  get failures() {
    return this.#get("failures") ?? {};
  }

  get isConnected() {
    // While it is "connecting" again, messages wait.
    return this.#model.comm_live && !this.#isLost && this.#kernel?.connectionStatus !== "disconnected";
  }

  get silence() {
    return (performance.now() - this.#lastSign) / 1000;
  }

  get selected() {
    return this.#get("selected") ?? null;
  }

  get scale() {
    return this.#get("scale") ?? null;
  }

  get moment() {
    return this.#moment;
  }

  visit(moment: number | null): void {
    if (moment === this.#moment) return;
    this.#moment = moment;
    this.#notify();
  }

  get brushed() {
    return this.#brushed;
  }

  brush(models: ReadonlySet<ModelId> | null): void {
    if (models === this.#brushed) return;
    this.#brushed = models;
    this.#notify();
  }

  select(model: ModelId | null): void {
    if (model !== this.selected) this.#share("selected", model);
  }

  rescale(scale: number | null): void {
    if (scale !== this.scale) this.#share("scale", scale);
  }

  /** Sets an attribute for all views, and for other pages if a kernel passes it on. */
  #share(key: "selected" | "scale", value: number | null): void {
    this.#model.set(key, value);
    if (this.isConnected) this.#model.save_changes();
  }

  command(command: Command["command"]): void {
    this.#model.send({ command });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
