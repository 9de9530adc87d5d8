// What the figures of a run offer beside being looked at: reasons on the front, picking models out, the run as a film, a
// command that makes a figure again. In a real browser, in both themes, by hand and by keyboard.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reasonText } from "../../src/analysis/front/words.js";
import { frontOf } from "../../src/figures/front.js";
import { launchChromium } from "../support/chromium.js";
import { openWidgets, watchedToItsEnd } from "../support/opened-widgets.js";
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
    expect(await page.locator(".mulab-stage").getAttribute("data-searching")).toBe("false");
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
});
