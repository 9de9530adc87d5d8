// Makes one file of the kernel's start, and one of what `import "mulab"` loads: hundreds of small files take Node longer to find and
// read than to run. What was built stays beside it, for workers and for the command line; types come from there.
//
// Packages that have binaries, or that cells import too and must be one instance, stay outside. arquero's 166 files are loaded when
// the first table is made.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const out = join(dist, "bundle");
const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);
/** Small pure packages that are read at every start. */
const BUNDLED = {
  kernel: ["acorn", "env-paths", "get-tsconfig", "resolve-pkg-maps", "string-width"],
  lib: [
    "d3-dsv",
    "env-paths",
    "fastest-levenshtein",
    "fflate",
    "jsep",
    "log-update",
    "opentype.js",
    "pbf",
    "picocolors",
    "string-width",
    "yaml",
  ],
};

/** All other packages that package.json names; a package that comes along with a bundled one is bundled. */
const outside = (bundled) => [
  ...Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).filter(
    (name) => !bundled.includes(name),
  ),
  "#*",
];

/** What is imported of arquero loads it when it is first used. It is the instance that a cell's own import gets. */
const lazyArquero = {
  name: "lazy-arquero",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^arquero$/ }, ({ path, namespace }) =>
      namespace === "lazy" ? { path, external: true } : { path, namespace: "lazy" },
    );
    onLoad({ filter: /.*/, namespace: "lazy" }, async () => {
      const names = JSON.stringify(Object.keys(await import("arquero")));
      const get = '() => require("arquero")[name]';
      return {
        contents: `for (const name of ${names}) Object.defineProperty(exports, name, { enumerable: true, get: ${get} });`,
      };
    });
  },
};

/** A module that looks for files beside itself still finds them: `import.meta.url` is that of the file it was built to. */
const ownPlaces = {
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]src[\\/].*\.js$/ }, ({ path }) => {
      const place = relative(join(out, "lib"), path).split(sep).join("/");
      const url = `new URL(${JSON.stringify(place)}, import.meta.url).href`;
      return { contents: readFileSync(path, "utf8").replaceAll("import.meta.url", url) };
    });
  },
};

async function bundle(name, entries, plugins = []) {
  const folder = join(out, name);
  const { metafile } = await build({
    entryPoints: entries,
    outdir: folder,
    entryNames: "[name]",
    bundle: true,
    splitting: true,
    write: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: outside(BUNDLED[name]),
    // For packages that are CommonJS.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    legalComments: "none",
    logLevel: "error",
    metafile: true,
    plugins,
  });
  const made = new Set(Object.keys(metafile.outputs).map((file) => file.split("/").at(-1)));
  // Only what is stale goes, so that two builds at once don't take each other's files away.
  for (const file of readdirSync(folder)) if (!made.has(file)) rmSync(join(folder, file), { force: true });
  return Object.keys(metafile.inputs);
}

/** The licences of what is bundled, which ask to go along with it. */
function writeLicences(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[0] ?? []),
  );
  const texts = [...packages].sort().map((folder) => {
    const at = join(root, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
    const file = readdirSync(at).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? `Licensed as ${license}.` : readFileSync(join(at, file), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  writeFileSync(
    join(out, "LICENSES.txt"),
    `Other packages in these files\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`,
  );
}

mkdirSync(out, { recursive: true });
const kernel = ["main", "kernel", "io-worker", "signal-worker", "format-worker", "compiler/worker"];
const inputs = [
  ...(await bundle(
    "kernel",
    kernel.map((name) => join(dist, "kernel", `${name}.js`)),
  )),
  ...(await bundle("lib", [join(dist, "src", "index.js")], [lazyArquero, ownPlaces])),
];
writeLicences(inputs);
