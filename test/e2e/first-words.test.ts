// The first that a person sees of a command: words, before its libraries have loaded and before it does anything, and nothing
// of them is left when something else is written. Counted in the order of what is written, not in time.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../support/cli.js";

let folder: string;
let terminal: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-words-"));
  terminal = join(folder, "terminal.cjs");
  await writeFile(terminal, "process.stderr.isTTY = true;");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const STARTING = "starting …";
const WORKING = "working …";
const gone = (words: string) => `\r${" ".repeat(words.length)}\r`;

describe("a command on a terminal", () => {
  it.each([
    ["run", "nothing"],
    ["resume", "nowhere"],
    ["sweep", "nothing"],
    ["pretrain", "--task", "nothing"],
    ["verify", "nowhere"],
    ["report", "nowhere"],
    ["html", "nowhere.ipynb"],
    ["film", "nowhere"],
    ["table", "methods", "nowhere"],
  ])("says something first: mulab %s", async (...args) => {
    const { stderr, code } = await runCli(args, {
      cwd: folder,
      env: { NODE_OPTIONS: `--require ${terminal}`, NO_COLOR: "1" },
    });
    expect(code).toBe(1);
    const start = `${STARTING}${gone(STARTING)}${WORKING}${gone(WORKING)}`;
    expect(stderr.slice(0, start.length)).toBe(start);
    expect(stderr.slice(start.length)).toMatch(/^mulab: /);
  });

  it("says so to a person only", async () => {
    const { stderr } = await runCli(["verify", "nowhere"], { cwd: folder });
    expect(stderr).toMatch(/^mulab: /);
  });
});
