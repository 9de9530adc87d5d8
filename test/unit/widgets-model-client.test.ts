// A run over a widget model: what its kernel's connection means for it, and that it lets go of it.

import type { DOMWidgetModel } from "@jupyter-widgets/base";
import { expect, test, vi } from "vitest";
import { clientOf } from "../../widgets/model-client.js";

class Signal {
  readonly slots = new Set<() => void>();
  connect = (slot: () => void) => this.slots.add(slot);
  disconnect = (slot: () => void) => this.slots.delete(slot);
  emit = () => {
    for (const slot of this.slots) slot();
  };
}

function running() {
  const kernel = {
    status: "idle",
    connectionStatus: "connected",
    statusChanged: new Signal(),
    connectionStatusChanged: new Signal(),
    disposed: new Signal(),
  };
  const listeners = new Map<string, () => void>();
  const model = {
    widget_manager: { kernel },
    comm_live: true,
    on: (name: string, listener: () => void) => listeners.set(name, listener),
    get: (key: string) => ({ status: "running" })[key],
  };
  const client = clientOf(model as unknown as DOMWidgetModel);
  const told = vi.fn();
  client.subscribe(told);
  return { kernel, client, told, destroy: () => listeners.get("destroy")!() };
}

test("a run is gone while its kernel's connection is lost, and there again with it", () => {
  const { kernel, client, told } = running();
  const seen = ["connecting", "disconnected", "connected"].map((status) => {
    kernel.connectionStatus = status;
    kernel.connectionStatusChanged.emit();
    return client.status;
  });
  expect(seen).toEqual(["running", "gone", "running"]);
  expect(told).toHaveBeenCalledTimes(3);
});

test.each(["dead", "restarting"])("a run is gone for good where its kernel is %s", (status) => {
  const { kernel, client } = running();
  kernel.status = status;
  kernel.statusChanged.emit();
  kernel.status = "idle";
  expect(client.status).toBe("gone");
});

test("nothing of a run that was destroyed hangs on its kernel's connection", () => {
  const { kernel, destroy } = running();
  const signals = [kernel.statusChanged, kernel.connectionStatusChanged, kernel.disposed];
  expect(signals.map(({ slots }) => slots.size)).toEqual([1, 1, 1]);
  destroy();
  expect(signals.map(({ slots }) => slots.size)).toEqual([0, 0, 0]);
});
