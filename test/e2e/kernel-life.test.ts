/** What must not happen to a session: lost by an interrupt, blocked by a cell, left behind, unsavable, overwhelmed. */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MAX_SMALL_FRAME_BYTES } from "../../kernel/wire.js";
import type { JupyterClient } from "../support/jupyter-client.js";
import { startKernel } from "../support/jupyter-kernel.js";
import { ZmtpPeer } from "../support/zmtp-peer.js";

let client: JupyterClient;
beforeAll(async () => {
  client = await startKernel();
  const imports = 'import { registerTarget, openComm, widget } from "mulab/kernel";';
  expect(await client.text(`${imports} let counter = 0; const kept = 'still here'; 1`)).toBe("1");
});
afterAll(() => client.stop());
// A cell that a failed test has left running would fail all others.
afterEach(() => interrupt());

const control = { channel: "control" as const };

/** Starts a cell and waits until its first output shows that it runs. */
async function begin(code: string): Promise<string> {
  const id = await client.startCell(code);
  await client.until((m) => m.type === "stream" && m.parent.msg_id === id);
  return id;
}

const interrupt = () => client.request("interrupt_request", {}, control);

describe("an interrupt", () => {
  const STUCK = {
    "at the end of the stack":
      "console.log('on'); const f = (): number => { try { return f() } catch { return f() } }; f()",
    "in catch at the end of the stack":
      "console.log('on'); const g = (): void => { try { g() } catch { while (true) {} } }; g()",
    "in finally at the end of the stack":
      "console.log('on'); const h = (): void => { try { h() } finally { while (true) {} } }; h()",
    "in finally, after an await":
      "console.log('on'); await 0; const k = (): void => { try { k() } finally { try { k() } catch { for (;;) {} } } }; k()",
    "in a promise job of a timer":
      "console.log('on'); setTimeout(async () => { await 0; const l = (): void => { try { l() } finally { for (;;) {} } }; l() }, 1); await new Promise(() => {})",
    "in a promise job of a file that was read":
      "console.log('on'); await (await import('node:fs/promises')).readFile(__filename).catch(() => {}); const m = (): void => { try { m() } catch { for (;;) {} } }; m()",
    "in a tick of a timer, at the end of the stack":
      "console.log('on'); const n = (): void => { try { n() } catch { n() } }; setTimeout(() => process.nextTick(n), 1); await new Promise(() => {})",
    "in a microtask of a timer, at the end of the stack":
      "console.log('on'); const o = (): void => { try { o() } catch { o() } }; setTimeout(() => queueMicrotask(o), 1); await new Promise(() => {})",
    "in async scopes of a timer, at the end of the stack":
      "console.log('on'); const { AsyncResource: A } = await import('node:async_hooks'); const p = (): void => { try { p() } catch { p() } }; setTimeout(() => new A('a').runInAsyncScope(() => new A('b').runInAsyncScope(p)), 1); await new Promise(() => {})",
    "in the getter of a thenable": "console.log('on'); await { get then(): undefined { for (;;) {} } }",
    "in a native call, as soon as it returns":
      "console.log('on'); (await import('node:crypto')).pbkdf2Sync('a', 'b', 500_000, 64, 'sha512'); for (;;) {}",
    "in Atomics.wait": "console.log('on'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "in a synchronous child": "console.log('on'); (await import('node:child_process')).execSync('sleep 100')",
  };
  const CONTEXTS = `await (async () => {
    const { AsyncLocalStorage, AsyncResource } = await import("node:async_hooks");
    const storage = new AsyncLocalStorage();
    const inside = (store: number, later: (read: () => void) => void) =>
      storage.run(store, () => new Promise((resolve) => later(() => resolve(storage.getStore()))));
    const bound = (read: () => void) => void setTimeout(AsyncResource.bind(read));
    return Promise.all([inside(1, process.nextTick), inside(2, queueMicrotask), inside(3, bound)]);
  })()`;
  it.each(Object.entries(STUCK))("ends code stuck %s, and keeps the session", async (_name, code) => {
    const id = await begin(code);
    await interrupt();
    expect((await client.result(id)).reply.content).toMatchObject({
      status: "error",
      ename: "KeyboardInterrupt",
    });
    expect(await client.text("kept")).toBe("'still here'");
    // Timers, promises and their contexts work as before.
    expect(await client.text("await new Promise(r => setTimeout(() => Promise.resolve(7).then(r), 5))")).toBe(
      "7",
    );
    expect(await client.text(CONTEXTS)).toBe("[ 1, 2, 3 ]");
  });

  it("ends the checking of types that can't be worked out, and the compiler still knows every cell", async () => {
    await client.execute("const early = { field: 1 }");
    // Ten thousand times nearly ten thousand members.
    const id = await client.startCell(`
      type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9; type Four = \`\${Digit}\${Digit}\${Digit}\${Digit}\`;
      type Pairs<T> = T extends unknown ? [T, Exclude<Four, T>] : never;
      const pairs: Record<string, never> = null as unknown as Pairs<Four>`);
    // Answered in order: without an interrupt this one waits for the types.
    const completing = client.request("complete_request", { code: "early.", cursor_pos: 6 });
    await interrupt();
    expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
    expect((await completing).reply.content.matches).toEqual(["field"]);
    const { reply } = await client.execute("early.other");
    expect(reply.content.evalue).toContain("Property 'other' does not exist");
  });

  it("takes back a question that everything waits for", async () => {
    const id = await client.startCell("prompt('Name?')", { allow_stdin: true });
    await client.until((m) => m.type === "input_request" && m.parent.msg_id === id);
    await interrupt();
    expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
    expect(await client.text("kept")).toBe("'still here'");
  });
});

