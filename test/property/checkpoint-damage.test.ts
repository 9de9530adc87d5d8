// Damaged checkpoints: whatever happens to the bytes of a file, it is read as it was, or refused in words; never a crash,
// never memory for what a header only claims.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkpointRoot, loadRoot } from "../../src/checkpoints/load.js";
import { encodeRoot } from "../../src/checkpoints/root-file.js";
import { MulabError } from "../../src/core/errors/index.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyShape } from "../support/tiny-generation.js";
import { tinyRootContent } from "../support/tiny-root.js";

const newFolder = temporaryFolders();
const path = join(newFolder(), "weights");
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../oracle/fixtures/${name}`, import.meta.url)));
const backbone = { name: "fixture", patch: 8, width: 16, mlp: 24, heads: 2 };

const small = tinyShape({
  backbone: { name: "small", patch: 2, width: 4, mlp: 4, heads: 1 },
  imageSize: 8,
  blocks: 1,
});
const files: [string, Uint8Array][] = [
  ["augreg, stored", fixture("checkpoint-pre-linen.npz")],
  ["augreg, compressed", fixture("checkpoint-linen.npz")],
  ["timm", fixture("checkpoint-timm.safetensors")],
  ["mulab's own", encodeRoot(tinyRootContent(small))],
];

/** Every value of the root in a file of these bytes; the message where it is refused. */
async function outcome(bytes: Uint8Array): Promise<readonly number[] | string> {
  writeFileSync(path, bytes);
  try {
    const root = await checkpointRoot(path, { backbone, places: { folders: [], cache: "" } });
    if (root.blocks > 12 || root.backbone.width > 64) return "refused: it is too large to be this file";
    const { patch } = root.backbone;
    const shape = { ...tinyShape(), backbone: root.backbone, imageSize: 2 * patch, blocks: root.blocks };
    const { components } = await loadRoot(root, shape);
    return [...components.values()].flatMap((tensors) =>
      Object.values(tensors).flatMap(({ data }) => [...data]),
    );
  } catch (error) {
    if (error instanceof MulabError && /^root\/|^options\//.test(error.code))
      return `refused: ${error.message}`;
    throw error;
  }
}

const isRefused = (found: readonly number[] | string): boolean =>
  typeof found === "string" && found.startsWith("refused: ");

describe.each(files)("%s", (_, whole) => {
  it("cut off anywhere is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        expect(isRefused(await outcome(whole.subarray(0, length)))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("with bytes overwritten is refused, or gives numbers", async () => {
    const before = await outcome(whole);
    expect(isRefused(before)).toBe(false);
    // Half of the changes hit the beginning or the end, where headers and directories are.
    const place = fc.oneof(
      fc.nat(whole.length - 1),
      fc.nat(Math.min(4_000, whole.length - 1)),
      fc.integer({ min: Math.max(0, whole.length - 6_000), max: whole.length - 1 }),
    );
    const changes = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const bytes = whole.slice();
        for (const [at, value] of changed) bytes[at] = value;
        const found = await outcome(bytes);
        if (typeof found !== "string") expect(found.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

it.each(files.slice(0, 2))("%s: no flipped bit changes a value unseen", async (_, whole) => {
  const before = await outcome(whole);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (at, bit) => {
      const bytes = whole.slice();
      bytes[at] = bytes[at]! ^ (1 << bit);
      const found = await outcome(bytes);
      if (!isRefused(found)) expect(found).toEqual(before);
    }),
    { numRuns: 100 },
  );
});
