// Fills vendor/ with the packages that mulab's tarball carries itself, because as dependencies they would break a user's
// install.
//
// onnxruntime-node downloads CUDA libraries when it is installed, and fails where it can't; zeromq has an install script
// too, though its binaries are in its package, and pnpm refuses packages whose scripts it did not run; tslab depends on
// zeromq. npm's `overrides` and .npmrc count in the root package only, so a package can't spare its users any of this.
// Here they are installed without their scripts, from a lockfile of their own, and only what mulab loads is copied.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const from = join(root, "scripts", "vendored", "node_modules");
const vendor = join(root, "vendor");
const made = `${vendor}.new`;

const json = (file) => JSON.parse(readFileSync(file, "utf8"));
const isMap = (path) => path.endsWith(".map");

/** Copies `paths` of package `name` except `leaves`; its package.json keeps only what says whose it is and how it loads. */
function take(name, paths, leaves = () => false) {
  const [source, target] = [join(from, name), join(made, name)];
  mkdirSync(target, { recursive: true });
  for (const path of paths)
    cpSync(join(source, path), join(target, path), {
      recursive: true,
      filter: (file) => !isMap(file) && !leaves(file.slice(source.length + 1).replaceAll("\\", "/")),
    });
  for (const file of readdirSync(target, { recursive: true }).filter((path) => path.endsWith(".js"))) {
    const text = readFileSync(join(target, file), "utf8");
    writeFileSync(join(target, file), text.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
  }
  const { version, description, license, author, repository, main, types } = json(
    join(source, "package.json"),
  );
  const about = { name, version, description, license, author, repository, main, types, private: true };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(about, null, 2)}\n`);
}

rmSync(made, { recursive: true, force: true });

// DirectML.dll is loaded for a device that mulab does not offer; the second name of the macOS library is a copy of the first.
take("onnxruntime-node", ["dist", "bin", "README.md"], (path) =>
  /DirectML\.dll$|libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(path),
);
writeFileSync(
  join(made, "onnxruntime-node", "LICENSE"),
  readFileSync(join(root, "scripts", "vendored", "onnxruntime-LICENSE")),
);

// Builds for Node 12 and for 32 bits are left out; the manifest tells the loader so.
const manifest = Object.entries(json(join(from, "zeromq", "build", "manifest.json"))).filter(([config]) => {
  const { abi, arch } = JSON.parse(config);
  return abi >= 115 && arch !== "ia32";
});
const addons = new Set(manifest.map(([, path]) => `build/${path.replaceAll("\\", "/")}`));
take(
  "zeromq",
  ["build", "lib", "LICENSE.txt", "LICENSE_MPL-2.0.txt", "README.md"],
  (path) => (path.endsWith(".node") && !addons.has(path)) || /^lib\/(ts3\.7|compat|tsconfig)/.test(path),
);
writeFileSync(join(made, "zeromq", "build", "manifest.json"), JSON.stringify(Object.fromEntries(manifest)));
// Its loader is part of a build tool of 6 MB: one file of the two.
await build({
  entryPoints: [join(from, "zeromq", "lib", "load-addon.js")],
  outfile: join(made, "zeromq", "lib", "load-addon.js"),
  allowOverwrite: true,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "error",
});

take("tslab", ["dist", "LICENSE", "README.md"], (path) => /^dist\/main\./.test(path));

rmSync(vendor, { recursive: true, force: true });
if (existsSync(vendor)) throw new Error(`${vendor} can't be replaced.`);
renameSync(made, vendor);
