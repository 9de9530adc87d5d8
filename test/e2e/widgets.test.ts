// The widgets in a real browser, from a recorded run: every view, both themes, hands and keyboard.

import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Experiment } from "../../src/core/experiment.js";
import { variantOf } from "../../src/experiments/variants.js";
import { commLayer } from "../../src/notebook/layer.js";
import { LiveAblation } from "../../src/notebook/live-ablation.js";
import { LiveRun } from "../../src/notebook/live-run.js";
import { watch } from "../../src/notebook/notebook.js";
import { changed } from "../../src/sweep/changes.js";
import { failuresOf } from "../../src/wire/failures.js";
import { bigRun } from "../support/big-run.js";
import { launchChromium } from "../support/chromium.js";
import { type OpenedWidgets, openWidgets, watchedToItsEnd } from "../support/opened-widgets.js";
import { ReplayedRun } from "../support/replayed-run.js";
import { sampleRun } from "../support/sample-run.js";

const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const open = (theme: "light" | "dark", width = 1080, height = 900) =>
  openWidgets(browser, theme, { width, height });

/** The dashboard of the whole recorded run. */
const finished = (opened: Pick<OpenedWidgets, "page" | "host">, what = run) => watchedToItsEnd(opened, what);

const tab = (page: Page, name: string) => page.getByRole("tab", { name }).click();
const title = (page: Page) => page.locator(".mulab-details h4");

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it("shows a run as it grows, in every view", async () => {
    const opened = await open(theme);
    const { page, host, shot, close } = opened;
    const replay = new ReplayedRun(run);
    watch(replay);
    replay.advance(420);
    await page.getByText("64 of 192").waitFor();
    await host.settled();
    await shot("lineage-running");
    replay.advance();
    await page.getByText("Finished").waitFor();
    await host.settled();
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("End");
    await title(page)
      .getByText(/^Model \d+ · telugu$/)
      .waitFor();
    await host.settled();
    await shot("lineage");
    const views = ["Architecture", "Knowledge transfer", "Size and quality", "Accuracy"];
    for (const name of views) {
      await tab(page, name);
      await host.settled();
      await shot(name.toLowerCase().replaceAll(" ", "-"));
    }
    await page.getByRole("button", { name: "Clear the choice" }).click();
    for (const name of views.slice(0, 3)) {
      await tab(page, name);
      await host.settled();
      await shot(`${name.toLowerCase().replaceAll(" ", "-")}-free`);
    }
    await close();
  });

  it("compares methods over repetitions", async () => {
    const { page, host, shot, close } = await open(theme);
    const repeated = async (of: (experiment: Experiment) => Experiment, name: string) =>
      Promise.all(
        [1, 2].map(async (seed) => {
          const recorded = await sampleRun({ seed, iterations: 2, generations: 2, children: 5 });
          const { events, experiment } = recorded;
          return new ReplayedRun({ events, experiment: of(experiment) }, undefined, `runs/${name}-${seed}`);
        }),
      );
    const scaled = (scaleFactor: number) => (experiment: Experiment) => ({
      ...experiment,
      method: { ...experiment.method, scaleFactor, rootParams: 6000 },
    });
    const runs = (
      await Promise.all([
        ...[1, 0.5, 0.1].map((s) => repeated(scaled(s), `s${s}`)),
        repeated((experiment) => variantOf(experiment, { method: "full" }), "full"),
      ])
    ).flat();
    watch.pareto(runs);
    watch.accuracy(runs);
    for (const each of runs) each.advance();
    await host.settled();
    const [pareto, accuracy] = [0, 1].map((i) => page.locator(".output").nth(i));
    await pareto!.getByText("8 runs, 2 repetitions per point.").waitFor();
    for (const text of ["s 0.5", "Full fine-tuning", "µ2Net"])
      await pareto!.locator("svg text", { hasText: text }).first().waitFor();
    await accuracy!.getByRole("columnheader", { name: "µ2Net · s 0.1 · 2 runs" }).waitFor();
    await accuracy!.getByText("Test accuracy, mean and standard deviation of the runs.").waitFor();
    expect(await accuracy!.getByText(/ ± /).count()).toBe(12);
    await pareto!.getByText("each run's own").waitFor();
    await shot("methods");
    await pareto!.getByRole("slider", { name: "Scale factor" }).focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await pareto!.getByText("Dashed rings").waitFor();
    expect(await pareto!.locator(".now").count()).toBe(2);
    await host.settled();
    await shot("methods-rescored");
    await close();
  });
});