describe("while a cell never yields", () => {
  it("comms of a subshell, and questions about the session, are answered", async () => {
    await client.execute(
      `const stopTarget = registerTarget("probe", (comm) => { comm.onMessage(() => comm.send({ n: counter })) })`,
    );
    const made = await client.request("create_subshell_request", {}, control);
    const header = { subshell_id: made.reply.content.subshell_id };
    const id = await begin("console.log('on'); while (true) { counter++ }");
    await client.notify("comm_open", { comm_id: "p", target_name: "probe", data: {} }, { header });
    const start = performance.now();
    const [first] = await client.notify("comm_msg", { comm_id: "p", data: {} }, { header });
    const ms = performance.now() - start;
    expect(first!.content.data.n).toBeGreaterThan(0);
    expect(ms).toBeLessThan(1_000);
    const info = await client.request("kernel_info_request");
    expect(info.reply.content.status).toBe("ok");
    expect((await client.request("comm_info_request")).reply.content.comms.p.target_name).toBe("probe");
    await interrupt();
    expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
    expect(await client.text("counter > 0")).toBe("true");
  });

  it("a cell in a subshell runs while the main shell awaits", async () => {
    const made = await client.request("create_subshell_request", {}, control);
    const header = { subshell_id: made.reply.content.subshell_id };
    const id = await begin(
      "console.log('on'); await new Promise<void>(r => { (globalThis as any).release = r })",
    );
    const ran = await client.request(
      "execute_request",
      { code: "(globalThis as any).release(); 5" },
      { header },
    );
    expect(ran.reply.content.status).toBe("ok");
    expect((await client.result(id)).reply.content.status).toBe("ok");
  });
});

