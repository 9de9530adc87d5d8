// What every layer store does, in memory and on disk alike.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LayerId } from "../../src/core/model.js";
import { fileStore } from "../../src/store/files.js";
import { layerIdOf } from "../../src/store/layer-id.js";
import { memoryStore } from "../../src/store/memory.js";
import type { PrunableStore } from "../../src/store/prunable.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
const stores: [string, () => PrunableStore][] = [
  ["memory", memoryStore],
  ["files", () => fileStore(join(folder(), "layers"))],
];
const bytes = (...values: number[]) => Uint8Array.from(values);

describe.each(stores)("a layer store in %s", (_, make) => {
  it("gives back what was put into it, under the sha-256 of its bytes", async () => {
    const store = make();
    const id = await store.put(bytes(1, 2, 3));
    expect(id).toBe("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"); // sha256sum of 01 02 03
    expect(await store.get(id)).toEqual(bytes(1, 2, 3));
    expect(await store.has(id)).toBe(true);
  });

  it("holds layers of no bytes and of many", async () => {
    const store = make();
    for (const layer of [bytes(), new Uint8Array(5_000_000).map((_, i) => i * i)])
      expect(Buffer.compare(await store.get(await store.put(layer)), layer)).toBe(0);
  });

  it("stores once what is put twice, at once or later", async () => {
    const store = make();
    const [a, b] = await Promise.all([store.put(bytes(7)), store.put(bytes(7))]);
    expect([b, await store.put(bytes(7))]).toEqual([a, a]);
    expect(await store.list()).toEqual([a]);
  });

  it("takes many layers at once", async () => {
    const store = make();
    const ids = await Promise.all(Array.from({ length: 40 }, (_, i) => store.put(bytes(i))));
    expect(await store.list()).toEqual([...ids].sort());
  });

  it("keeps its layers apart from the bytes that came in and went out", async () => {
    const store = make();
    const given = bytes(1, 2, 3);
    const id = await store.put(given);
    given[0] = 9;
    (await store.get(id))[1] = 9;
    expect(await store.get(id)).toEqual(bytes(1, 2, 3));
  });

  it("puts a view of a larger buffer, and no more than the view", async () => {
    const store = make();
    const id = await store.put(bytes(0, 1, 2, 3, 0).subarray(1, 4));
    expect(id).toBe(layerIdOf(bytes(1, 2, 3)));
  });

  it.each([
    "ab".repeat(32),
    "short",
    "",
    "../../../etc/passwd",
  ])("says that layer %j is missing", async (id) => {
    const store = make();
    await store.put(bytes(1));
    expect(await store.has(id as LayerId)).toBe(false);
    await expect(store.get(id as LayerId)).rejects.toMatchObject({ code: "store/missing-layer" });
  });

  it("is empty before the first layer, and can be listed and thinned out then", async () => {
    const store = make();
    expect(await store.list()).toEqual([]);
    expect(await store.remove([layerIdOf(new Uint8Array(3))])).toEqual({ layers: 0, bytes: 0 });
  });

  it("removes only what it is given, and says how much that was", async () => {
    const store = make();
    const [a, b, c] = [
      await store.put(bytes(1)),
      await store.put(bytes(2, 2)),
      await store.put(bytes(3, 3, 3)),
    ];
    expect(await store.remove([a, c, a, layerIdOf(bytes(4))])).toEqual({ layers: 2, bytes: 4 });
    expect(await store.list()).toEqual([b]);
    expect([await store.has(a), await store.has(c)]).toEqual([false, false]);
    expect(await store.put(bytes(1))).toBe(a);
    expect(await store.get(a)).toEqual(bytes(1));
  });
});
