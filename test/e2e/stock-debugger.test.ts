// JupyterLab's own debugger on TypeScript cells, and widgets that answer while a cell computes: in JupyterLab as pip installs it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.js";
import { DEBUGGED_CELL } from "../support/debugged-cell.js";
import { writeNotebook } from "../support/lab-notebook.js";
import { requireOrSkip } from "../support/lab-require.js";
import { missingStock, type StockServer, startStock } from "../support/stock-jupyter.js";
import { StockPage } from "../support/stock-page.js";

const missing = [
  ...missingStock(),
  ...(chromiumPath() === undefined ? ["Chromium (apt-get install chromium; or set MULAB_CHROMIUM)"] : []),
];
const canRun = requireOrSkip("the debugger in stock JupyterLab", missing);

/** A slider and the square of its value, which only the kernel can work out. */
const WIDGETS = `import { widget } from "mulab/kernel";
const base = { _model_module: "@jupyter-widgets/base", _model_module_version: "2.0.0", _view_module: "@jupyter-widgets/base", _view_module_version: "2.0.0" };
const controls = { _model_module: "@jupyter-widgets/controls", _model_module_version: "2.0.0", _view_module: "@jupyter-widgets/controls", _view_module_version: "2.0.0" };
const refer = ({ id }: { id: string }) => "IPY_MODEL_" + id;
const layout = refer(widget({ ...base, _model_name: "LayoutModel", _view_name: "LayoutView" }));
const styleOf = (_model_name: string) => refer(widget({ ...controls, ...{ _view_module: base._view_module }, _model_name, _view_name: "StyleView" }));
const slider = widget({ ...controls, _model_name: "IntSliderModel", _view_name: "IntSliderView", value: 5, min: 0, max: 10, layout, style: styleOf("SliderStyleModel") });
const square = widget({ ...controls, _model_name: "LabelModel", _view_name: "LabelView", value: "", layout, style: styleOf("LabelStyleModel") });
slider.onChange(() => square.set({ value: "squared: " + Number(slider.get().value) ** 2 }));
display(slider);
display(square);`;

describe.skipIf(!canRun)("stock JupyterLab", () => {
  let folder: string;
  let browser: Browser;
  let server: StockServer;
  let page: StockPage;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mulab-stock-"));
    writeNotebook(folder, "debug.ipynb", {
      kernel: "mulab",
      language: "typescript",
      cells: [
        "const kept = { answer: 42 }; const name = 'mu'; kept",
        DEBUGGED_CELL,
        "console.log('computing'); for (let i = 0; ; i++) {}",
        WIDGETS,
      ],
    });
    [server, browser] = await Promise.all([startStock("lab", { folder, by: "install" }), launchChromium()]);
    page = await StockPage.open(browser, "lab", server, { width: 1500, height: 1000 });
    await page.openNotebook("debug.ipynb");
    await page.run(0);
    await page.output(0).getByText("answer: 42").waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const press = (title: string) => page.page.locator(`jp-button[title^="${title}"]:visible`).first().click();
  const variables = () => page.page.locator(".jp-DebuggerVariables");
  const frames = () => page.page.locator(".jp-DebuggerCallstackFrame-name");

  /** Waits until the debugger marks the line with this text in a cell. */
  const at = (cell: number, text: string) =>
    page.cell(cell).locator(".jp-DebuggerEditor-highlight", { hasText: text }).waitFor();

  it("highlights cells as TypeScript", async () => {
    const keyword = page
      .cell(1)
      .locator(".cm-line")
      .first()
      .locator("span", { hasText: /^interface$/ });
    await keyword.waitFor();
  });

  it("debugs a TypeScript cell: breakpoint, steps, frames and variables", async () => {
    await press("Enable Debugger");
    await variables().getByText("kept").waitFor();
    await page.screenshot("variables");
    await page.cell(1).locator(".cm-breakpoint-gutter .cm-gutterElement").nth(8).click();
    await page.run(1);
    await at(1, "let result = scale");
    expect(await frames().allInnerTexts()).toEqual([expect.stringMatching(/^In /)]);
    await variables().getByText("kept").waitFor();
    await press("Step In");
    await at(1, "const scaled: Point");
    expect(await frames().allInnerTexts()).toEqual(["scale", expect.stringMatching(/^In /)]);
    // A plain value is shown as itself, an object by its type.
    await expect.poll(() => variables().innerText()).toMatch(/p\s*:?\s*Object[\s\S]*by\s*:?\s*3/);
    await page.screenshot("stepped-in");
    await press("Next");
    await at(1, "return scaled");
    await press("Step Out");
    await at(1, "result.x += 1");
    await press("Continue");
    await page.output(1).getByText("7").waitFor();
  });

  it("pauses a cell that never yields, and interrupts it after it has run on", async () => {
    await page.run(2);
    await page.output(2).getByText("computing").waitFor();
    await press("Pause (");
    await frames().first().waitFor();
    await page.screenshot("paused");
    await press("Continue");
    await press("Interrupt the kernel");
    await page.output(2).getByText("KeyboardInterrupt").first().waitFor();
    expect(page.external).toEqual([]);
  });

  it("has widgets that answer while a cell computes, by a subshell", async () => {
    await press("Disable Debugger");
    await page.run(3);
    await page.output(3).locator(".noUi-handle").waitFor();
    await page.run(2);
    await page.output(2).getByText("computing").waitFor();
    await page.output(3).locator(".noUi-handle").press("ArrowRight");
    await page.output(3).getByText("squared: 36").waitFor();
    expect(await page.cell(2).locator(".jp-InputPrompt").first().innerText()).toBe("[*]:");
    await page.screenshot("subshell");
    await press("Interrupt the kernel");
    await page.output(2).getByText("KeyboardInterrupt").first().waitFor();
  });
});