describe.each(["light", "dark"] as const)("an ablation in the %s theme", (theme) => {
  it("is asked for by keyboard, and is seen beside its run", async () => {
    const { page, host, shot, close } = await open(theme, 1080, 1000);
    const layer = commLayer()!;
    const base = new ReplayedRun(run, 2, "runs/base");
    const other = await sampleRun({ seed: 8, iterations: 2, generations: 4, children: 8 });
    const started: { dir: string; run: ReplayedRun }[] = [];
    const ablation = new LiveAblation({
      run: base,
      make: (state) => layer.widget(state),
      live: (each, name) => new LiveRun(each, (state) => layer.widget(state), { name }),
      start: async (dir, changes) => {
        const experiment = changed(base.experiment, changes);
        started.push({ dir, run: new ReplayedRun({ events: other.events, experiment }, 2, dir) });
        return started.at(-1)!.run;
      },
    });
    layer.display(ablation.widget);
    base.advance();
    await page.getByRole("heading", { name: "Ablation of runs/base" }).waitFor();
    const start = page.getByRole("button", { name: "Run the variant" });
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel("Step hyperparameters (auto-tuning)").focus();
    await page.keyboard.press("Space");
    await page.getByText("The variant would be without auto-tuning.").waitFor();
    await page.getByRole("slider", { name: "Scale factor of the variant" }).focus();
    await page.keyboard.press("PageDown");
    await page.getByText(/The variant would be without auto-tuning, s 0\.\d+\./).waitFor();
    await page.getByRole("combobox", { name: "Mutation probability µ" }).selectOption("0.1");
    await start.focus();
    await page.keyboard.press("Enter");
    const row = page.getByRole("listitem").filter({ hasText: "without auto-tuning" });
    await row.getByText("Running").waitFor();
    expect(started[0]!.dir).toMatch(/^runs\/base-ablation\/no-tuning_s0\.\d+_mu0\.1$/);
    await row.getByRole("button", { name: /^Pause/ }).click();
    await row.getByText("Paused").waitFor();
    started[0]!.run.resume();
    started[0]!.run.advance(300);
    await host.settled();
    await shot("ablation-running");
    started[0]!.run.advance();
    await row.getByText("Finished").waitFor();
    await page.getByRole("columnheader", { name: / without auto-tuning/ }).waitFor();
    await page.getByText(/^Test accuracy; differences.*This is a single pair of runs/).waitFor();
    expect(await page.locator("tbody").getByText(/[▲▼±]/).count()).toBe(4); // three tasks and the mean
    await page.locator("svg text", { hasText: "without auto-tuning" }).first().waitFor();
    expect(await page.locator(":is(input, select):not([data-lm-suppress-shortcuts])").count()).toBe(0);
    await page.getByText("Which hyperparameters are tuned").click();
    expect(await page.getByLabel("flip").isDisabled()).toBe(true); // nothing is tuned, so nothing can be held
    await page.getByLabel("Step hyperparameters (auto-tuning)").check();
    await page.getByLabel("flip").uncheck();
    await page.getByText(/holding flip\.$/).waitFor();
    await host.settled();
    await shot("ablation");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save ablation as CSV" }).click(),
    ]);
    expect((await readFile(await download.path())).toString()).toMatch(/without auto-tuning.*test/);
    await close();
  });
});

