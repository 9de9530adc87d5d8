// The versions that made a run: mulab, whose package pins the exact engine, and Node.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Version of mulab itself, from its package.json (two folders up from src/run, three from dist/src/run). */
export const mulabVersion: string = (() => {
  for (const up of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = require(up);
      if (name === "mulab") return version;
    } catch {} // so it must be the other place
  }
  return "unknown";
})();

/** Name to version, for run.json. */
export function versions(): Readonly<Record<string, string>> {
  return {
    mulab: mulabVersion,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
}
