// The widgets where there is little room or much to say: long names, many tasks, narrow pages.

import type { Browser } from "playwright-core";
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
