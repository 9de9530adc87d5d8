/**
 * The kernel beside raw tslab, and Deno's where MULAB_DENO names a deno binary, in one run on one machine: what a person waits for.
 *
 * Times differ between machines and between moments; the ratios say something. The kernels run at once and are asked in turns, cell by
 * cell, by the same client over ZeroMQ, so that whatever else the machine does affects all of them. tslab has no comms, so those have
 * no ratio.
 */
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { JupyterClient, type Message } from "../test/support/jupyter-client.js";

/** Starts of each kernel. */
const STARTS = Number(process.env.BENCH_STARTS ?? 5);
/** Requests of each kind to each kernel. */
const CELLS = Number(process.env.BENCH_CELLS ?? 300);
/** Cells that each kernel runs before the first one that counts. */
const WARM = 40;
const COMM_MESSAGES = 1_000;
const COMM_BYTES = 10_000;

const here = dirname(fileURLToPath(import.meta.url));
const tslabFolder = fileURLToPath(new URL("../../scripts/vendored/node_modules/tslab", import.meta.url));

const { MULAB_DENO: deno } = process.env;

/** How each kernel is started. Ours is the first. */
const KERNELS = new Map([
  ["mulab", [process.execPath, join(here, "../bundle/kernel/main.js"), "--config-path={connection_file}"]],
  ["tslab", [process.execPath, join(tslabFolder, "bin/tslab"), "kernel", "--config-path={connection_file}"]],
]);
if (deno) KERNELS.set("deno", [deno, "jupyter", "--kernel", "--conn", "{connection_file}"]);
const NAMES = [...KERNELS.keys()];

/** Milliseconds, by the kernel's name. */
type Times = ReadonlyMap<string, number[]>;
const noTimes = (): Times => new Map(NAMES.map((name) => [name, []]));
const argvOf = (name: string) => KERNELS.get(name)!;

async function timed(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

/** From starting the process to the reply of its first cell. */
async function firstReply(name: string, code: string): Promise<number> {
  const start = performance.now();
  const client = await JupyterClient.start({ argv: argvOf(name) });
  const id = await client.startCell(code);
  await client.until((m) => m.parent.msg_id === id && m.type === "execute_reply");
  const ms = performance.now() - start;
  await client.kill(); // tslab does not always end when asked
  return ms;
}

async function measureStarts(code: string, names: readonly string[] = NAMES): Promise<Times> {
  const times = noTimes();
  for (let i = 0; i < STARTS; i++)
    for (const name of names) times.get(name)!.push(await firstReply(name, code));
  return times;
}

type Clients = ReadonlyMap<string, JupyterClient>;

/** A request without an answer after this long counts as lost, as happens now and then with tslab on a busy machine; it is left out. */
const LOST_MS = 20_000;
const lost = new Map<string, number>();

/** Asks all kernels the same, in turns. */
async function inTurns(
  clients: Clients,
  count: number,
  ask: (client: JupyterClient, i: number) => Promise<unknown>,
): Promise<Times> {
  const times = noTimes();
  for (let i = 0; i < count; i++) {
    for (const [name, client] of clients) {
      const deadline = AbortSignal.timeout(LOST_MS);
      const isLost = new Promise<undefined>((resolve) =>
        deadline.addEventListener("abort", () => resolve(undefined)),
      );
      const ms = await Promise.race([timed(() => ask(client, i)), isLost]);
      if (ms === undefined) lost.set(name, (lost.get(name) ?? 0) + 1);
      else times.get(name)!.push(ms);
    }
  }
  return times;
}

/** A cell's reply and its output. Not its idle status: tslab loses one now and then when the machine is busy. */
async function roundTrip(client: JupyterClient, code: string): Promise<void> {
  const id = await client.startCell(code);
  const isMine = (m: Message) => m.parent.msg_id === id;
  await client.until((m) => isMine(m) && m.type === "execute_reply");
  await client.until((m) => isMine(m) && (m.type === "execute_result" || m.type === "stream"));
}

async function complete(client: JupyterClient, i: number): Promise<void> {
  const code = `const n${i} = ${i}; Math.hyp`;
  const id = await client.send("shell", "complete_request", { code, cursor_pos: code.length });
  await client.until((m) => m.parent.msg_id === id && m.type === "complete_reply");
}

/** Resident memory of a process, MB. */
function memory(client: JupyterClient): number {
  return (
    Number(execFileSync("ps", ["-o", "rss=", "-p", String(client.process.pid)], { encoding: "utf8" })) / 1024
  );
}

const KEPT_FROM = 1_000;
const KEPT_TO = 5_000;

/** Resident memory of our kernel after 1,000 cells and after 5,000, MB: cells that declare the same names again, or new ones. */
async function measureKept(suffixOf: (i: number) => string): Promise<string> {
  const client = await JupyterClient.ready({ argv: argvOf("mulab") });
  const run = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const name = `value${suffixOf(i)}`;
      await roundTrip(client, `const ${name} = [${i}, 2].map((x) => ({ x })); ${name}.length`);
    }
    return memory(client);
  };
  const before = await run(0, KEPT_FROM);
  const after = await run(KEPT_FROM, KEPT_TO);
  await client.kill();
  const perCell = ((after - before) * 1_024) / (KEPT_TO - KEPT_FROM);
  return `${before.toFixed(0)} → ${after.toFixed(0)} (${perCell.toFixed(1)} kB per cell)`;
}

