// The harness itself, proved with Debian's Python kernel and the sample extension: if this fails, no failure of a
// widget test means anything.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isExternal, launchChromium } from "../support/chromium.js";
import { writeNotebook } from "../support/lab-notebook.js";
import { type LabPage, openLab } from "../support/lab-page.js";
import { missingPython, prepareLab, requireOrSkip } from "../support/lab-require.js";
import { type Lab, startLab } from "../support/lab-server.js";

const PYTHON_KERNEL = "/usr/share/jupyter/kernels/python3";
const LAB_DIR = fileURLToPath(new URL("../lab", import.meta.url));

const missing = [...(await prepareLab()), ...missingPython({ ipykernel: "python3-ipykernel" })];
const canRun = requireOrSkip("JupyterLab in Chromium", missing);

/** A saved notebook's widget, as jupyterlab-manager stores it: no kernel has to know it. */
function savedGreeting(text: string) {
  const version = { _model_module_version: "1.0.0", _view_module_version: "1.0.0" };
  return {
    greeting: {
      model_name: "GreetingModel",
      model_module: "mulab-sample",
      model_module_version: "1.0.0",
      state: {
        ...version,
        _model_name: "GreetingModel",
        _view_name: "GreetingView",
        text,
        layout: "IPY_MODEL_layout",
      },
    },
    layout: {
      model_name: "LayoutModel",
      model_module: "@jupyter-widgets/base",
      model_module_version: "2.0.0",
      state: {},
    },
  };
}

const widgetView = {
  output_type: "display_data",
  metadata: {},
  data: {
    "text/plain": "a widget that was not loaded",
    "application/vnd.jupyter.widget-view+json": { model_id: "greeting", version_major: 2, version_minor: 0 },
  },
};

describe.skipIf(!canRun)("the JupyterLab of the end-to-end tests", () => {
  let notebooksDir: string;
  let server: Lab;
  let browser: Browser;
  let lab: LabPage;

  beforeAll(async () => {
    notebooksDir = mkdtempSync(join(tmpdir(), "mulab-notebooks-"));
    const extension = join(notebooksDir, ".labextension");
    execFileSync(process.execPath, [
      join(LAB_DIR, "build-labextension.mjs"),
      join(LAB_DIR, "sample-extension"),
      extension,
    ]);
    [server, browser] = await Promise.all([
      startLab({
        notebooksDir,
        kernels: { python3: PYTHON_KERNEL },
        labextensions: [extension],
        saveState: false, // saving would drop the widget below: it lives in the file only, in no kernel
      }),
      launchChromium(),
    ]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(notebooksDir, { recursive: true, force: true });
  });

  beforeEach(async () => {
    lab = await openLab(browser, server);
  });

  afterEach(async () => {
    const problems = lab.problems();
    await lab.close();
    expect(problems).toEqual([]);
  });

  const notebook = (name: string, cells: Parameters<typeof writeNotebook>[2]["cells"], widgets = {}) =>
    writeNotebook(notebooksDir, name, { kernel: "python3", language: "python", cells, widgets });

  it("runs a cell, shows its output, and wears both themes", async () => {
    notebook("run.ipynb", [{ type: "markdown", source: "# A smoke test" }, "6 * 7", "'so' + 'on'"]);
    await lab.openNotebook("run.ipynb");
    await lab.runAll();
    expect(await lab.outputText(1)).toBe("42");
    expect(await lab.outputText(2)).toBe("'soon'");
    expect((await lab.outputs(1))[0]?.output_type).toBe("execute_result");
    expect(await lab.executionCount(1)).toBe(1);
    await lab.setSource(1, "6 * 8");
    await lab.runCell(1);
    expect(await lab.waitForOutput(1, /^48$/)).toBe("48");
    expect(await lab.outputArea(1).textContent()).toContain("48");
    const background = () =>
      lab.page.evaluate(() => getComputedStyle(document.body).getPropertyValue("--jp-layout-color1"));
    const light = await background();
    expect(statSync(await lab.screenshot("smoke-light")).size).toBeGreaterThan(10_000);
    await lab.theme("dark");
    expect(await background()).not.toBe(light);
    expect(statSync(await lab.screenshot("smoke-dark")).size).toBeGreaterThan(10_000);
    await lab.theme("light");
  });

  it("interrupts, restarts and survives a reload", async () => {
    notebook("kernel.ipynb", ["!echo asleep; sleep 600", "1 + 1"]);
    await lab.openNotebook("kernel.ipynb");
    const sleeping = lab.runCell(0);
    await lab.waitForOutput(0, /asleep/);
    await lab.interruptKernel();
    await sleeping;
    await lab.waitForKernel("idle");
    await lab.runCell(1);
    expect(await lab.executionCount(1)).toBe(2);
    await lab.restartKernel();
    await lab.runCell(1);
    expect(await lab.executionCount(1)).toBe(1);
    await lab.save();
    await lab.reload();
    expect(await lab.outputText(1)).toBe("2");
    await lab.runCell(1);
    expect(await lab.executionCount(1)).toBe(2); // the same kernel as before
  });

  it("renders a saved widget of a prebuilt labextension, on the one shared @jupyter-widgets/base", async () => {
    const text = "<b>Hello</b> from a labextension";
    notebook("widget.ipynb", [{ source: "", outputs: [widgetView] }], savedGreeting(text));
    await lab.openNotebook("widget.ipynb");
    expect(await lab.outputArea(0).textContent()).toContain("a widget that was not loaded"); // not trusted yet
    await lab.trust();
    const greeting = lab.outputArea(0).locator(".mulab-sample");
    await greeting.waitFor();
    expect(await greeting.textContent()).toBe(text);
    await lab.screenshot("smoke-widget");
  });

  it("has a second tab on the same kernel", async () => {
    notebook("two.ipynb", ["1 + 2"]);
    await lab.openNotebook("two.ipynb");
    const second = await lab.secondPage();
    for (const tab of [lab, second]) tab.allow(/Comm not found/); // each tab is notified of the comms of the other
    await second.openNotebook("two.ipynb");
    await lab.runCell(0);
    await second.runCell(0);
    expect(await second.executionCount(0)).toBe(2);
    expect(second.problems()).toEqual([]);
  });

  it("shows that a killed kernel came back, and knows its process", async () => {
    notebook("killed.ipynb", ["2 + 2"]);
    await lab.openNotebook("killed.ipynb");
    lab.allow(/Comm not found|Canceled future/); // what was open to the kernel died with it
    const pids = server.kernelPids();
    expect(pids.length).toBeGreaterThan(0);
    process.kill(pids.at(-1)!, "SIGKILL");
    await expect.poll(() => server.kernelPids().at(-1), { timeout: 60_000 }).not.toBe(pids.at(-1));
    await lab.page.locator(".jp-Dialog").getByText("appears to have died").waitFor();
    await lab.page.locator(".jp-Dialog button.jp-mod-accept").click();
    await lab.waitForKernel("idle");
    await lab.runCell(0);
    expect(await lab.outputText(0)).toBe("4");
  });

  it("notices a request to the outside, which fails", async () => {
    const other = await openLab(browser, server);
    await other.openLauncher();
    await other.page.evaluate(() => fetch("https://example.com/").catch(() => {}));
    expect(other.problems()[0]).toBe("request to the outside: https://example.com/");
    await other.close();
    expect(isExternal("data:text/plain,a")).toBe(false);
    expect(isExternal("ws://127.0.0.1:1/a")).toBe(false);
    expect(isExternal("http://127.0.0.1.example.com/")).toBe(true);
  });
});
