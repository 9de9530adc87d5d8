/** What the kernel says about itself, without loading anything to say it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ownPackage } from "./compiler/resolve.js";
import { PROTOCOL_VERSION } from "./wire.js";

export function kernelInfo(): object {
  const { version } = JSON.parse(readFileSync(join(ownPackage().root, "package.json"), "utf8")) as {
    version: string;
  };
  const typescript = createRequire(import.meta.url)("typescript/package.json") as {
    version: string;
  };
  return {
    protocol_version: PROTOCOL_VERSION,
    implementation: "mulab",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript.version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
      // By its name: JupyterLab takes the name in an object of options, "javascript", for the language.
      codemirror_mode: "typescript",
    },
    banner: `TypeScript ${typescript.version} (mulab ${version}, Node ${process.versions.node})`,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Arquero", url: "https://idl.uw.edu/arquero/" },
      { text: "Vega-Lite", url: "https://vega.github.io/vega-lite/docs/" },
    ],
    debugger: true,
    supported_features: ["debugger", "kernel subshells"],
  };
}
