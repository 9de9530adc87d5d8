// A saved notebook as a page without kernel and network: `mulab html`, and nbconvert's own page with html-manager's parts
// where they are installed. Every view must draw, and nothing outside of the page may be asked for.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWidgets } from "../../scripts/build-widgets.mjs";
import { chromiumPath, launchChromium } from "../support/chromium.js";
import { runCli } from "../support/cli.js";
import { writeNotebook } from "../support/lab-notebook.js";
import { missingPython, requireOrSkip } from "../support/lab-require.js";
import { writeLiveCell } from "../support/live-bundle.js";
import { convert } from "../support/nbconvert.js";

const missing = missingPython({ nbconvert: "jupyter-nbconvert" });
if (chromiumPath() === undefined) missing.push("Chromium (apt-get install chromium; or set MULAB_CHROMIUM)");
const possible = requireOrSkip("saved notebooks as HTML", missing);

const VIEWS = ["progress", "lineage", "architecture", "transfer", "pareto", "accuracy"];
const HOSTILE = "<script src=https://example.org/x.js></script><img src=https://example.org/x.png>";

describe.skipIf(!possible)("a saved notebook as HTML", () => {
  let folder: string;
  let notebook: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mulab-html-"));
    await Promise.all([buildWidgets(), writeLiveCell(folder)]);
    const prefix = join(folder, "prefix");
    expect((await runCli(["kernel", "install", "--prefix", prefix])).code).toBe(0);
    notebook = writeNotebook(folder, "saved.ipynb", {
      kernel: "mulab",
      language: "typescript",
      cells: [
        'const live = require("./live.js");\nconst run = await live.demo(2);\nlive.watch(run);',
        "await run.done(); undefined", // what the first cell shows continues meanwhile
        ...VIEWS.map((view) => `live.watch.${view}(run);`),
        `console.log(${JSON.stringify(HOSTILE)})`,
      ],
    });
    await convert(notebook, prefix);
    expect(readFileSync(notebook, "utf8")).not.toContain('"name": "stderr"');
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page; what it asks for besides, and what goes wrong in it, is noted. */
  async function open(address: string): Promise<{ page: Page; asked: string[]; problems: string[] }> {
    const page = await browser.newPage();
    const asked: string[] = [];
    const problems: string[] = [];
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url())) asked.push(request.url());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(address);
    return { page, asked, problems };
  }

  it("draws every view from the one file that mulab html writes, and asks for nothing", async () => {
    const out = join(folder, "elsewhere.html");
    const { code, stdout, stderr } = await runCli(["html", notebook, "--out", out]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("nothing else needed");
    const { page, asked, problems } = await open(pathToFileURL(out).href);
    const views = page.locator(`:has(> script[type="application/vnd.jupyter.widget-view+json"])`);
    expect(await views.count()).toBe(VIEWS.length + 1);
    for (const view of await views.all()) {
      await view.scrollIntoViewIfNeeded(); // what can't be seen is not drawn
      await view.locator("svg, table, canvas, [role=progressbar]").first().waitFor();
    }
    // The dashboard's state is that of the run's end, which was reached while the second cell ran.
    await page.getByText("96 of 96").first().waitFor();
    await page.getByRole("tab", { name: "Architecture" }).click();
    expect(await page.getByText(HOSTILE).count()).toBeGreaterThan(0);
    if (process.env.MULAB_SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.MULAB_SCREENSHOTS, "static-html.png"), fullPage: true });
    }
    expect(asked).toEqual([pathToFileURL(out).href]);
    expect(problems).toEqual([]);
    await page.close();
  });

  const STATE = "application/vnd.jupyter.widget-state+json";
  const VIEW = "application/vnd.jupyter.widget-view+json";
  interface Book {
    readonly cells: { readonly outputs?: { data?: Record<string, unknown> }[] }[];
    metadata: { widgets?: Record<string, unknown> };
  }

  it.each(
    readdirSync("notebooks").filter((name) => name.endsWith(".ipynb")),
  )("of %s, which mulab brings along, has every chart and picture", async (name) => {
    const out = join(folder, `${name}.html`);
    const { code, stderr } = await runCli(["html", join("notebooks", name), "--out", out]);
    expect(code, stderr).toBe(0);
    const { cells } = JSON.parse(readFileSync(join("notebooks", name), "utf8")) as Book;
    const drawn = cells
      .flatMap(({ outputs = [] }) => outputs)
      .filter(({ data }) => data?.["image/svg+xml"] && !data[VIEW]);
    const { page, asked } = await open(pathToFileURL(out).href);
    const images = page.locator('.jp-OutputArea-output > img[src^="data:image/svg+xml"]');
    expect(await images.count()).toBe(drawn.length);
    for (const image of await images.all())
      await expect
        .poll(() => image.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 100))
        .toBe(true);
    expect(asked).toHaveLength(1);
    await page.close();
  });

  const outputsOf = ({ cells }: Book) =>
    cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data?.[VIEW]);

  it.each<[string, (book: Book) => void, RegExp]>([
    ["no widget state", ({ metadata }) => delete metadata.widgets, /7 widgets are still pictures/],
    [
      "Colab's shape of it",
      ({ metadata }) => {
        metadata.widgets = { [STATE]: (metadata.widgets![STATE] as { state: unknown }).state };
      },
      /^[^\n]* nothing else needed\)\n$/,
    ],
    [
      "no widget state, and PNGs alone",
      (book) => {
        delete book.metadata.widgets;
        const colab = { "application/vnd.google.colaboratory.intrinsic+json": { type: "image" } };
        for (const output of outputsOf(book))
          output.data = { [VIEW]: output.data![VIEW], "image/png": output.data!["image/png"], ...colab };
      },
      /7 widgets are still pictures/,
    ],
    [
      "neither state nor pictures",
      (book) => {
        book.metadata.widgets = { [STATE]: { state: {} } };
        for (const output of outputsOf(book)) output.data = { [VIEW]: output.data![VIEW] };
      },
      /7 outputs are missing/,
    ],
    [
      "a damaged state",
      ({ metadata }) => {
        const { state } = metadata.widgets![STATE] as {
          state: Record<string, { buffers?: { data: string }[] }>;
        };
        for (const { buffers = [] } of Object.values(state)) for (const buffer of buffers) buffer.data = "!";
      },
      /nothing else needed/,
    ],
  ])("has no white gaps where the notebook has %s", async (name, change, words) => {
    const book = JSON.parse(readFileSync(notebook, "utf8")) as Book;
    change(book);
    const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.ipynb`);
    writeFileSync(file, JSON.stringify(book));
    const { code, stdout, stderr } = await runCli(["html", file]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(words);
    const { page, asked } = await open(pathToFileURL(file.replace(".ipynb", ".html")).href);
    // Each output that was a widget shows something: a view, a picture, or a line of words.
    const cells = page.locator(".jp-CodeCell:has(.jp-OutputArea-child)");
    expect(await cells.count()).toBe(VIEWS.length + 2);
    for (const cell of await cells.all()) {
      await cell.scrollIntoViewIfNeeded(); // what can't be seen is not drawn
      const shown = cell
        .locator(".jp-OutputArea-output")
        .locator("svg, img, canvas, table, p, pre, [role=progressbar]")
        .locator("visible=true");
      await shown.first().waitFor();
      const box = await shown.first().boundingBox();
      expect(box!.height * box!.width).toBeGreaterThan(100);
    }
    if (process.env.MULAB_SCREENSHOTS)
      await page.screenshot({
        path: join(process.env.MULAB_SCREENSHOTS, `html-${name}.png`),
        fullPage: true,
      });
    expect(asked).toHaveLength(1);
    await page.close();
  });

  it("says what is wrong with a file that is not a notebook, and with one that is not there", async () => {
    expect((await runCli(["html", join(folder, "nowhere.ipynb")])).stderr).toContain("There is no notebook");
    const broken = join(folder, "broken.ipynb");
    writeFileSync(broken, "{}");
    const { code, stderr } = await runCli(["html", broken]);
    expect(code).not.toBe(0);
    expect(stderr).toBe(
      `mulab: ${broken} is not a notebook: a Jupyter notebook (.ipynb) is a JSON file that holds cells.\n`,
    );
    expect(readFileSync(broken, "utf8")).toBe("{}");
    writeFileSync(broken, '{"cells": [7]}');
    expect((await runCli(["html", broken])).stderr).toContain("could not convert");
  });
});
