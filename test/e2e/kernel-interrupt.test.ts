/** Interrupt, heartbeat, shutdown and the wire's safety: what must work whatever a cell does. */
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JupyterClient } from "../support/jupyter-client.js";
import { kernelCommand, startKernel } from "../support/jupyter-kernel.js";

let client: JupyterClient;
beforeAll(async () => {
  client = await startKernel();
  await client.execute("let counter = 0; const kept = 'still here'");
});
afterAll(() => client.stop());

const STUCK = {
  "a pending await": "console.log('on'); await new Promise(() => {})",
  "a synchronous loop": "console.log('on'); while (true) { counter++ }",
  "a loop after an await": "console.log('on'); await 0; while (true) { counter++ }",
  "a loop in a timer that is not awaited":
    "console.log('on'); setTimeout(() => { while (true) {} }, 1); await new Promise(() => {})",
  "a loop that catches everything":
    "console.log('on'); for (;;) { try { await 0; while (true) {} } catch {} finally {} }",
  "an endless chain of ticks":
    "console.log('on'); var tick = () => { process.nextTick(tick) }; tick(); await new Promise(() => {})",
  "an endless chain of promise jobs":
    "console.log('on'); var chain = (): unknown => Promise.resolve().then(chain); chain(); await new Promise(() => {})",
  "a loop in a tick of a timer":
    "console.log('on'); setTimeout(() => process.nextTick(() => { while (true) {} }), 1); await new Promise(() => {})",
};

/** Starts a cell and waits until its first output shows that it runs. */
async function begin(code: string): Promise<string> {
  const id = await client.startCell(code);
  await client.until((m) => m.type === "stream" && m.parent.msg_id === id);
  return id;
}

describe.each(Object.entries(STUCK))("%s", (_name, code) => {
  it("ends on interrupt_request, and the state is kept", async () => {
    const id = await begin(code);
    await client.heartbeat();
    await client.request("interrupt_request", {}, { channel: "control" });
    const { reply } = await client.result(id);
    expect(reply.content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    expect(await client.text("kept")).toBe("'still here'");
  });

  it("ends on SIGINT, twice in a row", async () => {
    for (let times = 0; times < 2; times++) {
      const id = await begin(code);
      client.process.kill("SIGINT");
      expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
    }
    expect(await client.text("kept")).toBe("'still here'");
  });
});

it("ends the first cell of a kernel that has just started on SIGINT", async () => {
  for (let times = 0; times < 3; times++) {
    const young = await JupyterClient.start(kernelCommand());
    const begins = once(young.process.stderr!, "data");
    const id = await young.startCell(
      "process.getBuiltinModule('node:fs').writeSync(2, 'on'); while (true) {}",
    );
    await begins;
    young.process.kill("SIGINT");
    const { content } = await young.until((m) => m.parent.msg_id === id && m.type === "execute_reply");
    expect(content.ename).toBe("KeyboardInterrupt");
    await young.kill();
  }
});

it("aborts the cells queued behind an interrupted one", async () => {
  const id = await begin("console.log('on'); while (true) {}");
  const queued = await client.startCell("1");
  await client.request("interrupt_request", {}, { channel: "control" });
  await client.result(id);
  expect((await client.result(queued)).reply.content.status).toBe("aborted");
});

it("answers every cell that an interrupt reaches as it ends by itself, and runs the next one", async () => {
  // Around the time at which the I/O thread takes the cell for stuck: what it ended then was, now and then, the kernel's answer.
  for (let ms = 55; ms < 70; ms += 0.25) {
    const spin = `console.log('on'); { const end = performance.now() + ${ms}; while (performance.now() < end); }`;
    const id = await begin(ms % 1 === 0 ? `${spin} throw new Error('its own')` : spin);
    await client.request("interrupt_request", {}, { channel: "control" });
    const { status, ename } = (await client.result(id)).reply.content;
    expect([undefined, "Error", "KeyboardInterrupt"], status).toContain(ename);
    expect(await client.text("kept")).toBe("'still here'");
  }
});

it("ignores an interrupt when nothing runs, and takes back a question", async () => {
  await client.request("interrupt_request", {}, { channel: "control" });
  expect(await client.text("kept")).toBe("'still here'");
  const id = await client.startCell("await input('?')", { allow_stdin: true });
  await client.until((m) => m.type === "input_request" && m.parent.msg_id === id);
  await client.request("interrupt_request", {}, { channel: "control" });
  expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
});

it("still answers comms, prints and runs timers after many interrupts", async () => {
  expect(await client.text("await new Promise<string>((done) => setTimeout(() => done('timer'), 5))")).toBe(
    "'timer'",
  );
  expect(await client.text("console.log('text')")).toBe("text\n");
});

describe("the wire", () => {
  it("drops messages with a wrong signature and messages sent twice, and says so in the log", async () => {
    const forged = client.frames("execute_request", { code: "globalThis.forged = 1", silent: false });
    forged[1] = "0".repeat(64);
    await client.sendFrames("shell", forged);
    const replayed = client.frames("execute_request", { code: "kept", silent: true, store_history: false });
    await client.sendFrames("shell", replayed);
    await client.sendFrames("shell", replayed);
    expect(await client.text("typeof (globalThis as any).forged")).toBe("'undefined'");
    const { msg_id: id } = JSON.parse(replayed[2] as string) as { msg_id: string };
    expect(client.messages.filter((m) => m.parent.msg_id === id && m.type === "execute_reply")).toHaveLength(
      1,
    );
    expect(client.log).toMatch(/wrong signature[\s\S]*sent before/);
  });

  it("listens on the ip of the connection file only", async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === "IPv4");
    if (!outside) return;
    const { connect } = await import("node:net");
    const port = client.ports.shell;
    const refused = await new Promise((resolve) => {
      const socket = connect(port, outside.address);
      socket.on("error", () => resolve(true)).on("connect", () => resolve(false));
    });
    expect(refused).toBe(true);
  });
});

describe("shutdown", () => {
  it("replies, then ends with code 0, also while a cell is stuck", async () => {
    const other = await startKernel();
    const id = await other.startCell("console.log('on'); while (true) {}");
    await other.until((m) => m.type === "stream" && m.parent.msg_id === id);
    const { reply } = await other.request("shutdown_request", { restart: true }, { channel: "control" });
    expect(reply.content).toEqual({ status: "ok", restart: true });
    expect(await other.exited).toBe(0);
    await other.stop();
  });

  it("comes in order when a cell ends the process: its last words leave, and its code is kept", async () => {
    const other = await startKernel();
    const id = await other.startCell("console.log('last words'); process.exit(3)");
    expect((await other.until((m) => m.type === "stream" && m.parent.msg_id === id)).content.text).toBe(
      "last words\n",
    );
    expect(await other.exited).toBe(3);
    expect(other.log).toBe("");
    await other.stop();
  });
});
