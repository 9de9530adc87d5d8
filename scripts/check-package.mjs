// Packs the build and checks it with publint and attw: every file that package.json names exists, and types are found by
// every way of resolving modules. A CommonJS caller gets an ES module, as Node 20.19 allows.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "mulab-package-"));

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (error) console.error(error.message);
  return status === 0;
}

try {
  // It is already built; npm's list of files would be long.
  const packed = run("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder);
  const tarball = packed && join(folder, readdirSync(folder)[0]);
  const sound =
    packed &&
    [
      run("npx", "--no-install", "publint", "run", tarball, "--strict"),
      run("npx", "--no-install", "attw", tarball, "--ignore-rules", "cjs-resolves-to-esm"),
    ].every(Boolean);
  if (!sound) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
