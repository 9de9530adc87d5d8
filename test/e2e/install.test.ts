// One command installs the tarball, with each package manager and no setting of ours; what it installs then works offline,
// for a user without rights and an empty home folder, in a folder with spaces. MULAB_INSTALL_NODES=20,22,24,26 tries it
// with those Nodes too, which come from the registry.

import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TINY } from "../support/cli.js";
import { installed, plainEnvironment, tarball } from "../support/tarball.js";

/** How each manager adds a tarball; `files` has to be there first. Yarn 2 and later call it a package with a place. */
const MANAGERS: readonly {
  readonly name: string;
  readonly command: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}[] = [
  { name: "npm", command: ["npm", "install"] },
  { name: "pnpm", command: ["npx", "--yes", "--package=pnpm@12", "pnpm", "add"] },
  { name: "yarn classic", command: ["npx", "--yes", "--package=yarn@1", "yarn", "add"] },
  {
    name: "yarn berry",
    command: ["npx", "--yes", "--package=@yarnpkg/cli-dist@4", "yarn", "add"],
    files: {
      "package.json": '{ "name": "mine" }',
      "yarn.lock": "",
      ".yarnrc.yml": "nodeLinker: node-modules\n",
    },
  },
];

/** Where this machine's certificates are its own, npm knows it by its configuration, and Yarn 4 needs an option. */
const CERTIFICATES = process.env.NODE_EXTRA_CA_CERTS
  ? { YARN_HTTPS_CA_FILE_PATH: process.env.NODE_EXTRA_CA_CERTS }
  : {};

const isRoot = process.getuid?.() === 0;
const succeeds = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
/** Before a command, so that it has no network, and no rights where this process has them. */
const confined = !succeeds("unshare", "-n", "true")
  ? []
  : ["unshare", "-n", ...(isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [])];

let folder: string;
const nodes = [process.execPath];
const asked = (process.env.MULAB_INSTALL_NODES ?? "").split(",").filter(Boolean);
/** An installation and three starts with each Node. */
const TIMEOUT_MS = 300_000 * (1 + asked.length);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mulab-install-"));
  chmodSync(folder, 0o755);
  for (const major of asked) {
    const place = join(folder, `node-${major}`);
    mkdirSync(place);
    const name = `node-${process.platform}-${process.arch}`;
    execFileSync("npm", ["install", "--prefix", place, "--ignore-scripts", `${name}@${major}`], {
      cwd: place,
    });
    nodes.push(join(place, "node_modules", name, "bin/node"));
  }
}, TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command as a user without rights or network who has never run anything. */
function asAnybody(node: string, ...args: string[]) {
  const home = mkdtempSync(join(folder, "a home "));
  chmodSync(home, 0o777);
  const [command, ...rest] = [...confined, node, ...args] as [string, ...string[]];
  const env = { PATH: process.env.PATH, HOME: home, MULAB_DATA: "" };
  const { status, stdout, stderr } = spawnSync(command, rest, { cwd: home, env, encoding: "utf8" });
  return { status, stdout: stdout.trim(), stderr };
}

describe.each(MANAGERS)("$name", ({ name, command, files = {} }) => {
  it(
    "installs the tarball by one command, and it works",
    () => {
      const place = join(folder, `a lab by ${name}`);
      mkdirSync(place);
      for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
      const [first, ...rest] = command as [string, ...string[]];
      const added = name === "yarn berry" ? `mulab@${tarball()}` : tarball();
      // Yarn classic knows a tarball by name and version: from its own cache it would install an earlier build.
      const YARN_CACHE_FOLDER = join(folder, "yarn-cache");
      const env = {
        ...plainEnvironment(),
        CI: "",
        ...CERTIFICATES,
        ...(name === "yarn classic" && { YARN_CACHE_FOLDER }),
      };
      const { status, stdout, stderr } = spawnSync(first, [...rest, added], {
        cwd: place,
        env,
        encoding: "utf8",
      });
      expect(status, `${stdout}${stderr}`).toBe(0);
      const root = join(place, "node_modules/mulab");
      for (const node of nodes) {
        const load = `Promise.all(["mulab", "mulab/kernel"].map((id) => import(id))).then(() => console.log("loaded"))`;
        const cell = `${place}/cell.cjs`;
        writeFileSync(cell, load);
        expect(asAnybody(node, cell)).toMatchObject({ status: 0, stdout: "loaded" });
        const natives = `${place}/natives.cjs`;
        const from = JSON.stringify(join(root, "dist/bundle/kernel/main.js"));
        writeFileSync(
          natives,
          `const own = require("node:module").createRequire(require("node:fs").realpathSync(${from}));
console.log(typeof own("#zeromq").Router, typeof own("#tslab/converter.js").createConverter, typeof own("sharp"));`,
        );
        expect(asAnybody(node, natives)).toMatchObject({ status: 0, stdout: "function function function" });
        const ran = asAnybody(node, join(root, "dist/src/cli.js"), "run", "preliminary", "--json", ...TINY);
        expect(ran.status, ran.stderr).toBe(0);
        expect(JSON.parse(ran.stdout.split("\n").at(-1)!).digest).toMatch(/^[0-9a-f]{64}$/);
      }
    },
    TIMEOUT_MS,
  );
});

describe("the installed package", () => {
  const modules = dirname(installed());
  /** Every package below `folder`. */
  const packagesIn = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      if (name.startsWith("@")) return packagesIn(path);
      if (!existsSync(join(path, "package.json"))) return [];
      const inner = join(path, "node_modules");
      return [path, ...(existsSync(inner) ? packagesIn(inner) : [])];
    });

  it("has no install script in it or below it, and nothing that npm would build", () => {
    const packages = packagesIn(modules);
    expect(packages.length).toBeGreaterThan(50);
    const scripts = packages.filter((path) => {
      const { scripts = {} } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
      const built = existsSync(join(path, "binding.gyp"));
      return built || scripts.preinstall || scripts.install || scripts.postinstall;
    });
    expect(scripts).toEqual([]);
  });

  it("imports no package when it is imported, and carries the licences of what is bundled", () => {
    const lib = join(installed(), "dist/bundle/lib");
    const files = readdirSync(lib).filter((file) => file.endsWith(".js"));
    const imported = files.flatMap((file) =>
      [...readFileSync(join(lib, file), "utf8").matchAll(/^import [^"\n]*"([^"]+)";/gm)].map(([, id]) => id!),
    );
    expect(imported.length).toBeGreaterThan(10);
    expect(imported.filter((id) => !isBuiltin(id) && !id.startsWith("./"))).toEqual([]);
    const licences = readFileSync(join(lib, "..", "LICENSES.txt"), "utf8");
    for (const name of ["acorn", "yaml", "string-width"]) expect(licences).toContain(`\n${name} `);
  });

  it("has nothing that nobody uses: no source maps, tests, bundles of tests or sources of TypeScript", () => {
    const files = readdirSync(installed(), { recursive: true, encoding: "utf8" });
    const idle = files.filter(
      (file) => /\.map$|(^|[\\/])test([\\/]|$)|\.mulab-setup$/.test(file) || /(?<!\.d)\.ts$/.test(file),
    );
    expect(idle).toEqual([]);
  });
});
