// A tab of a stock front end, used as a person uses it: by keys and buttons, since nothing of the application is exposed.

import { mkdirSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { recordExternalRequests } from "./chromium.js";
import type { FrontEnd, StockServer } from "./stock-jupyter.js";

const PATIENCE = 90_000; // milliseconds

/** Where pictures go: MULAB_SCREENSHOTS, or one new folder below the system's temporary one. */
let pictures: string | undefined;
const pictureFolder = (): string => {
  pictures ??= process.env.MULAB_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), "mulab-screenshots-"));
  mkdirSync(pictures, { recursive: true });
  return pictures;
};

export interface SavedNotebook {
  readonly metadata: {
    readonly widgets?: Readonly<Record<string, { state: Readonly<Record<string, { model_name: string }>> }>>;
  };
}

/** The notebook, or undefined while the server is still writing it. */
function parsed(text: string): SavedNotebook | undefined {
  try {
    return JSON.parse(text) as SavedNotebook;
  } catch {
    return undefined;
  }
}

export class StockPage {
  readonly page: Page;
  readonly #external: readonly string[];
  readonly #frontEnd: FrontEnd;
  readonly #server: StockServer;

  private constructor(page: Page, external: readonly string[], frontEnd: FrontEnd, server: StockServer) {
    this.page = page;
    this.#external = external;
    this.#frontEnd = frontEnd;
    this.#server = server;
    page.setDefaultTimeout(PATIENCE);
  }

  static async open(
    browser: Browser,
    frontEnd: FrontEnd,
    server: StockServer,
    { width = 1280, height = 1100 } = {},
  ): Promise<StockPage> {
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
    const external = recordExternalRequests(context);
    return new StockPage(await context.newPage(), external, frontEnd, server);
  }

  /** Requests of this browser that left the machine. */
  get external(): readonly string[] {
    return this.#external;
  }

  async openNotebook(name: string): Promise<void> {
    const path = this.#frontEnd === "lab" ? "lab/tree" : "notebooks";
    await this.page.goto(
      `${this.#server.root}${path}/${encodeURIComponent(name)}?reset&token=${this.#server.token}`,
    );
    await this.cell(0).waitFor();
    await this.#kernelIdle();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.cell(0).waitFor();
    await this.#kernelIdle();
  }

  async #kernelIdle(): Promise<void> {
    await this.page.locator(".jp-Toolbar-kernelName:visible", { hasText: "TypeScript (mulab)" }).waitFor();
    await this.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]:visible').first().waitFor();
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook:visible .jp-Cell").nth(index);
  }

  output(index: number): Locator {
    return this.cell(index).locator(".jp-Cell-outputArea");
  }

  /** Runs cell `index` with the keyboard; resolves when the front end has sent it. */
  async run(index: number): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
    await this.page.locator(".jp-mod-editMode:visible").first().waitFor();
    await this.page.keyboard.press("Control+Enter");
    await this.cell(index)
      .locator(".jp-InputPrompt", { hasText: /\[(\*|\d+)\]/ })
      .waitFor();
  }

  /** Saves with the keyboard until the file `path` is as `isRight` wants it; returns the notebook. */
  async save(path: string, isRight: (text: string) => boolean = () => true): Promise<SavedNotebook> {
    const before = statSync(path).mtimeMs;
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      await this.page.keyboard.press("Control+s");
      await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
      const text = readFileSync(path, "utf8");
      const notebook = statSync(path).mtimeMs > before && isRight(text) ? parsed(text) : undefined;
      if (notebook) return notebook;
      if (Date.now() > deadline) throw new Error(`${path} was not saved as expected`);
    }
  }

  async screenshot(name: string): Promise<string> {
    const path = join(pictureFolder(), `${this.#frontEnd}-${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