describe("a person", () => {
  it("chooses a model in one view and sees it in all", async () => {
    const opened = await open("light", 1080, 4000); // what is out of sight is drawn when it comes into it
    const { page, host, close } = opened;
    const replay = await finished(opened);
    watch.lineage(replay);
    watch.architecture(replay);
    watch.transfer(replay);
    await host.settled();
    await tab(page, "Accuracy");
    await page.getByRole("tabpanel", { name: "Accuracy" }).getByRole("button", { name: "bangla" }).click();
    await host.settled();
    const chosen = `Model ${replay.state.retained.bangla} · bangla`;
    expect(await title(page).allTextContents()).toEqual([chosen, chosen, chosen, chosen]);
    expect(await page.locator("[data-view=ArchitectureView] .station.lit").count()).toBeGreaterThan(4);
    await page
      .locator(`[data-view=TransferView] .node[data-model="${replay.state.retained.devanagari}"]`)
      .click();
    const other = `Model ${replay.state.retained.devanagari} · devanagari`;
    await expect.poll(() => title(page).allTextContents()).toEqual([other, other, other, other]);
    await close();
  });

  it("walks the tree by keyboard and searches it", async () => {
    const opened = await open("light");
    const { page, close } = opened;
    const replay = await finished(opened);
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("End");
    const last = Math.max(...Object.values(replay.state.retained));
    await page.keyboard.press("ArrowLeft");
    const parent = replay.state.models.get(replay.state.models.get(last)!.parent!)!;
    await expect.poll(() => title(page).textContent()).toBe(`Model ${parent.id} · ${parent.task}`);
    expect(await page.locator(".mulab-sr").textContent()).toContain(`Model ${parent.id}`);
    await page.keyboard.press("/");
    await page.keyboard.type("telugu retained");
    await page.getByText("1 model", { exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => title(page).textContent()).toBe(`Model ${replay.state.retained.telugu} · telugu`);
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".mulab-details h4").count()).toBe(0);
    await close();
  });

  it("moves the scale factor and sees at once what would be kept", async () => {
    const opened = await open("light");
    const { page, shot, close } = opened;
    await finished(opened);
    await tab(page, "Size and quality");
    const slider = page.getByRole("slider", { name: "Scale factor to re-score with" });
    await slider.focus();
    await page.keyboard.press("Home");
    await page.getByText("With s = 0.01").waitFor();
    expect(await page.getByText(/instead of \d+/).count()).toBeGreaterThan(0);
    await shot("rescored");
    await tab(page, "Architecture");
    await page.getByText("The network as it would be under scale factor 0.01").waitFor();
    await tab(page, "Size and quality");
    await page.getByRole("button", { name: "Reset" }).click();
    await page.getByText("As the run keeps them").waitFor();
    await close();
  });

  it("pauses, resumes and stops, and reports when the kernel is gone", async () => {
    const { page, host, shot, close } = await open("light");
    const replay = new ReplayedRun(run);
    watch.progress(replay);
    replay.advance(300);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused").waitFor();
    expect(replay.status).toBe("paused");
    await shot("paused");
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("Running").waitFor();
    await page.evaluate(() => window.host.disconnect());
    await page.getByText("Kernel gone").waitFor();
    expect(await page.getByRole("button", { name: "Stop" }).isDisabled()).toBe(true);
    await shot("gone");
    await host.settled();
    await close();
  });

  it("reads why a child failed, and how many did", async () => {
    const opened = await open("light");
    const { page, shot, close } = opened;
    const broken = await sampleRun({ iterations: 1, generations: 2, children: 4, failing: 6 });
    await finished(opened, broken);
    await page.getByRole("searchbox").fill("failed");
    await page.getByText("1 model", { exact: true }).waitFor();
    await page.getByRole("searchbox").press("Enter");
    await expect.poll(() => title(page).textContent()).toMatch(/^Model 6 /);
    const { code, message } = failuresOf(broken.events)[6]!;
    await page.locator(".mulab-why").getByText(`${message} (${code})`).waitFor();
    expect(await page.locator(".mulab-sr").textContent()).toContain(message);
    expect(await page.locator(".mulab-facts dt", { hasText: "Failed" }).count()).toBe(1);
    await shot("failed-child");
    await close();
  });

  it("stops, and reads why a run failed", async () => {
    const { page, close } = await open("light");
    const stopped = new ReplayedRun(run);
    watch.progress(stopped);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Stop now" }).click();
    await page.getByText("Stopped").waitFor();
    const failed = new ReplayedRun(run);
    watch.progress(failed);
    failed.fail(new Error("There is no space left on the disk."));
    await page.getByText("There is no space left on the disk.").waitFor();
    await close();
  });

  it("saves what is seen as SVG, PNG and CSV", async () => {
    const opened = await open("dark");
    const { page, close } = opened;
    const replay = await finished(opened);
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
    };
    const views = [
      ["Lineage", "lineage"],
      ["Architecture", "architecture"],
      ["Knowledge transfer", "transfer"],
      ["Size and quality", "size-and-quality"],
      ["Accuracy", "accuracy"],
    ] as const;
    for (const [view, name] of views) {
      await tab(page, view);
      const svg = await saved(`Save ${name} as SVG`);
      expect(svg.name).toBe(`${name}.svg`);
      expect(svg.bytes.toString()).toMatch(/^<svg .*<title/s);
      expect((await saved(`Save ${name} as PNG`)).bytes.subarray(1, 4).toString()).toBe("PNG");
      expect((await saved(`Save ${name} as CSV`)).bytes.toString()).toMatch(/\r\n.*\r\n/s);
    }
    await tab(page, "Architecture");
    expect((await saved("Save architecture as CSV")).bytes.toString()).toContain("\r\nfinal norm,");
    await tab(page, "Accuracy");
    expect((await saved("Save accuracy as CSV")).bytes.toString()).toContain("bangla");
    watch.progress(replay);
    expect((await saved("Save progress as SVG")).bytes.toString()).toContain("Finished");
    expect((await saved("Save progress as CSV")).bytes.toString()).toMatch(
      /ended,192,192,.*,telugu,private,/,
    );
    expect((await saved("Save progress as PNG")).bytes.subarray(1, 4).toString()).toBe("PNG");
    await close();
  });

  it("saves as much of a lineage as is on the screen", async () => {
    const { page, host, close } = await open("light");
    const big = await bigRun(700);
    const replay = new ReplayedRun({ ...run, experiment: big.experiment });
    replay.jump(big.state);
    watch.lineage(replay);
    await page.locator(".mulab-marks").waitFor();
    await host.settled();
    await page.getByRole("combobox").selectOption("all");
    await host.settled();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save lineage as SVG" }).click(),
    ]);
    const svg = (await readFile(await download.path())).toString();
    expect(new Set(svg.match(/data-model="\d+"/g)).size).toBe(701);
    await close();
  });

  it("sees tests, the last sweep and what becomes of children as they come", async () => {
    const { page, host, close } = await open("light", 1080, 1600);
    const replay = new ReplayedRun(run);
    watch(replay);
    const happened = (type: string) => run.events.findIndex((event) => event.type === type);
    replay.advance(happened("child-validated") - 2);
    await page.getByRole("searchbox").fill("0");
    await page.getByRole("searchbox").press("Enter");
    const children = page.locator(".mulab-details h5").filter({ hasText: "children" });
    await expect.poll(() => children.textContent()).toBe("8 children, 0 kept, 8 in training");
    replay.advance(happened("generation-ended") - happened("child-validated"));
    await expect.poll(() => children.textContent()).toMatch(/^8 children, [1-8] kept$/);
    replay.advance(happened("model-tested") - happened("generation-ended"));
    await tab(page, "Size and quality");
    const tested = page.locator(".mulab-kept tbody td:nth-child(4)").first();
    await expect.poll(() => tested.textContent()).toBe("–");
    replay.advance(1);
    await expect.poll(() => tested.textContent()).toMatch(/%$/);
    replay.advance();
    await page.getByText("Finished").waitFor();
    await host.settled();
    watch.pareto(replay);
    await host.settled();
    const swept = page.getByRole("group", { name: "The network under scale factors" }).locator("svg");
    await expect.poll(() => swept.count()).toBe(2);
    const points = (which: number) => swept.nth(which).locator("title").allTextContents();
    expect(await points(0)).toEqual(await points(1));
    await close();
  });

  it("sees nothing of a task that the run forgot", async () => {
    const { page, host, close } = await open("light");
    const again = await sampleRun({ again: "telugu" });
    const replay = new ReplayedRun(again);
    watch.progress(replay);
    const tasks = page.locator(".mulab-best .mulab-task");
    const forgotten = again.events.findIndex(({ type }) => type === "task-forgotten");
    replay.advance(forgotten - 2);
    await expect.poll(() => tasks.allTextContents()).toEqual(["bangla", "devanagari", "telugu"]);
    replay.advance(1);
    await expect.poll(() => tasks.allTextContents()).toEqual(["bangla", "devanagari"]);
    await host.settled();
    await close();
  });

  it("sorts the accuracies", async () => {
    const opened = await open("light");
    const { page, close } = opened;
    await finished(opened);
    await tab(page, "Accuracy");
    const panel = page.getByRole("tabpanel", { name: "Accuracy" });
    const tests = async () =>
      (await panel.locator("tbody td:nth-child(2)").allTextContents()).map(Number.parseFloat);
    await panel.getByRole("button", { name: "Test" }).click();
    expect(await tests()).toEqual((await tests()).sort((a, b) => b - a));
    await panel.getByRole("button", { name: /^Test/ }).click();
    expect(await tests()).toEqual((await tests()).sort((a, b) => a - b));
    await close();
  });
});

