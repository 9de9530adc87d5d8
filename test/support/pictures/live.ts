// The live views in Chromium, as wide as pages are.

import type { Page } from "playwright-core";
import type { RunSource } from "../../../src/figures/source.js";
import { watch } from "../../../src/notebook/notebook.js";
import { launchChromium } from "../chromium.js";
import { ReplayedRun } from "../replayed-run.js";
import { hostWidgets, type WidgetHost } from "../widgets-host.js";

const WIDTHS = [800, 1280, 1920];
const THEMES = ["light", "dark"] as const;
/** Runs whose every view is drawn; of the others those of one width. */
const FULL = ["run"];

type Save = (name: string, bytes: Uint8Array) => Promise<void>;

export async function livePictures(
  runs: Readonly<Record<string, RunSource>>,
  isWanted: (name: string) => boolean,
  save: Save,
): Promise<void> {
  const browser = await launchChromium();
  for (const [of, run] of Object.entries(runs))
    for (const theme of THEMES)
      for (const width of FULL.includes(of) ? WIDTHS : WIDTHS.slice(1, 2)) {
        if (!isWanted(`live-${of}-${theme}-${width}`) && !isWanted("live")) continue;
        const context = await browser.newContext({ viewport: { width, height: 900 } });
        const page = await context.newPage();
        const host = await hostWidgets(page, theme);
        const replay = new ReplayedRun(run, undefined, `runs/${of}`);
        if (run.events.at(-1) && run.state.models.length < 1000) replay.advance();
        else replay.jump(run.state);
        watch(replay);
        await eachView(page, host, async (view) =>
          save(`live-${view}-${of}-${theme}-${width}`, await page.screenshot({ fullPage: true })),
        );
        host.close();
        await context.close();
      }
  await browser.close();
}

/** The dashboard's tabs without a choice, then with the newest model chosen. */
async function eachView(page: Page, host: WidgetHost, shoot: (view: string) => Promise<void>): Promise<void> {
  await page.locator(".mulab-pill").waitFor();
  await host.settled();
  const tabs = page.getByRole("tab");
  for (const chosen of ["", "-chosen"]) {
    if (chosen) {
      await tabs.first().click();
      await page.locator(".mulab-marks").focus();
      await page.keyboard.press("End");
      await page.locator(".mulab-details h4").waitFor();
    }
    for (const tab of await tabs.all()) {
      await tab.click();
      await host.settled();
      await page.waitForTimeout(150);
      await shoot(`${(await tab.textContent())!.toLowerCase().replaceAll(" ", "-")}${chosen}`);
    }
  }
}
