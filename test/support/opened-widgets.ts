// A page with the widgets in a real browser, for tests of what a person sees: nothing may fail in it or reach for the network.

import type { Browser } from "playwright-core";
import { expect } from "vitest";
import { watch } from "../../src/notebook/notebook.js";
import { recordExternalRequests } from "./chromium.js";
import { ReplayedRun } from "./replayed-run.js";
import type { SampleRun } from "./sample-run.js";
import { hostWidgets } from "./widgets-host.js";

const SHOTS = process.env.MULAB_SCREENSHOTS;

export type OpenedWidgets = Awaited<ReturnType<typeof openWidgets>>;

/** Size in CSS pixels; `close` finds what went wrong in the page. */
export async function openWidgets(
  browser: Browser,
  theme: "light" | "dark",
  { width = 1080, height = 900 } = {},
) {
  const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true });
  const external = recordExternalRequests(context);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  const host = await hostWidgets(page, theme);
  const shot = async (name: string) => {
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${theme}.png`, fullPage: true });
  };
  const close = async () => {
    host.close();
    await context.close();
    expect(problems).toEqual([]);
    expect(external).toEqual([]);
  };
  return { page, host, shot, close };
}

/** The dashboard of the whole recorded run. */
export async function watchedToItsEnd(
  { page, host }: Pick<OpenedWidgets, "page" | "host">,
  run: SampleRun,
): Promise<ReplayedRun> {
  const replay = new ReplayedRun(run);
  watch(replay);
  replay.advance();
  await page.getByText("Finished").waitFor();
  await host.settled();
  return replay;
}
