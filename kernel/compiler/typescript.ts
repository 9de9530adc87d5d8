/**
 * Loads the TypeScript compiler, quickly.
 *
 * The compiler is 9 MB of JavaScript: 190 ms to load. V8's compiled code is kept in a cache folder, keyed by everything that could
 * make it stale, and the next start takes a third. A cache that cannot be read or written is not an error, only slower.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";
import type TypeScript from "typescript";
import { makeFolder } from "../make-folder.js";

export type Ts = typeof TypeScript;

const require = createRequire(import.meta.url);

export interface LoadedTypeScript {
  readonly ts: Ts;
  /** Writes the cache, once the functions that a cell needs have been compiled; does nothing if it already exists. */
  saveCache(): void;
}

export function loadTypeScript(cacheFolder: string | undefined): LoadedTypeScript {
  const file = require.resolve("typescript");
  if (cacheFolder === undefined) return { ts: require(file) as Ts, saveCache: () => {} };
  const { size, mtimeMs } = statSync(file);
  const key = createHash("sha256")
    .update([file, size, mtimeMs, process.version, process.arch, vm.constants ? 1 : 0].join("\n"))
    .digest("hex");
  const cacheFile = join(cacheFolder, `typescript-${key.slice(0, 16)}.v8cache`);
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(cacheFile);
  } catch {
    // First start on this machine.
  }
  const source = readFileSync(file, "utf8");
  const script = new vm.Script(Module.wrap(source), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = new Module(file);
  module.filename = file;
  const own = createRequire(file);
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run.call(module.exports, module.exports, own, module, file, dirname(file));
  module.loaded = true;
  const isFresh = cachedData !== undefined && script.cachedDataRejected !== true;
  return {
    ts: module.exports as Ts,
    saveCache() {
      if (isFresh) return;
      try {
        makeFolder(cacheFolder);
        // Under another name first: two kernels may start at once, and half a cache is worse than none.
        const draft = `${cacheFile}.${process.pid}.${Math.random().toString(36).slice(2)}`;
        writeFileSync(draft, script.createCachedData());
        renameSync(draft, cacheFile);
      } catch {
        // A read-only home folder: start slower next time.
      }
    },
  };
}
