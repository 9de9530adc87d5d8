// Installs and builds the JupyterLab front end of the end-to-end tests: `node test/lab/setup.mjs`.
// Safe to run at any time and by several processes at once; does nothing when the stamps match the sources.
// First time: about 2 minutes and 600 MB; up to date: a few milliseconds.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { buildDir, builderRequire, labDir } from "./packages.mjs";

const INSTALL_STAMP = join(labDir, "node_modules", ".mulab-installed");
const BUILD_STAMP = join(buildDir, "built");
const LOCK = join(buildDir, "setup.lock");

const say = (text) => process.stdout.write(`test/lab: ${text}\n`);
const seconds = (start) => `${((Date.now() - start) / 1000).toFixed(0)} s`;

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(labDir, file)))
      .update("\0");
  return hash.digest("hex");
}

const filesIn = (folder) =>
  readdirSync(join(labDir, folder))
    .sort()
    .map((name) => `${folder}/${name}`);

const installHash = hashOf(["package.json", "package-lock.json"]);
const buildHash = hashOf([
  "package.json",
  "package-lock.json",
  "packages.mjs",
  "webpack.config.mjs",
  ...filesIn("app"),
]);

const stamped = (stamp, hash) => existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
const upToDate = () => stamped(INSTALL_STAMP, installHash) && stamped(BUILD_STAMP, buildHash);

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Runs `work` while no other process does; a lock whose owner is gone is taken over. */
async function exclusively(work) {
  mkdirSync(buildDir, { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const owner = existsSync(LOCK) ? Number(readFileSync(LOCK, "utf8")) : 0;
    if (owner && !isAlive(owner)) rmSync(LOCK, { force: true });
    if (!told) say("another process is setting up; waiting for it");
    told = true;
    await delay(200);
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function install() {
  say("npm ci (about 750 packages)");
  const start = Date.now();
  // Run from `npm test`, npm's own variables name the outer package; the inner npm must not see them.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([key]) => !/^npm_(package_|lifecycle_|config_local_prefix$)/.test(key),
    ),
  );
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: labDir,
    env,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) throw new Error("npm ci failed in test/lab; see its output above");
  writeFileSync(INSTALL_STAMP, installHash);
  say(`installed in ${seconds(start)}`);
}

async function build() {
  say("webpack, development build");
  const start = Date.now();
  rmSync(BUILD_STAMP, { force: true });
  const webpack = builderRequire("webpack");
  const { default: config } = await import("./webpack.config.mjs");
  const stats = await new Promise((resolve, reject) => {
    const compiler = webpack(config());
    compiler.run((error, result) => compiler.close(() => (error ? reject(error) : resolve(result))));
  });
  if (stats.hasErrors()) throw new Error(stats.toString({ preset: "errors-only" }));
  writeFileSync(BUILD_STAMP, buildHash);
  say(`built in ${seconds(start)}`);
}

if (upToDate()) {
  say("up to date");
} else {
  await exclusively(async () => {
    if (!stamped(INSTALL_STAMP, installHash)) install();
    if (!stamped(BUILD_STAMP, buildHash)) await build();
  });
}
