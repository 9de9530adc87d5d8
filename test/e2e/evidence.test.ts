// A run as evidence, from the command line: the digest as an anchor outside the folder, what is damaged found, refused and
// repaired, and no success without layers.

import { cpSync, existsSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { lastJson, runCli, startCli, TINY } from "../support/cli.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const RUN = ["run", "preliminary", "--seed", "3", ...TINY.with(1, "glyphs/bengali,glyphs/telugu")];
let dir: string;
let digest: string;

beforeAll(async () => {
  dir = join(newFolder(), "run");
  digest = String(lastJson(await runCli([...RUN, "--out", dir, "--json"])).digest);
});

const copied = (): string => {
  const copy = join(newFolder(), "run");
  cpSync(dir, copy, { recursive: true });
  return copy;
};

describe("mulab verify --expect", () => {
  it("agrees with the digest that the run printed, or its first digits, and with the seal", async () => {
    const seal = String(lastJson(await runCli(["verify", dir, "--json"])).seal);
    for (const expected of [digest, digest.slice(0, 16).toUpperCase(), seal]) {
      const { code, stdout } = await runCli(["verify", dir, "--expect", expected]);
      expect(code, stdout).toBe(0);
      expect(stdout).toContain("✓ expected: it is ");
      expect(stdout).toContain(`digest ${digest}`);
    }
  });

  it("finds a run that is sound and another one than it was", async () => {
    const other = copied();
    await runCli(["forget", other, "glyphs/telugu"]);
    expect((await runCli(["verify", other])).code).toBe(0);
    const { code, stdout } = await runCli(["verify", other, "--expect", digest]);
    expect(code).toBe(1);
    expect(stdout).toContain("✗ expected: neither the digest nor the seal is ");
    const short = await runCli(["verify", dir, "--expect", digest.slice(0, 8)]);
    expect(short.code).toBe(1);
    expect(short.stderr).toContain("at least the first 16");
  });
});

it("a journal in which one bit is wrong is found, not continued, and repaired to the digest of the sound run", async () => {
  const damaged = copied();
  const file = join(damaged, "events.jsonl");
  const bytes = readFileSync(file);
  bytes[Math.floor(0.6 * bytes.length)]! ^= 4;
  writeFileSync(file, bytes);
  const repaired = join(newFolder(), "repaired");
  const verified = await runCli(["verify", damaged]);
  expect(verified.code).toBe(1);
  expect(verified.stdout).toContain("✗ journal");
  const resumed = await runCli(["resume", damaged]);
  expect(resumed.code).toBe(1);
  expect(resumed.stderr).toContain("`mulab repair` makes a new run of what can still be proved");

  const { code, stdout, stderr } = await runCli(["repair", damaged, "--out", repaired]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/\d+ of \d+ sound events, \d+ of \d+ generations?, \d+ layers; all of it is proved/);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect((await runCli(["verify", repaired])).code).toBe(0);
  expect((await runCli(["resume", repaired, "--threads", "1"])).code).toBe(0);
  expect((await runCli(["verify", repaired, "--expect", digest])).code).toBe(0);
});

it("a run whose layers vanish while it runs ends as failed, and names them", async () => {
  const losing = newFolder();
  const { finished } = startCli([...RUN, "--out", losing]);
  const journal = () => readFileSync(join(losing, "events.jsonl"), "utf8");
  const watcher = watch(losing, () => {
    if (existsSync(join(losing, "events.jsonl")) && journal().includes('"generation-ended"'))
      rmSync(join(losing, "layers"), { recursive: true, force: true });
  });
  const { code, stderr } = await finished;
  watcher.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(/layer [0-9a-f]{8}/);
  expect(stderr).not.toContain("    at ");
  expect(journal()).not.toContain('"run-ended"');
  const shown = await runCli(["show", losing]);
  expect(shown.stdout).toContain("not ended");
  expect((await runCli(["verify", losing])).code).toBe(1);
});
