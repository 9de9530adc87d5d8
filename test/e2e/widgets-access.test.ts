// The widgets for those who don't see them, or don't use a pointer: names, order of the focus, contrast in both themes.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { watch } from "../../src/notebook/notebook.js";
import { launchChromium } from "../support/chromium.js";
import { ReplayedRun } from "../support/replayed-run.js";
import { sampleRun } from "../support/sample-run.js";
import { hostWidgets } from "../support/widgets-host.js";

const VIEWS = ["Lineage", "Architecture", "Knowledge transfer", "Size and quality", "Accuracy"];
/** What takes keys and would lose them to JupyterLab's command mode. */
const HEARD_BY_LAB =
  ".mulab :is(input, select):not([data-lm-suppress-shortcuts], [data-lm-suppress-shortcuts] *)";
const run = await sampleRun({ iterations: 2, generations: 2, children: 5, failing: 6 });
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A page with the dashboard of the run, ended. */
async function dashboard(theme: "light" | "dark", height = 1100) {
  const context = await browser.newContext({ viewport: { width: 1080, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const host = await hostWidgets(page, theme);
  const replay = new ReplayedRun(run);
  watch(replay);
  replay.advance();
  await page.getByText("Finished").waitFor();
  await host.settled();
  const close = async () => {
    host.close();
    await context.close();
  };
  return { page, host, replay, close };
}

const focusedName = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
  );

/** Controls and pictures that have no name. */
const nameless = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>(
      ".mulab :is(button, input, select, canvas[tabindex], [role=button], [role=img], [role=group], [role=progressbar], summary)",
    );
    const nameOf = (element: HTMLElement) =>
      element.getAttribute("aria-label") ??
      (element.textContent?.trim() || (element as HTMLInputElement).labels?.[0]?.textContent || "");
    return Array.from(all)
      .filter((element) => nameOf(element).trim() === "")
      .map(({ outerHTML }) => outerHTML);
  });

/** Text that can be seen whose contrast to its ground is below 4.5 : 1; what is disabled is let off. */
const faint = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    type Rgb = [number, number, number, number];
    const rgb = (css: string): Rgb => {
      const [r = 0, g = 0, b = 0, a = 1] = css.match(/[\d.]+/g)?.map(Number) ?? [];
      return [r, g, b, a];
    };
    const light = ([r, g, b]: Rgb): number => {
      const [x, y, z] = [r, g, b].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x! + 0.7152 * y! + 0.0722 * z!;
    };
    const groundOf = (from: Element): Rgb => {
      for (let at: Element | null = from; at; at = at.parentElement) {
        const ground = rgb(getComputedStyle(at).backgroundColor);
        if (ground[3] === 1) return ground;
      }
      return [255, 255, 255, 1];
    };
    const walker = document.createTreeWalker(document.querySelector(".mulab")!, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      if (node.textContent!.trim() === "" || parent.closest(":disabled, svg, title, .mulab-sr, option"))
        continue;
      if (!parent.checkVisibility()) continue;
      const [a, b] = [light(rgb(getComputedStyle(parent).color)), light(groundOf(parent))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) found.push(`${contrast.toFixed(2)} ${node.textContent}`);
    }
    return found;
  });

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it("everything has a name, and text can be read", async () => {
    const { page, host, close } = await dashboard(theme);
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("End");
    for (const view of VIEWS) {
      await page.getByRole("tab", { name: view }).click();
      await host.settled();
      expect(await nameless(page), view).toEqual([]);
      expect(await faint(page), view).toEqual([]);
      expect(await page.locator(HEARD_BY_LAB).count(), view).toBe(0);
    }
    await close();
  });
});

describe("by keyboard alone", () => {
  it("the focus goes as the eye does, and no view keeps it", async () => {
    const { page, close } = await dashboard("light");
    const seen: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        if (!element || element === document.body) return null;
        return element.getAttribute("aria-label")?.split(".")[0] ?? element.textContent?.trim() ?? "";
      });
      if (name === null) break;
      seen.push(name);
    }
    // The run has ended, so its buttons are off; of the tabs one only, arrows lead to the others.
    expect(seen.slice(0, 14)).toEqual([
      "Lineage",
      "Save lineage as SVG",
      "Save lineage as PNG",
      "Save lineage as CSV",
      "Play",
      "Moment of the run",
      "Save film",
      "Search models by number, task, fate, mutation or layer",
      "How much is shown",
      "Zoom out",
      "Zoom in",
      "Fit",
      "Newest",
      "Lineage of all children",
    ]);
    expect(seen).toContain("bangla");
    expect(seen.length).toBeLessThan(40);
    await close();
  });

  it("a model is chosen in the architecture by its task's name", async () => {
    const { page, host, close } = await dashboard("light");
    await page.getByRole("tab", { name: "Architecture" }).click();
    await host.settled();
    await page.getByRole("button", { name: /^devanagari: model \d+$/ }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".mulab-details h4").getByText("devanagari").waitFor();
    await host.settled();
    // The details took room, so the picture was drawn again; the name in it still has the focus.
    expect(await focusedName(page)).toMatch(/^devanagari: model/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.locator(".mulab-details h4").getByText("telugu").waitFor();
    await close();
  });

  it("no view takes the focus from another, and a link that is gone leaves it to the details", async () => {
    const { page, host, replay, close } = await dashboard("light", 3000);
    watch.accuracy(replay);
    watch.pareto(replay);
    await host.settled();
    const { bangla } = replay.state.retained;
    await page.getByRole("tabpanel", { name: "Lineage" }).getByRole("button", { name: "bangla" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".mulab-details h4").getByText("bangla").waitFor();
    await host.settled();
    const place = () =>
      page.evaluate(() => document.activeElement?.closest<HTMLElement>(".output")?.dataset.view);
    expect([await focusedName(page), await place()]).toEqual(["bangla", "DashboardView"]);
    const link = page.locator("[data-view=ParetoView] .mulab-kept .mulab-link").nth(1);
    await link.focus();
    await page.keyboard.press("Enter");
    await page.locator(".mulab-details h4").getByText("devanagari").waitFor();
    await host.settled();
    expect([await focusedName(page), await place()]).toEqual([await link.textContent(), "ParetoView"]);
    await page.locator(".mulab-details .mulab-link").first().focus();
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.locator(".mulab-details h4").textContent())
      .not.toContain(`Model ${bangla} `);
    await host.settled();
    expect(await page.evaluate(() => document.activeElement?.matches(".mulab-details h4"))).toBe(true);
    await close();
  });

  it("tabs are changed by arrows, models are chosen in every picture by Enter", async () => {
    const { page, host, close } = await dashboard("light");
    await page.getByRole("tab", { name: "Lineage" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Knowledge transfer");
    const row = page.getByRole("button", { name: /^model \d+ of devanagari$/ });
    await row.focus();
    await page.keyboard.press("Enter");
    await page.locator(".mulab-details h4").getByText("devanagari").waitFor();
    await host.settled();
    // The row was drawn again, chosen, and still has the focus.
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(
      /of devanagari$/,
    );
    await page.getByRole("tab", { name: "Size and quality" }).click();
    const slider = page.getByRole("slider", { name: "Scale factor" });
    await slider.focus();
    for (const [key, now] of [
      ["Home", "0.01"],
      ["End", "1"],
      ["PageDown", "0.63"],
      ["ArrowLeft", "0.6"],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe(`scale factor ${now}`);
    }
    await close();
  });
});
