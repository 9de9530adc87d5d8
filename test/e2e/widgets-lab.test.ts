// The widgets in the real JupyterLab with the real kernel: live, held, reloaded, in a second page, saved, and honest when
// the kernel dies.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildWidgets } from "../../scripts/build-widgets.mjs";
import { launchChromium } from "../support/chromium.js";
import { kernelCommand } from "../support/jupyter-kernel.js";
import { writeNotebook } from "../support/lab-notebook.js";
import { type LabPage, openLab } from "../support/lab-page.js";
import { prepareLab, requireOrSkip } from "../support/lab-require.js";
import { type Lab, startLab } from "../support/lab-server.js";
import { installed } from "../support/tarball.js";

const SHARP = createRequire(import.meta.url).resolve("sharp");
const EXTENSION = join(installed(), "dist/widgets/labextension");
const canRun = requireOrSkip("the widgets in JupyterLab", await prepareLab());

describe.skipIf(!canRun)("the widgets in JupyterLab", () => {
  let dir: string;
  let server: Lab;
  let browser: Browser;
  let lab: LabPage;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "mulab-widgets-"));
    const notebooksDir = join(dir, "notebooks");
    const kernel = join(dir, "kernel");
    mkdirSync(notebooksDir);
    mkdirSync(kernel);
    const { argv } = kernelCommand({ cwd: notebooksDir });
    const spec = {
      argv,
      display_name: "TypeScript (mulab)",
      language: "typescript",
      interrupt_mode: "message",
    };
    writeFileSync(join(kernel, "kernel.json"), JSON.stringify(spec));
    await Promise.all([
      buildWidgets(),
      build({
        entryPoints: [fileURLToPath(new URL("../support/live-cell.ts", import.meta.url))],
        bundle: true,
        platform: "node",
        format: "cjs",
        outfile: join(notebooksDir, "live.js"),
        // CommonJS has no import.meta, by which a run finds the versions that it records.
        define: { "import.meta.url": "metaUrl" },
        banner: { js: 'const metaUrl = require("node:url").pathToFileURL(__filename).href;' },
        // Native, so it can't be in the bundle; found from here, because the notebooks have no packages of their own.
        plugins: [
          {
            name: "sharp",
            setup: ({ onResolve }) =>
              onResolve({ filter: /^sharp$/ }, () => ({ path: SHARP, external: true })),
          },
        ],
        logLevel: "error",
      }),
    ]);
    [server, browser] = await Promise.all([
      startLab({ notebooksDir, kernels: { mulab: kernel }, labextensions: [EXTENSION], saveState: true }),
      launchChromium(),
    ]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  beforeEach(async () => {
    lab = await openLab(browser, server, { height: 1250 });
  });
  afterEach(() => lab.close());

  async function notebook(name: string, seconds: number, ...more: string[]): Promise<void> {
    const start = [
      'const live = require("./live.js");',
      `const run = await live.demo(${seconds});`,
      "live.watch(run);",
    ].join("\n");
    writeNotebook(join(dir, "notebooks"), name, {
      kernel: "mulab",
      language: "typescript",
      cells: [start, ...more],
    });
    await lab.openNotebook(name);
    await lab.hideSidebar();
  }

  const pill = (page: LabPage = lab) => page.outputArea(0).locator(".mulab-pill");
  const says = (text: string, page: LabPage = lab) => pill(page).getByText(text, { exact: true }).waitFor();

  it("grows live, is held by its buttons, and comes back after a reload and in a second page", async () => {
    await notebook("live.ipynb", 30, "1 + 1", "live.watch.architecture(run);");
    await lab.runCell(0);
    await says("Running");
    await lab.runCell(1);
    expect(await lab.outputText(1)).toContain("2");
    const area = lab.outputArea(0);
    await area.getByText(/^1?[1-9] of 96$/).waitFor();
    await area.getByRole("button", { name: "Pause" }).click();
    await says("Paused");
    await lab.screenshot("lab-paused");
    await lab.theme("dark");
    await lab.screenshot("lab-paused-dark");
    await lab.theme("light");
    await area.getByRole("button", { name: "Resume" }).click();
    await says("Running");
    await lab.save();
    await lab.reload();
    await says("Running");
    const second = await lab.secondPage();
    await second.openNotebook("live.ipynb");
    await says("Running", second);
    await lab.outputArea(0).getByText("96 of 96").waitFor();
    await says("Finished");
    await says("Finished", second);
    // What is chosen in one page is chosen in the other, and in the other cell.
    await lab.runCell(2);
    await lab.outputArea(0).locator(".mulab-marks").focus();
    await lab.page.keyboard.press("End");
    const title = await lab.outputArea(0).locator(".mulab-details h4").textContent();
    await lab.outputArea(2).locator(".mulab-details h4").getByText(title!).waitFor();
    await second.outputArea(0).locator(".mulab-details h4").getByText(title!).waitFor();
    await lab.screenshot("lab-finished");
    expect(lab.problems()).toEqual([]);
  });

  it("leaves the last picture and the whole state in the saved notebook", async () => {
    await notebook("saved.ipynb", 3);
    await lab.runCell(0);
    // A viewer of the network tab still sees it when the run has ended, although the output is made again.
    const tab = lab.outputArea(0).getByRole("tab", { name: "Architecture" });
    await tab.click();
    await says("Finished");
    await lab.waitForOutput(0, /ended, 97 models/);
    await expect
      .poll(async () => Object.keys((await lab.outputs(0))[0]?.data ?? {}), { timeout: 60_000 })
      .toContain("image/png");
    expect(await tab.getAttribute("aria-selected")).toBe("true");
    expect(await lab.page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("tab");
    expect(await lab.outputArea(0).locator(".mulab").count()).toBe(1);
    await lab.save();
    const saved = JSON.parse(readFileSync(join(dir, "notebooks", "saved.ipynb"), "utf8"));
    const bundle = saved.cells[0].outputs[0].data;
    expect(String(bundle["image/svg+xml"])).toContain("<svg");
    expect(String(bundle["image/svg+xml"])).toContain("Knowledge transfer between tasks");
    expect(String(bundle["image/png"]).length).toBeGreaterThan(10_000);
    expect(String(bundle["text/plain"])).toContain("ended, 97 models");
    const states = saved.metadata.widgets["application/vnd.jupyter.widget-state+json"].state;
    expect(Object.values(states).map((each) => (each as { model_name: string }).model_name)).toContain(
      "RunModel",
    );
    expect(lab.problems()).toEqual([]);
  });

  it("says that the kernel is gone when it was killed", async () => {
    await notebook("killed.ipynb", 60);
    await lab.runCell(0);
    await says("Running");
    for (const pid of server.kernelPids()) process.kill(pid, "SIGKILL");
    await says("Kernel gone");
    expect(await lab.outputArea(0).getByRole("button", { name: "Stop" }).isDisabled()).toBe(true);
    await lab.screenshot("lab-gone");
  });
});
