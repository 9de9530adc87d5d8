// Files of roots, and checkpoints in published names, so small that a test makes many.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeRoot, type RootContent } from "../../src/checkpoints/root-file.js";
import type { Shape } from "../../src/core/components.js";

import { rngFromSeed } from "../../src/core/rng.js";
import { initRoot } from "../../src/graph/init.js";
import { tinyShape } from "./tiny-generation.js";

/** A root of noise: every value is drawn, so that no two tensors are alike. */
export function tinyRootContent(shape: Shape = tinyShape({ imageSize: 64 }), seed = 5): RootContent {
  const rng = rngFromSeed(seed);
  const components = new Map(
    initRoot(shape, rng)
      .filter(({ name }) => name !== "head")
      .map(({ name, tensors }) => {
        for (const { data } of Object.values(tensors))
          for (let i = 0; i < data.length; i++) data[i] = rng.normal();
        return [name, tensors];
      }),
  );
  const { backbone, blocks } = shape;
  return { backbone, blocks, origin: "noise", provenance: { seed, tasks: ["none"] }, components };
}

/** Writes `content` to `dir`; gives the path. */
export function writeRoot(
  dir: string,
  content: RootContent = tinyRootContent(),
  name = "root.safetensors",
): string {
  const path = join(dir, name);
  writeFileSync(path, encodeRoot(content));
  return path;
}
