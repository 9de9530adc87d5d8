/** The checks of a Jupyter kernel test-bed, by its tiers, with the TypeScript snippets that it gives to every such kernel. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JupyterClient, Message, Result } from "../support/jupyter-client.js";
import { startKernel } from "../support/jupyter-kernel.js";

const DISPLAY = `await Deno.jupyter.broadcast("display_data", { data: { "text/html": "<b>bold</b>" }, metadata: {}, transient: {} })`;
const UPDATE = ["initial", "updated"]
  .map((text, i) => {
    const content = `{ data: { "text/html": "<b>${text}</b>" }, metadata: {}, transient: { display_id: "u" } }`;
    return `await Deno.jupyter.broadcast("${i === 0 ? "display_data" : "update_display_data"}", ${content})`;
  })
  .join("; ");

let client: JupyterClient;
beforeAll(async () => {
  client = await startKernel();
});
afterAll(() => client.kill());

const of = (result: Result, type: string) => result.output.filter((m) => m.type === type);

describe("tier 1, basic protocol", () => {
  it("answers heartbeats", () => client.heartbeat());

  it("describes itself: status, language, versions, features", async () => {
    const { reply } = await client.request("kernel_info_request");
    expect(reply.content).toMatchObject({
      status: "ok",
      protocol_version: "5.5",
      implementation: "mulab",
      language_info: { name: "typescript", file_extension: ".ts", nbconvert_exporter: "script" },
      supported_features: ["debugger", "kernel subshells"],
    });
    expect(reply.content.banner).toContain("TypeScript");
  });

  it("greets a subscriber", async () => {
    const { content } = await client.until((m) => m.type === "iopub_welcome");
    expect(content).toEqual({ subscription: "" });
  });

  it.each([
    ["stdout", "console.log('hello')", "hello\n"],
    ["stderr", "console.error('error')", "error\n"],
  ])("streams %s", async (name, code, text) => {
    const [stream] = of(await client.execute(code), "stream");
    expect(stream!.content).toEqual({ name, text });
  });

  it("replies ok, is busy before it is idle, and repeats the code", async () => {
    const result = await client.execute("const x = 1");
    expect(result.reply.content.status).toBe("ok");
    expect(of(result, "execute_input")[0]!.content.code).toBe("const x = 1");
    const states = client.messages
      .filter((m) => m.type === "status" && m.parent.msg_id === result.id)
      .map((m) => m.content.execution_state);
    expect(states).toEqual(["busy", "idle"]);
  });
});

describe("tier 2, interactive features", () => {
  it("completes and inspects a variable", async () => {
    await client.execute("const testVariableForCompletion = 42");
    const code = "testVariableFor";
    const { reply } = await client.request("complete_request", { code, cursor_pos: code.length });
    expect(reply.content).toMatchObject({ status: "ok", cursor_start: 0, cursor_end: code.length });
    expect(reply.content.matches).toContain("testVariableForCompletion");
    const name = "testVariableForCompletion";
    const found = await client.request("inspect_request", {
      code: name,
      cursor_pos: name.length,
      detail_level: 0,
    });
    expect(found.reply.content).toMatchObject({ status: "ok", found: true });
  });

  it.each([
    ["const x = 1", "complete"],
    ["const x = {", "incomplete"],
  ])("finds %s %s", async (code, status) => {
    const { reply } = await client.request("is_complete_request", { code });
    expect(reply.content.status).toBe(status);
  });

  it("has a history, of what was stored only", async () => {
    await client.execute("'stored'");
    await client.execute("'not stored'", { store_history: false });
    await client.execute("'silent'", { silent: true });
    const request = { hist_access_type: "tail", n: 1, output: true, raw: true };
    const { reply } = await client.request("history_request", request);
    expect(reply.content.status).toBe("ok");
    expect(reply.content.history.map((row: unknown[]) => row[2])).toEqual([["'stored'", "'stored'"]]);
  });

  it("lists comms", async () => {
    const { reply } = await client.request("comm_info_request");
    expect(reply.content).toMatchObject({ status: "ok", comms: {} });
  });

  it("reports a syntax error in the reply and on iopub", async () => {
    const result = await client.execute("function function");
    expect(result.reply.content).toMatchObject({ status: "error", ename: "SyntaxError" });
    expect(of(result, "error")).toHaveLength(1);
  });
});

describe("tier 3, rich output", () => {
  it("displays, also as Deno's kernel does", async () => {
    const [shown] = of(await client.execute(DISPLAY), "display_data");
    expect(shown!.content.data["text/html"]).toBe("<b>bold</b>");
  });

  it("updates a display", async () => {
    const result = await client.execute(UPDATE);
    expect(of(result, "display_data")).toHaveLength(1);
    const [update] = of(result, "update_display_data");
    expect(update!.content.data["text/html"]).toBe("<b>updated</b>");
    expect(update!.content.transient.display_id).toBe("u");
  });

  it("has results: plain and rich", async () => {
    const [plain] = of(await client.execute("1 + 1"), "execute_result");
    expect(plain!.content.data["text/plain"]).toBe("2");
    const rows = `[{letter: "A", frequency: 0.08167}, {letter: "B", frequency: 0.01492}]`;
    expect(of(await client.execute(rows), "execute_result")).toHaveLength(1);
    const [rich] = of(await client.execute("html`<b>bold</b>`"), "execute_result");
    expect(rich!.content.data["text/html"]).toBe("<b>bold</b>");
  });
});

describe("tier 4, advanced features", () => {
  it("asks for input", async () => {
    const id = await client.startCell("prompt('Enter: ')", { allow_stdin: true });
    const ask = await client.until((m) => m.type === "input_request" && m.parent.msg_id === id);
    expect(ask.content).toEqual({ prompt: "Enter: ", password: false });
    await client.send("stdin", "input_reply", { value: "test_input_42" });
    const result = await client.result(id);
    expect(of(result, "execute_result")[0]!.content.data["text/plain"]).toBe("'test_input_42'");
  });

  it("closes a comm that is not accepted, and lives on", async () => {
    const comm_id = randomUUID();
    const target_name = "jupyter.kernel_testbed.test";
    const out = await client.notify("comm_open", { comm_id, target_name, data: {} });
    expect(out.map((m) => [m.type, m.content.comm_id])).toEqual([["comm_close", comm_id]]);
    expect(await client.text("1 + 1")).toBe("2");
  });

  it("answers an interrupt, idle or not", async () => {
    const idle = await client.request("interrupt_request", {}, { channel: "control" });
    expect(idle.reply.content.status).toBe("ok");
    const id = await client.startCell("console.log('on'); await new Promise(r => setTimeout(r, 2e6))");
    await client.until((m) => m.type === "stream" && m.parent.msg_id === id);
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
  });

  it("counts executions", async () => {
    const first = await client.execute("const x = 1");
    const second = await client.execute("const x = 1");
    expect(second.reply.content.execution_count).toBe(first.reply.content.execution_count + 1);
  });

  it("names the parent in all that it sends", async () => {
    const result = await client.execute("console.log('hello'); display(1); 2");
    const all: Message[] = [result.reply, ...result.output];
    expect(all.length).toBeGreaterThanOrEqual(5);
    for (const message of all) {
      expect(message.parent.msg_id).toBe(result.id);
      expect(message.header.version).toBe("5.5");
    }
  });

  it("makes, lists and deletes subshells (JEP 91)", async () => {
    const control = { channel: "control" as const };
    const made = await client.request("create_subshell_request", {}, control);
    const { subshell_id } = made.reply.content;
    expect(made.reply.type).toBe("create_subshell_reply");
    expect((await client.request("list_subshell_request", {}, control)).reply.content.subshell_id).toEqual([
      subshell_id,
    ]);
    const header = { subshell_id };
    const ran = await client.request("execute_request", { code: "6 * 7" }, { header });
    expect(of(ran, "execute_result")[0]!.content.data["text/plain"]).toBe("42");
    expect(ran.reply.parent.subshell_id).toBe(subshell_id);
    const deleted = await client.request("delete_subshell_request", { subshell_id }, control);
    expect(deleted.reply.content.status).toBe("ok");
    const gone = await client.request("execute_request", { code: "1" }, { header });
    expect(gone.reply.content).toMatchObject({ status: "error", ename: "KernelError" });
    expect(gone.reply.content.evalue).toContain(subshell_id);
  });
});

it("shuts down in an orderly way", async () => {
  const other = await startKernel();
  const { reply } = await other.request("shutdown_request", { restart: false }, { channel: "control" });
  expect(reply.content).toEqual({ status: "ok", restart: false });
  expect(await other.exited).toBe(0);
  await other.stop();
});
