// JupyterLab and Notebook 7 as pip installs them, with nothing set: an empty home, the kernel installed by `mulab kernel
// install --user` as the README says, the front end's own defaults. What a test here sees is what a new user sees.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CLI } from "./cli.js";

export type FrontEnd = "lab" | "notebook";

const HERE = fileURLToPath(new URL("../../.jupyter/bin", import.meta.url));
const READY_WITHIN = 60_000; // milliseconds; 3 s where nothing else runs

/** The folder that holds pip's `jupyter-lab` and `jupyter-notebook`: MULAB_JUPYTER, or the environment of scripts/jupyter.mjs. */
export function stockFolder(): string | undefined {
  return [process.env.MULAB_JUPYTER, HERE].find(
    (folder) => folder !== undefined && existsSync(join(folder, "jupyter-lab")),
  );
}

/** What is missing for a stock front end; nothing where there is one. */
export const missingStock = (): string[] =>
  stockFolder() === undefined
    ? [
        "JupyterLab and Notebook 7 from pip (node scripts/jupyter.mjs; or set MULAB_JUPYTER to their bin folder)",
      ]
    : [];

export interface StockServer {
  readonly root: string;
  readonly token: string;
  /** Ends all kernels, as a person does who shuts everything down. */
  shutDownKernels(): Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

export interface StockOptions {
  /** The folder that the server shows. */
  readonly folder: string;
  /** Whether `mulab kernel install --user` ran before; or `lab` for a server that `mulab lab` starts, with nothing installed. */
  readonly by: "install" | "mulab lab";
}

/** Starts `frontEnd` in an empty home and returns when it answers. */
export async function startStock(frontEnd: FrontEnd, { folder, by }: StockOptions): Promise<StockServer> {
  const home = mkdtempSync(join(tmpdir(), "mulab stock home ")); // with spaces, as some homes have
  const runtime = join(home, "run");
  mkdirSync(runtime);
  const bin = stockFolder()!;
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: home,
    LANG: "C.UTF-8",
    JUPYTER_RUNTIME_DIR: runtime,
    ...(process.env.MULAB_DATA && { MULAB_DATA: process.env.MULAB_DATA }),
  };
  const token = randomBytes(16).toString("hex");
  const port = await freePort();
  const args = [
    "--no-browser",
    `--port=${port}`,
    `--IdentityProvider.token=${token}`,
    "--ServerApp.port_retries=0",
  ];
  if (process.getuid?.() === 0) args.push("--allow-root");
  if (by === "install") {
    const { status, stderr } = spawnSync(process.execPath, [CLI, "kernel", "install", "--user"], {
      env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`mulab kernel install --user failed: ${stderr}`);
  }
  const [program, ...rest] =
    by === "install"
      ? [join(bin, `jupyter-${frontEnd}`), `--ServerApp.root_dir=${folder}`]
      : [process.execPath, CLI, "lab", folder, "--"];
  const server = spawn(program!, [...rest, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let log = "";
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  const root = `http://127.0.0.1:${port}/`;
  const ask = (path: string, method = "GET") =>
    fetch(`${root}${path}`, { method, headers: { authorization: `token ${token}` } });
  const stop = async () => {
    await end(server);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  const deadline = Date.now() + READY_WITHIN;
  while (!(await ask("api/status").catch(() => undefined))?.ok) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`jupyter ${frontEnd} did not start on port ${port}:\n${log}`);
    }
    await delay(50);
  }
  const shutDownKernels = async () => {
    const kernels = (await (await ask("api/sessions")).json()) as { id: string }[];
    for (const { id } of kernels) await ask(`api/sessions/${id}`, "DELETE");
  };
  return { root, token, shutDownKernels, log: () => log, stop };
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const exited = once(server, "exit");
  server.kill("SIGTERM");
  const late = setTimeout(() => process.kill(-server.pid!, "SIGKILL"), 10_000);
  await exited;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("No loopback port");
  return address.port;
}
