import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, lastJson, runCli, startCli } from "../support/cli.js";

/** A sweep of four runs, each of a second or two: drawn images, few of them, small batches. */
const TINY = [
  "sweep",
  "characters",
  ...["--budget", "smoke", "--tasks", "glyphs/thai,glyphs/lao", "--threads", "1", "--repetitions", "2"],
  ...["--scale-factors", "0.3", "--baselines", "multi-head", "--yes", "--json"],
  ...["limit=48", "batchSize=16", "generations=1", "children=2"].flatMap((setting) => ["--set", setting]),
];

interface Stored {
  readonly points: readonly { readonly digest: string }[];
}

let folder: string;
let dir: string;
let first: Finished;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-sweep-"));
  dir = join(folder, "sweep");
  first = await runCli([...TINY, "--out", dir]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const digestsIn = async (of: string): Promise<string[]> => {
  const { points } = JSON.parse(await readFile(join(of, "results.json"), "utf8")) as Stored;
  return points.map(({ digest }) => digest);
};
const refused = ({ code, stderr }: Finished, ...words: string[]): void => {
  expect(code).toBe(1);
  for (const word of words) expect(stderr).toContain(word);
  expect(stderr).not.toContain("    at "); // no stack for a mistake
};

describe("mulab sweep", () => {
  it("prints the whole plan before it starts, one line per point, and the results", () => {
    expect(first.stderr).toMatch(/munet-s0\.3 +2 +0 +4 /);
    expect(first.stderr).toMatch(/4 runs, .* training examples; about .* to go, in /);
    expect(first.stderr.match(/^\d\/4 /gm)).toHaveLength(4);
    expect(first.stderr.indexOf("4 runs")).toBeLessThan(first.stderr.indexOf("1/4 "));
    expect(first.code).toBe(0);
  });

  it("prints the stable JSON document as its last line", () => {
    const json = lastJson(first) as { variants: { name: string; examples: number; flops: number }[] };
    expect(json).toMatchObject({ dir, status: "ended", runs: 4, done: 4, failures: [] });
    expect(json.variants.map(({ name }) => name)).toEqual(["munet-s0.3", "multi-head"]);
    expect(json.variants[0]!.examples).toBe(json.variants[1]!.examples);
    expect(json.variants[0]!.flops).toBeGreaterThan(0);
  });

  it("with the same words continues, which does nothing where all has ended", async () => {
    const before = await readFile(join(dir, "results.json"));
    const again = await runCli([...TINY, "--out", dir]);
    expect(lastJson(again)).toMatchObject({ status: "ended", done: 4 });
    expect(again.stderr).toContain("(4 done)");
    expect(await readFile(join(dir, "results.json"))).toEqual(before);
  });

  it("with other words is refused, and says what differs", async () => {
    refused(
      await runCli([...TINY, "--out", dir, "--repetitions", "3"]),
      "repetitions is 2, not 3",
      "mulab resume",
    );
    refused(await runCli([...TINY, "--out", dir, "--set", "cycles=3"]), "training.cycles is 2, not 3");
  });

  it("of a folder is refused options of a plan, which the stored one would ignore", async () => {
    refused(
      await runCli(["sweep", dir, "--repetitions", "9", "--scale-factors", "1"]),
      "--scale-factors, --repetitions would change nothing",
    );
    refused(await runCli(["sweep", dir, "--out", folder]), "--out would change nothing");
    refused(await runCli(["sweep", "--out", dir, "--set", "limit=9"]), "--set would change nothing");
    const one = await runCli(["sweep", dir, "--only", "multi-head_r0", "--dry-run"]);
    // Of the variant's two runs one is asked for, and that one is done.
    expect(one.stdout).toMatch(/^multi-head +1 +1 +4 /m);
  });

  it("that has ended is looked at again without its images", async () => {
    const again = await runCli(["resume", dir, "--json"], { env: { MULAB_DATA: join(folder, "gone") } });
    expect(again.code).toBe(0);
    expect(again.stderr).not.toContain("drawing");
    expect(lastJson(again)).toMatchObject({ status: "ended", done: 4 });
    expect(again.stderr).toMatch(/4 runs \(4 done\), [1-9].* training examples/);
  });

  it("plans what would decide the claims from what has ended, or from a pilot, and runs nothing", async () => {
    const own = await runCli(["sweep", dir, "--plan-claims", "--json"]);
    expect(own.code).toBe(0);
    const { claims } = lastJson(own) as { claims: { name: string; note: string }[] };
    expect(claims).toHaveLength(9);
    expect(claims[0]!.note).toContain("the plan lacks muNet at s = 1");
    const out = join(folder, "planned");
    const whole = [...TINY, "--out", out, "--scale-factors", "0.3,1", "--baselines", "multi-head,full"];
    const planned = await runCli([...whole, "--plan-claims", "--pilot", dir, "--json"]);
    const later = (lastJson(planned) as { claims: { name: string; note: string }[] }).claims;
    expect(later.find(({ name }) => name === "trade-off")!.note).toContain("against its nearest rival");
    expect(later[0]!.note).toContain("the pilot lacks muNet at s = 1");
    await expect(readdir(out)).rejects.toMatchObject({ code: "ENOENT" });
    refused(await runCli([...whole, "--plan-claims"]), "name a stored sweep with --pilot");
    refused(await runCli([...whole, "--pilot", dir]), "add --plan-claims");
  });

  it("without a run prints the plan with --dry-run", async () => {
    const out = join(folder, "dry");
    const dry = await runCli([...TINY, "--out", out, "--dry-run"]);
    expect(dry.code).toBe(0);
    expect(lastJson(dry)).toMatchObject({ dir: out, runs: 4, done: 0, seconds: expect.any(Number) });
    await expect(readdir(out)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("takes several settings after one --set, and after several", async () => {
    const out = join(folder, "settings");
    const sets = ["--set", "children=1", "cycles=1", "--set", "iterations=2", "--dry-run"];
    const dry = lastJson(await runCli([...TINY, "--out", out, ...sets]));
    const { examples } = lastJson(await runCli([...TINY, "--out", out, "--dry-run"]));
    expect(dry.examples).toBe((examples as number) / 2); // half the children, half the cycles, twice the iterations
  });

  it("killed and resumed has the digests of one that was left alone", async () => {
    const killed = join(folder, "killed");
    const { process, finished } = startCli([...TINY, "--out", killed]);
    process.stderr!.on("data", (text: string) => {
      if (/^2\/4 /m.test(text)) process.kill("SIGKILL");
    });
    expect((await finished).signal).toBe("SIGKILL");
    const resumed = await runCli(["resume", killed, "--threads", "1", "--json"]);
    expect(lastJson(resumed)).toMatchObject({ status: "ended", done: 4 });
    expect(await digestsIn(killed)).toEqual(await digestsIn(dir));
  });

  it("stops at Ctrl-C and says how to continue", async () => {
    const stopped = join(folder, "stopped");
    const { process, finished } = startCli([...TINY, "--out", stopped]);
    process.stderr!.on("data", (text: string) => {
      if (/^1\/4 /m.test(text)) process.kill("SIGINT");
    });
    const { code, stderr } = await finished;
    expect(code).toBe(130);
    expect(stderr).toContain(`mulab resume ${stopped}`);
  });

  it("writes what there is as one file that is a sweep again", async () => {
    const file = join(folder, "sweep.json.gz");
    const exported = await runCli(["sweep", dir, "--export", file]);
    expect([exported.code, exported.stdout]).toEqual([0, `Sweep: ${file}\n`]);
    expect((await readFile(file)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    const json = await runCli(["sweep", dir, "--export", file, "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({ dir, file });
  });

  it("runs one variant only, and keeps no run where none is wanted", async () => {
    const out = join(folder, "one");
    const one = await runCli([...TINY, "--out", out, "--only", "multi-head_r0", "--keep-runs", "no"]);
    expect(lastJson(one)).toMatchObject({ runs: 1, done: 1 });
    expect(await readdir(join(out, "points"))).toEqual([]);
  });
});

describe("mulab sweep with a mistake", () => {
  it("says what is wrong, and begins nothing", async () => {
    const out = ["--out", join(folder, "mistake")];
    refused(await runCli([...TINY, ...out, "--baselines", "ful"]), 'did you mean "full"');
    refused(await runCli([...TINY, ...out, "--ablate", "adaptors"]), 'did you mean "adapters"');
    refused(await runCli([...TINY, ...out, "--scale-factors", "0.3,1.5"]), "at most 1");
    refused(await runCli([...TINY, ...out, "--repetitions", "5000000000"]), "from 1 to 1000");
    refused(await runCli([...TINY, ...out, "--only", "munet-s0,3"]), 'did you mean "munet-s0.3"');
    refused(await runCli(["sweep", "charakters"]), 'did you mean "characters"');
    refused(await runCli(["sweep", "--out", join(folder, "nowhere")]), "no sweep to continue");
    await writeFile(join(folder, "file"), "");
    refused(await runCli([...TINY, "--out", join(folder, "file", "sweep")]), "a folder should be");
    await expect(readdir(join(folder, "mistake"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
