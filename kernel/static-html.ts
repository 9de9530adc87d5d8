/**
 * A saved notebook as one HTML file that needs nothing else: no kernel, no server, no network.
 *
 * Jupyter's own nbconvert writes the page; by itself it would fetch its scripts, the widgets' among them, from other people's
 * servers. The page is closed (closed-page), the widgets' code is put in, and of images those of the notebook's folder.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { closedPage } from "./closed-page.js";
import { ownPackage } from "./compiler/resolve.js";
import { embedFrom, type LeftOut } from "./embed-image.js";
import { findProgram } from "./jupyter-paths.js";

const LARGEST_PAGE = 1 << 30; // bytes

/** A notebook's page, and the images that are not in it. */
export interface NotebookPage {
  readonly page: string;
  readonly leftOut: readonly LeftOut[];
}

/** The page of a notebook file. Throws an error that says what is missing. */
export function notebookHtml(notebook: string, env: NodeJS.ProcessEnv = process.env): NotebookPage {
  const stats = statSync(notebook, { throwIfNoEntry: false });
  if (!stats) throw new Error(`There is no notebook ${notebook}.`);
  if (!stats.isFile()) throw new Error(`${notebook} is not a file. Name a Jupyter notebook (.ipynb).`);
  if (!isNotebook(notebook))
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
  return { page: closedPage(converted(notebook, env), readFileSync(widgets, "utf8"), embed), leftOut };
}

/** Of what is none, nbconvert says so in a page of Python. */
function isNotebook(file: string): boolean {
  try {
    const { cells, worksheets } = JSON.parse(readFileSync(file, "utf8")) ?? {}; // worksheets: before version 4
    return Array.isArray(cells ?? worksheets);
  } catch {
    return false;
  }
}

function converted(notebook: string, env: NodeJS.ProcessEnv): string {
  const nbconvert = findProgram("jupyter-nbconvert", env);
  if (!nbconvert) {
    throw new Error(
      "No jupyter-nbconvert was found on the PATH. It comes with JupyterLab and with Jupyter Notebook; on Debian: apt install jupyter-nbconvert.",
    );
  }
  // Embedding by nbconvert would put any file of this machine into the page that a notebook's markdown names.
  const args = ["--to", "html", "--stdout", "--HTMLExporter.embed_images=False", resolve(notebook)];
  // Jupyter reads settings, which are programs, from the folder that it is started in: an empty one has none.
  const cwd = mkdtempSync(join(tmpdir(), "mulab-html-"));
  const { status, stdout, stderr, error } = spawnSync(nbconvert, args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: LARGEST_PAGE,
  });
  rmSync(cwd, { recursive: true, force: true });
  if (error) throw new Error(`${nbconvert} could not be started: ${error.message}`);
  if (status !== 0 || !/<body\b/i.test(stdout))
    throw new Error(`${nbconvert} could not convert ${notebook}.\n${stderr.trim().slice(-2_000)}`);
  return stdout;
}
