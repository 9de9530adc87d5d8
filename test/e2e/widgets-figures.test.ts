// What the figures of a run offer beside being looked at: reasons on the front, picking models out, the run as a film, a
// command that makes a figure again. In a real browser, in both themes, by hand and by keyboard.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reasonText } from "../../src/analysis/front/words.js";
import { Retrospect } from "../../src/analysis/moments.js";
import { frontOf } from "../../src/figures/front.js";
import { viewAgain } from "../../src/figures/scenes/again.js";
import { watch } from "../../src/notebook/notebook.js";
import { launchChromium } from "../support/chromium.js";
import { openWidgets, watchedToItsEnd } from "../support/opened-widgets.js";
import { ReplayedRun } from "../support/replayed-run.js";
import { sampleRun } from "../support/sample-run.js";

const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const open = (theme: "light" | "dark", width = 1280) => openWidgets(browser, theme, { width });

/** Middles of the candidates' points, by model. */
const pointsOf = (page: Page) =>
  page.locator(".mulab-pareto .mulab-pair > :first-child [data-model]").evaluateAll((marks) =>
    marks.map((mark) => {
      const { left, right, top, bottom } = mark.getBoundingClientRect();
      return {
        id: Number((mark as HTMLElement).dataset.model),
        x: (left + right) / 2,
        y: (top + bottom) / 2,
      };
    }),
  );

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it("says why one would choose a model on the front, in the words of the table", async () => {
    const opened = await open(theme);
    const { page, shot, close } = opened;
    await watchedToItsEnd(opened, run);
    await page.getByRole("tab", { name: "Size and quality" }).click();
    const front = page.getByRole("region", { name: "Choose on the front" });
    for (const of of frontOf(run)) {
      await front.getByRole("combobox").selectOption(of.task);
      for (const point of of.points) {
        const row = front.getByRole("row").filter({ hasText: `model ${point.model}` });
        expect(await row.first().textContent()).toContain(reasonText(point, of));
      }
    }
    expect(await page.locator(".mulab-pareto .interval").count()).toBe(frontOf(run).at(-1)!.points.length);
    await page.getByText("Score = accuracy × ").waitFor();
    const help = page.getByRole("button", { name: "What “accounted parameters” means" });
    await help.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("note").getByText("divided by the number of models that use it").waitFor();
    await shot("front");
    await page.keyboard.press("Escape");
    await page.getByRole("note").waitFor({ state: "hidden" });
    await close();
  });

  it("picks models out with a lasso or by ranges, and shows the same ones in the lineage", async () => {
    const opened = await open(theme);
    const { page, shot, close } = opened;
    await watchedToItsEnd(opened, run);
    await page.getByRole("tab", { name: "Size and quality" }).click();
    const points = await pointsOf(page);
    const [most] = points.toSorted((a, b) => a.y - b.y);
    const wanted = points.filter(({ x, y }) => Math.abs(x - most!.x) < 60 && Math.abs(y - most!.y) < 30);
    const corners = [
      [-60, -30],
      [60, -30],
      [60, 30],
      [-60, 30],
      [-60, -30],
    ] as const;
    for (const [i, [dx, dy]] of corners.entries()) {
      await page.mouse.move(most!.x + dx, most!.y + dy, { steps: 4 });
      if (i === 0) await page.mouse.down();
    }
    await shot("lasso");
    await page.mouse.up();
    const ids = new Set(wanted.map(({ id }) => id));
    const picking = page.getByRole("region", { name: "Pick out candidates" });
    await picking.getByText(`${ids.size} of ${points.length} candidates, in the lineage too.`).waitFor();
    expect(await page.locator(".mulab-pareto [data-model].mulab-dim").count()).toBe(points.length - ids.size);
    const list = page.getByRole("region", { name: "Picked candidates" });
    expect(await list.getByRole("row").count()).toBe(Math.min(40, ids.size));
    await shot("picked");
    await page.getByRole("tab", { name: "Lineage" }).click();
    await page.getByText(`${ids.size} models picked`).waitFor();
    expect(await page.locator(".mulab-stage").getAttribute("data-searching")).toBe("true");
    await shot("picked-lineage");
    await page.locator(".mulab-lineage").getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => page.locator(".mulab-stage").getAttribute("data-searching")).toBe("false");
    await page.getByRole("tab", { name: "Size and quality" }).click();
    // By keyboard: everything at least as accurate as the best but two points.
    const best = Math.max(
      ...run.state.models.map(({ path, accuracy }) => (path.length > 0 ? (accuracy ?? 0) : 0)),
    );
    await picking.getByRole("spinbutton", { name: "Validation accuracy in per cent, from" }).focus();
    await page.keyboard.type((100 * best - 2).toFixed(1));
    const limit = Number((100 * best - 2).toFixed(1)) / 100;
    const good = run.state.models.filter(
      ({ task, path, accuracy }) => task !== null && path.length > 0 && (accuracy ?? 0) >= limit,
    );
    await picking.getByText(new RegExp(`^${good.length} of ${points.length} candidates`)).waitFor();
    await close();
  });

  it("plays the run as a film in every view, with axes that stay, and is back to now", async () => {
    const opened = await open(theme);
    const { page, host, shot, close } = opened;
    const replay = await watchedToItsEnd(opened, run);
    const slider = page.getByRole("slider", { name: "Moment of the run" });
    const said = page.locator(".mulab-moment");
    expect(await said.textContent()).toBe("now");
    await slider.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => said.textContent()).toMatch(/^generation 1 of 4 of bangla, iteration 1; best \d/);
    const size = () => page.locator(".mulab-stage").evaluate(({ style }) => style.height);
    const height = await size();
    await shot("film-lineage-first");
    for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
    await expect
      .poll(() => said.textContent())
      .toMatch(/^generation 3 of 4 of devanagari, iteration 1; best/);
    expect(await size()).toBe(height);
    await shot("film-lineage");
    const moment = new Retrospect(run.state, run.experiment.method);
    const then = moment.at(moment.moments[6]!);
    await page.getByRole("tab", { name: "Size and quality" }).click();
    const left = page.locator(".mulab-pareto .mulab-pair > :first-child svg");
    await expect
      .poll(() => left.locator("[data-model]").count())
      .toBe(then.models.filter(({ task, path }) => task !== null && path.length > 0).length);
    const ticks = () =>
      left
        .locator("text")
        .evaluateAll((texts) =>
          texts
            .filter(({ textContent }) => /^\d+(\.\d+)?\s*[kM%]?$/.test(textContent!.replace(/\s/g, " ")))
            .map((text) => text.outerHTML),
        );
    const before = await ticks();
    expect(before.length).toBeGreaterThan(4);
    await shot("film-front");
    await slider.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => left.locator("[data-model]").count()).toBeGreaterThan(20);
    expect(await ticks()).toEqual(before);
    for (const name of ["Architecture", "Knowledge transfer"]) {
      await page.getByRole("tab", { name }).click();
      await host.settled();
      const picture = page.getByRole("tabpanel", { name }).locator("svg").first();
      const box = await picture.boundingBox();
      await shot(`film-${name.toLowerCase().replace(" ", "-")}`);
      await slider.focus();
      await page.keyboard.press("ArrowLeft");
      await host.settled();
      const after = await picture.boundingBox();
      expect({ width: after!.width, height: after!.height }).toEqual({
        width: box!.width,
        height: box!.height,
      });
    }
    await page.getByRole("tab", { name: "Over time" }).click();
    expect(await slider.isHidden()).toBe(true);
    await page.getByRole("tab", { name: "Lineage" }).click();
    await slider.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pause film" }).waitFor();
    await expect.poll(() => slider.inputValue()).toBe("2");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.keyboard.press("End");
    await expect.poll(() => said.textContent()).toBe("now");
    expect(await page.getByRole("button", { name: "Now" }).isDisabled()).toBe(true);
    expect(replay.status).toBe("ended");
    await close();
  });
});

