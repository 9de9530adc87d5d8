// Builds the widgets from one source: an AMD module for static HTML and for the CDNs that VS Code asks, a prebuilt
// labextension for JupyterLab, a script for self-contained pages, a module for tests. It uses only esbuild, and the result
// loads nothing from elsewhere in a browser.
//
// The labextension is a module-federation container written by hand (25 lines below) instead of by webpack. JupyterLab asks
// a container only for init(shareScope) and get(name); from the share scope we take only @jupyter-widgets/base, and we
// bundle nothing that could be shared. So a build takes a second, needs no @jupyterlab/builder and works with every
// JupyterLab 4, whatever bundler built it.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist", "widgets");
const { name, version, description, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What the labextension takes from what JupyterLab shares. */
const SHARED = ["@jupyter-widgets/base", "@lumino/widgets"];

/** Analysis uses arquero for tables in notebooks; the widgets don't, so it is left out. */
const shakeable = {
  name: "shakeable",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^arquero$/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === shakeable) return undefined;
      const found = await esbuild.resolve(path, { resolveDir, kind, pluginData: shakeable });
      return { path: found.path, sideEffects: false };
    });
  },
};

/** One CommonJS file of `entry` and all its imports except base; or, for a `page`, one script with everything. */
async function bundle(entry, { minify = true, page = false } = {}) {
  const result = await build({
    entryPoints: [join(root, "widgets", entry)],
    bundle: true,
    write: false,
    format: page ? "iife" : "cjs",
    platform: "browser",
    target: "es2022",
    external: page ? [] : SHARED,
    minify,
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    plugins: [shakeable],
  });
  return { code: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const amd = ({ code }) => `define(["@jupyter-widgets/base"], function (base) {
var module = { exports: {} }, exports = module.exports, require = function () { return base; };
${code}
return module.exports.default;
});
`;

const container = ({ code }) => `(function () {
var scope, loaded, names = ${JSON.stringify(SHARED)};
function shared(name) {
  var versions = scope && scope[name];
  var newest = versions && Object.keys(versions).sort(function (a, b) { return a.localeCompare(b, "en", { numeric: true }); }).pop();
  if (!newest) return Promise.reject(new Error("${name}: this JupyterLab has no " + name + "; install jupyterlab_widgets 3 or newer."));
  return Promise.resolve(versions[newest].get()).then(function (factory) { return factory(); });
}
function load() {
  loaded = loaded || Promise.all(names.map(shared)).then(function (modules) {
    var module = { exports: {} }, exports = module.exports, require = function (name) { return modules[names.indexOf(name)]; };
${code}
    return Object.assign({}, module.exports, { __esModule: true, default: module.exports.default });
  });
  return loaded;
}
(window._JUPYTERLAB = window._JUPYTERLAB || {})[${JSON.stringify(name)}] = {
  init: function (shareScope) { scope = shareScope; return Promise.resolve(); },
  get: function (request) {
    if (request !== "./extension") return Promise.reject(new Error("${name} has no module " + request));
    return load().then(function (exports) { return function () { return exports; }; });
  }
};
})();
`;

/** Builds everything into `out`; returns what was made, in bytes. */
export async function buildWidgets() {
  const [plugin, module, page, test] = await Promise.all([
    bundle("plugin.ts"),
    bundle("amd.ts"),
    bundle("page.ts", { page: true }),
    bundle("amd.ts", { minify: false }),
  ]);
  write(join(out, "amd", "index.js"), amd(module));
  // Front ends without our extension look for this on a CDN once the package is published: NAME@VERSION/dist/index.js.
  write(join(root, "dist", "index.js"), amd(module));
  write(join(out, "page", "index.js"), page.code);
  write(join(out, "test", "index.js"), amd(test));
  const entry = container(plugin);
  const hash = createHash("sha256").update(entry).digest("hex").slice(0, 20);
  const load = `static/remoteEntry.${hash}.js`;
  write(join(out, "labextension", load), entry);
  // Removes only stale files, so that two builds at once don't remove each other's.
  const stale = readdirSync(join(out, "labextension", "static")).filter((file) => !load.endsWith(file));
  for (const file of stale) rmSync(join(out, "labextension", "static", file), { force: true });
  const jupyterlab = {
    extension: true,
    sharedPackages: Object.fromEntries(SHARED.map((name) => [name, { bundled: false, singleton: true }])),
    _build: { load, extension: "./extension" },
  };
  const about = { name, version, description, license, main: "index.js", jupyterlab };
  write(join(out, "labextension", "package.json"), `${JSON.stringify(about, null, 2)}\n`);
  const install = { packageManager: "npm", packageName: name, uninstallInstructions: "mulab kernel remove" };
  write(join(out, "labextension", "install.json"), `${JSON.stringify(install, null, 2)}\n`);
  return {
    amd: amd(module).length,
    labextension: entry.length,
    page: page.code.length,
    inputs: plugin.inputs,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const began = Date.now();
  const made = await buildWidgets();
  const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  if (process.argv.includes("--inputs")) console.log(made.inputs.join("\n"));
  console.log(
    `mulab: widgets built in ${Date.now() - began} ms: AMD ${kB(made.amd)}, labextension ${kB(made.labextension)}, page ${kB(made.page)}`,
  );
}
