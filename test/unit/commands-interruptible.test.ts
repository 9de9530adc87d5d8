// Ctrl-C while a command works: the first asks it to stop, the second ends it.

import { afterEach, expect, it, vi } from "vitest";
import { interruptible } from "../../src/commands/interruptible.js";

afterEach(() => vi.restoreAllMocks());

it("the first asks to stop and is not alone among its listeners, the second ends the process", async () => {
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  const before = process.listenerCount("SIGINT");
  let end = () => {};
  const stop = vi.fn();
  const work = interruptible(stop, () => new Promise<void>((resolve) => (end = resolve)));
  // As signal-exit does, which shows the cursor again and kills a process without other listeners.
  let others = 0;
  const late = () => {
    others = process.listenerCount("SIGINT") - 1;
  };
  process.on("SIGINT", late);
  process.emit("SIGINT");
  expect(stop).toHaveBeenCalledOnce();
  expect(others).toBe(before + 1);
  expect(exit).not.toHaveBeenCalled();
  process.emit("SIGTERM");
  expect(exit).toHaveBeenCalledWith(130);
  process.off("SIGINT", late);
  end();
  await work;
  expect(process.listenerCount("SIGINT")).toBe(before);
  expect(process.listenerCount("SIGTERM")).toBe(0);
});
