/** The built kernel over real ZeroMQ, as a front end sees it. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JupyterClient, Message } from "../support/jupyter-client.js";
import { emptyFolder, startKernel } from "../support/jupyter-kernel.js";

let client: JupyterClient;
beforeAll(async () => {
  client = await startKernel();
});
afterAll(() => client.stop());

const types = (messages: readonly Message[]) => messages.map((m) => m.type);
const traceback = (m: Message | undefined) =>
  stripVTControlCharacters((m?.content.traceback ?? []).join("\n"));

describe("running cells", () => {
  it("publishes the input, the result and an ok reply with the same count", async () => {
    const { reply, output } = await client.execute("1 + 1");
    expect(types(output)).toEqual(["execute_input", "execute_result"]);
    expect(output[1]!.content.data).toEqual({ "text/plain": "2" });
    expect(output[1]!.content.execution_count).toBe(reply.content.execution_count);
    expect(reply.content.status).toBe("ok");
  });

  it("keeps variables and their types between cells, and lets a cell declare a name again", async () => {
    await client.execute("const kept = [1, 2, 3]");
    expect(await client.text("kept.length")).toBe("3");
    await client.execute('const kept = "text"');
    expect(await client.text("kept.toUpperCase()")).toBe("'TEXT'");
  });

  it("awaits at the top level, also in a cell whose only await is a for await", async () => {
    expect(await client.text("await Promise.resolve(5)")).toBe("5");
    expect(await client.text("for await (const x of [1, 2]) console.log(x)")).toBe("1\n2\n");
  });

  it("shows nothing for undefined and for a cell that only declares", async () => {
    expect(types((await client.execute("undefined")).output)).toEqual(["execute_input"]);
    expect(types((await client.execute("interface Point { x: number }")).output)).toEqual(["execute_input"]);
  });

  it("does not count, store or show a silent cell", async () => {
    const before = (await client.execute("0")).reply.content.execution_count;
    const { output } = await client.execute("41 + 1", { silent: true });
    expect(output).toEqual([]);
    expect((await client.execute("0")).reply.content.execution_count).toBe(before + 1);
  });

  it("evaluates user expressions after the cell, each on its own", async () => {
    const { reply } = await client.execute("const u = 3", {
      user_expressions: { good: "u * 2", bad: "u.nothing" },
    });
    expect(reply.content.user_expressions.good.data["text/plain"]).toBe("6");
    expect(reply.content.user_expressions.bad.status).toBe("error");
  });

  it("answers kernel_info, history and comm_info with status ok", async () => {
    const info = (await client.request("kernel_info_request")).reply.content;
    expect(info).toMatchObject({
      status: "ok",
      protocol_version: "5.5",
      language_info: { file_extension: ".ts" },
    });
    await client.execute("'remembered'");
    const history = { hist_access_type: "search", pattern: "*remembered*", output: true, raw: true };
    const rows = (await client.request("history_request", history)).reply.content.history;
    expect(rows.at(-1)[2]).toEqual(["'remembered'", "'remembered'"]);
  });
});

describe("errors", () => {
  it("points a runtime error at its line in the TypeScript, through the function that threw", async () => {
    const code = [
      "interface Shape { side?: number }",
      "function area(s: Shape): number {",
      "  return (s as any).side.length.x;",
      "}",
      "area({})",
    ];
    const { reply, output } = await client.execute(code.join("\n"));
    const error = output.find((m) => m.type === "error");
    expect(reply.content).toMatchObject({ status: "error", ename: "TypeError" });
    expect(reply.content.evalue).toContain("'length'");
    const text = traceback(error);
    expect(text).toMatch(/> 3 │ {3}return \(s as any\)\.side\.length\.x;\n\s+│ +\^/);
    expect(text).toMatch(/at area \(In \[\d+\]:3:\d+\)\n.*at In \[\d+\]:5:1/);
  });

  it("shows type errors with code, place and caret, and does not run the cell", async () => {
    const { output, reply } = await client.execute('globalThis.ran = 1;\nconst size: number = "big";');
    expect(reply.content.evalue).toContain("TS");
    const text = traceback(output.find((m) => m.type === "error"));
    expect(text).toMatch(/TS2322: Type 'string' is not assignable to type 'number'/);
    expect(text).toMatch(/> 2 │ const size: number = "big";\n\s+│ {7}\^{4}\n/);
    expect(await client.text("(globalThis as any).ran")).toBe("");
  });

  it("maps an error thrown later, in a function of an earlier cell", async () => {
    await client.execute("// a comment\nfunction late() {\n  throw new RangeError('too late');\n}");
    const { output } = await client.execute("late()");
    expect(traceback(output.find((m) => m.type === "error"))).toMatch(/> 3 │ {3}throw new RangeError/);
  });

  it("keeps what a failed cell had set before it failed", async () => {
    await client.execute("const before = 7;\nthrow new Error('after');");
    expect(await client.text("before")).toBe("7");
  });

  it("aborts the cells that were queued behind a failing one, and runs those sent after its reply", async () => {
    const failing = await client.startCell("await null; throw new Error('stop here')");
    const queued = await client.startCell("(globalThis as any).leaked = 1");
    const first = await client.result(failing);
    expect(first.reply.content.status).toBe("error");
    const second = await client.result(queued);
    expect(second.reply.content.status).toBe("aborted");
    expect(second.output).toEqual([]);
    expect(await client.text("(globalThis as any).leaked ?? 'clean'")).toBe("'clean'");
  });

  it("continues with the queue when stop_on_error is false", async () => {
    const failing = await client.startCell("throw new Error('never mind')", { stop_on_error: false });
    const queued = await client.startCell("6 * 7");
    await client.result(failing);
    expect((await client.result(queued)).reply.content.status).toBe("ok");
  });

  it("reports an unhandled rejection under the cell that started it", async () => {
    const { id } = await client.execute(
      "setTimeout(() => { void Promise.reject(new Error('nobody waits')) }, 1); undefined",
    );
    const error = await client.until((m) => m.type === "error" && m.parent.msg_id === id);
    expect(error.content.evalue).toBe("nobody waits");
  });
});

describe("output", () => {
  it("sends text of background work to the cell that started it", async () => {
    const { id } = await client.execute("setTimeout(() => console.log('from the first'), 30); undefined");
    const other = await client.execute("await new Promise((done) => setTimeout(done, 60))");
    const text = await client.until((m) => m.type === "stream" && m.content.text.includes("from the first"));
    expect(text.parent.msg_id).toBe(id);
    expect(types(other.output)).toEqual(["execute_input"]);
  });

  it("streams text out of a loop that never yields", async () => {
    const id = await client.startCell("for (let i = 0; ; i++) { if (i % 1e7 === 0) console.log('at', i) }");
    await client.until(
      (m) => m.type === "stream" && m.parent.msg_id === id && m.content.text.includes("at 10000000"),
    );
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
  });

  it("keeps the order of text, displays and results", async () => {
    const { output } = await client.execute("console.log('a'); display('b'); console.error('c'); 'd'");
    expect(types(output)).toEqual(["execute_input", "stream", "display_data", "stream", "execute_result"]);
    expect(output[3]!.content).toEqual({ name: "stderr", text: "c\n" });
  });

  it("updates a display in place under its id, and clears output", async () => {
    const { output } = await client.execute(
      "const shown = display(1); shown.update(2); clearOutput(true); undefined",
    );
    expect(types(output)).toEqual(["execute_input", "display_data", "update_display_data", "clear_output"]);
    expect(output[2]!.content.transient).toEqual(output[1]!.content.transient);
    expect(output[3]!.content).toEqual({ wait: true });
  });

  it("displays by convention: symbol, _repr_html_, Arquero table, Vega-Lite", async () => {
    const data = async (code: string) => {
      const { output } = await client.execute(code);
      return output.find((m) => m.type === "execute_result")?.content.data;
    };
    expect(
      await data("({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '*m*' }) })"),
    ).toMatchObject({
      "text/markdown": "*m*",
    });
    expect(await data("({ _repr_html_: async () => '<i>h</i>' })")).toMatchObject({
      "text/html": "<i>h</i>",
    });
    const table = await data("import { table } from 'arquero'; table({ n: [1, 2], s: ['<b>', 'y'] })");
    expect(table["text/html"]).toContain("&lt;b&gt;");
    expect(table["text/html"]).toContain("2 rows × 2 columns");
    const chart = await data("({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', mark: 'bar' })");
    expect(chart["application/vnd.vegalite.v5+json"].mark).toBe("bar");
    expect(chart["text/plain"]).toBe("Vega-Lite chart");
  });

  it("ends no cell before what it shows is shown, however long that takes to make", async () => {
    const { output } = await client.execute(
      "display({ _repr_html_: () => new Promise((done) => setTimeout(done, 200, '<b>late</b>')) }); 1",
    );
    const shown = output.find((m) => m.type === "display_data");
    expect(shown?.content.data["text/html"]).toBe("<b>late</b>");
  });
});

describe("imports", () => {
  it("finds arquero, node built-ins and ES modules with a top-level await from an empty folder, types included", async () => {
    expect(await client.text("import { join } from 'node:path'; join('a', 'b')")).toBe("'a/b'");
    expect(await client.text("import * as aq from 'arquero'; aq.table({ a: [1, 2] }).numRows()")).toBe("2");
    expect(await client.text("aq.tabel")).toMatch(/^TypeScriptError: TS2551/);
    expect(await client.text("const vega = await import('vega'); typeof vega.parse")).toBe("'function'");
    expect(await client.text("import { parse } from 'vega'; typeof parse")).toBe("'function'");
  });

  it("runs tslab's own notebooks: display functions, and updates of a new display", async () => {
    const html = await client.execute('import * as tslab from "tslab";\ntslab.display.html("<b>x</b>");');
    expect(html.output.find((m) => m.type === "display_data")?.content.data).toEqual({
      "text/html": "<b>x</b>",
    });
    const { output } = await client.execute("const d = tslab.newDisplay(); d.text('1'); d.text('2')");
    expect(types(output)).toEqual(["execute_input", "display_data", "update_display_data"]);
  });

  it("imports a TypeScript module beside the notebook", async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, "lib"));
    writeFileSync(join(folder, "lib/half.ts"), "export const half = (n: number): number => n / 2;\n");
    const local = await startKernel({ cwd: folder });
    expect(await local.text("import { half } from './lib/half'; half(8)")).toBe("4");
    await local.stop();
  });
});

describe("typing", () => {
  it("completes members, with kinds and code point offsets", async () => {
    const code = "/* 🙂 */ Math.hyp";
    const { reply } = await client.request("complete_request", { code, cursor_pos: [...code].length });
    expect(reply.content).toMatchObject({
      status: "ok",
      matches: ["hypot"],
      cursor_start: 13,
      cursor_end: 16,
    });
    expect(reply.content.metadata._jupyter_types_experimental[0]).toMatchObject({
      text: "hypot",
      type: "method",
    });
  });

  it("inspects a name, and says when there is none", async () => {
    const found = await client.request("inspect_request", {
      code: "Math.hypot",
      cursor_pos: 8,
      detail_level: 0,
    });
    expect(found.reply.content).toMatchObject({ found: true });
    expect(found.reply.content.data["text/plain"]).toContain("hypot(...values: number[]): number");
    const none = await client.request("inspect_request", { code: "  ", cursor_pos: 1, detail_level: 0 });
    expect(none.reply.content).toMatchObject({ status: "ok", found: false });
    const unknown = await client.request("inspect_request", {
      code: "nowhere",
      cursor_pos: 7,
      detail_level: 0,
    });
    expect(unknown.reply.content).toMatchObject({ status: "ok", found: false });
  });

  it("distinguishes complete, incomplete and invalid code", async () => {
    const status = async (code: string) =>
      (await client.request("is_complete_request", { code })).reply.content.status;
    expect(await status("const a = 1")).toBe("complete");
    expect(await status("function f() {")).toBe("incomplete");
    expect(await status("const const x = ;;)")).toBe("invalid");
  });

  it("completes while a cell runs", async () => {
    const id = await client.startCell("await new Promise((done) => { (globalThis as any).release = done })");
    await client.until((m) => m.type === "execute_input" && m.parent.msg_id === id);
    const { reply } = await client.request("complete_request", { code: "Math.ab", cursor_pos: 7 });
    expect(reply.content.matches).toContain("abs");
    await client.request("interrupt_request", {}, { channel: "control" });
    await client.result(id);
  });
});

describe("input", () => {
  it("asks the person and continues with the answer", async () => {
    const id = await client.startCell("const answer = await input('Name? '); answer.length", {
      allow_stdin: true,
    });
    const question = await client.until((m) => m.type === "input_request" && m.parent.msg_id === id);
    expect(question.content).toEqual({ prompt: "Name? ", password: false });
    await client.send("stdin", "input_reply", { status: "ok", value: "Ada" });
    const { output } = await client.result(id);
    expect(output.at(-1)!.content.data["text/plain"]).toBe("3");
  });

  it("says so where the front end can't ask", async () => {
    expect(await client.text("await input('?')")).toContain("does not take questions");
  });
});
