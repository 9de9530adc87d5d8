// Roots on the command line: one is pretrained, a run begins with it by its name, and what is missing is said.

import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, lastJson, runCli, startCli, TINY } from "../support/cli.js";

let folder: string;
let made: Finished;
let file: string;
const env = () => ({ XDG_CACHE_HOME: join(folder, "cache"), MULAB_DATA: join(folder, "data") });
const pretrain = ["pretrain", "--task", "glyphs/lao", "--blocks", "1", "--batch", "16", "--threads", "1"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-root-"));
  await mkdir(join(folder, "data", "checkpoints"), { recursive: true });
  made = await runCli([...pretrain, "--steps", "4", "--json"], { env: env() });
  file = (lastJson(made).path as string) ?? "";
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("mulab pretrain", () => {
  it("shows its steps, and says what it made and how to use it", async () => {
    expect(made.code).toBe(0);
    expect(made.stderr).toMatch(/pretraining: step 4 of 4; validation accuracy/);
    expect(made.stderr).toContain(`mulab run <experiment> --root ${basename(file)}`);
    const { root } = lastJson(made) as { root: { sha256: string } };
    expect(made.stderr).toContain(root.sha256);
    expect(basename(file)).toContain(root.sha256.slice(0, 8));
    expect(await readdir(dirname(file))).toEqual([basename(file)]);
  });

  it("that is killed leaves nothing, and one that is interrupted says so", async () => {
    const out = join(folder, "stopped", "root.safetensors");
    for (const signal of ["SIGKILL", "SIGINT"] as const) {
      const { process: child, finished } = startCli(
        [...pretrain, "--steps", "100000", "--out", out, "--json"],
        { env: env() },
      );
      child.stderr!.on("data", (text: string) => text.includes("step 0 of") && child.kill(signal));
      const { code, stdout, stderr } = await finished;
      expect(await readdir(dirname(out)).catch(() => [])).toEqual([]);
      if (signal === "SIGINT") {
        expect(code).toBe(130);
        expect(stderr).toContain("Nothing of an unfinished pretraining is kept");
        expect(JSON.parse(stdout)).toEqual({ ended: false });
      }
    }
  });
});

describe("mulab run --root", () => {
  it("begins with the root of that name, and the run verifies without the file", async () => {
    const dir = join(folder, "run");
    const args = ["run", "characters", "--budget", "smoke", "--out", dir, "--root", basename(file)];
    // characters wants three blocks; the root has one
    const deep = await runCli([...args, ...TINY], { env: env() });
    expect(deep.code).toBe(1);
    expect(deep.stderr).toMatch(/has 1 transformer block, but 3 were requested/);
    const three = lastJson(
      await runCli([...pretrain, "--blocks", "3", "--steps", "2", "--json"], { env: env() }),
    );
    const { root } = three as { root: { file: string; sha256: string } };
    args[args.length - 1] = root.file;
    const run = await runCli([...args, ...TINY], { env: env() });
    expect(run.stderr).toBe("");
    const { experiment } = JSON.parse(await readFile(join(dir, "run.json"), "utf8"));
    expect(experiment.root).toMatchObject({ kind: "checkpoint", blocks: 3, ...root });
    await rm(three.path as string);
    expect(await runCli(["verify", dir], { env: env() })).toMatchObject({ code: 0 });
  });

  it("takes published weights from the folder of checkpoints", async () => {
    const name = "checkpoint-pre-linen.npz";
    const fixture = fileURLToPath(new URL(`../oracle/fixtures/${name}`, import.meta.url));
    await copyFile(fixture, join(folder, "data", "checkpoints", name));
    const dir = join(folder, "published");
    const args = ["run", "characters", "--budget", "smoke", "--out", dir, "--root", name, ...TINY];
    expect((await runCli(args, { env: env() })).code).toBe(0);
    const { experiment } = JSON.parse(await readFile(join(dir, "run.json"), "utf8"));
    expect(experiment.root).toMatchObject({ file: name, backbone: { width: 16, patch: 8 }, blocks: 3 });
  });

  it("says where it looked for one that is nowhere, and how to get one", async () => {
    const { code, stderr } = await runCli(["run", "characters", "--root", "none.npz", ...TINY], {
      env: env(),
    });
    expect(code).toBe(1);
    for (const word of ["none.npz", join(folder, "data", "roots"), "mulab pretrain"])
      expect(stderr).toContain(word);
    expect(stderr).not.toContain("    at ");
  });
});
