// A tab of the real JupyterLab, as a test sees it: open a notebook, run cells, read outputs, restart, reload, change
// the theme, take a picture. Whatever goes wrong quietly (console errors, requests to the outside) is collected:
// end each test with `expect(lab.problems()).toEqual([])`.

import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, ConsoleMessage, Locator, Page } from "playwright-core";
import { recordExternalRequests } from "./chromium.js";
import type { Lab } from "./lab-server.js";

const PATIENCE = 60_000; // ms; everything below takes less than 5 s where nothing else runs

// jupyter_server 1.23 is older than this front end and lacks two of its addresses. JupyterLab asks for each file path
// that an output names, to make it a link, and gets 404 for those outside of notebooksDir. The rest is its own.
const KNOWN_NOISE = [
  /\/api\/me\b/,
  /\/api\/events\/subscribe/,
  /404 .*\/api\/contents\/.*[?&]content=0/,
  /Invalid access: Add Yjs type/,
  /\[yjs#509\]/,
  /History was unable to be retrieved/,
  /Connection lost, reconnecting/,
];

/** The mime bundle of an output, or the fields of a stream or error output, as in the notebook file. */
export interface CellOutput {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

/** The little of JupyterLab's own objects that the helpers touch inside of the page. */
interface PanelInPage {
  readonly context: { readonly path: string; readonly isReady: boolean };
  readonly sessionContext: {
    readonly isReady: boolean;
    readonly session?: { readonly kernel?: { readonly status: string; readonly connectionStatus: string } };
  };
  readonly content: {
    activeCellIndex: number;
    readonly model: {
      readonly cells: {
        readonly length: number;
        get(index: number): {
          readonly executionCount: number | null;
          readonly outputs?: { toJSON(): CellOutput[] };
          readonly sharedModel: { setSource(source: string): void };
        };
      };
    };
  };
}

interface WindowInPage extends Window {
  readonly labReady?: boolean;
  readonly jupyterapp: {
    readonly commands: { execute(id: string, args?: object): Promise<unknown> };
    readonly shell: {
      readonly currentWidget: PanelInPage | null;
      widgets(area: "main"): Iterable<PanelInPage>;
    };
  };
  /** The notebook in front, else the only one that is open. */
  labNotebook(): PanelInPage;
}

declare const window: WindowInPage;

function installHelpers(): void {
  Object.assign(window, {
    labNotebook(): PanelInPage {
      const { shell } = window.jupyterapp;
      const open = [shell.currentWidget, ...shell.widgets("main")];
      const panel = open.find((widget) => widget?.content?.model?.cells !== undefined);
      if (!panel) throw new Error("No notebook is open");
      return panel;
    },
  });
}

/** Where pictures go: MULAB_SCREENSHOTS, or one new folder below the system's temporary one. */
const screenshotDir = (() => {
  let dir: string | undefined;
  return () => {
    dir ??= process.env.MULAB_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), "mulab-screenshots-"));
    mkdirSync(dir, { recursive: true });
    return dir;
  };
})();

