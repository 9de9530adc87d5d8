// The widgets in a real browser, from a recorded run: every view, both themes, hands and keyboard.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { watch } from "../../src/notebook.js";
import { launchChromium, recordExternalRequests } from "../support/chromium.js";
import { sampleRun } from "../support/sample-run.js";
import { hostWidgets, ReplayedRun } from "../support/widgets-host.js";

const SHOTS = process.env.MULAB_SCREENSHOTS;
const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function open(theme: "light" | "dark", width = 1080) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const external = recordExternalRequests(context);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  const host = await hostWidgets(page, theme);
  const shot = async (name: string) => {
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${theme}.png`, fullPage: true });
  };
  return { page, host, shot, problems, external, close: () => context.close() };
}

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it("watches a run grow", async () => {
    const { page, host, shot, problems, external, close } = await open(theme);
    const replay = new ReplayedRun(run);
    watch(replay);
    await host.settled();
    replay.advance(420);
    await host.settled();
    await page.getByText("Running").waitFor();
    await new Promise((r) => setTimeout(r, 300));
    await host.settled();
    await shot("dashboard-running");
    replay.advance();
    await new Promise((r) => setTimeout(r, 300));
    await host.settled();
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("End");
    await host.settled();
    await shot("dashboard-selected");
    expect(problems).toEqual([]);
    expect(external).toEqual([]);
    await close();
  });
});
