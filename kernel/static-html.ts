/**
 * A saved notebook as one HTML file that needs nothing else: no kernel, no server, no network.
 *
 * Jupyter's own nbconvert writes the page; by itself it would fetch its scripts, the widgets' among them, from other people's
 * servers. The page is closed (closed-page), the widgets' code is put in, and of images those of the notebook's folder.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { closedPage } from "./closed-page.js";
import { ownPackage } from "./compiler/resolve.js";
import { embedFrom, type LeftOut } from "./embed-image.js";
import { findProgram } from "./jupyter-paths.js";
import { type Prepared, preparedNotebook } from "./prepared-notebook.js";

const LARGEST_PAGE = 1 << 30; // bytes

/** A notebook's page, the images that are not in it, and how many of its widgets are there and how. */
export interface NotebookPage extends Pick<Prepared, "live" | "still" | "lost"> {
  readonly page: string;
  readonly leftOut: readonly LeftOut[];
}

/** The page of a notebook file. Throws an error that says what is missing. */
export function notebookHtml(notebook: string, env: NodeJS.ProcessEnv = process.env): NotebookPage {
  const stats = statSync(notebook, { throwIfNoEntry: false });
  if (!stats) throw new Error(`There is no notebook ${notebook}.`);
  if (!stats.isFile()) throw new Error(`${notebook} is not a file. Name a Jupyter notebook (.ipynb).`);
  const content = notebookIn(notebook);
  if (content === undefined)
    throw new Error(
      `${notebook} is not a notebook: a Jupyter notebook (.ipynb) is a JSON file that holds cells.`,
    );
  const widgets = join(ownPackage().root, "dist", "widgets", "page", "index.js");
  if (!existsSync(widgets)) {
    throw new Error(
      `The widgets have not been built: ${widgets} is not there. Run node scripts/build-widgets.mjs.`,
    );
  }
  const leftOut: LeftOut[] = [];
  const embed = embedFrom(dirname(resolve(notebook)), leftOut);
  const { notebook: prepared, ...counts } = preparedNotebook(content);
  const page = closedPage(converted(notebook, prepared, env), readFileSync(widgets, "utf8"), embed);
  return { page, leftOut, ...counts };
}

/** The notebook in `file`; undefined where there is none, of which nbconvert would say so in a page of Python. */
function notebookIn(file: string): Record<string, unknown> | undefined {
  try {
    const content = JSON.parse(readFileSync(file, "utf8")) ?? {};
    const { cells, worksheets } = content; // worksheets: before version 4
    return Array.isArray(cells ?? worksheets) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** The page that nbconvert makes of `content`, under the name of `notebook`. */
function converted(notebook: string, content: object, env: NodeJS.ProcessEnv): string {
  const nbconvert = findProgram("jupyter-nbconvert", env);
  if (!nbconvert) {
    throw new Error(
      "No jupyter-nbconvert was found on the PATH. It comes with JupyterLab and with Jupyter Notebook; on Debian: apt install jupyter-nbconvert.",
    );
  }
  // Embedding by nbconvert would put any file of this machine into the page that a notebook's markdown names.
  // Jupyter reads settings, which are programs, from the folder that it is started in: an empty one has none.
  const cwd = mkdtempSync(join(tmpdir(), "mulab-html-"));
  const folder = mkdtempSync(join(tmpdir(), "mulab-html-"));
  const file = join(folder, basename(notebook));
  writeFileSync(file, JSON.stringify(content));
  const args = ["--to", "html", "--stdout", "--HTMLExporter.embed_images=False", file];
  const { status, stdout, stderr, error } = spawnSync(nbconvert, args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: LARGEST_PAGE,
  });
  for (const made of [cwd, folder]) rmSync(made, { recursive: true, force: true });
  if (error) throw new Error(`${nbconvert} could not be started: ${error.message}`);
  if (status !== 0 || !/<body\b/i.test(stdout))
    throw new Error(`${nbconvert} could not convert ${notebook}.\n${stderr.trim().slice(-2_000)}`);
  return stdout;
}
