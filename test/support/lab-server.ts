// One JupyterLab server per test file: Debian's jupyterlab_server with the front end built in test/lab, on a free
// loopback port, with directories of its own. Nothing of the person's Jupyter configuration is read or written.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PYTHON } from "./lab-require.js";

const APP = fileURLToPath(new URL("../lab/build/app", import.meta.url));

const READY_WITHIN = 60_000; // ms; 1.5 s where nothing else runs
const STOPPED_WITHIN = 10_000; // ms, for the server to shut its kernels down in order

// Plugins whose server half jupyter_server 1.23 lacks, or which would ask the internet.
const DISABLED = [
  "@jupyterlab/apputils-extension:announcements",
  "@jupyterlab/fileeditor-extension:language-server",
  "@jupyterlab/lsp-extension",
  "@jupyterlab/notebook-extension:language-server",
  "@jupyterlab/terminal-extension",
];

export interface LabOptions {
  /** Folder that JupyterLab shows. */
  readonly notebooksDir: string;
  /** Kernel name → folder with its kernel.json. Only these and those of `prefixes` are offered. */
  readonly kernels?: Readonly<Record<string, string>>;
  /** Built labextensions: the folders that hold package.json and static/. */
  readonly labextensions?: readonly string[];
  /** Installation prefixes (with share/jupyter/…), as `mulab kernel install --prefix` fills them. */
  readonly prefixes?: readonly string[];
  /** Whether notebooks are saved with the state of their widgets. */
  readonly saveState: boolean;
  /** JupyterLab settings by plugin id, over the defaults. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Variables for the server and so for its kernels. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Lab {
  readonly token: string;
  /** JUPYTER_DATA_DIR of this server. */
  readonly dataDir: string;
  /** Absolute address of a path such as `lab/tree/a.ipynb?reset`, with the token. */
  url(path: string): string;
  /** Ids of the processes the server started: its kernels. Oldest first. */
  kernelPids(): number[];
  /** What the server wrote so far. */
  log(): string;
  /** Ends the server, its kernels and everything they started; removes its directories. */
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No loopback port");
  return address.port;
}

