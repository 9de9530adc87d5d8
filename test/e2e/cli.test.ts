import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLI, type Finished, lastJson, runCli, startCli, TINY } from "../support/cli.js";

/** A run that is still going when it is interrupted. */
const LONG = ["run", "preliminary", "--seed", "3", ...TINY, "--set", "generations=50"];

let folder: string;
let dir: string;
let first: Finished;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-cli-"));
  dir = join(folder, "run");
  first = await runCli(["run", "preliminary", "--seed", "3", "--out", dir, "--json", ...TINY]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refused = (result: Finished, ...words: string[]): void => {
  expect(result.code).toBe(1);
  for (const word of words) expect(result.stderr).toContain(word);
  expect(result.stderr).not.toContain("    at "); // no stack for a mistake
};

describe("mulab run", () => {
  it("ends well, without a terminal in plain lines, with the report's place last but for the JSON", () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toContain(`Report: `);
    expect(first.stderr).not.toContain("\u001b");
  });

  it("prints the stable JSON document as its last line", () => {
    const json = lastJson(first);
    expect(Object.keys(json)).toEqual(
      expect.arrayContaining([
        "tasks",
        "children",
        "wallSeconds",
        "trainSeconds",
        "examplesTrained",
        "seed",
        "digest",
      ]),
    );
    expect(json).toMatchObject({ seed: 3, children: 12, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const [task] = json.tasks as Record<string, unknown>[];
    expect(Object.keys(task!)).toEqual(
      expect.arrayContaining([
        "task",
        "access",
        "validationAccuracy",
        "testAccuracy",
        "blocks",
        "ownParams",
        "sharedParams",
        "accountedParams",
        "transfer",
      ]),
    );
    // 2 generations x 2 children x 3 tasks, 2 cycles of 3 batches of 16 (38 of 48 images train)
    expect(json.examplesTrained).toBe(12 * 2 * 3 * 16);
  });

  it("gives the same digest for the same seed and another for another", async () => {
    const again = await runCli([
      "run",
      "preliminary",
      "--seed",
      "3",
      "--out",
      join(folder, "again"),
      "--json",
      ...TINY,
    ]);
    const other = await runCli([
      "run",
      "preliminary",
      "--seed",
      "4",
      "--out",
      join(folder, "other"),
      "--json",
      ...TINY,
    ]);
    expect(lastJson(again).digest).toBe(lastJson(first).digest);
    expect(lastJson(other).digest).not.toBe(lastJson(first).digest);
  });

  it("writes a report that names no other place", async () => {
    const html = await readFile(join(dir, "report.html"), "utf8");
    const loaded = html.match(/<link|<iframe|<img|@import|url\(|\ssrc=/g);
    expect(loaded).toBeNull();
    expect(html.includes("Content-Security-Policy")).toBe(true);
    expect(html.includes("glyphs/bengali")).toBe(true);
  });

  it("stops at Ctrl-C and says how to continue", async () => {
    const stopped = join(folder, "stopped");
    const { process, finished } = startCli([...LONG, "--out", stopped, "--json"]);
    process.stderr!.on("data", (text: string) => {
      if (text.includes("generation 1")) process.kill("SIGINT");
    });
    const { code, stdout, stderr } = await finished;
    expect(code).toBe(130);
    expect(stderr).toContain(`mulab resume ${stopped}`);
    expect(JSON.parse(stdout)).toMatchObject({ ended: false, seed: 3 });
    expect((await runCli(["verify", stopped])).code).toBe(0);
    const again = startCli(["resume", stopped, "--threads", "1"]);
    again.process.stdout!.on("data", (text: string) => {
      if (/^resumed after \d+ children$/m.test(text)) again.process.kill("SIGINT");
    });
    expect((await again.finished).stdout).toMatch(/^resumed after [2-9]\d* children$/m);
  });
});

describe("mulab show, verify and report", () => {
  it("show prints the same as the run did", async () => {
    expect(lastJson(await runCli(["show", dir, "--json"])).digest).toBe(lastJson(first).digest);
  });

  it("verify says what it proved", async () => {
    const verified = await runCli(["verify", dir, "--json"]);
    expect(verified.code).toBe(0);
    expect(verified.stderr).toContain("The run is what it says.");
    expect(lastJson(verified)).toMatchObject({ ok: true });
  });

  it("report writes to the given place", async () => {
    const file = join(folder, "elsewhere.html");
    expect((await runCli(["report", dir, "--out", file])).stdout.trim()).toBe(file);
    expect(await readFile(file, "utf8")).toContain("<html");
  });

  it("resume of a run that has ended changes nothing", async () => {
    const before = await readFile(join(dir, "events.jsonl"), "utf8");
    expect((await runCli(["resume", dir])).code).toBe(0);
    expect(await readFile(join(dir, "events.jsonl"), "utf8")).toBe(before);
  });

  it("ends quietly when its reader has gone, as under `| head`", async () => {
    const { process, finished } = startCli(["tasks"]);
    process.stdout!.destroy();
    expect(await finished).toMatchObject({ code: 0, stderr: "" });
  });

  it("prints its JSON although the lines beside it have no reader", async () => {
    const { process, finished } = startCli(["tasks", "--json"]);
    process.stderr!.destroy();
    const result = await finished;
    expect(result.code).toBe(0);
    expect(lastJson(result)).toContainEqual(expect.objectContaining({ name: "mnist" }));
  });

  it.runIf(existsSync("/dev/full"))("a disk that is full under its output is reported as such", async () => {
    const full = openSync("/dev/full", "w");
    const result = spawnSync(process.execPath, [CLI, "tasks"], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect(result.status).toBe(1);
    expect(String(result.stderr)).toMatch(/^mulab: Can't write standard output: the disk is full/);
    expect(String(result.stderr)).not.toContain("    at ");
  });

  it("lists experiments and tasks", async () => {
    expect((await runCli(["experiments"])).stdout).toContain("preliminary");
    const { stdout } = await runCli(["tasks"]);
    for (const name of ["cmaterdb/bangla", "glyphs/telugu"]) expect(stdout).toContain(name);
  });
});

describe("what is done wrong gets a message that says what to do, and a non-zero exit", () => {
  const run = (...args: string[]) => runCli(["run", "preliminary", "--out", join(folder, "never"), ...args]);

  it.each([
    [
      ["run", "preliminry"],
      ["no experiment", "preliminary"],
    ],
    [["run", "preliminary", "--tasks", "cmaterdb/bangle"], ["cmaterdb/bangla"]],
    [["run", "preliminary", "--tasks", "glyphs/bengali,glyphs/bengali"], ["names each task once"]],
    [["run", "preliminary", "--tasks", "glyphs/bengali:secret"], [":private"]],
    [
      ["run", "preliminary", "--set", "childen=4"],
      ["childen", "children"],
    ],
    [["run", "preliminary", "--set", "children=0"], ["a whole number in 1…1000"]],
    [["run", "preliminary", "--set", "children=1e9"], ["a whole number in 1…1000"]],
    [["run", "preliminary", "--set", "learningRate=0.03"], ["0.02 and 0.05"]],
    [["run", "preliminary", "--set", "children"], ["key=value"]],
    [["run", "--set", "children=4", "preliminary"], ["name the experiment before it"]],
    [["run", "preliminary", "--tasks", "mnist,"], ["commas between them"]],
    [["run", "preliminary", "--budget", "huge"], ["paper"]],
    [["run", "preliminary", "--seed", "x"], ["whole number"]],
    [
      ["run", "preliminary", "--threds", "2"],
      ["--threads", "mulab run --help"],
    ],
    [
      ["kernel", "instal"],
      ["install", "mulab kernel --help"],
    ],
    [["html", "package.json"], ["package.json is not a notebook"]],
    [["sweep", "src"], ["src is not a sweep"]],
    [["shw", "x"], ["show"]],
    [
      ["run", "decathlon", "--budget", "smoke"],
      ["decathlon/imagenet12", "tfds build", "MULAB_DATA"],
    ],
  ])("%j", async (args, words) => refused(await runCli(args), ...words));

  it("leaves no folder behind", async () => {
    await run("--set", "childen=4");
    expect(await readdir(folder)).not.toContain("never");
  });

  it("a folder that is not a run", async () => {
    const empty = join(folder, "empty");
    await mkdir(empty);
    for (const command of ["show", "verify", "resume", "report"])
      refused(await runCli([command, empty]), "is not a run folder");
  });

  it("a device that the engine has not, before anything is drawn", async () => {
    const result = await run("--device", "wasm", ...TINY);
    refused(result, 'The onnx engine\'s device is "wasm"', "webgpu");
    expect(result.stdout).toBe("");
  });

  it("a folder with other files in it", async () => {
    const mine = join(folder, "mine");
    await mkdir(mine);
    await writeFile(join(mine, "thesis.txt"), "precious");
    for (const command of ["run", "sweep"]) {
      const result = await runCli([command, "preliminary", "--out", mine, ...TINY]);
      refused(result, "--out");
      expect(result.stdout).toBe(""); // before anything was drawn or decoded
    }
    expect(await readFile(join(mine, "thesis.txt"), "utf8")).toBe("precious");
  });

  it("a folder that already holds a run", async () => {
    refused(
      await runCli(["run", "preliminary", "--seed", "9", "--out", dir, ...TINY]),
      "another experiment",
      "seed",
    );
  });

  it("a run of a newer format", async () => {
    const newer = join(folder, "newer");
    await cp(dir, newer, { recursive: true });
    const header = JSON.parse(await readFile(join(newer, "run.json"), "utf8"));
    await writeFile(join(newer, "run.json"), JSON.stringify({ ...header, format: 99 }));
    refused(await runCli(["resume", newer]), "Update mulab");
  });

  it("a damaged layer is found by verify, by name", async () => {
    const damaged = join(folder, "damaged");
    await cp(dir, damaged, { recursive: true });
    const files = await readdir(join(damaged, "layers"), { recursive: true });
    const file = files.find((name) => name.endsWith(".safetensors"))!;
    const path = join(damaged, "layers", file);
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    const verified = await runCli(["verify", damaged]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain(basename(file).slice(0, 8));
  });

  it("a journal damaged in the middle is an error with its line, and a torn last line is not", async () => {
    const torn = join(folder, "torn");
    await cp(dir, torn, { recursive: true });
    const journal = join(torn, "events.jsonl");
    const whole = await readFile(journal, "utf8");
    // What a crash while writing leaves: the beginning of one line more.
    await writeFile(journal, whole + whole.slice(0, 40));
    expect((await runCli(["resume", torn])).code).toBe(0);
    expect(lastJson(await runCli(["show", torn, "--json"])).digest).toBe(lastJson(first).digest);
    await writeFile(journal, whole.replace('"child-planned"', '"child-plonned"'));
    refused(await runCli(["show", torn]), "line ", "Restore the file");
  });

  it("a second writer", async () => {
    const busy = join(folder, "busy");
    const { process, finished } = startCli([...LONG, "--out", busy]);
    await new Promise((resolve) => process.stdout!.once("data", resolve));
    refused(await runCli(["resume", busy]), `process ${process.pid}`);
    expect((await runCli(["show", busy])).code).toBe(0);
    process.kill("SIGKILL");
    await finished;
  });
});