it("a run in progress can be looked back on, and stays at its moment", async () => {
  const { page, host, close } = await open("light");
  const replay = new ReplayedRun(run);
  const nth = (n: number) =>
    run.events.flatMap(({ type }, i) => (type === "generation-ended" ? [i + 1] : []))[n - 1]!;
  watch.lineage(replay);
  watch.pareto(replay);
  replay.advance(nth(3) - 2);
  await host.settled();
  const said = page.locator(".mulab-moment");
  await expect.poll(() => said.first().textContent()).toBe("now, while the run continues");
  const slider = page.getByRole("slider", { name: "Moment of the run" });
  await slider.first().focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const text = /^generation 2 of 4 of bangla, iteration 1; best/;
  await expect
    .poll(() => said.allTextContents())
    .toEqual([expect.stringMatching(text), expect.stringMatching(text)]);
  const points = page.locator(".mulab-pareto .mulab-pair > :first-child [data-model]");
  const count = await points.count();
  replay.advance(nth(6) - nth(3));
  await host.settled();
  await expect.poll(() => slider.first().getAttribute("max")).toBe("6");
  expect(await points.count()).toBe(count);
  await expect.poll(() => said.first().textContent()).toMatch(text);
  await page.getByRole("button", { name: "Now" }).first().click();
  await expect.poll(() => said.nth(1).textContent()).toBe("now, while the run continues");
  await expect.poll(() => points.count()).toBeGreaterThan(count);
  await close();
});

it("the command below a figure is copied, or selected where the page may not use the clipboard", async () => {
  const opened = await open("light");
  const { page, close } = opened;
  const replay = new ReplayedRun(run, 2, "runs/it's; a $(run)\u202e");
  watch(replay);
  replay.advance();
  await page.getByText("Finished").waitFor();
  const again = page.getByRole("group", { name: "How this figure is made again" });
  const shell = again.locator("code").first();
  await page.getByRole("tab", { name: "Architecture" }).click();
  const command = viewAgain("architecture", [replay.dir]).shell!;
  await expect.poll(() => shell.textContent()).toBe(command);
  expect(command).toBe("mulab figure architecture $'runs/it\\'s; a $(run)\\342\\200\\256'");
  const copy = page.getByRole("button", { name: "Copy the command that makes this figure again" });
  await copy.focus();
  await page.keyboard.press("Enter");
  await again.getByText("selected: copy it with the keyboard").waitFor(); // this page has no secure origin
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(command);
  await page.evaluate(() =>
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: async (text: string) => Object.assign(window, { pasted: text }) },
    }),
  );
  await page.keyboard.press("Enter");
  await again.getByText("copied", { exact: true }).waitFor();
  expect(await page.evaluate(() => (window as { pasted?: string }).pasted)).toBe(command);
  await page.getByRole("slider", { name: "Moment of the run" }).focus();
  await page.keyboard.press("Home");
  await again.getByText("as the run is now, under its own scale factor").waitFor();
  await close();
});
