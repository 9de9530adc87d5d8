import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, TINY } from "../support/cli.js";

const fixture = (name: string) => fileURLToPath(new URL(`../golden/fixtures/${name}`, import.meta.url));
const SWEEP = fixture("sweep-format-1");
const STORED = fixture("sweep-file-format-1.json.gz");

let folder: string;
let run: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-figures-"));
  run = join(folder, "run");
  await runCli(["run", "preliminary", "--seed", "3", "--out", run, ...TINY]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("mulab table", () => {
  it("lists the tables, and prints one of a sweep's folder, of its file and of a run", async () => {
    expect((await runCli(["table"])).stdout).toContain("muNet Tables 1 and 2");
    const listed = JSON.parse((await runCli(["table", "--json"])).stdout);
    expect(listed[0]).toEqual({
      name: "methods",
      of: "both",
      paper: "muNet Tables 1 and 2",
      title: expect.any(String),
    });
    const [sweep, stored, own] = await Promise.all(
      [SWEEP, STORED, run].map((path) => runCli(["table", "methods", path])),
    );
    expect(sweep!.stdout).toContain("Full fine-tuning");
    expect(stored!.stdout).toBe(sweep!.stdout);
    expect(own!.code).toBe(0);
    expect(own!.stdout).toContain("µ2Net");
  });

  it("is CSV, JSON, Markdown or a page where asked", async () => {
    const [csv, json, markdown, html] = await Promise.all(
      ["--csv", "--json", "--markdown", "--html"].map((flag) =>
        runCli(["table", "differences", SWEEP, flag, "--against", "full"]),
      ),
    );
    const rows = JSON.parse(json!.stdout) as { method: string; minus: string }[];
    expect(rows.every(({ minus }) => minus === "Full fine-tuning")).toBe(true);
    expect(csv!.stdout.trim().split("\n")).toHaveLength(rows.length + 1);
    expect(csv!.stdout.split("\n")[0]).toBe(Object.keys(rows[0]!).join(","));
    expect(html!.stdout).toMatch(/<th scope="col"[^>]*>minus<\/th>/);
    expect(markdown!.stdout).toMatch(/^\| method \| minus \| pairs \|/);
  });

  it("has the papers' numbers without any folder, and says what it needs for the rest", async () => {
    expect((await runCli(["table", "papers"])).stdout).toContain("µ2Net Table 7");
    const [nothing, unknown, needs] = await Promise.all([
      runCli(["table", "methods"]),
      runCli(["table", "metods", SWEEP]),
      runCli(["table", "lineage", SWEEP]),
    ]);
    expect(nothing.stderr).toContain("methods needs a source");
    expect(unknown.stderr).toContain('did you mean "methods"?');
    expect(needs.stderr).toContain("a run's folder");
    for (const { code } of [nothing, unknown, needs]) expect(code).toBe(1);
  });
});

describe("mulab figure", () => {
  it("lists the figures, and writes one in the format of the file's name", async () => {
    expect((await runCli(["figure"])).stdout).toContain("muNet Fig. 3");
    const png = join(folder, "made for it", "quality.png");
    expect((await runCli(["figure", "quality-size", SWEEP, "--out", png, "--theme", "dark"])).stdout).toBe(
      `${png}\n`,
    );
    expect((await readFile(png)).subarray(1, 4).toString()).toBe("PNG");
    await runCli(["figure", "architecture", run], { cwd: folder });
    expect(await readFile(join(folder, "architecture.svg"), "utf8")).toMatch(/^<svg/);
  });

  it("refuses a variant and a repetition that are not there, where it would make no use of them too", async () => {
    const drawn = (...options: string[]) => runCli(["figure", ...options, "--out", join(folder, "none.svg")]);
    const results = await Promise.all([
      drawn("lineage", run, "--variants", "foo"),
      drawn("lineage", run, "--repetition", "3"),
      drawn("selection-bias", SWEEP, "--against", "ful"),
    ]);
    expect(results[0]!.stderr).toContain('There is no variant "foo" here');
    expect(results[1]!.stderr).toContain('There is no repetition "3" here');
    expect(results[2]!.stderr).toContain('did you mean "full"?');
    for (const { code } of results) expect(code).toBe(1);
    expect(await readdir(folder)).not.toContain("none.svg");
  });

  it("refuses what it can't do in plain words", async () => {
    const [format, learning, none] = await Promise.all([
      runCli(["figure", "tasks", SWEEP, "--out", join(folder, "tasks.pdf")]),
      runCli(["figure", "learning", STORED, "--out", join(folder, "a.svg")]),
      runCli(["figure", "tasks", folder, "--out", join(folder, "a.svg")]),
    ]);
    expect(format.stderr).toContain(".svg, .png, .csv, .json, .html");
    expect(learning.stderr).toContain('"learning" needs a run\'s folder');
    expect(none.stderr).toContain("is not a run folder");
    for (const { code, stderr } of [format, learning, none]) {
      expect(code).toBe(1);
      expect(stderr).not.toContain("    at ");
    }
  });
});

it("mulab report of a sweep is one HTML file", async () => {
  const out = join(folder, "report.html");
  expect((await runCli(["report", STORED, "--out", out])).stdout).toBe(`${out}\n`);
  const html = await readFile(out, "utf8");
  expect(html).toContain("muNet (s=1) is more accurate than full fine-tuning");
  expect(html).not.toMatch(/(src|href)="http(?!s:\/\/arxiv)/);
});
