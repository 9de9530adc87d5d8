// Runs all benchmarks one after another, each in its own process, so that none leaves memory or threads behind.
// Run: npm run bench [-- name …]

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ALL = [
  "engine",
  "generation",
  "whole",
  "memory",
  "journal",
  "verify",
  "scale",
  "decode",
  "widgets",
  "kernel",
] as const;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(ALL as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. The benchmarks are ${ALL.join(", ")}.`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : ALL) {
  console.log(`\n── ${name} ──`);
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const { status } = spawnSync(process.execPath, ["--expose-gc", file], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
