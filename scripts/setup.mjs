// Prepares a bare clone: installs the packages of the lockfile, then builds; skips what is up to date. Plain JavaScript with
// only Node's built-ins, because it runs before anything is installed.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const [major, minor] = process.versions.node.split(".").map(Number);
const [needMajor, needMinor] = engines.node.match(/\d+/g).map(Number);
if (major < needMajor || (major === needMajor && minor < needMinor)) {
  console.error(
    `mulab needs Node ${engines.node.replace(">=", "")} or newer, this is ${process.versions.node}. Get one from nodejs.org or with nvm.`,
  );
  process.exit(1);
}

/** Runs step `name` with `command` if `inputs` differ from those in the stamp of the last time. */
function step(name, stamp, inputs, command, args, folder = root) {
  const hash = createHash("sha256").update(process.version);
  for (const file of inputs) hash.update(file).update(readFileSync(join(root, file)));
  const now = hash.digest("hex");
  const file = join(root, stamp);
  if (existsSync(file) && readFileSync(file, "utf8") === now) return;
  const began = Date.now();
  process.stdout.write(`mulab: ${name} … `);
  const windows = process.platform === "win32";
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    shell: windows,
  });
  if (status !== 0) {
    console.log("failed");
    console.error(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`);
    console.error(`mulab: ${name} failed; the lines above say why. Nothing else was changed.`);
    process.exit(1);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, now);
  console.log(`done in ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

/** Files under `folder`, relative to the root, in a fixed order. */
function filesIn(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .sort()
    .flatMap((name) =>
      statSync(join(path, name)).isDirectory() ? filesIn(join(folder, name)) : [join(folder, name)],
    );
}

/** Removes what was built from sources that no longer exist: it would be loaded, or packed, as if it were current. */
function removeStale() {
  for (const file of ["src", "kernel", "bench", "test"].flatMap((folder) => filesIn(join("dist", folder)))) {
    const source = file.slice("dist/".length).replace(/(\.d\.ts|\.js|\.js\.map)$/, ".ts");
    if (!existsSync(join(root, source))) rmSync(join(root, file));
  }
}

const install = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
step(
  "installing packages",
  "node_modules/.mulab-setup",
  ["package.json", "package-lock.json"],
  "npm",
  install,
);
const vendored = join("scripts", "vendored");
const pins = ["package.json", "package-lock.json"].map((file) => join(vendored, file));
step(
  "installing what the package carries",
  join(vendored, "node_modules", ".mulab-setup"),
  pins,
  "npm",
  install,
  join(root, vendored),
);
const vendor = join("scripts", "vendor.mjs");
step("taking it over", join("vendor", ".mulab-setup"), [...pins, vendor], process.execPath, [vendor]);
const config = ["package-lock.json", "tsconfig.json", "tsconfig.build.json"];
const sources = ["src", "kernel", "bench"].flatMap(filesIn);
const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"];
step("building", "dist/.mulab-setup", [...sources, ...config], process.execPath, tsc);
removeStale();
step(
  "bundling",
  "dist/.mulab-bundle",
  [...sources, ...config, "package.json", join("scripts", "bundle.mjs")],
  process.execPath,
  ["scripts/bundle.mjs"],
);
const seen = ["widgets", "src/wire", "src/figures", "src/format", "src/core", "src/analysis"].flatMap(
  filesIn,
);
step(
  "building widgets",
  "dist/.mulab-widgets",
  [...seen, ...config, "scripts/build-widgets.mjs"],
  process.execPath,
  ["scripts/build-widgets.mjs"],
);
