// "mulab/kernel" where there is no kernel: a package that uses it still works, and its user is informed once.

import { afterEach, beforeEach, expect, it, vi } from "vitest";

const told = vi.spyOn(console, "error").mockReturnValue(undefined);
beforeEach(() => {
  vi.resetModules();
  told.mockClear();
});
afterEach(() => vi.unstubAllGlobals());
const load = () => import("../../kernel/index.js");

it("says so once, whatever is asked of it, and does nothing", async () => {
  const { display, observe, openComm, registerTarget, widget } = await load();
  expect(told).not.toHaveBeenCalled(); // importing it is no use of it
  registerTarget("mine", () => {})();
  const comm = openComm("mine", {}, { buffers: [new Uint8Array(3)] });
  observe(comm, () => expect.unreachable("nobody can have answered"))();
  comm.send({ n: 1 });
  display("a value").update("another");
  const model = widget({ _model_name: "SliderModel", value: 1 });
  model.set({ value: 2 });
  expect([comm.isOpen, model.isOpen, model.get().value]).toEqual([false, false, 2]);
  expect(told).toHaveBeenCalledTimes(1);
  expect(told.mock.calls[0]![0]).toMatch(/^kernel\/no-comm: .*TypeScript \(mulab\)/);
});

it("adds renderers and commands in silence, as packages do when they are imported", async () => {
  const { addRenderer, kernel, registerCellCommand, registerLineCommand } = await load();
  const command = { summary: "", run: () => undefined };
  addRenderer(() => undefined)();
  registerCellCommand("mine", command)();
  registerLineCommand("mine", command)();
  expect(kernel()).toBeUndefined();
  expect(told).not.toHaveBeenCalled();
});
