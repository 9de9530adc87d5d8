// The list of runs, the comparison, the ancestor story and what else looks across a run, in a real browser: both themes,
// hands and keyboard.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunListing } from "../../src/analysis/run-listing.js";
import { watch, watchRuns } from "../../src/notebook/notebook.js";
import { launchChromium } from "../support/chromium.js";
import { type OpenedWidgets, openWidgets, watchedToItsEnd } from "../support/opened-widgets.js";
import { ReplayedRun } from "../support/replayed-run.js";
import { sampleRun } from "../support/sample-run.js";
import { writeSoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment } from "../support/tiny.js";

const folder = temporaryFolders();
const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const open = (theme: "light" | "dark", width = 1080) => openWidgets(browser, theme, { width });

/** The dashboard of the whole recorded run. */
const finished = (opened: Pick<OpenedWidgets, "page" | "host">, what = run) => watchedToItsEnd(opened, what);

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it("lists the runs of a folder, opens one and compares two, by keyboard too", async () => {
    const { page, host, shot, close } = await open(theme);
    const base = folder();
    for (const [name, seed] of [
      ["first", 1],
      ["second", 2],
      ["third", 3],
    ] as const)
      await writeSoundRun(`${base}/${name}`, tinyExperiment({ iterations: 1, seed }));
    await watchRuns(base);
    await page.getByRole("heading", { name: `Runs in ${base}` }).waitFor();
    const rows = page.locator(".mulab-listing tbody tr");
    expect(await rows.count()).toBe(3);
    await shot("runs");
    await page.getByRole("searchbox", { name: "Filter the runs" }).fill("second");
    await page.getByText("1 of 3 runs").waitFor();
    expect(await rows.count()).toBe(1);
    await page.getByRole("searchbox").fill("");
    const seed = page.getByRole("button", { name: /^seed/ });
    await seed.focus();
    await page.keyboard.press("Enter");
    await page.locator("th[aria-sort=descending]").waitFor();
    expect(await rows.first().textContent()).toContain("third");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("seed"); // the focus stays
    await page.getByRole("button", { name: `${base}/first` }).click();
    await page.getByText("Finished").waitFor();
    await shot("runs-one");
    for (const name of ["first", "third"]) {
      await page.getByRole("checkbox", { name: `Choose ${base}/${name}` }).focus();
      await page.keyboard.press("Space");
    }
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByText("Settings that differ").waitFor();
    expect(await page.getByRole("row", { name: /^seed 1 3$/ }).count()).toBe(1);
    await page.getByText("This is a single pair of runs").waitFor();
    // As much as fits is beside each other, from the top of the comparison on.
    const narrow = page.viewportSize()!;
    await page.setViewportSize({ width: 2200, height: narrow.height }); // the runs' folders have long names here
    const tops = page.locator(".mulab-compared").first().getByRole("table");
    const [accuracies, settings] = [await tops.nth(0).boundingBox(), await tops.nth(1).boundingBox()];
    expect(settings!.y).toBe(accuracies!.y);
    expect(settings!.x).toBeGreaterThan(accuracies!.x + accuracies!.width);
    expect(await tops.nth(1).getByRole("columnheader", { name: "Difference" }).count()).toBe(0);
    await page.setViewportSize(narrow);
    await page
      .getByRole("button", { name: /compare models \d+ and \d+/ })
      .nth(1)
      .click();
    await page.getByText("Path, head to image; the bar says who trained a layer").waitFor();
    await shot("runs-two");
    await page.getByRole("button", { name: "Close" }).click();
    await page.locator(".mulab-compare").waitFor({ state: "detached" });
    await writeSoundRun(`${base}/fourth`, tinyExperiment({ iterations: 1, seed: 4 }));
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("4 runs").waitFor();
    expect(host.shown[0]!.bundle["text/html"]).toContain("<table ");
    await close();
  });

  it("has curves over time, whose children are chosen by keyboard, and asks before it stops", async () => {
    const opened = await open(theme);
    const { page, host, shot, close } = opened;
    const replay = new ReplayedRun(run);
    watch(replay);
    replay.advance(260);
    await page.getByRole("tab", { name: "Over time" }).click();
    await page.locator(".mulab-curves .curve").first().waitFor();
    await page.getByText(/\d of 4, \d+ children training/).waitFor();
    const lines = await page.locator(".mulab-curves .curve").count();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("alertdialog", { name: "Stop the run?" }).waitFor();
    await shot("curves-running");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Don't stop");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("alertdialog").isHidden()).toBe(true);
    expect(replay.status).toBe("running");
    replay.advance();
    await page.getByText("Finished").waitFor();
    await host.settled();
    expect(await page.locator(".mulab-curves .curve").count()).toBeGreaterThan(lines);
    for (const time of ["generations", "minutes"]) {
      await page.getByRole("combobox", { name: "Time is counted in" }).selectOption(time);
      await page.locator(".mulab-curves svg text", { hasText: time }).waitFor();
    }
    await page.locator(".mulab-curves [role=button]").last().focus();
    await page.keyboard.press("Enter");
    await page
      .locator(".mulab-details h4")
      .getByText(/^Model \d+/)
      .waitFor();
    await shot("curves");
    await close();
  });

  it("compares two models of a run, and tells a model's story", async () => {
    const opened = await open(theme);
    const { page, shot, close } = opened;
    await finished(opened);
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("End");
    const story = page.locator(".mulab-story");
    await story.getByText(/descends from the root over \d+ ancestors: /).waitFor();
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByText(/^They share \d+ of \d+ layers/).waitFor();
    await shot("compare");
    const first = page.getByRole("combobox", { name: "First model" });
    await first.selectOption({ label: "the root" });
    await page.getByText(/the second descends from the first\.$/).waitFor();
    await page.getByRole("button", { name: "Swap" }).click();
    await page.getByText(/the first descends from the second\.$/).waitFor();
    await page
      .getByRole("button", { name: /^Take model \d+$/ })
      .first()
      .click();
    expect(await first.inputValue()).not.toBe("0");
    expect(await page.locator(":is(input, select):not([data-lm-suppress-shortcuts])").count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save comparison as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("comparison.csv");
    await close();
  });
});

it("a hostile name in the list is text", async () => {
  const { page, close } = await open("light");
  const { LiveListing } = await import("../../src/notebook/live-listing.js");
  const { commLayer } = await import("../../src/notebook/layer.js");
  const layer = commLayer()!;
  const name = '<img src=x onerror="window.hit=1">\u202e';
  const listings = [
    { dir: name, kind: "run", status: "unreadable", problem: name },
  ] as unknown as RunListing[];
  const list = new LiveListing({
    folder: name,
    listings,
    make: (state) => layer.widget(state),
    live: () => {
      throw new Error("nothing is opened");
    },
  });
  layer.display(list.widget);
  await page.getByText("<img src=x").first().waitFor();
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.evaluate(() => "hit" in window)).toBe(false);
  await close();
});
