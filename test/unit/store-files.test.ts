// Layers as files: what damage, interruption and strangers do to them.

import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LayerId } from "../../src/core/model.js";
import { fileStore } from "../../src/store/files.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
const layer = new TextEncoder().encode("a layer");

describe("a layer file", () => {
  it("is under the first two digits of its name and holds the bytes as they are", async () => {
    const dir = folder();
    const store = fileStore(dir);
    const id = await store.put(layer);
    expect(readFileSync(join(dir, id.slice(0, 2), `${id}.safetensors`))).toEqual(Buffer.from(layer));
    expect(readdirSync(dir)).toEqual([id.slice(0, 2)]);
  });

  it("that was changed, cut off or emptied is found out on reading, with what its bytes hash to", async () => {
    const store = fileStore(folder());
    const id = await store.put(layer);
    for (const damage of [
      () => writeFileSync(store.pathOf(id), "b layer"),
      () => truncateSync(store.pathOf(id), 3),
      () => truncateSync(store.pathOf(id), 0),
    ]) {
      damage();
      await expect(store.get(id)).rejects.toMatchObject({
        code: "store/corrupt-layer",
        message: expect.stringMatching(
          /^Layer [0-9a-f]{8} in .* does not match its name: its bytes hash to /,
        ),
      });
      expect(await store.put(layer)).toBe(id); // storing it again mends it
      expect(Buffer.from(await store.get(id))).toEqual(Buffer.from(layer));
    }
  });

  it("that was removed is missing", async () => {
    const store = fileStore(folder());
    const id = await store.put(layer);
    rmSync(store.pathOf(id));
    expect(await store.has(id)).toBe(false);
    await expect(store.get(id)).rejects.toMatchObject({ code: "store/missing-layer" });
  });

  it("that is a folder is not a layer, and reading it says so", async () => {
    const store = fileStore(folder());
    const id = await store.put(layer);
    rmSync(store.pathOf(id));
    mkdirSync(store.pathOf(id));
    expect(await store.has(id)).toBe(false);
    await expect(store.get(id)).rejects.toMatchObject({ code: "store/read-failed" });
    await expect(store.put(layer)).rejects.toMatchObject({ code: "store/eisdir" });
  });
});

describe("a folder of layers", () => {
  it("does not list what an interrupted write left, and cleans it", async () => {
    const dir = folder();
    const store = fileStore(dir);
    const id = await store.put(layer);
    writeFileSync(join(dir, ".tmp-1-1"), "half a la");
    expect([await store.list(), await store.strangers()]).toEqual([[id], []]);
    await store.clean();
    expect(readdirSync(dir)).toEqual([id.slice(0, 2)]);
  });

  it("distinguishes layers from strangers, and leaves strangers alone", async () => {
    const dir = folder();
    const store = fileStore(dir);
    const id = await store.put(layer);
    const strangers = [
      "notes.txt",
      "zz/file",
      `${id.slice(0, 2)}/${id}.safetensors.bak`,
      `00/${id}.safetensors`,
    ];
    for (const stranger of strangers) {
      mkdirSync(join(dir, stranger, ".."), { recursive: true });
      writeFileSync(join(dir, stranger), "");
    }
    expect(await store.list()).toEqual([id]);
    expect(await store.strangers()).toEqual(["notes.txt", "zz", strangers[2], strangers[3]].sort());
    expect(await store.remove([id, ...(strangers as LayerId[])])).toMatchObject({ layers: 1 });
    expect(await store.list()).toEqual([]);
    expect((await store.strangers()).length).toBe(4);
  });
});
