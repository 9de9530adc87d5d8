// What `npm test` runs: every group of tests, one after another even if one fails, and at the end one line for each.

import { spawnSync } from "node:child_process";

const parts = [
  ["types", ["run", "types"]],
  ["lint", ["run", "lint"]],
  ["architecture", ["run", "architecture"]],
  ["unused code", ["run", "unused"]],
  ["unit, property, golden", ["run", "test:quick"]],
  ["contract", ["run", "test:contract"]],
  ["oracle", ["run", "test:oracle"]],
  ["package", ["run", "test:package"]],
  ["e2e", ["run", "test:e2e"]],
];

const rows = parts.map(([name, args]) => {
  console.log(`\n── ${name}`);
  const began = Date.now();
  const { status, error } = spawnSync("npm", ["--silent", ...args], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) console.error(error.message);
  return { name, ok: status === 0, seconds: Math.round((Date.now() - began) / 1000) };
});

console.log("");
for (const { name, ok, seconds } of rows)
  console.log(
    `${ok ? "✓" : "✗"} ${name.padEnd(24)}${`${seconds} s`.padStart(7)}${ok ? "" : "  failed; its lines are above"}`,
  );
if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