/** Children of a process by /proc; kernels have sessions of their own, so the process group does not hold them. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "))
      .filter((each) => each.trim() !== "")
      .map(Number);
  } catch {
    return []; // gone, or no /proc
  }
}

const treeOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...treeOf(child)]);

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself
  }
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

const writeJson = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value, null, 2));

function makeDirs(home: string) {
  const dirs = {
    config: join(home, "config"),
    data: join(home, "data"),
    runtime: join(home, "runtime"),
    labextensions: join(home, "labextensions"),
    appSettings: join(home, "app-settings"),
    userSettings: join(home, "user-settings"),
    workspaces: join(home, "workspaces"),
    ipython: join(home, "ipython"),
  };
  for (const dir of Object.values(dirs)) mkdirSync(dir, { recursive: true });
  return dirs;
}

function kernelNames({ kernels = {}, prefixes = [] }: LabOptions): string[] {
  const installed = prefixes
    .map((prefix) => join(prefix, "share", "jupyter", "kernels"))
    .filter(existsSync)
    .flatMap((dir) => readdirSync(dir));
  return [...Object.keys(kernels), ...installed];
}

function installLabextension(source: string, into: string): void {
  const file = join(source, "package.json");
  const { name, jupyterlab } = JSON.parse(readFileSync(file, "utf8"));
  if (jupyterlab?._build?.load === undefined) {
    throw new Error(
      `${file} is no built labextension (no jupyterlab._build.load); see test/lab/build-labextension.mjs`,
    );
  }
  cpSync(source, join(into, name), { recursive: true });
}

/** Starts a server and returns when it answers. Throws with the server's own words when it doesn't. */
export async function startLab(options: LabOptions): Promise<Lab> {
  if (!existsSync(join(APP, "static", "main.js"))) {
    throw new Error("The front end is not built: run `node test/lab/setup.mjs`, or await prepareLab() first");
  }
  if (!existsSync(options.notebooksDir)) throw new Error(`No folder ${options.notebooksDir} (notebooksDir)`);
  const home = mkdtempSync(join(tmpdir(), "mulab-lab-"));
  const dirs = makeDirs(home);
  for (const [name, dir] of Object.entries(options.kernels ?? {})) {
    cpSync(dir, join(dirs.data, "kernels", name), { recursive: true });
  }
  for (const source of options.labextensions ?? []) installLabextension(source, dirs.labextensions);
  writeJson(join(dirs.appSettings, "page_config.json"), { disabledExtensions: DISABLED });
  writeJson(join(dirs.appSettings, "overrides.json"), {
    "@jupyter-widgets/jupyterlab-manager:plugin": { saveState: options.saveState },
    ...options.settings,
  });

  const token = randomBytes(16).toString("hex");
  const port = await freePort();
  const configFile = join(home, "config.json");
  writeJson(configFile, {
    ServerApp: {
      ip: "127.0.0.1",
      port,
      port_retries: 0,
      token,
      root_dir: options.notebooksDir,
      allow_root: true,
      open_browser: false,
    },
    KernelSpecManager: { allowed_kernelspecs: kernelNames(options), ensure_native_kernel: false },
    LabServerApp: {
      static_dir: join(APP, "static"),
      templates_dir: join(APP, "templates"),
      schemas_dir: join(APP, "schemas"),
      themes_dir: join(APP, "themes"),
      app_settings_dir: dirs.appSettings,
      user_settings_dir: dirs.userSettings,
      workspaces_dir: dirs.workspaces,
      extra_labextensions_path: [dirs.labextensions],
      labextensions_path: [
        join(dirs.data, "labextensions"),
        ...(options.prefixes ?? []).map((prefix) => join(prefix, "share", "jupyter", "labextensions")),
      ],
    },
  });

  const server = spawn(PYTHON, ["-m", "jupyterlab_server", `--config=${configFile}`], {
    cwd: options.notebooksDir,
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: dirs.config,
      JUPYTER_DATA_DIR: dirs.data,
      JUPYTER_RUNTIME_DIR: dirs.runtime,
      JUPYTER_PATH: (options.prefixes ?? []).map((prefix) => join(prefix, "share", "jupyter")).join(":"),
      IPYTHONDIR: dirs.ipython,
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  let failure: Error | undefined;
  server.on("error", (error) => {
    failure = error;
  });

  const endTree = () => {
    const pid = server.pid;
    if (pid === undefined) return;
    for (const each of [...treeOf(pid).reverse(), ...(hasExited(server) ? [] : [pid])]) endNow(each);
  };
  process.once("exit", endTree); // should the test process end without stop()

  const stop = async () => {
    process.off("exit", endTree);
    const tree = server.pid === undefined ? [] : treeOf(server.pid);
    if (!hasExited(server)) {
      const exited = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await Promise.race([exited, delay(STOPPED_WITHIN, undefined, { ref: false })]);
    }
    for (const each of tree) endNow(each); // whatever outlived the server
    endTree();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };

  const root = `http://127.0.0.1:${port}/`;
  // Put together by hand: URLSearchParams would write `reset` as `reset=`, which JupyterLab doesn't know.
  const url = (path: string) =>
    `${root}${path.replace(/^\//, "")}${path.includes("?") ? "&" : "?"}token=${token}`;

  const deadline = Date.now() + READY_WITHIN;
  for (;;) {
    const answer = await fetch(url("api/status")).catch(() => undefined);
    if (answer?.ok) break;
    if (failure !== undefined || hasExited(server) || Date.now() > deadline) {
      await stop();
      throw new Error(`jupyterlab_server did not start on port ${port}: ${failure?.message ?? ""}\n${log}`);
    }
    await delay(50);
  }
  return {
    token,
    dataDir: dirs.data,
    url,
    kernelPids: () => (server.pid === undefined ? [] : childrenOf(server.pid)),
    log: () => log,
    stop,
  };
}
