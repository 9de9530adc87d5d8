// A person's own images from the command line: GTSRB's published layout trained, killed, moved, changed and resumed.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lastJson, runCli, startCli } from "../support/cli.js";
import { writeFiles } from "../support/images.js";
import { startKernel } from "../support/jupyter-kernel.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();

/** Four classes of signs in GTSRB's layout; every image is one noisy colour, sizes differ. */
function gtsrb(folder: string): string {
  const head = "Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId\n";
  const files: Record<string, string | Buffer> = {};
  const sign = (id: number, i: number) => {
    const side = 15 + ((id * 7 + i) % 20);
    const pixels = Buffer.from(
      Array.from({ length: side * side * 3 }, (_, p) => (40 + id * 50 + ((p * 31 + i * 17) % 40)) & 255),
    );
    return { side, file: Buffer.concat([Buffer.from(`P6 ${side} ${side} 255\n`), pixels]) };
  };
  for (let id = 0; id < 4; id++) {
    const name = String(id).padStart(5, "0");
    const rows: string[] = [];
    for (let i = 0; i < 60; i++) {
      const { side, file } = sign(id, i);
      files[`Train/${name}/0000${i}.ppm`] = file;
      rows.push(`0000${i}.ppm;${side};${side};1;1;9;9;${id}`);
    }
    files[`Train/${name}/GT-${name}.csv`] = `${head}${rows.join("\n")}\n`;
  }
  files["Train/00007/0.ppm"] = sign(5, 0).file;
  files["Train/00007/GT-00007.csv"] = `${head}0.ppm;15;15;1;1;9;9;7\n`;
  const rows = Array.from({ length: 40 }, (_, i) => {
    const { side, file } = sign(i % 4, 100 + i);
    files[`Test/0${i}.ppm`] = file;
    return `0${i}.ppm;${side};${side};1;1;9;9;${i % 4}`;
  });
  files["Test/GT-final_test.csv"] = `${head}${rows.join("\n")}\n`;
  writeFiles(folder, files);
  return folder;
}

const settings = ["--set", "generations=3", "children=3", "cycles=2"];