describe("the page", () => {
  it("is light or dark as it says, whatever the system is", async () => {
    const { page, close } = await open("light");
    await page.emulateMedia({ colorScheme: "dark" });
    const say = (theme: string | undefined) =>
      page.evaluate((said) => {
        delete document.body.dataset.jpThemeLight;
        if (said === undefined) delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = said;
      }, theme);
    await say("light");
    watch(new ReplayedRun(run));
    const wears = () => page.locator(".mulab").first().getAttribute("data-theme");
    await expect.poll(wears).toBe("light");
    await say("dark");
    await expect.poll(wears).toBe("dark");
    await say("light");
    await expect.poll(wears).toBe("light");
    await say(undefined);
    await expect.poll(wears).toBe("dark");
    await close();
  });

  it("shows a saved notebook without a kernel", async () => {
    const first = await open("light");
    await finished(first);
    const saved = first.host.saved();
    const { id, bundle } = first.host.shown[0]!;
    expect(Object.keys(bundle)).toEqual(
      expect.arrayContaining(["text/plain", "image/svg+xml", "application/vnd.jupyter.widget-view+json"]),
    );
    // Shown again when its last picture is drawn, which takes a moment.
    await expect
      .poll(() => first.host.shown.at(-1)!.bundle["text/plain"], { timeout: 20_000 })
      .toContain("ended");
    expect(Object.keys(first.host.shown.at(-1)!.bundle)).toContain("image/png");
    await first.close();
    const { page, host, close } = await open("light");
    await page.evaluate(
      async ([states, model]) => {
        await window.host.restore(states as never);
        await window.host.show(model as string);
      },
      [saved, id] as const,
    );
    await page.getByText("Finished").waitFor();
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("End");
    await page.getByText("Layers, head to image").waitFor();
    await host.settled();
    await close();
  });

  it("never takes a task's name for markup", async () => {
    const hostile = [
      `<img src=x onerror="window.hacked=1">`,
      `"><script>window.hacked=1</script>`,
      "a\u0000b\u202e'&lt;`;--",
    ];
    const tasks = hostile.map((name, i) => ({
      name,
      access: i === 2 ? ("private" as const) : ("public" as const),
    }));
    const opened = await open("light");
    const { page, shot, close } = opened;
    await finished(opened, await sampleRun({ tasks, iterations: 1, generations: 2, children: 4 }));
    await page.locator(".mulab-marks").focus();
    await page.keyboard.press("End");
    for (const name of ["Lineage", "Architecture", "Knowledge transfer", "Size and quality", "Accuracy"]) {
      await tab(page, name);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page
          .getByRole("button", { name: /^Save .* as (SVG|CSV)$/ })
          .first()
          .click(),
      ]);
      const text = (await readFile(await download.path())).toString();
      if (download.suggestedFilename().endsWith("svg")) expect(text).not.toMatch(/<img|<script/);
    }
    expect(await page.locator("img, script[src=x], .output script").count()).toBe(0);
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.getByText(hostile[0]!, { exact: true }).count()).toBeGreaterThan(0);
    await shot("hostile");
    await close();
  });

  it("stays smooth with ten thousand children", async () => {
    const big = await bigRun(10_000);
    const { page, host, shot, close } = await open("light", 1400);
    const replay = new ReplayedRun({ ...run, experiment: big.experiment });
    replay.jump(big.state);
    watch(replay);
    await page.getByText("Running").waitFor();
    await host.settled();
    await page.getByRole("combobox").selectOption("all");
    await host.settled();
    await shot("big");
    const frames = (work: () => Promise<void>) =>
      Promise.all([
        page.evaluate(
          () =>
            new Promise<number[]>((done) => {
              const times: number[] = [];
              const began = performance.now();
              let last = began;
              requestAnimationFrame(function frame(now) {
                times.push(now - last);
                last = now;
                if (now - began > 2500) done(times.sort((a, b) => a - b));
                else requestAnimationFrame(frame);
              });
            }),
        ),
        work(),
      ]).then(([times]) => ({
        median: times[times.length >> 1]!,
        p95: times[Math.floor(times.length * 0.95)]!,
      }));
    const box = (await page.locator(".mulab-marks").boundingBox())!;
    const drag = async () => {
      await page.mouse.move(box.x + 700, box.y + 100);
      await page.mouse.down();
      for (let i = 0; i < 120; i++) await page.mouse.move(box.x + 700 + 5 * (i % 60), box.y + 100);
      await page.mouse.up();
    };
    const near = await frames(drag);
    await page.getByRole("button", { name: "Fit", exact: true }).click();
    await host.settled();
    await shot("big-fit");
    const far = await frames(drag);
    const hover = await frames(async () => {
      for (let i = 0; i < 120; i++) await page.mouse.move(box.x + 100 + 8 * i, box.y + 70 + (i % 40));
    });
    console.log("ms a frame, 10,000 children:", JSON.stringify({ near, far, hover }));
    for (const { median } of [near, far, hover]) expect(median).toBeLessThan(60);
    await close();
  });
});
