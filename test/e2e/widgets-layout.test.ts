// The widgets where there is little room or much to say: long names, many tasks, narrow pages.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { watch } from "../../src/notebook/notebook.js";
import { launchChromium } from "../support/chromium.js";
import { ReplayedRun } from "../support/replayed-run.js";
import { type SampleOptions, sampleRun } from "../support/sample-run.js";
import { hostWidgets } from "../support/widgets-host.js";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function dashboard(options: SampleOptions, width = 1080) {
  const context = await browser.newContext({ viewport: { width, height: 1400 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const host = await hostWidgets(page, "light");
  const run = await sampleRun(options);
  const replay = new ReplayedRun(run);
  watch(replay);
  await page.getByText("Running").waitFor();
  const finish = async () => {
    replay.advance();
    await page.getByText("Finished").waitFor();
    await host.settled();
  };
  const close = async () => {
    host.close();
    await context.close();
  };
  return { page, host, run, replay, finish, close };
}

const publicTasks = (names: readonly string[]) => names.map((name) => ({ name, access: "public" as const }));

it("names that differ at their ends can be distinguished, and are whole in the tooltip", async () => {
  const names = ["2019", "2020"].map((year) => `institute/${"manuscripts-".repeat(5)}${year}-cleaned`);
  const { page, finish, close } = await dashboard(
    { tasks: publicTasks(names), iterations: 1, generations: 2, children: 4 },
    480,
  );
  await finish();
  for (const place of [".mulab-best", ".mulab-accuracy tbody"]) {
    const shown = page.locator(`${place} .mulab-task`);
    await expect.poll(() => shown.allTextContents()).toEqual(names);
    const ends = shown.locator("span:last-child");
    for (const end of await ends.all()) {
      const [tail, cut] = await end.evaluate((each) => [
        each.getBoundingClientRect().right,
        (each.parentElement!.closest("button") ?? each.parentElement!).getBoundingClientRect().right,
      ]);
      expect(tail).toBeLessThanOrEqual(cut! + 1);
    }
  }
  await close();
});

it("the best so far and the test of another model are not shown as one", async () => {
  const { page, host, run, replay, finish, close } = await dashboard({
    iterations: 2,
    generations: 2,
    children: 6,
  });
  const tests = run.events.flatMap(({ type }, i) => (type === "model-tested" ? [i] : []));
  replay.advance(tests[2]! - 1); // the first two events are there from the start
  await page.getByText("18 of").or(page.getByText("36 of")).first().waitFor();
  const chip = page.locator(".mulab-best li").first();
  await expect.poll(() => chip.textContent()).toMatch(/^bangla\d+\.\d\u202f%test \d+\.\d\u202f%$/);
  let isTold = false;
  for (let i = tests[2]!; i < tests[3]! - 1 && !isTold; i += 4) {
    replay.advance(4);
    await host.settled();
    isTold = /best · \d+\.\d\u202f% kept, test/.test((await chip.textContent()) ?? "");
  }
  expect(isTold).toBe(true);
  await finish();
  await expect.poll(() => chip.textContent()).toMatch(/^bangla\d+\.\d\u202f%test \d+\.\d\u202f%$/);
  await close();
});

it("layers of many models are folded, opened when asked for, and stay so", async () => {
  const tasks = publicTasks(Array.from({ length: 6 }, (_, i) => `task ${i}`));
  const { page, host, replay, finish, close } = await dashboard({
    tasks,
    iterations: 1,
    generations: 1,
    children: 3,
  });
  await finish();
  await page.getByRole("tab", { name: "Knowledge transfer" }).click();
  const parts = page.locator(".mulab-transfer details");
  await expect.poll(() => parts.count()).toBe(6);
  expect(await page.locator(".mulab-transfer details[open]").count()).toBe(0);
  await parts.nth(2).locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.locator(".mulab-transfer details[open] svg").waitFor();
  await page.locator(`.mulab-transfer .node[data-model="${replay.state.retained["task 4"]}"]`).press("Enter");
  await host.settled();
  await page.locator(".mulab-transfer details[open]").getByText("(task 4)").waitFor();
  expect(await parts.count()).toBe(1);
  await close();
});

it("the stage of the lineage is as high as its tree, also when that has just grown smaller", async () => {
  const { page, host, replay, finish, close } = await dashboard({
    iterations: 2,
    generations: 4,
    children: 8,
  });
  replay.advance(60);
  await host.settled();
  await finish();
  const height = () => page.locator(".mulab-stage").evaluate((stage) => stage.clientHeight);
  const grown = await height();
  await page.getByRole("button", { name: "Newest" }).click();
  await host.settled();
  expect(await height()).toBe(grown);
  await close();
});

it("on a narrow page details take its whole width, and nothing is wider than the page", async () => {
  const { page, host, finish, close } = await dashboard({ iterations: 1, generations: 2, children: 4 }, 460);
  await finish();
  await page.locator(".mulab-marks").focus();
  await page.keyboard.press("End");
  await page.locator(".mulab-details h4").waitFor();
  await host.settled();
  const widthOf = (selector: string) =>
    page.locator(selector).evaluate((each) => each.getBoundingClientRect().width);
  expect(await widthOf(".mulab-details")).toBe(await widthOf(".mulab-beside"));
  expect(await page.locator(".mulab-trainers .mulab-task").count()).toBeGreaterThan(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(460);
  await close();
});

/** Where the lineage's canvas has something painted, as columns of pixels from its left edge: first and last. */
const painted = (page: Page) =>
  page
    .locator(".mulab-stage canvas")
    .first()
    .evaluate((each) => {
      const canvas = each as HTMLCanvasElement;
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
      const isPainted = (x: number) => {
        for (let y = 0; y < height; y++) if (data[4 * (y * width + x) + 3]! > 0) return true;
        return false;
      };
      const columns = Array.from({ length: width }, (_, x) => x).filter(isPainted);
      return { first: columns[0]!, last: columns.at(-1)!, width };
    });

it("as much as fits is wholly in sight, also on a wider and on a narrower page", async () => {
  const { page, host, finish, close } = await dashboard({ iterations: 2, generations: 4, children: 8 }, 1280);
  await finish();
  for (const width of [1280, 1920, 800, 1280]) {
    await page.setViewportSize({ width, height: 1400 });
    await host.settled();
    await host.settled();
    await expect
      .poll(
        async () => {
          const { first, last, width: all } = await painted(page);
          return first > 0 && last < all - 1;
        },
        { message: `at ${width} pixels` },
      )
      .toBe(true);
  }
  await close();
});

it.each([800, 1280])("a choice moves nothing under the pointer on a page of %i pixels", async (width) => {
  const { page, host, finish, close } = await dashboard(
    { iterations: 2, generations: 4, children: 8 },
    width,
  );
  await finish();
  const front = page.locator(".mulab-marks");
  const places = () =>
    page.evaluate(() =>
      [".mulab-stage", ".mulab-tabrow", ".mulab-accuracy", ".mulab-best"].map((selector) => {
        const { left, top, width: wide } = document.querySelector(selector)!.getBoundingClientRect();
        return [left, top, wide];
      }),
    );
  const before = await places();
  const sight = await painted(page);
  const box = (await front.boundingBox())!;
  // The root is the first node of the tree.
  let hit: { x: number; y: number } | undefined;
  for (let x = 4; x < box.width && !hit; x += 6)
    for (let y = 60; y < box.height - 20 && !hit; y += 8) {
      await page.mouse.move(box.x + x, box.y + y);
      if (await page.locator(".mulab-tip").isVisible()) hit = { x: box.x + x, y: box.y + y };
    }
  const tip = page.locator(".mulab-tip");
  const named = await tip.textContent();
  await page.mouse.click(hit!.x, hit!.y);
  await page.locator(".mulab-details h4").waitFor();
  await host.settled();
  expect(await places()).toEqual(before);
  expect(await painted(page)).toEqual(sight);
  await page.mouse.move(hit!.x + 1, hit!.y);
  expect(await tip.textContent()).toBe(named); // the same model is still there
  await close();
});
