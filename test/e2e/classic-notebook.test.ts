// The classic Notebook 6 without ipywidgets' extension, as a front end that knows no widgets: a stored notebook shows still
// pictures, each of which says why it does not move.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.js";
import { CLI } from "../support/cli.js";
import { PYTHON, requireOrSkip } from "../support/lab-require.js";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));
const NAME = "01-first-evolution.ipynb";
/** Views that the notebook watches. */
const VIEWS = 3;

const version = spawnSync(PYTHON, ["-c", "import notebook; print(notebook.__version__)"], {
  encoding: "utf8",
});
const missing = [
  ...(version.stdout?.startsWith("6.") ? [] : ["Notebook 6 (apt-get install jupyter-notebook)"]),
  ...(chromiumPath() === undefined ? ["Chromium (apt-get install chromium; or set MULAB_CHROMIUM)"] : []),
];
const canRun = requireOrSkip("the classic Notebook", missing);

describe.skipIf(!canRun)("a stored notebook in the classic Notebook", () => {
  let home: string;
  let server: ChildProcess;
  let root: string;
  let env: NodeJS.ProcessEnv;
  let browser: Browser;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "mulab-classic-"));
    cpSync(join(NOTEBOOKS, NAME), join(home, NAME));
    env = { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", JUPYTER_RUNTIME_DIR: join(home, "run") };
    expect(spawnSync(process.execPath, [CLI, "kernel", "install", "--user"], { env }).status).toBe(0);
    const port = await freePort();
    root = `http://127.0.0.1:${port}/`;
    const args = ["-m", "notebook", "--no-browser", `--port=${port}`, "--NotebookApp.token=classic"];
    if (process.getuid?.() === 0) args.push("--allow-root");
    server = spawn(PYTHON, args, { cwd: home, env, stdio: ["ignore", "ignore", "pipe"] });
    await new Promise<void>((resolve, reject) => {
      let log = "";
      server.stderr!.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        if (log.includes(root)) resolve();
      });
      server.on("exit", () => reject(new Error(`The classic Notebook did not start:\n${log}`)));
    });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    if (server && server.exitCode === null) {
      const exited = once(server, "exit");
      server.kill("SIGKILL");
      await exited;
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(["not trusted", "trusted"])("shows each watched run as a picture, %s", async (trust) => {
    if (trust === "trusted")
      expect(spawnSync(PYTHON, ["-m", "nbformat.sign", join(home, NAME)], { env }).status).toBe(0);
    const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
    const page = await context.newPage();
    await page.goto(`${root}notebooks/${NAME}?token=classic`);
    const cells = page.locator(".code_cell").filter({ hasText: /watch(\.architecture)?\(|%%evolve/ });
    const pictures = cells.locator(".output_png img, .output_svg svg");
    await expect.poll(() => pictures.count(), { timeout: 60_000 }).toBe(VIEWS);
    for (const picture of await pictures.all())
      expect((await picture.boundingBox())!.width).toBeGreaterThan(300);
    const words = await page.locator("#notebook").textContent();
    expect(words).not.toMatch(/Error displaying widget|model not found|Loading widget/);
    if ((await cells.locator(".output_svg").count()) > 0)
      expect(words!.split("A still picture. Where mulab's widgets are installed").length - 1).toBe(VIEWS);
    await context.close();
  });

  it("says in the stored pictures that they are still ones", async () => {
    const { cells } = JSON.parse(await (await fetch(`${root}files/${NAME}?token=classic`)).text()) as {
      cells: { outputs?: { data?: Record<string, string | string[]> }[] }[];
    };
    const views = cells
      .flatMap(({ outputs = [] }) => outputs)
      .filter(({ data }) => data?.["application/vnd.mulab.view+json"]);
    expect(views).toHaveLength(VIEWS);
    for (const { data } of views)
      expect([data!["image/svg+xml"]].flat().join("")).toContain("A still picture. Where mulab");
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
