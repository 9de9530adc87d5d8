// The package as a user gets it: packed, and installed by npm into a folder outside of the tree. Set up once for the
// end-to-end tests (vitest.config), which start what is installed there; a later run with nothing changed finds it again.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TREE = fileURLToPath(new URL("../..", import.meta.url));
const PACKED = ["dist/src", "dist/kernel", "dist/bundle", "dist/widgets", "vendor", "notebooks"];

/** What is packed, by its bytes. */
function fingerprint(): string {
  const hash = createHash("sha256").update(process.version);
  const take = (file: string) => hash.update(file).update(readFileSync(join(TREE, file)));
  for (const file of ["package.json", "README.md", "environment.yml", "dist/index.js"]) take(file);
  for (const folder of PACKED)
    for (const entry of readdirSync(join(TREE, folder), { recursive: true, withFileTypes: true }).sort(
      byPath,
    ))
      if (entry.isFile()) take(join(entry.parentPath, entry.name).slice(TREE.length));
  return hash.digest("hex").slice(0, 16);
}

const pathOf = ({ parentPath, name }: { parentPath: string; name: string }) => join(parentPath, name);
const byPath = (a: Parameters<typeof pathOf>[0], b: Parameters<typeof pathOf>[0]) =>
  pathOf(a) < pathOf(b) ? -1 : 1;

/** Without what a test runner or a script of npm's sets, so that a command is as a user's. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST)/.test(name)));

const npm = (cwd: string, ...args: string[]) =>
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd,
    env: plainEnvironment(),
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });

/** Packs the built tree and installs it, unless that was done: vitest's global setup of the end-to-end tests. */
export default function setup(): void {
  // One for each tree and user: several may be tested at once.
  const tree = createHash("sha256").update(TREE).digest("hex").slice(0, 8);
  const folder = join(tmpdir(), `mulab-installed-${userInfo().uid}-${tree}`);
  const now = fingerprint();
  const stamp = join(folder, "installed");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== now) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    npm(TREE, "pack", "--ignore-scripts", "--pack-destination", folder); // it is built already
    npm(folder, "install", "--prefer-offline", join(folder, tarballIn(folder)));
    writeFileSync(stamp, now);
  }
  process.env.MULAB_INSTALLED = folder; // the tests' processes inherit it
}

const tarballIn = (folder: string): string => readdirSync(folder).find((name) => name.endsWith(".tgz"))!;

/** The folder of the installed package. Throws outside of the end-to-end tests. */
export function installed(): string {
  const folder = process.env.MULAB_INSTALLED;
  if (!folder) throw new Error("Only the end-to-end tests have an installed package.");
  return join(folder, "node_modules", "mulab");
}

/** The tarball that it was installed from. */
export const tarball = (): string => join(installed(), "..", "..", tarballIn(join(installed(), "..", "..")));
