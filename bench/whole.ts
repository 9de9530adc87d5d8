// The whole preliminary experiment at paper budget, as `npm start` runs it, or another one: wall time, peak memory, and the
// share of time in which the engine was neither compiling nor running graphs. Run: node dist/bench/whole.js [budget
// [experiment]]

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Event } from "../src/core/event.js";
import { machine } from "./engine-support.js";

const cli = fileURLToPath(new URL("../src/cli.js", import.meta.url));

/** Runs the command line, without --threads, in a child process and reports its peak memory and processor time at the end. */
function runCli(
  args: readonly string[],
): Promise<{ code: number | null; peakBytes: number; seconds: number; cpuSeconds: number }> {
  const began = performance.now();
  // Both count the whole process including its worker threads, in kilobytes and microseconds.
  const tell = `process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write("maxRSS "+u.maxRSS+" cpu "+(u.userCPUTime+u.systemCPUTime)+"\\n")})`;
  const preload = `data:text/javascript,${encodeURIComponent(tell)}`;
  const child = spawn(process.execPath, ["--import", preload, cli, ...args], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) process.stderr.write(errors);
      // Workers report it too when they end; the largest number is the run's.
      const told = [...errors.matchAll(/maxRSS (\d+) cpu (\d+)/g)];
      const largest = (i: number) =>
        told.length > 0 ? Math.max(...told.map((match) => Number(match[i]))) : Number.NaN;
      const seconds = (performance.now() - began) / 1000;
      resolve({ code, peakBytes: largest(1) * 1024, seconds, cpuSeconds: largest(2) / 1e6 });
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), "mulab-bench-"));
try {
  console.log(machine());
  const dir = join(folder, "run");
  const [budget = "paper", experiment = "preliminary"] = process.argv.slice(2);
  const { code, peakBytes, seconds, cpuSeconds } = await runCli([
    "run",
    experiment,
    "--budget",
    budget,
    "--out",
    dir,
  ]);
  if (code !== 0) process.exitCode = 1;
  else {
    const events = readFileSync(join(dir, "events.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line): Event => JSON.parse(line));
    const sum = (field: "trainMs" | "engineMs") =>
      events.reduce((ms, { clock }) => ms + (clock?.[field] ?? 0), 0) / 1000;
    const engine = sum("engineMs");
    const at = (event: Event | undefined): number => (event?.clock?.at ?? 0) / 1000;
    const evolving = at(events.at(-1)) - at(events[0]);
    const rows = [
      ["wall time", `${seconds.toFixed(1)} s`, "under 300 s"],
      ["peak memory", `${(peakBytes / 1e9).toFixed(2)} GB`, "under 2 GB"],
      ["cores in use", `${(cpuSeconds / seconds).toFixed(2)} of ${availableParallelism()}`, "nearly all"],
      ["start-up, data, report", `${(seconds - evolving).toFixed(1)} s`, ""],
      ["in the engine's graphs", `${engine.toFixed(1)} s of ${evolving.toFixed(1)} s`, ""],
      ["everything else", `${(100 * (1 - engine / evolving)).toFixed(1)} % of wall time`, "under 5 %"],
    ];
    for (const [what, found, target] of rows) console.log(`${what!.padEnd(26)}${found!.padEnd(24)}${target}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
