// Notebooks that survive, in JupyterLab and Notebook 7 as pip installs them, with every setting as it comes: what was
// watched is there again when the notebook is opened later, as a live view, from saved state, or as the still picture.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.js";
import { writeNotebook } from "../support/lab-notebook.js";
import { requireOrSkip } from "../support/lab-require.js";
import { writeLiveCell } from "../support/live-bundle.js";
import { type FrontEnd, missingStock, type StockServer, startStock } from "../support/stock-jupyter.js";
import { StockPage } from "../support/stock-page.js";

const missing = [
  ...missingStock(),
  ...(chromiumPath() === undefined ? ["Chromium (apt-get install chromium; or set MULAB_CHROMIUM)"] : []),
];

const canRun = requireOrSkip("notebooks in stock JupyterLab and Notebook 7", missing);

const WATCH = [
  'const live = require("./live.js");',
  "const run = await live.demo(SECONDS);",
  "live.watch(run);",
].join("\n");

describe.skipIf(!canRun).each<FrontEnd>(["lab", "notebook"])("a notebook in stock %s", (frontEnd) => {
  let folder: string;
  let browser: Browser;
  let server: StockServer;
  let page: StockPage;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mulab-stock-"));
    await writeLiveCell(folder);
    [server, browser] = await Promise.all([
      startStock(frontEnd, { folder, by: "install" }),
      launchChromium(),
    ]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    await page.screenshot(`failed-${frontEnd}`);
    await page.close();
  });

  async function open(name: string, seconds: number): Promise<string> {
    const path = writeNotebook(folder, name, {
      kernel: "mulab",
      language: "typescript",
      cells: [{ source: "# A run", type: "markdown" }, WATCH.replace("SECONDS", String(seconds)), "1 + 1"],
    });
    page = await StockPage.open(browser, frontEnd, server);
    await page.openNotebook(name);
    return path;
  }

  const pill = (text: string) => page.output(1).locator(".mulab-pill").getByText(text, { exact: true });

  it("shows the picture when it is opened again after all was shut down", async () => {
    const path = await open("reopened.ipynb", 2);
    await page.run(1);
    await pill("Finished").waitFor();
    // The last picture has been drawn when the PNG is in the output.
    await expect
      .poll(
        async () => {
          await page.save(path);
          return readFileSync(path, "utf8").includes('"image/png"');
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await page.close();
    await server.shutDownKernels();
    page = await StockPage.open(browser, frontEnd, server);
    await page.openNotebook("reopened.ipynb");
    const saved = page.output(1).locator(".mulab-saved");
    await saved.locator("img, svg").first().waitFor();
    await saved.getByText("the kernel that drew it is gone").waitFor();
    expect(await page.output(1).textContent()).not.toContain("model not found");
    await page.screenshot("reopened");
    expect(page.external).toEqual([]);
  });
});
