// Notebooks that survive, in JupyterLab and Notebook 7 as pip installs them, with every setting as it comes: what was
// watched is there again when the notebook is opened later, as a live view, from saved state, or as the still picture.

import { mkdtempSync, rmSync } from "node:fs";
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
    await page.save(path, (text) => text.includes('"image/png"'));
    await page.close();
    await server.shutDownKernels();
    page = await StockPage.open(browser, frontEnd, server);
    await page.openNotebook("reopened.ipynb");
    const saved = page.output(1).locator(".mulab-saved");
    await saved.locator("img, svg").first().waitFor();
    await saved.getByText("the kernel that drew it is gone").waitFor();
    expect(await page.output(1).getByText("model not found").isVisible()).toBe(false);
    await page.screenshot("reopened");
    expect(page.external).toEqual([]);
  });

  it("says in a notebook that is not trusted how to bring the live view back, and does", async () => {
    const unsigned = {
      output_type: "display_data",
      metadata: {},
      data: { "text/html": "<b>from elsewhere</b>" },
    };
    const path = writeNotebook(folder, "untrusted.ipynb", {
      kernel: "mulab",
      language: "typescript",
      cells: ["1 + 1", WATCH.replace("SECONDS", "600"), { source: "2 + 2", outputs: [unsigned] }],
    });
    page = await StockPage.open(browser, frontEnd, server);
    await page.openNotebook("untrusted.ipynb");
    await page.run(1);
    await pill("Running").waitFor();
    await page.save(path);
    await page.reload();
    const saved = page.output(1).locator(".mulab-saved");
    await saved.getByText("this notebook is not trusted yet").waitFor();
    await page.screenshot("untrusted");
    await saved.getByRole("button", { name: "trust the notebook" }).click();
    await page.page.locator(".jp-Dialog button.jp-mod-accept").click();
    await pill("Running").waitFor();
    expect(await saved.getByText("not trusted").isVisible()).toBe(false);
  });
});

describe.skipIf(!canRun)("a notebook in the JupyterLab that mulab lab starts", () => {
  it("keeps the state of its widgets, and shows them from it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mulab-stock-"));
    await writeLiveCell(folder);
    const path = writeNotebook(folder, "kept.ipynb", {
      kernel: "mulab",
      language: "typescript",
      cells: ["1 + 1", WATCH.replace("SECONDS", "2")],
    });
    const [server, browser] = await Promise.all([
      startStock("lab", { folder, by: "mulab lab" }),
      launchChromium(),
    ]);
    try {
      let page = await StockPage.open(browser, "lab", server);
      await page.openNotebook("kept.ipynb");
      await page.run(1);
      await page.output(1).locator(".mulab-pill").getByText("Finished", { exact: true }).waitFor();
      const { metadata } = await page.save(path, (text) => text.includes("RunModel"));
      expect(metadata.widgets).toHaveProperty(["application/vnd.jupyter.widget-state+json"]);
      await page.close();
      await server.shutDownKernels();
      page = await StockPage.open(browser, "lab", server);
      await page.openNotebook("kept.ipynb");
      const tab = page.output(1).getByRole("tab", { name: "Architecture" });
      await tab.waitFor().finally(() => page.screenshot("kept"));
      await page.close();
    } finally {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
