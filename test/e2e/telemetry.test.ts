// Nothing is sent anywhere: every look-up and every connection of native code and of Node's own is counted, with CI unset
// and an empty home folder, on every way in and for every dependency.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLI, TINY } from "../support/cli.js";
import { installed } from "../support/tarball.js";

const support = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

// The counter is a library of Linux's.
describe.runIf(process.platform === "linux")("nothing is sent anywhere", () => {
  let folder: string;
  let shim: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mulab-sent-"));
    shim = join(folder, "connections.so");
    execFileSync("gcc", ["-shared", "-fPIC", "-O1", "-o", shim, support("connections.c"), "-ldl"]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let runs = 0;
  /** Runs Node with an empty home folder; gives what it printed, whom it looked for, and what it left at home. */
  function watched(...args: string[]) {
    runs += 1;
    const home = join(folder, `home-${runs}`);
    mkdirSync(home);
    const log = join(folder, `connections-${runs}`);
    const env = { PATH: process.env.PATH, HOME: home, LD_PRELOAD: shim, CONNECTIONS: log };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    const told = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    const home_ = readdirSync(home, { recursive: true, encoding: "utf8" });
    return { status, stdout: stdout.trim(), stderr, told, home: home_ };
  }
  const quiet = { status: 0, told: [], home: [] };

  it("which the counter would see: of Node, and of ONNX Runtime by itself, which keeps a device id", () => {
    const look = "import('node:dns').then(({ lookup }) => lookup('example.invalid', () => {}))";
    const connect = "import('node:net').then(({ connect }) => connect(9, '127.0.0.1').on('error', () => {}))";
    expect(watched("-e", look).told).toEqual(["look-up example.invalid"]);
    expect(watched("-e", connect).told).toEqual(["connect IPv4"]);
    const bare = watched(support("engine-alone.mjs"), installed(), "bare");
    expect(bare.stdout).toBe("bare");
    expect(bare.home.some((path) => path.endsWith("deviceid"))).toBe(true);
  });

  it.each(["main", "worker"])("by the engine that is loaded alone, in a %s thread", (where) => {
    expect(watched(support("engine-alone.mjs"), installed(), where)).toMatchObject({ ...quiet, stdout: "2" });
  });

  it("by a run from the command line", () => {
    const run = ["run", "preliminary", "--out", join(folder, "run"), ...TINY];
    expect(watched(CLI, ...run)).toMatchObject(quiet);
  });

  it("by a run from a script", () => {
    const settings = ["limit=48", "batchSize=16", "cycles=1", "iterations=1", "generations=1", "children=1"];
    const script = `import { applyOverrides, open, preliminary } from ${JSON.stringify(pathToFileURL(join(installed(), "dist/src/index.js")).href)};
const tasks = [{ name: "glyphs/bengali", access: "public" }];
const small = { ...applyOverrides(preliminary({ seed: 0 }), ${JSON.stringify(settings)}), tasks };
const run = await open(${JSON.stringify(join(folder, "script"))}, small);
await run.done();
console.log(run.status);`;
    const run = watched("--input-type=module", "-e", script);
    expect(run.stderr).toBe("");
    expect(run).toMatchObject({ ...quiet, stdout: "ended" });
  });

  it("by a dependency that is loaded", () => {
    const { dependencies } = JSON.parse(readFileSync(join(installed(), "package.json"), "utf8"));
    // Fonts and types have nothing to load.
    const names = Object.keys(dependencies).filter((name) => !/^@(fontsource|types)\//.test(name));
    expect(names.length).toBeGreaterThan(15);
    const script = `import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const own = createRequire(${JSON.stringify(join(installed(), "dist/src/index.js"))});
process.env.ORT_DISABLE_TELEMETRY = "1";
for (const name of ["#onnxruntime-node", "#tslab", "#zeromq"]) own(name);
const failed = [];
for (const name of ${JSON.stringify(names)})
  await import(pathToFileURL(own.resolve(name)).href).catch((error) => failed.push(name + ": " + error.message));
console.log(failed.join("\\n"));`;
    expect(watched("--input-type=module", "-e", script)).toMatchObject({ ...quiet, stdout: "" });
  });
});
