// `mulab kernel install | list | remove` and `mulab lab`, as a person runs them: real folders, the real Jupyter Notebook.

import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildWidgets } from "../../scripts/build-widgets.mjs";
import { chromiumPath, launchChromium, recordExternalRequests } from "../support/chromium.js";
import { runCli, startCli } from "../support/cli.js";
import { writeNotebook } from "../support/lab-notebook.js";
import { missingPython, requireOrSkip } from "../support/lab-require.js";
import { writeLiveCell } from "../support/live-bundle.js";

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mulab-install-"));
  folders.push(folder);
  return folder;
}
beforeAll(() => buildWidgets());
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A port without a listener: the Notebook prints port 0 as it was given. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** All files and folders below `folder`. */
const listing = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

/** A place to install to: the options, the environment, and where Jupyter's data folder is. */
const PLACES = {
  "--user": (home: string) => ({ args: ["--user"], env: {}, data: join(home, ".local/share/jupyter") }),
  "--prefix": (home: string) => ({
    args: ["--prefix", join(home, "env")],
    env: { JUPYTER_PATH: join(home, "env/share/jupyter") },
    data: join(home, "env/share/jupyter"),
  }),
  "--sys-prefix": (home: string) => ({
    args: ["--sys-prefix"],
    env: { CONDA_PREFIX: join(home, "conda") },
    data: join(home, "conda/share/jupyter"),
  }),
} as const;

