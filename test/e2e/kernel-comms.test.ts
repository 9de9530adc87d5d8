/** Comms, widgets and cell commands over real ZeroMQ, with binary buffers both ways. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JupyterClient } from "../support/jupyter-client.js";
import { emptyFolder, startKernel } from "../support/jupyter-kernel.js";

const LAYER = 'const kernel = (globalThis as any)[Symbol.for("mulab.comms")];';
const PROVIDER = `
const kernel = globalThis[Symbol.for("mulab.comms")];
kernel.registerCellCommand("shout", {
  summary: "Says it louder.",
  run({ body, args, bodyLine, define }) {
    const line = body.split("\\n").findIndex((text) => text.includes("bad"));
    if (line >= 0) throw Object.assign(new Error("bad word"), { cellPlace: { line: bodyLine + line, column: 0, length: 3 } });
    define("shouted", body.length, "number");
    return { _repr_html_: () => "<b>" + body.toUpperCase() + args + "</b>" };
  },
  complete: (text, offset) => ({ start: offset, end: offset, matches: ["louder"] }),
  inspect: () => "How loud it is.",
});
kernel.registerLineCommand("twice", { summary: "Twice the number.", run: ({ args }) => Number(args) * 2 });
`;

let client: JupyterClient;
beforeAll(async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, "provider.mjs"), PROVIDER);
  client = await startKernel({ cwd: folder, commands: ["./provider.mjs"] });
  await client.execute(LAYER);
});
afterAll(() => client.stop());

describe("comms", () => {
  it("opens, sends and receives with buffers, and lists what is open", async () => {
    const { output } = await client.execute(`
      const comm = kernel.open("echo", { hello: 1 }, { buffers: [new Float32Array([1.5, 2.5])] });
      comm.onMessage(({ data, buffers }: any) => comm.send({ got: data.n }, { buffers: [buffers[0].map((b: number) => b + 1)] }));
      comm.id`);
    const open = output.find((m) => m.type === "comm_open")!;
    expect(open.content).toMatchObject({ target_name: "echo", data: { hello: 1 } });
    expect([...new Float32Array(new Uint8Array(open.buffers[0]!).buffer)]).toEqual([1.5, 2.5]);
    const { comm_id: id } = open.content;
    const info = await client.request("comm_info_request", { target_name: "echo" });
    expect(info.reply.content).toEqual({ status: "ok", comms: { [id]: { target_name: "echo" } } });
    const sent = await client.send(
      "shell",
      "comm_msg",
      { comm_id: id, data: { n: 7 } },
      { buffers: [Buffer.from([1, 2, 250])] },
    );
    const answer = await client.until((m) => m.type === "comm_msg" && m.parent.msg_id === sent);
    expect(answer.content.data).toEqual({ got: 7 });
    expect([...answer.buffers[0]!]).toEqual([2, 3, 251]);
  });

  it("is received while a cell awaits, and its output belongs to the cell that listens", async () => {
    const { id: listener } = await client.execute(`
      kernel.registerTarget("page", (comm: any) => comm.onMessage(({ data }: any) => { console.log("heard", data.n); (globalThis as any).go?.() }))`);
    const waiting = await client.startCell(
      "await new Promise<void>((done) => { (globalThis as any).go = done; console.log('on') }); 'went on'",
    );
    await client.until((m) => m.type === "stream" && m.parent.msg_id === waiting);
    await client.send("shell", "comm_open", { comm_id: "c1", target_name: "page", data: {} });
    await client.send("shell", "comm_msg", { comm_id: "c1", data: { n: 3 } });
    const { output } = await client.result(waiting);
    expect(output.at(-1)!.content.data["text/plain"]).toBe("'went on'");
    const heard = await client.until((m) => m.type === "stream" && m.content.text === "heard 3\n");
    expect(heard.parent.msg_id).toBe(listener);
  });

  it("sends updates of earlier cells as part of the cell that runs, where a program that executes a notebook receives them", async () => {
    const { id: starter } = await client.execute(`
      const later = kernel.open("later"); const shown = display("before");
      const go = () => setTimeout(() => { later.send({ n: 1 }); shown.update("after"); console.log("text") }, 1); undefined`);
    const { id: waiter, output } = await client.execute(
      "go(); await new Promise((done) => setTimeout(done, 50))",
    );
    expect(output.map((m) => m.type)).toEqual(["execute_input", "comm_msg", "update_display_data", "stream"]);
    await client.execute("go(); undefined");
    const alone = await client.until(
      (m) => m.type === "comm_msg" && m.parent.msg_id !== waiter && m.content.data.n === 1,
    );
    expect([starter, waiter]).not.toContain(alone.parent.msg_id); // nothing runs: the cell that set the timer
  });

  it("closes a comm whose target is unknown", async () => {
    const id = await client.send("shell", "comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
    const closed = await client.until((m) => m.type === "comm_close" && m.parent.msg_id === id);
    expect(closed.content.comm_id).toBe("c2");
  });
});

describe("widgets", () => {
  it("opens with state and buffer paths, sends differences only, echoes, and answers both requests for state", async () => {
    const { output } = await client.execute(`
      const model = kernel.widget({ _model_name: "M", _model_module: "mulab", _model_module_version: "1", n: 1, same: [1], data: { x: new Uint8Array([9]) } });
      model.onChange((changes: any) => model.set({ doubled: changes.n * 2 }));
      model.set({ n: 2, same: [1] });
      model`);
    const open = output.find((m) => m.type === "comm_open")!;
    expect(open.metadata).toEqual({ version: "2.1.0" });
    expect(open.content.data.buffer_paths).toEqual([["data", "x"]]);
    expect(open.content.data.state.data).toEqual({});
    expect([...open.buffers[0]!]).toEqual([9]);
    const updates = output.filter((m) => m.type === "comm_msg");
    expect(updates.map((m) => m.content.data)).toEqual([
      { method: "update", state: { n: 2 }, buffer_paths: [] },
    ]);
    const { comm_id: model } = open.content;
    const view = output.find((m) => m.type === "execute_result")!.content.data;
    expect(view["application/vnd.jupyter.widget-view+json"]).toMatchObject({
      version_major: 2,
      model_id: model,
    });

    const update = { method: "update", state: { n: 5 }, buffer_paths: [] };
    const moved = await client.notify("comm_msg", { comm_id: model, data: update });
    expect(moved.map((m) => m.content.data)).toEqual([
      { method: "echo_update", state: { n: 5 }, buffer_paths: [] },
      { method: "update", state: { doubled: 10 }, buffer_paths: [] },
    ]);
    const [state] = await client.notify("comm_msg", { comm_id: model, data: { method: "request_state" } });
    expect(state!.content.data.state).toMatchObject({ n: 5, doubled: 10 });

    await client.notify("comm_open", { comm_id: "control", target_name: "jupyter.widget.control", data: {} });
    const [all] = await client.notify("comm_msg", { comm_id: "control", data: { method: "request_states" } });
    expect(all!.content.data.method).toBe("update_states");
    expect(all!.content.data.states[model]).toMatchObject({ model_name: "M", state: { n: 5 } });
    expect(all!.content.data.buffer_paths).toContainEqual([model, "state", "data", "x"]);
  });
});

describe("magics", () => {
  it("gives a cell to its command, shows what it returns, and leaves a typed variable", async () => {
    const { output } = await client.execute("%%shout !\nhello");
    expect(output.at(-1)!.content.data["text/html"]).toBe("<b>HELLO!</b>");
    expect(await client.text("shouted.toFixed(1)")).toBe("'5.0'");
  });

  it("runs line commands at the top of a cell, before its TypeScript", async () => {
    expect(await client.text("%twice 21")).toBe("42");
    expect(await client.text("%twice 1\nconst m = 7;\nm %\n  4")).toBe("3");
  });

  it("completes and inspects names and text", async () => {
    const ask = async (type: string, code: string) =>
      (await client.request(type, { code, cursor_pos: code.length })).reply.content;
    expect((await ask("complete_request", "%%sh")).matches).toEqual(["%%shout"]);
    expect((await ask("complete_request", "%%shout\nab ")).matches).toEqual(["louder"]);
    expect((await ask("inspect_request", "%%shout\nab")).data["text/plain"]).toBe("How loud it is.");
    expect((await ask("inspect_request", "%twice")).data["text/plain"]).toBe("Twice the number.");
  });

  it("points an error into the cell, and names the magics there are when one is not", async () => {
    const bad = await client.execute("%%shout\nfine\nbad idea");
    expect(stripVTControlCharacters(bad.reply.content.traceback.join("\n"))).toMatch(
      /> 3 │ bad idea\n\s+│ \^{3}/,
    );
    expect(await client.text("%%whisper\nx")).toMatch(/There is no magic %%whisper\. Known are .*%%shout/);
    expect(await client.text("%%shot\nx")).toMatch(
      /There is no magic %%shot; did you mean %%shout\? Known are/,
    );
    expect(await client.text("%shout")).toMatch(/did you mean %%shout\?/);
  });
});
