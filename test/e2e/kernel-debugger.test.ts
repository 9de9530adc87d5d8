/** The debugger as JupyterLab drives it: breakpoints and steps in TypeScript, variables, also while a cell never yields. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { murmur2 } from "../../kernel/debug/murmur2.js";
import { DEBUGGED_CELL } from "../support/debugged-cell.js";
import type { JupyterClient, Message } from "../support/jupyter-client.js";
import { startKernel } from "../support/jupyter-kernel.js";

let client: JupyterClient;
let seq = 1;
beforeAll(async () => {
  client = await startKernel();
  await client.execute("const kept = { answer: 42, list: [1, 2] }");
});
afterAll(() => client.stop());
afterEach(async () => {
  await debug("disconnect", {});
  await client.request("interrupt_request", {}, { channel: "control" });
});

async function debug(command: string, args: object) {
  const content = { type: "request", seq: seq++, command, arguments: args };
  const { reply } = await client.request("debug_request", content, { channel: "control" });
  return reply.content;
}

/** The next event of this name that was not taken yet. */
const taken = new Set<Message>();
async function event(name: string) {
  const found = await client.until(
    (m) => m.type === "debug_event" && m.content.event === name && !taken.has(m),
  );
  taken.add(found);
  return found.content.body;
}

async function start(lines: readonly number[]) {
  expect(await debug("initialize", { clientID: "test" })).toMatchObject({ success: true });
  await event("initialized");
  expect(await debug("attach", {})).toMatchObject({ success: true });
  const { body } = await debug("dumpCell", { code: DEBUGGED_CELL });
  const set = await debug("setBreakpoints", {
    source: { path: body.sourcePath },
    breakpoints: lines.map((line) => ({ line })),
  });
  expect(set.body.breakpoints).toHaveLength(lines.length);
  await debug("configurationDone", {});
  return body.sourcePath as string;
}

const top = async () => (await debug("stackTrace", { threadId: 1 })).body.stackFrames[0];

it("stops at a breakpoint of a TypeScript cell, shows its variables, steps, and runs on", async () => {
  const path = await start([4]);
  const id = await client.startCell(DEBUGGED_CELL);
  expect(await event("stopped")).toMatchObject({ reason: "breakpoint", threadId: 1 });
  const { body } = await debug("stackTrace", { threadId: 1 });
  expect(body.stackFrames[0]).toMatchObject({ name: "scale", line: 4, source: { path } });
  expect(body.stackFrames[1]).toMatchObject({ line: 8, source: { path } });
  const { scopes } = (await debug("scopes", { frameId: body.stackFrames[0].id })).body;
  const locals = (await debug("variables", { variablesReference: scopes[0].variablesReference })).body
    .variables;
  expect(locals).toContainEqual(expect.objectContaining({ name: "by", value: "3" }));
  const p = locals.find((v: { name: string }) => v.name === "p");
  const inside = (await debug("variables", { variablesReference: p.variablesReference })).body.variables;
  expect(inside).toContainEqual(expect.objectContaining({ name: "x", value: "2" }));
  const evaluated = await debug("evaluate", { expression: "by * 100", frameId: body.stackFrames[0].id });
  expect(evaluated.body.result).toBe("300");
  expect((await debug("debugInfo", {})).body).toMatchObject({ isStarted: true, stoppedThreads: [1] });
  await debug("next", { threadId: 1 });
  await event("stopped");
  expect(await top()).toMatchObject({ line: 5 });
  await debug("stepOut", { threadId: 1 });
  await event("stopped");
  expect((await top()).line).toBeGreaterThanOrEqual(5);
  await debug("continue", { threadId: 1 });
  const { output } = await client.result(id);
  expect(output.find((m) => m.type === "execute_result")!.content.data["text/plain"]).toBe("7");
});

it("is interrupted at a breakpoint", async () => {
  await start([8]);
  const id = await client.startCell(DEBUGGED_CELL);
  await event("stopped");
  await client.request("interrupt_request", {}, { channel: "control" });
  await client.result(id);
  expect(await client.text("kept.answer")).toBe("42");
});