describe("a notebook stays savable", () => {
  const half = "String.fromCharCode(0xd83d)";
  const PLACES = {
    stdout: `console.log(${half})`,
    stderr: `console.error("x" + ${half})`,
    result: half,
    error: `throw new Error(${half})`,
    "thrown text": `throw ${half}`,
    html: `display(html(${half}))`,
    json: `display({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { [${half}]: [${half}] } }) })`,
    comm: `openComm("x", { text: ${half} })`,
    widget: `widget({ _model_name: ${half} })`,
    "display id": `display(1, { id: ${half} })`,
  };
  it.each(Object.entries(PLACES))("with half a surrogate pair in %s", async (_name, code) => {
    const { reply, output } = await client.execute(code);
    for (const { content, metadata } of [reply, ...output]) {
      const text = JSON.stringify([content, metadata]);
      // The cell's own text is what the front end sent.
      expect(text.replaceAll(JSON.stringify(code), "")).not.toMatch(/(?<!\\)\\ud[89a-f]/);
    }
    expect(output.length).toBeGreaterThan(0);
  });

  it("and a pair that two writes split is whole", async () => {
    expect(
      await client.text("process.stdout.write('\\ud83d'); process.stdout.write('\\ude00'); undefined"),
    ).toBe("😀");
  });
});

