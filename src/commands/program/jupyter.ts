// The kernel and the servers that use it.

import type { Command } from "commander";
import { command } from "./call.js";
import { json } from "./options.js";

export function addJupyter(mulab: Command): void {
  const kernel = mulab.command("kernel").description('the Jupyter kernel "TypeScript (mulab)"');
  const place = (command: Command): Command =>
    command
      .option("--user", "for you only (the default)")
      .option("--prefix <dir>", "below DIR/share/jupyter")
      .option("--sys-prefix", "in the active conda or Python environment");
  place(kernel.command("install").description("install kernel and widgets; needs no Python")).action(
    command(() => import("../kernel.js"), "installKernelCommand"),
  );
  kernel
    .command("list")
    .description("the kernels that Jupyter finds")
    .option(...json)
    .action(command(() => import("../kernel.js"), "listKernelsCommand"));
  place(kernel.command("remove").description("remove kernel and widgets")).action(
    command(() => import("../kernel.js"), "removeKernelCommand"),
  );
  mulab
    .command("lab")
    .description(
      "start JupyterLab, or Notebook, with mulab's kernel and widgets, without installing anything",
    )
    .argument("[folder]", "folder of the notebooks (default: here)")
    .argument("[arguments...]", "arguments for the server, after --")
    .action(async (folder, _arguments, options, command) =>
      (await import("../kernel.js")).labCommand(folder, options, command),
    );
  mulab
    .command("html")
    .description("save a notebook as one HTML file that works without a kernel or a network")
    .argument("<notebook>", "an .ipynb file")
    .option("--out <file>", "file to write (default: beside the notebook)")
    .action(command(() => import("../kernel.js"), "htmlCommand"));
}
