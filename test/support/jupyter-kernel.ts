/** How tests start the installed kernel. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "../../kernel/install.js";
import { JupyterClient } from "./jupyter-client.js";
import { installed } from "./tarball.js";

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const MAIN = join(installed(), "dist/bundle/kernel/main.js");

export interface KernelStart {
  readonly cwd?: string;
  readonly commands?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** An empty folder outside of any package: what a person's first notebook folder is like. */
export const emptyFolder = () => mkdtempSync(join(tmpdir(), "mulab-notebook-"));

/** The Node that runs the kernel: another one than that of the tests where MULAB_KERNEL_NODE names it. */
const NODE = process.env.MULAB_KERNEL_NODE ?? process.execPath;

export function kernelCommand({ cwd = emptyFolder(), commands = [], env }: KernelStart = {}) {
  const argv = [
    NODE,
    ...NODE_FLAGS,
    MAIN,
    "--config-path={connection_file}",
    ...commands.map((c) => `--commands=${c}`),
  ];
  return { argv, cwd, ...(env ? { env } : {}) };
}

export async function startKernel(options: KernelStart = {}): Promise<JupyterClient> {
  const client = await JupyterClient.ready(kernelCommand(options));
  // Cells before the compiler is there run unchecked. It answers this when it is.
  await client.request("complete_request", { code: "", cursor_pos: 0 });
  return client;
}