describe("children of cells", () => {
  it("print into the cell, asynchronous and synchronous ones", async () => {
    const code = (call: string) =>
      `const cp = require("node:child_process") as typeof import("node:child_process"); ${call}`;
    const say = "echo out; echo err >&2";
    for (const call of [
      `await new Promise(r => cp.spawn("sh", ["-c", "${say}"], { stdio: "inherit" }).on("close", r)); undefined`,
      `cp.spawnSync("sh", ["-c", "${say}"], { stdio: "inherit" }); undefined`,
      `cp.execSync("${say}", { stdio: "inherit" }); undefined`,
      `cp.execFileSync("sh", ["-c", "${say}"], { stdio: ["ignore", "inherit", "inherit"] }); undefined`,
      `try { cp.execSync("${say}; exit 3", { stdio: "inherit" }) } catch {} undefined`,
    ]) {
      const { output } = await client.execute(code(call));
      const text = (name: string) =>
        output
          .filter((m) => m.content.name === name)
          .map((m) => m.content.text)
          .join("");
      expect([text("stdout"), text("stderr")], call).toEqual(["out\n", "err\n"]);
    }
  });

  it.each(["shutdown", "process.exit()"])("end with the kernel: %s", async (way) => {
    const other = await startKernel();
    const code = `require("node:child_process").spawn("sh", ["-c", "sleep 1000 & echo $$ $!; wait"], { stdio: "inherit" }); await new Promise(r => setTimeout(r, 2e6))`;
    const id = await other.startCell(code);
    const { content } = await other.until((m) => m.type === "stream" && m.parent.msg_id === id);
    const pids = content.text.trim().split(" ").map(Number) as number[];
    expect(pids).toHaveLength(2);
    if (way === "shutdown") await other.send("control", "shutdown_request", { restart: false });
    else {
      await other.request("interrupt_request", {}, control);
      await other.result(id);
      await other.startCell("process.exit()");
    }
    await other.exited;
    await other.stop();
    for (const pid of pids) await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

/** A zombie has ended; nobody has asked for its exit code yet. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("stdin", () => {
  it("answers readline, line by line", async () => {
    const code = `
      const readline = require("node:readline/promises") as typeof import("node:readline/promises");
      const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
      const first = await rl.question("First? ");
      const second = await rl.question("Second? ");
      rl.close();
      [first, second]`;
    const id = await client.startCell(code, { allow_stdin: true });
    for (const [n, value] of ["one", "two"].entries()) {
      await client.until(
        (m) =>
          m.type === "input_request" &&
          m.parent.msg_id === id &&
          client.messages.filter((o) => o.type === "input_request" && o.parent.msg_id === id).length > n,
      );
      await client.send("stdin", "input_reply", { value });
    }
    const { output } = await client.result(id);
    expect(output.find((m) => m.type === "execute_result")!.content.data["text/plain"]).toBe(
      "[ 'one', 'two' ]",
    );
  });

  it("answers confirm and alert, and says where nobody can answer", async () => {
    const id = await client.startCell("alert('Hi'); confirm('Sure?')", { allow_stdin: true });
    const asked = (n: number) => () =>
      client.messages.filter((m) => m.type === "input_request" && m.parent.msg_id === id).length > n;
    await client.until(asked(0));
    await client.send("stdin", "input_reply", { value: "" });
    await client.until(asked(1));
    await client.send("stdin", "input_reply", { value: "y" });
    expect((await client.result(id)).output.at(-1)!.content.data["text/plain"]).toBe("true");
    expect(await client.text("prompt('?')")).toContain("KernelError kernel/no-stdin");
  });
});

describe("values", () => {
  it("too long to read are cut with a note", async () => {
    const start = performance.now();
    expect(await client.text("'x'.repeat(1e8)")).toContain("99000000 more characters");
    expect(await client.text("console.log('y'.repeat(1e8))")).toMatch(/more characters are not shown/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each([
    "new Proxy({}, { get() { throw new Error('no') }, ownKeys() { throw new Error('no') } })",
    "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })",
    "({ get [Symbol.for('Jupyter.display')]() { throw new Error('no') } })",
    "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw { toString() { throw 1 } } } })",
    "({ [Symbol.for('Jupyter.display')]() { throw { toString() { throw 1 } } } })",
  ])("that throw when looked at are shown: %s", async (code) => {
    const { reply, output } = await client.execute(code);
    expect(reply.content.status).toBe("ok");
    expect(output.some((m) => m.type === "execute_result")).toBe(true);
  });

  it("in braces are objects, and blocks stay blocks", async () => {
    expect(await client.text("{a: 1}")).toBe("{ a: 1 }");
    expect(await client.text("{ a: kept, b: await 2 }")).toBe("{ a: 'still here', b: 2 }");
    expect(await client.text("{ const t = 3; console.log(t) }")).toBe("3\n");
    expect(await client.text("{ console.log(4) }")).toBe("4\n");
  });

  it("given to a widget again after a change are sent", async () => {
    const { output } = await client.execute(`
      const list = [1]; const bytes = new Uint8Array([1]);
      const model = widget({ list, bytes, deep: { list } });
      list.push(2); model.set({ list });
      bytes[0] = 9; model.set({ bytes });
      model.set({ deep: { list } });
      model.set({ list, bytes });`);
    const sent = output.filter((m) => m.type === "comm_msg").map((m) => m.content.data);
    expect(sent.map(({ state, buffer_paths: paths }) => [state, paths])).toEqual([
      [{ list: [1, 2] }, []],
      [{}, [["bytes"]]],
      [{ deep: { list: [1, 2] } }, []],
    ]);
  });

  it("reach every handler of a widget, also after one that throws", async () => {
    await client.execute(`
      const shared = widget({ v: 0 }, { id: "shared" });
      shared.onChange(() => { throw new Error("first") });
      shared.onChange(({ v }: any) => console.log("second", v));
      shared.onCustom(() => { throw new Error("third") });
      shared.onCustom(() => console.log("fourth"));`);
    const send = (data: object) => client.notify("comm_msg", { comm_id: "shared", data });
    const changed = await send({ method: "update", state: { v: 5 }, buffer_paths: [] });
    expect(changed.map((m) => m.type)).toContain("comm_msg");
    await client.until((m) => m.type === "stream" && m.content.text === "second 5\n");
    await send({ method: "custom", content: {} });
    await client.until((m) => m.type === "stream" && m.content.text === "fourth\n");
  });
});

it("drops odd messages, signed or not, on every channel, and lives on", async () => {
  const odd = ["null", "5", "[]", "{}", '{"msg_id":null,"msg_type":["x"]}'];
  for (const channel of ["shell", "control", "stdin"] as const) {
    for (const header of odd) {
      const [delimiter] = client.frames("x", {});
      const parts = [header, "{}", "{}", "{}"];
      await client.sendFrames(channel, [delimiter!, client.signature(parts), ...parts]);
    }
    for (const content of ["null", "[1]", "{", '{"code":5,"comm_id":7,"data":null}']) {
      for (const type of [
        "execute_request",
        "comm_msg",
        "comm_open",
        "input_reply",
        "debug_request",
        "delete_subshell_request",
      ]) {
        const [delimiter, , header] = client.frames(type, {});
        const parts = [header as string, "{}", "{}", content];
        await client.sendFrames(channel, [delimiter!, client.signature(parts), ...parts]);
      }
    }
  }
  expect(await client.text("kept")).toBe("'still here'");
  const { reply } = await client.request("kernel_info_request", {}, control);
  expect(reply.content.status).toBe("ok");
});

it("closes a connection at the length that a frame announces above its channel's limit, and lives on", async () => {
  for (const channel of ["control", "stdin"] as const) {
    // Not a byte of the body is sent, so the kernel can only have gone by the announced length.
    const peer = await ZmtpPeer.connect(client.ports[channel], "DEALER");
    if (channel === "control") {
      peer.send(client.frames("kernel_info_request", {}));
      await peer.receives("kernel_info_reply");
    }
    peer.announce(MAX_SMALL_FRAME_BYTES + 1);
    await peer.closed;
  }
  expect(await client.text("kept")).toBe("'still here'");
  const { reply } = await client.request("kernel_info_request", {}, control);
  expect(reply.content.status).toBe("ok");
});

describe("magics", () => {
  it("time code, show markup, list themselves and the variables", async () => {
    expect(await client.text("%%time\n1 + 1")).toBe("2");
    const { output } = await client.execute("%time kept.length");
    expect(output.find((m) => m.type === "stream")!.content.text).toMatch(/^CPU time: .*, wall time: /);
    const [shown] = (await client.execute("%%html\n<b>x</b>")).output.filter(
      (m) => m.type === "execute_result",
    );
    expect(shown!.content.data["text/html"]).toBe("<b>x</b>");
    expect(await client.text("%lsmagic")).toMatch(/%%html[\s\S]*%whos/);
    expect(await client.text("%help")).toContain("display(value)");
    expect(await client.text("%whos")).toMatch(/kept\s+string\s+'still here'/);
    expect(await client.text("%who")).toContain("kept");
  });

  it("point into the cell when the code they time is wrong", async () => {
    const { reply } = await client.execute("%%time\n\nnull!.x.y");
    expect(reply.content.status).toBe("error");
    expect(reply.content.traceback.join("\n")).toMatch(/3/);
  });

  it("format a cell in its place", async () => {
    const { reply } = await client.execute("%%format\nconst   x={a:1,\nb:2};if(x.a){\nconsole.log( x )}");
    expect(reply.content.payload).toEqual([
      {
        source: "set_next_input",
        text: "const x = {\n  a: 1,\n  b: 2\n}; if (x.a) {\n  console.log(x)\n}",
        replace: true,
      },
    ]);
  });
});

describe("display helpers", () => {
  it("escape what is put into markup, and nest", async () => {
    const shown = async (code: string) =>
      (await client.execute(code)).output.find((m) => m.type === "execute_result")!.content.data;
    expect(
      await shown(["html`<p>$", "{'<i>'} $", "{html`<b>x</b>`} $", "{[html`1`, 2]}</p>`"].join("")),
    ).toMatchObject({
      "text/html": "<p>&lt;i&gt; <b>x</b> 12</p>",
    });
    expect(await shown("md`**x**`")).toMatchObject({ "text/markdown": "**x**" });
    expect(await shown("svg`<svg xmlns='http://www.w3.org/2000/svg'/>`")).toHaveProperty(["image/svg+xml"]);
    const png = "iVBORw0KGgo=";
    expect(await shown(`image(Buffer.from("${png}", "base64"))`)).toMatchObject({ "image/png": png });
    expect(await client.text("image(new Uint8Array([1, 2, 3]))")).toContain("these begin with 010203");
    expect(await shown("({ outerHTML: '<p>dom</p>' })")).toMatchObject({ "text/html": "<p>dom</p>" });
    const canvas = "({ width: 1, height: 2, getContext() {}, toBuffer: () => new Uint8Array([1]) })";
    expect(await shown(canvas)).toMatchObject({ "image/png": "AQ==", "text/plain": "Canvas 1 × 2" });
  });
});
