/**
 * The kernel beside raw tslab, in one run on one machine: what a person waits for.
 *
 * Times differ between machines and between moments; the ratios say something. Both kernels are asked by the same client over ZeroMQ,
 * alternating, and the median of the rounds is printed. tslab has no comms, so those have no ratio.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { JupyterClient } from "../test/support/jupyter-client.js";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CELLS = 40;
const COMM_MESSAGES = 1_000;
const COMM_BYTES = 10_000;

const here = dirname(fileURLToPath(import.meta.url));
const tslabFolder = dirname(dirname(createRequire(import.meta.url).resolve("tslab")));

const KERNELS = {
  mulab: [process.execPath, join(here, "../kernel/main.js"), "--config-path={connection_file}"],
  tslab: [process.execPath, join(tslabFolder, "bin/tslab"), "kernel", "--config-path={connection_file}"],
};
type Name = keyof typeof KERNELS;
const NAMES = Object.keys(KERNELS) as Name[];

interface Times {
  firstResultMs: number[];
  firstImportMs: number[];
  cellMs: number[];
  repeatedCellMs: number[];
  completionMs: number[];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

/** From starting the process to the reply of its first cell. */
async function startWith(name: Name, code: string): Promise<{ client: JupyterClient; ms: number }> {
  const start = performance.now();
  const client = await JupyterClient.start({ argv: KERNELS[name] });
  const id = await client.startCell(code);
  await client.until((m) => m.parent.msg_id === id && m.type === "execute_reply");
  return { client, ms: performance.now() - start };
}

async function measure(name: Name, times: Times): Promise<void> {
  const withImport = await startWith(name, "import { join } from 'path'; join('a', 'b')");
  times.firstImportMs.push(withImport.ms);
  await withImport.client.kill();
  const { client, ms } = await startWith(name, "1+1");
  times.firstResultMs.push(ms);
  await client.connected();
  for (let i = 0; i < CELLS; i++) await client.execute(`${i}+${i}`); // warm, and past the quick compiler
  for (let i = 0; i < CELLS; i++) times.cellMs.push(await timed(() => client.execute(`1+${i}`)));
  for (let i = 0; i < CELLS; i++) times.repeatedCellMs.push(await timed(() => client.execute("1+1")));
  for (let i = 0; i < CELLS / 2; i++) {
    const code = `const n${i} = ${i}; Math.hyp`;
    const request = { code, cursor_pos: code.length };
    times.completionMs.push(await timed(() => client.request("complete_request", request)));
  }
  await client.kill(); // tslab does not always end when asked
}

/** 1,000 messages with 10 kB of binary data to the kernel, each answered with as much. */
async function measureComms(): Promise<number> {
  const client = await JupyterClient.ready({ argv: KERNELS.mulab });
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

export async function benchKernel(): Promise<void> {
  const empty = (): Times => ({
    firstResultMs: [],
    firstImportMs: [],
    cellMs: [],
    repeatedCellMs: [],
    completionMs: [],
  });
  const all: Record<Name, Times> = { mulab: empty(), tslab: empty() };
  for (let round = 0; round < ROUNDS; round++) for (const name of NAMES) await measure(name, all[name]);
  const rows: [label: string, key: keyof Times][] = [
    ["start to first result of 1+1", "firstResultMs"],
    ["start to first result of an import", "firstImportMs"],
    ["round trip, cells that differ", "cellMs"],
    ["round trip, the same 1+1 again", "repeatedCellMs"],
    ["completion", "completionMs"],
  ];
  console.log("kernel, medians in ms             mulab     tslab   tslab/mulab");
  for (const [label, key] of rows) {
    const [ours, theirs] = NAMES.map((name) => median(all[name][key])) as [number, number];
    console.log(
      `${label.padEnd(34)}${ours.toFixed(1).padStart(7)}${theirs.toFixed(1).padStart(10)}${(theirs / ours).toFixed(2).padStart(12)}`,
    );
  }
  const commMs = await measureComms();
  const perSecond = Math.round((COMM_MESSAGES * 1_000) / commMs);
  console.log(
    `${COMM_MESSAGES} comms of ${COMM_BYTES / 1_000} kB and back: ${commMs.toFixed(0)} ms (${perSecond}/s); tslab has none`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchKernel();
