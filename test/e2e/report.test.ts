// The report in a real browser: by keyboard, on narrow pages, whatever tasks are called; it asks for nothing.

import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { report } from "../../src/report/report.js";
import { launchChromium, recordExternalRequests } from "../support/chromium.js";
import { type SampleOptions, sampleRun } from "../support/sample-run.js";

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), "mulab-report-"));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(options: SampleOptions, width = 1080, place: { readonly dir?: string } = {}) {
  const file = join(folder, "report.html");
  await writeFile(file, await report({ ...(await sampleRun(options)), digest: "0".repeat(64), ...place }));
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const external = recordExternalRequests(context);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  const close = async () => {
    await context.close();
    expect(problems).toEqual([]);
    expect(external).toEqual([]);
  };
  return { page, close };
}

it("walks the lineage by keyboard, and climbs from a child to the root", async () => {
  const { page, close } = await open({ iterations: 2, generations: 2, children: 4 });
  await page.locator('#lineage [data-model="0"]').focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  const title = page.locator("#model h3");
  await title.getByText(/^Model \d+ for bangla$/).waitFor();
  for (let steps = 0; (await title.textContent()) !== "The root"; steps++) {
    expect(steps).toBeLessThan(10);
    const up = page.getByRole("button", { name: /^To its parent/ });
    if (steps === 0) await up.focus();
    await page.keyboard.press("Enter");
  }
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("The root");
  await close();
});

it("is no wider than a narrow page, with a model's details open", async () => {
  const tasks = [
    { name: `a/${"very-long-".repeat(9)}name`, access: "public" as const },
    { name: `b/${"x".repeat(90)}`, access: "private" as const },
  ];
  const { page, close } = await open({ tasks, iterations: 1, generations: 2, children: 4 }, 400);
  await page.locator("#lineage [data-model]").last().click();
  await page.locator("#model h3").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  const chart = page.locator(".chart.only-light svg").first();
  const [shown, own] = await chart.evaluate((svg) => [
    svg.getBoundingClientRect().width,
    Number(svg.getAttribute("width")),
  ]);
  expect(shown).toBeGreaterThan(0.95 * own!); // else it can't be read
  await close();
});

it("never takes a task's name for markup, nor for an order of words", async () => {
  const names = [`<img src=x onerror="window.hacked=1">`, `"><script>window.hacked=1</script>`, "a\u202eb"];
  const tasks = names.map((name) => ({ name, access: "public" as const }));
  const { page, close } = await open({ tasks, iterations: 1, generations: 2, children: 4 });
  await page.locator("#lineage [data-model]").last().click();
  expect(await page.locator("#model h3").textContent()).toMatch(/^Model \d+ for a\ufffdb$/);
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.evaluate(() => document.body.textContent)).not.toContain("\u202e");
  await close();
});

/** The first command below a figure, its button and what it says. */
function firstCommand(page: Page) {
  const place = page.locator("p.again").first();
  return {
    field: place.locator("input"),
    button: place.getByRole("button", { name: "Copy" }),
    said: place.getByRole("status"),
  };
}

it("copies the command below a figure, whatever the run's folder is called", async () => {
  const dir = `runs/it's a "run"; rm $HOME`;
  const { page, close } = await open({ iterations: 1, generations: 1, children: 2 }, 1080, { dir });
  await page.evaluate(() => {
    const clipboard = { writeText: async (text: string) => void Object.assign(window, { copied: text }) };
    Object.defineProperty(navigator, "clipboard", { value: clipboard });
  });
  const { field, button, said } = firstCommand(page);
  await button.focus();
  await page.keyboard.press("Enter");
  await said.getByText("copied", { exact: true }).waitFor();
  const copied = await page.evaluate(() => (window as { copied?: string }).copied);
  expect(copied).toBe(await field.inputValue());
  expect(spawnSync("sh", ["-c", `printf '%s\\n' ${copied}`], { encoding: "utf8" }).stdout).toContain(
    `\n${dir}\n`,
  );
  await close();
});

it("selects the command where the page may not use the clipboard", async () => {
  const { page, close } = await open({ iterations: 1, generations: 1, children: 2 }, 1080, { dir: "runs/a" });
  await page.evaluate(() => {
    const clipboard = { writeText: () => Promise.reject(new Error("not allowed")) };
    Object.defineProperty(navigator, "clipboard", { value: clipboard });
  });
  const { field, button, said } = firstCommand(page);
  await button.click();
  await said.getByText("selected: copy it with the keyboard").waitFor();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(await field.inputValue());
  await close();
});
