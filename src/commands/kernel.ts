// `mulab kernel`, `mulab lab` and `mulab html`: the Jupyter side. This is the only file of src/ that names kernel/.

import { KernelError } from "../../kernel/errors.js";
import { type FoundKernel, installKernel, listKernels, removeKernel } from "../../kernel/install.js";
import type { InstallPlace } from "../../kernel/jupyter-paths.js";
import { startLab } from "../../kernel/lab.js";
import { notebookHtml } from "../../kernel/static-html.js";
import { usage } from "../core/errors/index.js";
import { replaceFile } from "../disk/replace.js";
import { isOwnPage } from "../format/generator.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { textTable } from "../terminal/terminal.js";
import { type JsonOption, linesOf, printJson, widthOf } from "./output.js";

export interface PlaceOptions {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly sysPrefix?: boolean;
}

/** The place that the options name; the user's own folder if they name none. */
function placeOf({ user, prefix, sysPrefix }: PlaceOptions): InstallPlace {
  const places: InstallPlace[] = [
    ...(user ? [{ kind: "user" } as const] : []),
    ...(prefix !== undefined ? [{ kind: "prefix", folder: prefix } as const] : []),
    ...(sysPrefix ? [{ kind: "sys-prefix" } as const] : []),
  ];
  if (places.length > 1) throw usage("Name one place only: --user, --prefix or --sys-prefix.");
  return places[0] ?? { kind: "user" };
}

/** Errors from the kernel's catalogue, and plain ones from kernel/, are mistakes that the user can correct. */
async function asUsage<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KernelError || (error instanceof Error && error.constructor === Error))
      throw usage(error.message);
    throw error;
  }
}

export async function installKernelCommand(options: PlaceOptions): Promise<void> {
  const { kernelspec, labextension, nbextension } = await asUsage(() => installKernel(placeOf(options)));
  process.stdout.write(said`Kernel "TypeScript (mulab)": ${kernelspec}\n`);
  for (const widgets of [labextension, nbextension])
    if (widgets) process.stdout.write(said`Widgets: ${widgets}\n`);
}

export async function listKernelsCommand(options: JsonOption): Promise<void> {
  const kernels = await asUsage(() => listKernels());
  const note = ({ isOurs, isRunnable }: FoundKernel) =>
    !isOurs ? "" : isRunnable ? "this is mulab's" : "its mulab is gone: install it again";
  const rows = kernels.map((kernel) => [kernel.name, kernel.displayName, kernel.folder, note(kernel)]);
  linesOf(options).write(
    `${textTable(["kernel", "name", "folder", ""], rows, undefined, widthOf(linesOf(options)))}\n`,
  );
  printJson(options, kernels);
}

export async function removeKernelCommand(options: PlaceOptions): Promise<void> {
  const removed = await asUsage(() => removeKernel(placeOf(options)));
  process.stdout.write(
    removed.length > 0 ? `Removed ${removed.join(", ")}\n` : "There was nothing to remove there.\n",
  );
}

export async function labCommand(
  folder: string | undefined,
  _options: object,
  { args }: { args: string[] },
): Promise<void> {
  const isFolder = folder !== undefined && !folder.startsWith("-"); // `mulab lab -- --no-browser`
  const more = args.slice(isFolder ? 1 : 0);
  process.exitCode = await asUsage(() => startLab({ ...(isFolder && { folder }), args: more }));
}

const PAGE_KIND = { name: "a notebook's page of mulab", recognise: isOwnPage };

export async function htmlCommand(notebook: string, { out }: { readonly out?: string }): Promise<void> {
  const file = out ?? notebook.replace(/(\.ipynb)?$/, ".html");
  const { page, leftOut, still, lost } = await asUsage(() => notebookHtml(notebook));
  await replaceFile(file, page, PAGE_KIND);
  process.stdout.write(said`${file} (${(page.length / 1e6).toFixed(1)} MB, nothing else needed)\n`);
  if (still > 0)
    process.stdout.write(
      said`${plural(still, "widget is a still picture", "widgets are still pictures")}: the notebook has no saved state for them.\n`,
    );
  if (lost > 0)
    process.stdout.write(
      said`${plural(lost, "output is missing", "outputs are missing")}: the page says where and why.\n`,
    );
  for (const { source, why } of leftOut) process.stdout.write(said`Left out: the image ${source}: ${why}.\n`);
}
