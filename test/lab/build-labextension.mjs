// Builds a prebuilt JupyterLab extension with @jupyterlab/builder:
//   node test/lab/build-labextension.mjs SOURCE OUTPUT [--development]
// SOURCE holds package.json (with `main`, `dependencies` and `jupyterlab` metadata) and an entry that imports nothing
// but its own files and packages that JupyterLab shares; bundle the rest into the entry first. OUTPUT is emptied and
// becomes the contents of share/jupyter/labextensions/NAME. SOURCE is left as it is.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { buildDir, packageDir, sharedPackages } from "./packages.mjs";

/** Writes the package.json that tells the builder what JupyterLab shares; returns its folder.
 *  It replaces @jupyterlab/core-meta, which exists for other versions only. */
function writeCorePath() {
  const dir = join(buildDir, "corepath");
  // jupyterlab_widgets is an extension too in a person's JupyterLab: what it shares is not JupyterLab's own.
  const core = sharedPackages().filter(({ name }) => !name.startsWith("@jupyter-widgets/"));
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    join(dir, "package.json"),
    JSON.stringify({
      name: "@jupyterlab/application-top",
      dependencies: Object.fromEntries(core.map(({ name, version }) => [name, `~${version}`])),
      jupyterlab: { singletonPackages: core.map(({ name }) => name) },
    }),
  );
  return dir;
}

/** A copy of the source below build/, where webpack's loaders resolve, and whose outputDir leads to the output. */
function stage(source, output) {
  const stages = join(buildDir, "stages");
  mkdirSync(stages, { recursive: true });
  const dir = mkdtempSync(join(stages, `${basename(source)}-`));
  cpSync(source, dir, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
  const file = join(dir, "package.json");
  const data = JSON.parse(readFileSync(file, "utf8"));
  if (data.jupyterlab === undefined) throw new Error(`${source}/package.json has no jupyterlab metadata`);
  data.dependencies ??= {};
  data.jupyterlab.outputDir = relative(dir, output);
  writeFileSync(file, JSON.stringify(data, null, 2));
  return dir;
}

/** The build's machine-bound traces: the stage's path in outputDir. */
function tidy(source, output) {
  const { outputDir = "." } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")).jupyterlab;
  const file = join(output, "package.json");
  const data = JSON.parse(readFileSync(file, "utf8"));
  data.jupyterlab.outputDir = outputDir;
  writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
}

function main() {
  const [source, output] = process.argv
    .slice(2)
    .filter((argument) => !argument.startsWith("--"))
    .map((path) => resolve(path));
  if (source === undefined || output === undefined) {
    throw new Error("Usage: node build-labextension.mjs SOURCE OUTPUT [--development]");
  }
  const builder = join(packageDir("@jupyterlab/builder"), "lib", "build-labextension.js");
  if (!existsSync(builder))
    throw new Error("@jupyterlab/builder is not installed: run `node test/lab/setup.mjs` first");
  mkdirSync(output, { recursive: true });
  const dir = stage(source, output);
  try {
    const flags = process.argv.includes("--development") ? ["--development"] : [];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [builder, "--core-path", writeCorePath(), ...flags, dir],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`build-labextension failed:\n${stdout}\n${stderr}`);
    tidy(source, output);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  process.stdout.write(
    `test/lab: built ${basename(source)} into ${relative(process.cwd(), output) || "."}\n`,
  );
}

main();