async function within<T>(limit: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done within ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same promise; that nobody awaits it, when a test fails before, is not a second failure. */
function withoutAlarm<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

export interface LabPageOptions {
  readonly width?: number; // CSS pixels
  readonly height?: number;
}

/** A person with a browser of their own (cookies, storage) and one empty tab. Close it with `close()`. */
export async function openLab(browser: Browser, server: Lab, options: LabPageOptions = {}): Promise<LabPage> {
  const { width = 1400, height = 1000 } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
  await context.addInitScript(installHelpers);
  return LabPage.open(context, server, recordExternalRequests(context));
}

export class LabPage {
  /** playwright's own page, for all that has no helper here. */
  readonly page: Page;
  readonly #server: Lab;
  readonly #external: readonly string[];
  readonly #noise: string[] = [];
  readonly #allowed: RegExp[] = [...KNOWN_NOISE];
  readonly #workspace: string;

  private constructor(page: Page, server: Lab, external: readonly string[], workspace: string) {
    this.page = page;
    this.#server = server;
    this.#external = external;
    this.#workspace = workspace;
    page.setDefaultTimeout(PATIENCE);
    page.on("console", (message) => this.#receive(message));
    page.on("pageerror", (error) => this.#noise.push(`uncaught: ${error.stack ?? error.message}`));
  }

  static async open(context: BrowserContext, server: Lab, external: readonly string[]): Promise<LabPage> {
    const page = await context.newPage();
    // A workspace for each tab: two tabs on one would make JupyterLab move the second away with a redirect.
    return new LabPage(page, server, external, `tab-${context.pages().length}`);
  }

  #receive(message: ConsoleMessage): void {
    if (message.type() !== "error") return;
    const { url } = message.location();
    this.#noise.push(`console: ${message.text()}${url ? ` (${url})` : ""}`);
  }

  /** Console errors that match are no problem from now on, nor were before: for tests that provoke them. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** What went wrong so far in this tab, and every request of its browser that left this machine. */
  problems(): string[] {
    const noise = this.#noise.filter((each) => !this.#allowed.some((pattern) => pattern.test(each)));
    return [...this.#external.map((url) => `request to the outside: ${url}`), ...noise];
  }

  /** Opens JupyterLab with no document. */
  async openLauncher(): Promise<void> {
    await this.page.goto(this.#server.url(`lab/workspaces/${this.#workspace}?reset`));
    await this.#ready();
  }

  /** Opens a notebook (path relative to notebooksDir) and waits for its kernel. */
  async openNotebook(path: string): Promise<void> {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    await this.page.goto(this.#server.url(`lab/workspaces/${this.#workspace}/tree/${encoded}?reset`));
    await this.#ready();
    await this.#notebookReady();
  }

  /** Reloads the tab as a person would, and waits for JupyterLab and the notebook's kernel again. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#ready();
    await this.#notebookReady();
  }

  /** A second tab of the same browser. */
  async secondPage(): Promise<LabPage> {
    return LabPage.open(this.page.context(), this.#server, this.#external);
  }

  async #ready(): Promise<void> {
    await this.page.waitForFunction(() => window.labReady === true);
    await this.#splashGone();
  }

  /** The splash screen of the start and of every change of theme lies over the page while it fades. */
  async #splashGone(): Promise<void> {
    await this.page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  }

  async #notebookReady(): Promise<void> {
    await this.page.waitForFunction(() => {
      try {
        const { context, sessionContext } = window.labNotebook();
        const kernel = sessionContext.session?.kernel;
        return context.isReady && sessionContext.isReady && kernel?.connectionStatus === "connected";
      } catch {
        return false;
      }
    });
    await this.waitForKernel("idle");
  }

  /** Runs a JupyterLab command by its id, the same as from the palette. */
  async command(id: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.page.evaluate(
      ([name, values]) => window.jupyterapp.commands.execute(name, values).then(() => {}),
      [id, args] as const,
    );
  }

  /** Runs all cells; resolves when the last is done. Leave the promise for later to act while they run. */
  runAll(limit = PATIENCE): Promise<void> {
    return withoutAlarm(within(limit, "Run all cells", this.command("notebook:run-all-cells")));
  }

  /** Runs cell `index` (from 0); resolves when it is done. Leave the promise for later, as with runAll. */
  runCell(index: number, limit = PATIENCE): Promise<void> {
    const run = async () => {
      await this.page.evaluate((n) => {
        window.labNotebook().content.activeCellIndex = n;
      }, index);
      await this.command("notebook:run-cell");
    };
    return withoutAlarm(within(limit, `Cell ${index}`, run()));
  }

  /** Replaces the text of cell `index`. */
  async setSource(index: number, source: string): Promise<void> {
    await this.page.evaluate(
      ([n, text]) => window.labNotebook().content.model.cells.get(n).sharedModel.setSource(text),
      [index, source] as const,
    );
  }

  /** The outputs of cell `index` as the notebook file would hold them. */
  async outputs(index: number): Promise<CellOutput[]> {
    return this.page.evaluate(
      (n) => window.labNotebook().content.model.cells.get(n).outputs?.toJSON() ?? [],
      index,
    );
  }

  /** The outputs of cell `index` as one text: streams, text/plain, `ename: evalue`. */
  async outputText(index: number): Promise<string> {
    return (await this.outputs(index)).map(textOf).join("\n");
  }

  /** Resolves with the text of cell `index`'s outputs once it matches. */
  async waitForOutput(index: number, pattern: RegExp, limit = PATIENCE): Promise<string> {
    const deadline = Date.now() + limit;
    for (;;) {
      const text = await this.outputText(index);
      if (pattern.test(text)) return text;
      if (Date.now() > deadline) throw new Error(`Cell ${index} never showed ${pattern}; it shows:\n${text}`);
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
  }

  /** The rendered output area of cell `index`: look for widgets in here. */
  outputArea(index: number): Locator {
    return this.page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(index).locator(".jp-Cell-outputArea");
  }

  /** Number of times cell `index` ran as the kernel counts, or null. */
  async executionCount(index: number): Promise<number | null> {
    return this.page.evaluate((n) => window.labNotebook().content.model.cells.get(n).executionCount, index);
  }

  /** idle, busy, starting, restarting, autorestarting, dead, …; "none" without a kernel. An answer on the control
   *  channel (debugger, interrupt) also sets it to idle while a cell runs: wait for outputs rather than for "busy". */
  async kernelStatus(): Promise<string> {
    return this.page.evaluate(() => window.labNotebook().sessionContext.session?.kernel?.status ?? "none");
  }

  async waitForKernel(status: string, limit = PATIENCE): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => window.labNotebook().sessionContext.session?.kernel?.status === wanted,
      status,
      { timeout: limit },
    );
  }

  async interruptKernel(): Promise<void> {
    await this.command("notebook:interrupt-kernel");
  }

  /** Restarts the kernel with the dialog a person sees; resolves when it is idle again. */
  async restartKernel(): Promise<void> {
    const restarted = this.command("notebook:restart-kernel");
    await this.page.locator(".jp-Dialog button.jp-mod-accept").click();
    await within(PATIENCE, "Restart", restarted);
    await this.waitForKernel("idle");
  }

  /** Trusts the notebook with the dialog a person sees. Before, a notebook that this server didn't sign shows no
   *  widget, no SVG and no script, only their fallbacks (PNG, cleaned HTML, text). */
  async trust(): Promise<void> {
    const trusted = this.command("notebook:trust");
    await this.page.locator(".jp-Dialog button.jp-mod-accept").click();
    await within(PATIENCE, "Trust", trusted);
  }

  async save(): Promise<void> {
    await within(PATIENCE, "Save", this.command("docmanager:save"));
  }

  /** Switches JupyterLab's own theme; resolves when the page wears it. */
  async theme(name: "dark" | "light"): Promise<void> {
    const title = name === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
    await this.command("apputils:change-theme", { theme: title });
    await this.page.waitForFunction(
      (isLight) => document.body.dataset.jpThemeLight === isLight,
      String(name === "light"),
    );
    await this.#splashGone();
  }

  /** Folds the file browser away, for more room. */
  async hideSidebar(): Promise<void> {
    if (await this.page.locator("#jp-left-stack").isVisible())
      await this.command("application:toggle-left-area");
  }

  /** Takes a picture of the tab, or of one part of it; returns the file's path. */
  async screenshot(name: string, part?: Locator): Promise<string> {
    const path = join(screenshotDir(), `${name}.png`);
    await this.page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    await (part ?? this.page).screenshot({ path });
    return path;
  }

  /** Closes the browser of this tab, second tabs included. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}

function textOf(output: CellOutput): string {
  const joined = (text: unknown) => (Array.isArray(text) ? text.join("") : String(text ?? ""));
  if (output.output_type === "stream") return joined(output.text);
  if (output.output_type === "error") return `${output.ename}: ${output.evalue}`;
  return joined(output.data?.["text/plain"]);
}
