// The application as webpack sees it: @jupyterlab/builder's own rules, our entry, and the shared packages.
// Writes the import lists beside the build on the way, for they follow from package.json.

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDir, builderRequire, labDir, labPackages, packageDir, sharedPackages } from "./packages.mjs";

const { Build } = builderRequire("./lib/build.js");
const baseConfig = builderRequire("./lib/webpack.config.base.js");
const webpack = builderRequire("webpack");
const { merge } = builderRequire("webpack-merge");

const generatedDir = join(buildDir, "generated");
const appDir = join(buildDir, "app");

/** `{ "package": () => import("package") }` for every package with the named kind of entry. */
function importList(kind, packages) {
  const lines = packages
    .filter(({ data }) => data.jupyterlab[kind])
    .map(({ name, data }) => {
      const entry = data.jupyterlab[kind];
      const path = entry === true ? name : `${name}/${entry}`;
      return `  ${JSON.stringify(name)}: () => import(${JSON.stringify(path)}),`;
    });
  return `{\n${lines.join("\n")}\n}`;
}

function writeGenerated(packages) {
  mkdirSync(generatedDir, { recursive: true });
  writeFileSync(
    join(generatedDir, "modules.js"),
    `export const pluginModules = ${importList("extension", packages)};\n` +
      `export const mimeModules = ${importList("mimeExtension", packages)};\n`,
  );
  const themeConfigs = Build.ensureAssets({
    packageNames: [], // required, although packagePaths says it all
    packagePaths: packages.map(({ name }) => packageDir(name)),
    output: generatedDir,
    schemaOutput: appDir,
    themeOutput: appDir,
  });
  mkdirSync(join(appDir, "templates"), { recursive: true });
  cpSync(join(labDir, "app", "index.html.jinja"), join(appDir, "templates", "index.html"));
  return themeConfigs;
}

export default function config() {
  const packages = labPackages();
  const themeConfigs = writeGenerated(packages);
  const shared = Object.fromEntries(
    sharedPackages().map(({ name, version }) => [name, { singleton: true, requiredVersion: `^${version}` }]),
  );
  const app = merge(baseConfig, {
    mode: "development",
    devtool: false,
    entry: { main: join(labDir, "app", "bootstrap.js") },
    output: {
      path: join(appDir, "static"),
      filename: (chunk) => (chunk.chunk.name === "main" ? "main.js" : "[name].[contenthash].js"),
      chunkFilename: "[name].[contenthash].js",
      library: { type: "var", name: ["_JUPYTERLAB", "CORE_OUTPUT"] },
      publicPath: "", // set at run time by bootstrap.js
      clean: true,
    },
    optimization: { splitChunks: { chunks: "all" } },
    performance: { hints: false },
    resolve: { alias: { "lab-generated": generatedDir } },
    plugins: [
      new webpack.container.ModuleFederationPlugin({
        library: { type: "var", name: ["_JUPYTERLAB", "CORE_LIBRARY_FEDERATION"] },
        name: "CORE_FEDERATION",
        shared,
      }),
    ],
  });
  return [app, ...themeConfigs.map((theme) => ({ ...theme, performance: { hints: false } }))];
}