describe("signs from a folder", () => {
  test("are trained, survive kill -9, and are found again by resume wherever they are", async () => {
    const home = newFolder();
    const signs = gtsrb(join(home, "signs"));
    const run = join(home, "run");
    const words = [
      "run",
      "preliminary",
      "--budget",
      "smoke",
      "--tasks",
      `folder:${signs}:private`,
      ...settings,
    ];

    const whole = await runCli([...words, "--out", join(home, "whole"), "--json"]);
    expect(whole.code, whole.stderr).toBe(0);
    expect(whole.stderr).toContain(
      "mine/signs: 1 class has too few images to be validated and tested (7); the scores don't cover them.",
    );

    await killedAfterGeneration(words, run);
    const journal = () => readFileSync(join(run, "events.jsonl"), "utf8");
    expect(journal()).toContain('"classNames":["0","1","2","3","7"]');
    expect(journal()).toContain('"keeps":{"flip":false,"areaMin":0.5,"hue":false}');

    // Changed, then moved: either is an error that says what to do, and the run stays as it is.
    const image = join(signs, "Train/00000/00000.ppm");
    const bytes = readFileSync(image);
    writeFileSync(image, Buffer.from(bytes).fill(9, 20));
    const changed = await runCli(["resume", run]);
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain('The data of task "mine/signs" is not what the run began with');
    writeFileSync(image, bytes);
    const moved = join(home, "elsewhere");
    renameSync(signs, moved);
    const gone = await runCli(["resume", run]);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain(`There is nothing at ${signs}`);
    expect(gone.stderr).toContain(`mulab resume ${run} --images mine/signs=PATH`);

    const resumed = await runCli(["resume", run, "--images", `mine/signs=${moved}`, "--json"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    const [first, second] = await Promise.all(
      [join(home, "whole"), run].map((dir) => runCli(["verify", dir, "--json"])),
    );
    expect([first!.code, second!.code]).toEqual([0, 0]);
    expect(lastJson(resumed).digest).toBe(lastJson(whole).digest);

    // People read the names of the classes, in the terminal and in the report.
    const shown = await runCli(["show", run]);
    expect(shown.stdout).toContain("Classes of mine/signs: 0, 1, 2, 3, 7\n");
    expect(readFileSync(join(run, "report.html"), "utf8")).toContain(
      "<dt>classes of mine/signs</dt><dd>0, 1, 2, 3, 7</dd>",
    );
  }, 240_000);

  test("of a sweep are found again by resume too, and a task that it does not have is an error", async () => {
    const home = newFolder();
    const signs = gtsrb(join(home, "signs"));
    const dir = join(home, "sweep");
    const words = ["sweep", "characters", "--budget", "smoke", "--tasks", `folder:${signs}`, "--out", dir];
    const plan = [
      "--scale-factors",
      "1",
      "--repetitions",
      "1",
      "--baselines",
      "multi-head",
      "--threads",
      "1",
    ];
    const first = await runCli([
      ...words,
      ...plan,
      ...["--set", "generations=1", "children=2", "cycles=1", "--yes", "--only", "multi-head", "--json"],
    ]);
    expect(first.code, first.stderr).toBe(0);
    const moved = join(home, "elsewhere");
    renameSync(signs, moved);

    const gone = await runCli(["resume", dir]);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain(`There is nothing at ${signs}`);
    expect(gone.stderr).toContain(`mulab resume ${dir} --images mine/signs=PATH`);
    const mistyped = await runCli(["resume", dir, "--images", `mine/sings=${moved}`]);
    expect(mistyped.code).toBe(1);
    expect(mistyped.stderr).toContain('There is no task "mine/sings" with images of your own in this sweep');
    const resumed = await runCli(["resume", dir, "--images", `mine/signs=${moved}`, "--json"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(lastJson(resumed)).toMatchObject({ runs: 2 });
    expect((await runCli(["show", dir])).stdout).toContain("2 of 2 runs; ended");
  }, 240_000);
});

test("a root is pretrained on a public folder, and refused where that folder is private", async () => {
  const home = newFolder();
  const signs = gtsrb(join(home, "signs"));
  const root = join(home, "root.safetensors");
  const made = await runCli([
    ...["pretrain", "--task", `folder:${signs}`, "--blocks", "1"],
    ...["--steps", "2", "--batch", "16", "--threads", "1", "--out", root],
  ]);
  expect(made.code, made.stderr).toBe(0);
  const words = ["run", "preliminary", "--budget", "smoke", "--root", root, ...settings];
  const refused = await runCli([
    ...words,
    ...["--tasks", `folder:${signs}:private`, "--out", join(home, "a")],
  ]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('was pretrained on "mine/signs", which is private here');
}, 120_000);

/** Starts a run and kills it once a generation has ended. */
async function killedAfterGeneration(words: readonly string[], dir: string): Promise<void> {
  const { process, finished } = startCli([...words, "--out", dir]);
  let ended = false;
  void finished.then(() => {
    ended = true;
  });
  while (!ended) {
    const journal = await readFile(join(dir, "events.jsonl"), "utf8").catch(() => "");
    if (journal.includes('"generation-ended"')) process.kill("SIGKILL");
  }
  expect((await finished).signal).toBe("SIGKILL");
}

describe("in a notebook", () => {
  test("a cell evolves a folder beside it, and names its classes", async () => {
    const home = newFolder();
    gtsrb(join(home, "signs"));
    const client = await startKernel({ cwd: home, commands: ["mulab"] });
    try {
      const cell = [
        "%%evolve mine",
        "experiment: characters",
        "budget: smoke",
        "tasks: folder:signs:private",
        "threads: 1",
        "set: { limit: 48, batchSize: 16, cycles: 1, generations: 1, children: 2, iterations: 1 }",
      ].join("\n");
      const { reply } = await client.execute(cell);
      expect(reply.content.status, JSON.stringify(reply.content)).toBe("ok");
      await client.execute("await mine.done()");
      expect(await client.text("mine.status")).toBe("'ended'");
      expect(await client.text("mine.state.tasks[0]!.classNames!.join()")).toBe("'0,1,2,3,7'");
      expect(await client.text("mine.state.tasks[0]!.access")).toBe("'private'");
      const wrong = await client.execute(
        cell.replace("%%evolve mine", "%%evolve other").replace("folder:signs", "folder:sings"),
      );
      expect(wrong.reply.content.evalue).toContain("There is nothing at");
      const swept = await client.execute(
        `${cell.replace("%%evolve mine", "%%sweep signs")}\nscaleFactors: 1\nrepetitions: 1\nbaselines: multi-head`,
      );
      expect(swept.reply.content.status, JSON.stringify(swept.reply.content)).toBe("ok");
      expect(await client.text("signs.points.length")).toBe("2");
      const typed = await client.execute("%%sweep characters --tasks folder:signs --budget smoke");
      expect(typed.reply.content.evalue).toContain("%%sweep takes the name of a variable on its line");
    } finally {
      await client.stop();
    }
  });
});