/** 1,000 messages with 10 kB of binary data to the kernel, each answered with as much. */
async function measureComms(): Promise<number> {
  const client = await JupyterClient.ready({ argv: argvOf("mulab") });
  await client.execute(`
    (globalThis as any)[Symbol.for("mulab.comms")].registerTarget("bench", (comm: any) => {
      comm.onMessage(({ data, buffers }: any) => comm.send(data, { buffers }));
    }); undefined`);
  await client.notify("comm_open", { comm_id: "bench", target_name: "bench", data: {} });
  const bytes = new Uint8Array(COMM_BYTES);
  const ms = await timed(async () => {
    for (let n = 0; n < COMM_MESSAGES; n++) {
      await client.send("shell", "comm_msg", { comm_id: "bench", data: { n } }, { buffers: [bytes] });
    }
    await client.until((m) => m.type === "comm_msg" && m.content.data.n === COMM_MESSAGES - 1);
  });
  await client.stop();
  return ms;
}

/** One row: median and best of each kernel, and how many times ours each other median is. */
function report(label: string, times: Times): void {
  const cell = (value: number | undefined, digits: number) => (value?.toFixed(digits) ?? "–").padStart(9);
  const sorted = NAMES.map((name) => [...times.get(name)!].sort((a, b) => a - b));
  const medians = sorted.map((values) => values[Math.floor(values.length / 2)]);
  const [ours, ...others] = medians;
  const cells = sorted.flatMap((values, i) => [cell(medians[i], 1), cell(values[0], 1)]);
  const ratios = others.map((ms) => cell(ms === undefined ? undefined : ms / ours!, 2));
  console.log(`${label.padEnd(40)}${cells.join("")}${ratios.join("")}`);
}

export async function benchKernel(): Promise<void> {
  const heads = NAMES.map((name) => `${name.padStart(9)}   (best)`);
  const ratios = NAMES.slice(1).map((name) => ` ${name}/ours`.padStart(9));
  console.log(`${"kernel, ms".padEnd(40)}${heads.join("")}${ratios.join("")}`);
  report("start to first result of 1+1", await measureStarts("1+1"));
  report(
    "start to first result, import of path",
    await measureStarts("import { join } from 'path'; join('a', 'b')"),
  );
  // tslab can't be asked this: it doesn't find mulab in an arbitrary folder, and it has no widgets.
  report(
    "start to first result, import of mulab",
    await measureStarts('import { open } from "mulab"; typeof open', ["mulab"]),
  );
  // One after another, because a client looks for free ports when it starts.
  const clients = new Map<string, JupyterClient>();
  for (const name of NAMES) clients.set(name, await JupyterClient.ready({ argv: argvOf(name) }));
  await inTurns(clients, WARM, (client, i) => roundTrip(client, `${i}+${i}`));
  report("1+1 again and again", await inTurns(clients, CELLS, (client) => roundTrip(client, "1+1")));
  report(
    "cells that differ: 1+2, 1+3, …",
    await inTurns(clients, CELLS, (client, i) => roundTrip(client, `1+${i}`)),
  );
  const declaring = (client: JupyterClient, i: number) =>
    roundTrip(client, `const v${i % 50} = ${i}; v${i % 50} * 2`);
  report("cells that declare", await inTurns(clients, CELLS, declaring));
  report("completion", await inTurns(clients, CELLS / 3, complete));
  const memories = [...clients].map(([name, client]) => `${name} ${memory(client).toFixed(0)}`);
  console.log(`memory after ${WARM + CELLS * 3} cells, MB: ${memories.join(", ")}`);
  for (const [name, client] of clients) {
    if (lost.has(name)) console.log(`${name} left ${lost.get(name)} requests unanswered`);
    await client.kill();
  }
  const kept = `memory of mulab after ${KEPT_FROM} → ${KEPT_TO} cells, MB`;
  console.log(`${kept}, the same names again: ${await measureKept(() => "")}`);
  console.log(`${kept}, new names: ${await measureKept(String)}`);
  const commMs = await measureComms();
  const perSecond = Math.round((COMM_MESSAGES * 1_000) / commMs);
  console.log(
    `${COMM_MESSAGES} comms of ${COMM_BYTES / 1_000} kB and back: ${commMs.toFixed(0)} ms (${perSecond}/s); tslab has none`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchKernel();
