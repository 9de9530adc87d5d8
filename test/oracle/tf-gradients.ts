// tfjs-core's Node build leaves its gradients out, and the file that registers them is not a module that Node can load. It is
// bundled here for that; the registry and the engine that it finds are the global ones.

import { runInThisContext } from "node:vm";
import { build } from "esbuild";

export async function registerTfGradients(): Promise<void> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'import "@tensorflow/tfjs-core/dist/register_all_gradients.js";',
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    logLevel: "error",
  });
  runInThisContext(outputFiles[0]!.text);
}
