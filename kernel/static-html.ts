/**
 * A saved notebook as one HTML file that needs nothing else: no kernel, no server, no network.
 *
 * Jupyter's own nbconvert writes the page; by itself it would fetch its scripts, the widgets' among them, from other people's
 * servers. Those references are taken out, the widgets' code is put in, and the page forbids the browser to fetch anything.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ownPackage } from "./compiler/resolve.js";
import { findProgram } from "./jupyter-paths.js";

/** All that the page may use is in the page; a browser refuses the rest. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:";
const LARGEST_PAGE = 1 << 30; // bytes

/** The page of a notebook file. Throws an error that says what is missing. */
export function notebookHtml(notebook: string, env: NodeJS.ProcessEnv = process.env): string {
  if (!existsSync(notebook)) throw new Error(`There is no notebook ${notebook}.`);
  if (!isNotebook(notebook))
    throw new Error(
      `${notebook} is no notebook: a Jupyter notebook (.ipynb) is a JSON file that holds cells.`,
    );
  const widgets = join(ownPackage().root, "dist", "widgets", "page", "index.js");
  if (!existsSync(widgets)) {
    throw new Error(
      `The widgets have not been built: ${widgets} is not there. Run node scripts/build-widgets.mjs.`,
    );
  }
  return offlinePage(converted(notebook, env), readFileSync(widgets, "utf8"));
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
  const args = ["--to", "html", "--stdout", "--HTMLExporter.embed_images=True", notebook];
  const { status, stdout, stderr, error } = spawnSync(nbconvert, args, {
    env,
    encoding: "utf8",
    maxBuffer: LARGEST_PAGE,
  });
  if (error) throw new Error(`${nbconvert} could not be started: ${error.message}`);
  if (status !== 0 || !/<body\b/i.test(stdout))
    throw new Error(`${nbconvert} could not convert ${notebook}.\n${stderr.trim().slice(-2_000)}`);
  return stdout;
}

/** The page without what it would fetch, with the widgets' code. What stands in its body is the notebook's, and stays as it is. */
export function offlinePage(html: string, widgets: string): string {
  const bodyAt = html.search(/<body\b/i);
  const head = html
    .slice(0, Math.max(0, bodyAt))
    .replace(/<script\b[^>]*\ssrc=[^>]*>[\s\S]*?<\/script>/gi, "")
    .replace(/<script>(?:(?!<\/script>)[\s\S])*?widgetRendererSrc[\s\S]*?<\/script>/gi, "")
    .replace(/<link\b[^>]*\shref=["']?(?:https?:)?\/\/[^>]*>/gi, "")
    .replace(
      /<head[^>]*>/i,
      (tag) =>
        `${tag}<meta name="generator" content="mulab"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    );
  const body = html.slice(Math.max(0, bodyAt));
  const end = body.toLowerCase().lastIndexOf("</body>");
  const at = end < 0 ? body.length : end;
  const script = `<script>${widgets.replaceAll("</script", "<\\/script")}</script>`;
  return head + body.slice(0, at) + script + body.slice(at);
}