describe.each(Object.entries(PLACES))("mulab kernel install %s", (_name, place) => {
  it("writes kernel and widgets, is listed, is replaced, and leaves nothing but what was there when it is removed", async () => {
    const home = newFolder();
    const { args, env, data } = place(home);
    const environment = { ...env, HOME: home, XDG_DATA_HOME: undefined, JUPYTER_DATA_DIR: undefined };
    const mulab = (...words: string[]) => runCli(["kernel", ...words], { env: environment });
    const others = join(data, "kernels", "python3");
    mkdirSync(others, { recursive: true });
    writeFileSync(
      join(others, "kernel.json"),
      JSON.stringify({ argv: ["python3"], display_name: "Python 3" }),
    );
    const before = listing(home);

    for (let times = 0; times < 2; times++) {
      const { code, stdout, stderr } = await mulab("install", ...args);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain(join(data, "kernels/mulab"));
    }
    const spec = JSON.parse(readFileSync(join(data, "kernels/mulab/kernel.json"), "utf8"));
    expect(spec).toMatchObject({
      display_name: "TypeScript (mulab)",
      language: "typescript",
      interrupt_mode: "message",
    });
    const files = listing(data);
    for (const file of [
      "kernels/mulab/logo-svg.svg",
      "kernels/mulab/logo-64x64.png",
      "labextensions/mulab/package.json",
      "labextensions/mulab/install.json",
      "nbextensions/mulab/index.js",
      "lab/settings/overrides.d/mulab.json",
    ])
      expect(files).toContain(file);

    const listed = (await mulab("list")).stdout;
    expect(listed).toMatch(/mulab .*TypeScript \(mulab\).*this is mulab's/);
    expect(listed).toContain("Python 3");

    writeFileSync(join(data, "kernels/mine"), "made by someone else");
    const removed = await mulab("remove", ...args);
    expect(removed.stdout).toContain(join(data, "labextensions/mulab"));
    expect(listing(home)).toEqual([...before, join(data, "kernels/mine").slice(home.length + 1)].sort());
    expect((await mulab("remove", ...args)).stdout).toContain("nothing to remove");
  });
});

describe("mulab kernel", () => {
  it("takes one place only, and says what to do where a place cannot be found or written", async () => {
    const two = await runCli(["kernel", "install", "--user", "--sys-prefix"]);
    expect(two).toMatchObject({ code: 1, stderr: expect.stringContaining("one place only") });
    const nowhere = await runCli(["kernel", "install", "--sys-prefix"], {
      env: { PATH: newFolder(), CONDA_PREFIX: undefined, VIRTUAL_ENV: undefined },
    });
    expect(nowhere.stderr).toContain("Activate one, or use --user");
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    const blocked = await runCli(["kernel", "install", "--prefix", file]);
    expect(blocked.code).not.toBe(0);
    expect(blocked.stderr).toContain("is not a folder");
    if (process.platform !== "linux") return;
    const nowhereToBe = await runCli(["kernel", "install", "--prefix", "/proc/mulab"]);
    expect(nowhereToBe.code).not.toBe(0);
    expect(nowhereToBe.stderr).toContain("is not writable");
  });
});

describe("mulab lab", () => {
  it("says how to get a Jupyter where there is none", async () => {
    const { code, stderr } = await runCli(["lab"], { env: { PATH: newFolder() } });
    expect(code).not.toBe(0);
    for (const way of ["conda env create -f environment.yml", "apt install jupyter-notebook"])
      expect(stderr).toContain(way);
  });

  it("starts JupyterLab rather than the Notebook where both are there", async () => {
    const programs = newFolder();
    for (const name of ["jupyter-lab", "jupyter-notebook"]) {
      writeFileSync(join(programs, name), `#!/bin/sh\necho "${name} $JUPYTER_PATH $@"\n`, { mode: 0o755 });
    }
    const { stdout, code } = await runCli(["lab", programs, "--", "--no-browser"], {
      env: { PATH: `${programs}:${dirname(process.execPath)}:/bin` },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^jupyter-lab \S*mulab-lab-\S*\/share\/jupyter\S* .*--no-browser \S+$/m);
  });
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("mulab lab, ended by %s", (signal) => {
  // What a busy Jupyter does away from a terminal: SIGINT throws it out of whatever it is at, SIGTERM ends it well.
  it("asks the server to end, and ends well itself", async () => {
    const programs = newFolder();
    const server =
      "#!/bin/sh\ntrap 'exit 1' INT\ntrap 'echo ended; exit 0' TERM\necho up\nwhile :; do wait; done\n";
    writeFileSync(join(programs, "jupyter-lab"), server, { mode: 0o755 });
    const { process: mulab, finished } = startCli(["lab", programs], {
      env: { PATH: `${programs}:${dirname(process.execPath)}:/bin` },
    });
    onTestFinished(() => void mulab.kill("SIGKILL"));
    mulab.stdout!.on("data", (lines: string) => lines.includes("up\n") && mulab.kill(signal));
    const { code, stdout } = await finished;
    expect(stdout).toContain("ended");
    expect(code).toBe(0);
  });
});

const missing = missingPython({ notebook: "jupyter-notebook" });
if (chromiumPath() === undefined) missing.push("Chromium (apt-get install chromium; or set MULAB_CHROMIUM)");
const possible = requireOrSkip("mulab lab with the Jupyter Notebook", missing);

describe.skipIf(!possible)("mulab lab with the Jupyter Notebook", () => {
  it("runs cells in the mulab kernel, shows a picture where there are no widgets, and cleans up when it is ended", async () => {
    const folder = newFolder();
    const temporary = newFolder();
    await writeLiveCell(folder);
    const cells = [
      'import { table } from "arquero";\ntable({ a: [1, 2, 3] })',
      'const live = require("./live.js");\nconst run = await live.demo(1);\nlive.watch(run);',
      "await run.done(); undefined",
      "const wrong: number = 'text'",
    ];
    writeNotebook(folder, "first.ipynb", { kernel: "mulab", language: "typescript", cells });
    // Only the Notebook, whatever else the machine has.
    const programs = newFolder();
    symlinkSync("/usr/bin/jupyter-notebook", join(programs, "jupyter-notebook"));
    const args = ["lab", folder, "--", "--no-browser", "--ip=127.0.0.1", `--port=${await freePort()}`];
    const server = startCli(args, {
      env: { HOME: newFolder(), TMPDIR: temporary, PATH: `${programs}:/usr/bin:/bin` },
    });
    let log = "";
    const address = await new Promise<URL>((resolve, reject) => {
      server.process.stderr!.on("data", (chunk) => {
        log += chunk;
        const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\w+/.exec(log);
        if (found) resolve(new URL(found[0]));
      });
      void server.finished.then(({ stdout, stderr }) => reject(new Error(`It ended: ${stdout}${stderr}`)));
    });
    expect(readdirSync(temporary).some((name) => name.startsWith("mulab-lab-"))).toBe(true);

    onTestFinished(() => void server.process.kill("SIGTERM"));
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const context = await browser.newContext({ viewport: { width: 1100, height: 1400 } });
    const external = recordExternalRequests(context);
    const page = await context.newPage();
    await page.goto(`${address.origin}/notebooks/first.ipynb${address.search}`);
    await page.locator(".kernel_indicator_name", { hasText: "TypeScript (mulab)" }).waitFor();
    await page.waitForFunction(
      "window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook._fully_loaded !== false",
    );
    await page.evaluate("Jupyter.notebook.execute_all_cells()");
    const output = (cell: number) => page.locator(".code_cell").nth(cell).locator(".output_area");
    await output(0).locator("table").waitFor();
    await output(1).locator("svg, img").first().waitFor();
    await output(3).getByText("TS2322").first().waitFor();
    if (process.env.MULAB_SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.MULAB_SCREENSHOTS, "notebook6.png") });
    }
    expect(external).toEqual([]);

    server.process.kill("SIGINT");
    const { code } = await server.finished;
    expect(code).toBe(0);
    expect(readdirSync(temporary).filter((name) => name.startsWith("mulab-lab-"))).toEqual([]);
  });
});