it("steps into functions, also of earlier cells, and gives the source of every frame", async () => {
  const earlier = "const twice = (x: number) => {\n  const y: number = 2 * x\n  return y\n}";
  await client.execute(earlier);
  expect(await debug("initialize", {})).toMatchObject({ success: true });
  const code = "type Unused = string\nconst four = twice(2)\nfour";
  const { body } = await debug("dumpCell", { code });
  await debug("setBreakpoints", { source: { path: body.sourcePath }, breakpoints: [{ line: 2 }] });
  const id = await client.startCell(code);
  await event("stopped");
  expect(await top()).toMatchObject({ line: 2, source: { path: body.sourcePath } });
  // The cell itself has the variables of all cells, and not Node's own names.
  const { scopes } = (await debug("scopes", { frameId: (await top()).id })).body;
  expect(scopes.map(({ name }: { name: string }) => name)).toEqual(["Cells"]);
  await debug("stepIn", { threadId: 1 });
  expect(await event("stopped")).toMatchObject({ reason: "step" });
  const frame = await top();
  expect(frame).toMatchObject({ name: "twice", line: 2 });
  const source = await debug("source", { source: { path: frame.source.path } });
  expect(source.body).toMatchObject({ content: earlier, mimeType: "text/typescript" });
  const { stackFrames } = (await debug("stackTrace", { threadId: 1 })).body;
  const outer = await debug("source", { source: { path: stackFrames[1].source.path } });
  expect(outer.body.content).toBe(code);
  await debug("continue", { threadId: 1 });
  expect((await client.result(id)).reply.content.status).toBe("ok");
});

it("stops in modules beside the notebook, at the lines that were written", async () => {
  const text =
    "interface Wide { w: number }\n\nexport const half = (x: Wide): number => {\n  return x.w / 2\n}\n";
  await client.execute(`require("fs").writeFileSync("half.ts", ${JSON.stringify(text)})`);
  expect(await client.text('import { half } from "./half"; half({ w: 4 })')).toBe("2");
  expect(await debug("initialize", {})).toMatchObject({ success: true });
  const { modules } = (await debug("modules", {})).body;
  const { path } = modules.find(({ name }: { name: string }) => name === "half.ts");
  await debug("setBreakpoints", { source: { path }, breakpoints: [{ line: 4 }] });
  const id = await client.startCell("half({ w: 8 })");
  expect(await event("stopped")).toMatchObject({ reason: "breakpoint" });
  expect(await top()).toMatchObject({ name: "half", line: 4, source: { path } });
  expect((await debug("source", { source: { path } })).body.content).toBe(text);
  // Steps that leave the cell end in nobody's code: it just runs on.
  await debug("stepOut", { threadId: 1 });
  expect(await event("stopped")).toMatchObject({ reason: "step" });
  await debug("stepOut", { threadId: 1 });
  expect((await client.result(id)).reply.content.status).toBe("ok");
});

it("pauses a cell that never yields, which can be interrupted there and after it runs on", async () => {
  for (const runsOn of [false, true]) {
    expect(await debug("initialize", {})).toMatchObject({ success: true });
    const id = await client.startCell("console.log('on'); for (let i = 0; ; i++) {}");
    await client.until((m) => m.type === "stream" && m.parent.msg_id === id);
    await debug("pause", { threadId: 1 });
    expect(await event("stopped")).toMatchObject({ reason: "pause" });
    expect(await top()).toMatchObject({ line: 1 });
    if (runsOn) await debug("continue", { threadId: 1 });
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.result(id)).reply.content.ename).toBe("KeyboardInterrupt");
    expect(await client.text("kept.answer")).toBe("42");
    await debug("disconnect", {});
  }
});

it("lists the cells' variables within 50 ms, also while a cell never yields and without being started", async () => {
  const id = await client.startCell("console.log('on'); while (true) {}");
  await client.until((m) => m.type === "stream" && m.parent.msg_id === id);
  await debug("inspectVariables", {});
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const began = performance.now();
    const { body } = await debug("inspectVariables", {});
    times.push(performance.now() - began);
    const kept = body.variables.find((v: { name: string }) => v.name === "kept");
    expect(kept).toMatchObject({ type: "Object" });
    const parts = (await debug("variables", { variablesReference: kept.variablesReference })).body.variables;
    expect(parts).toContainEqual(expect.objectContaining({ name: "answer", value: "42" }));
  }
  times.sort((a, b) => a - b);
  expect(times[4]).toBeLessThan(50);
  const rich = await debug("richInspectVariables", { variableName: "kept" });
  expect(rich.body.data["text/plain"]).toContain("answer: 42");
});

it("refuses what it does not know, and lives on", async () => {
  expect(await debug("fly", {})).toMatchObject({ success: false, command: "fly" });
  expect(await debug("next", {})).toMatchObject({ success: false });
  expect(await debug("debugInfo", {})).toMatchObject({ success: true });
});

it("names cells as front ends do", () => {
  // Values of the reference implementation, which ipykernel and JupyterLab share.
  expect(murmur2("", 0)).toBe(0);
  const known = {
    a: 2167009006,
    ab: 2805137849,
    abc: 3350977461,
    "hello, world": 2357340064,
    "x = 'ü🙂'": 567630613,
  };
  for (const [text, hash] of Object.entries(known)) expect(murmur2(text, 0xc70f6907), text).toBe(hash);
});
