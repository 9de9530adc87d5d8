// Names that a terminal would obey, in every place that a name can come from: tasks, titles, versions, locks, files. No
// command prints one of their characters, and no line that they forge begins a line.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pooled } from "../support/chaos.js";
import { runCli } from "../support/cli.js";
import { writeSoundRun } from "../support/sound-run.js";
import { tinyExperiment } from "../support/tiny.js";

/** Colours, a window's title, the cursor, a bell, C1, direction, separators, a line of its own. */
const HOSTILE =
  "\u001b[31mred\u001b]0;title\u0007\r\b\u009b2J\u202eevil\u2066\u200f\u061c\u2028\u2029\u0085\u00ad\u{e0041}\nmulab: forged";
const OBEYED = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;

const base = mkdtempSync(join(tmpdir(), "mulab-hostile-"));
const run = join(base, "run");
const sweep = join(base, "sweep.json");
const damaged = join(base, "damaged");
const locked = join(base, "locked");
const named = join(base, `of ${HOSTILE.replaceAll("/", "")}`);

beforeAll(async () => {
  const tasks = ["one", "two", "secret"].map((name, i) => ({
    name: `${name}${HOSTILE}`,
    access: i === 2 ? ("private" as const) : ("public" as const),
  }));
  await writeSoundRun(run, tinyExperiment({ tasks, iterations: 1, title: `Title ${HOSTILE}` }));
  cpSync(run, damaged, { recursive: true });
  const journal = join(damaged, "events.jsonl");
  writeFileSync(
    journal,
    readFileSync(journal, "utf8").replace('"type":"root-added"', `"type":${JSON.stringify(HOSTILE)}`),
  );
  cpSync(run, locked, { recursive: true });
  const owner = { pid: 1, host: `${HOSTILE}`, process: null, since: HOSTILE, token: "t" };
  writeFileSync(join(locked, "writer.lock"), JSON.stringify(owner));
  const stored = JSON.parse(readFileSync(join(run, "run.json"), "utf8"));
  writeFileSync(
    sweep,
    JSON.stringify({ format: 1, plan: { title: HOSTILE, experiment: stored.experiment }, [HOSTILE]: 1 }),
  );
  mkdirSync(named);
  writeFileSync(join(base, "nb.ipynb"), "7");
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const COMMANDS: readonly (readonly string[])[] = [
  ["show", run],
  ["show", run, "--json"],
  ["show", `${run}#6`],
  ["show", `${run}#${HOSTILE}`],
  ["runs", base],
  ["runs", base, "--json"],
  ["runs", join(base, HOSTILE.replaceAll("/", ""))],
  ["compare", run, locked],
  ["compare", `${run}#6`, "#3"],
  ["compare", `${run}#6`, `${locked}#one${HOSTILE}`],
  ["compare", run, named],
  ["verify", run],
  ["verify", run, "--json"],
  ["verify", damaged],
  ["show", damaged],
  ["resume", locked],
  ["resume", run],
  ["forget", locked, "x"],
  ["forget", run, "nothing"],
  ["report", run, "--out", join(named, "report.html")],
  ["figure", "learning", run, "--out", join(named, "f.svg")],
  ["figure", "learning", run, "--out", join(named, "f.pdf")],
  ["table", "tasks", run],
  ["table", "children", run],
  ["table", "children", run, "--csv"],
  ["table", "children", run, "--markdown"],
  ["table", "children", run, "--json"],
  ["table", HOSTILE, run],
  ["fork", run, "--out", join(named, "fork")],
  ["show", sweep],
  ["report", sweep],
  ["show", named],
  ["sweep", HOSTILE],
  ["run", HOSTILE],
  ["run", "preliminary", "--tasks", HOSTILE],
  ["run", "preliminary", "--set", `children=${HOSTILE}`],
  ["run", "preliminary", "--root", HOSTILE, "--out", join(base, "new")],
  ["pretrain", "--task", HOSTILE],
  ["pretrain", "--out", named],
  ["fetch", HOSTILE],
  ["html", join(base, "nb.ipynb"), "--out", join(named, "x.html")],
  ["html", named],
  ["kernel", "install", "--prefix", join(base, "nb.ipynb", HOSTILE.replaceAll("/", ""))],
  [HOSTILE],
  ["show", `--${HOSTILE}`],
];

it("reach no terminal, whatever is asked for", async () => {
  expect(OBEYED.test(HOSTILE)).toBe(true);
  const wrong: string[] = [];
  const env = { MULAB_DATA: base, HOME: base, XDG_CACHE_HOME: base };
  const jobs = COMMANDS.map((words) => async () => {
    const { stdout, stderr } = await runCli(words, { env });
    const what = words.slice(0, 2).join(" ");
    if (stdout + stderr === "") wrong.push(`${what}: says nothing`);
    for (const text of [stdout, stderr]) {
      const obeyed = OBEYED.exec(text);
      if (obeyed)
        wrong.push(
          `${what}: ${JSON.stringify(text.slice(Math.max(0, obeyed.index - 80), obeyed.index + 20))}`,
        );
      if (/^mulab: forged/m.test(text)) wrong.push(`${what}: a forged line: ${text}`);
    }
  });
  await pooled(jobs, 3);
  expect(wrong).toEqual([]);
}, 600_000);
