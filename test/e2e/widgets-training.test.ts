// A real training in the real JupyterLab, with mulab installed as a person would: watched, held, stopped, gone on with,
// looked at from every side, reloaded, killed.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { writeNotebook } from "../support/lab-notebook.js";
import { type LabPage, openLab } from "../support/lab-page.js";
import { prepareLab, requireOrSkip } from "../support/lab-require.js";
import { HOSTILE, startTrainingLab, type TrainingLab, trainingCell } from "../support/lab-training.js";

const canRun = requireOrSkip("a training in JupyterLab", await prepareLab());

describe.skipIf(!canRun)("a training in JupyterLab", () => {
  let training: TrainingLab;
  let browser: Browser;
  let lab: LabPage;

  beforeAll(async () => {
    [training, browser] = await Promise.all([startTrainingLab(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await training?.stop();
  });
  beforeEach(async () => {
    lab = await openLab(browser, training.server, { height: 1250 });
  });
  afterEach(() => lab.close());

  async function notebook(name: string, cells: readonly string[]): Promise<void> {
    writeNotebook(training.notebooks, name, { kernel: "mulab", language: "typescript", cells });
    await lab.openNotebook(name);
    await lab.hideSidebar();
  }

  const says = (cell: number, text: string, page = lab) =>
    page.outputArea(cell).locator(".mulab-pill").getByText(text, { exact: true }).waitFor();
  const childrenDone = async (cell: number) =>
    Number.parseInt((await fact(cell, "Children").textContent()) ?? "", 10);
  const fact = (cell: number, name: string): Locator =>
    lab
      .outputArea(cell)
      .locator(".mulab-facts > div")
      .filter({ has: lab.page.getByText(name, { exact: true }) })
      .locator("dd");
  const press = (cell: number, name: string) =>
    lab.outputArea(cell).getByRole("button", { name, exact: true }).click();
  const tab = (cell: number, name: string) => lab.outputArea(cell).getByRole("tab", { name }).click();
  const chosen = (cell: number, page = lab) => page.outputArea(cell).locator(".mulab-details h4");

  /** The file that a button saves. */
  async function saved(cell: number, name: string): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([lab.page.waitForEvent("download"), press(cell, name)]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }

  it("is watched, paused, resumed, stopped and gone on with; every view follows; a reload brings it back", async () => {
    const again = `const next = await open("runs/live", undefined, { tasks: [mine], threads: 1 });\nwatch(next);`;
    await notebook("training.ipynb", [
      trainingCell("runs/live"),
      "run.status",
      again,
      "watch.architecture(next);",
      "watch.pareto(next);",
    ]);
    await lab.runCell(0);
    await says(0, "Running");
    await lab.screenshot("training-begins");
    await expect.poll(() => childrenDone(0), { timeout: 60_000 }).toBeGreaterThan(2);
    await lab.screenshot("training-running");
    await press(0, "Pause");
    await says(0, "Paused");
    await lab.runCell(1);
    expect(await lab.outputText(1)).toContain("paused");
    await lab.screenshot("training-paused");
    const held = await childrenDone(0);
    await press(0, "Resume");
    await says(0, "Running");
    await expect.poll(() => childrenDone(0), { timeout: 60_000 }).toBeGreaterThan(held);
    await press(0, "Stop");
    await press(0, "Stop now");
    await says(0, "Stopped");
    await lab.screenshot("training-stopped");

    // What was kept is still there, and the run continues from it to its end.
    await lab.runCell(2);
    await says(2, "Running");
    await lab.outputArea(2).scrollIntoViewIfNeeded(); // a view that is out of sight waits
    await says(2, "Finished");
    expect(await fact(2, "Children").textContent()).toBe("18 of 18");
    await lab.screenshot("training-finished");

    // Chosen in one view, seen in the others.
    await lab.runCell(3);
    await lab.runCell(4);
    await lab.outputArea(2).locator(".mulab-marks").focus();
    await lab.page.keyboard.press("End");
    const title = (await chosen(2).textContent())!;
    expect(title).toMatch(/^Model \d+ · /);
    await chosen(3).getByText(title).waitFor();
    expect(await lab.outputArea(3).locator(".station.lit").count()).toBeGreaterThan(3);

    // The scale factor: other picks, here and in the network.
    const slider = lab.outputArea(4).getByRole("slider", { name: "Scale factor to re-score with" });
    await slider.focus();
    await lab.page.keyboard.press("Home");
    await lab.outputArea(4).getByText("With s = 0.01").waitFor();
    expect(
      await lab
        .outputArea(4)
        .getByText(/instead of \d+/)
        .count(),
    ).toBeGreaterThan(0);
    await lab.outputArea(3).getByText("The network as it would be under scale factor 0.01").waitFor();
    await lab.screenshot("training-rescored");
    await press(4, "Reset");
    await lab.outputArea(4).getByText("As the run keeps them").waitFor();

    for (const theme of ["light", "dark"] as const) {
      await lab.theme(theme);
      for (const name of ["Lineage", "Architecture", "Knowledge transfer", "Size and quality", "Accuracy"]) {
        await tab(2, name);
        await lab.outputArea(2).scrollIntoViewIfNeeded();
        const file = `training-${name.toLowerCase().replaceAll(" ", "-")}-${theme}`;
        await lab.screenshot(file, lab.outputArea(2).locator(".mulab"));
      }
    }
    await lab.theme("light");

    // The hostile name is text in every view and file.
    await tab(2, "Architecture");
    const svg = await saved(2, "Save architecture as SVG");
    expect(svg.name).toBe("architecture.svg");
    expect(svg.bytes.toString()).toMatch(/^<svg /);
    expect(svg.bytes.toString()).not.toContain("<img");
    expect((await saved(2, "Save architecture as PNG")).bytes.subarray(1, 4).toString()).toBe("PNG");
    const csv = await saved(2, "Save architecture as CSV");
    expect(csv.bytes.toString()).toContain(HOSTILE);
    await tab(2, "Accuracy");
    expect(await lab.outputArea(2).getByText(HOSTILE, { exact: true }).count()).toBeGreaterThan(0);
    expect(await lab.page.locator("img[src=x]").count()).toBe(0);
    expect(await lab.page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();

    await lab.save();
    await lab.reload();
    await says(2, "Finished");
    await chosen(2).getByText(title).waitFor();
    const second = await lab.secondPage();
    await second.openNotebook("training.ipynb");
    await says(2, "Finished", second);
    await chosen(2, second).getByText(title).waitFor();
    await press(2, "Clear the choice");
    await second.outputArea(2).locator(".mulab").scrollIntoViewIfNeeded(); // what nobody sees is not drawn
    await expect.poll(() => second.outputArea(2).locator(".mulab-details h4").count()).toBe(0);
    expect(lab.problems()).toEqual([]);
  });

  it("is ablated: a variant is trained beside it, from the same seed", async () => {
    await notebook("ablation.ipynb", [
      trainingCell("runs/base", ["children=2", "limit=96"]),
      "await run.done();\nwatch.ablation(run, { tasks: [mine], threads: 1 });",
    ]);
    await lab.runCell(0);
    await lab.runCell(1, 120_000);
    const panel = lab.outputArea(1);
    await panel.getByLabel("Step hyperparameters (auto-tuning)").uncheck();
    await panel.getByRole("button", { name: "Run the variant" }).click();
    const row = panel.getByRole("listitem").filter({ hasText: "without auto-tuning" });
    await row.getByText("Finished").waitFor();
    await panel.getByRole("columnheader", { name: "without auto-tuning" }).waitFor();
    await panel.getByText("Test accuracy; differences").waitFor();
    await lab.screenshot("training-ablation");
    const header = JSON.parse(
      readFileSync(join(training.notebooks, "runs/base-ablation/no-tuning/run.json"), "utf8"),
    );
    expect(header.experiment.seed).toBe(1);
    expect(header.experiment.method.tuneHyperparams).toBe(false);
    // A variant that is requested again is not run again.
    await panel.getByRole("button", { name: "Run the variant" }).click();
    await panel.getByText("is already shown").waitFor();
    await lab.save();
    await lab.reload();
    await row.getByText("Finished").waitFor();
    expect(lab.problems()).toEqual([]);
  });

  it("is reported gone when its kernel was killed, and continues in the next", async () => {
    await notebook("killed.ipynb", [trainingCell("runs/killed")]);
    await lab.runCell(0);
    await expect.poll(() => childrenDone(0), { timeout: 60_000 }).toBeGreaterThan(3);
    for (const pid of training.server.kernelPids()) process.kill(pid, "SIGKILL");
    await says(0, "Kernel gone");
    expect(await lab.outputArea(0).getByRole("button", { name: "Stop" }).isDisabled()).toBe(true);
    await lab.screenshot("training-gone");
    await lab.page.locator(".jp-Dialog button.jp-mod-accept").click();
    await lab.waitForKernel("idle");
    await lab.runCell(0);
    await says(0, "Finished");
    expect(await fact(0, "Children").textContent()).toBe("18 of 18");
    const journal = readFileSync(join(training.notebooks, "runs/killed/events.jsonl"), "utf8");
    expect(journal).toContain('"run-resumed"');
  });
});
