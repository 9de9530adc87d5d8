// A root from a file: what a run takes from it, where it is searched for, and the errors where it does not fit.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkpointRoot, factsOf, loadRoot } from "../../src/checkpoints/load.js";
import { encodeRoot, type RootContent } from "../../src/checkpoints/root-file.js";
import { BACKBONES, componentNames, componentTensors, type Shape } from "../../src/core/components.js";
import type { Experiment, RootSpec } from "../../src/core/experiment.js";
import { decodeLayer } from "../../src/core/layer-codec.js";
import { munet } from "../../src/core/methods.js";
import { resizePosembed } from "../../src/core/posembed.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { rootEvents } from "../../src/run/root.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { layerIdOf } from "../../src/store/layer-id.js";
import { memoryStore } from "../../src/store/memory.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";
import { TINY, tinyShape } from "../support/tiny-generation.js";
import { tinyRootContent, writeRoot } from "../support/tiny-root.js";

const newFolder = temporaryFolders();
const nowhere = { folders: [], cache: "" };

/** A root of zeros, which are quickly made. */
const emptyRoot = (shape: Shape): RootContent => ({
  backbone: shape.backbone,
  blocks: shape.blocks,
  origin: "zeros",
  provenance: {},
  components: new Map(
    componentNames(shape).map((name) => [
      name,
      Object.fromEntries(
        Object.entries(componentTensors(name, shape)).map(([tensor, dims]) => [
          tensor,
          { dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) },
        ]),
      ),
    ]),
  ),
});

/** muNet, short, from the first block of a root in `dir`, with two image sizes to reach. */
function experimentFrom(root: RootSpec, imageSizes: readonly number[] = [16, 32, 48]): Experiment {
  const experiment = tinyExperiment({ iterations: 1, root });
  const method = {
    ...munet,
    search: { ...munet.search, imageSize: imageSizes },
    blocksRange: [1, 2] as const,
    defaults: { ...munet.defaults, blocks: root.blocks },
  };
  return { ...experiment, method };
}

async function begun(root: RootSpec, imageSizes?: readonly number[]) {
  const store = memoryStore();
  const events = await rootEvents(experimentFrom(root, imageSizes), [], store, rngFromSeed(1), () => 0);
  const added = events.find((event) => event.type === "root-added")!;
  if (added.type !== "root-added") throw new Error("unreachable");
  const layer = async (of: { id: (typeof added.path)[number]["id"] }) => decodeLayer(await store.get(of.id));
  return { added, layer };
}

describe("a run from a checkpoint", () => {
  it("has its bottom blocks, its own final norm, a zero head, and no history", async () => {
    const content = tinyRootContent();
    const { added, layer } = await begun(
      await checkpointRoot(writeRoot(newFolder(), content), { blocks: 1 }),
    );
    expect(added.path.map(({ name }) => name)).toEqual(componentNames(tinyShape({ blocks: 1 })));
    for (const of of added.path) {
      const { name, tensors, history, momentum } = await layer(of);
      expect([history, momentum]).toEqual([[], null]);
      if (name === "head") expect(new Set(tensors.kernel!.data)).toEqual(new Set([0]));
      else if (name !== "posembed_input") expect(tensors).toEqual(content.components.get(name));
    }
  });

  it("has the checkpoint's position embedding at its own image size and at every other that it may reach", async () => {
    const content = tinyRootContent();
    const original = content.components.get("posembed_input")!.pos_embedding!.data; // 64 px: 4 × 4
    const { added, layer } = await begun(
      await checkpointRoot(writeRoot(newFolder(), content), { blocks: 2 }),
    );
    const own = added.path.find(({ name }) => name === "posembed_input")!;
    const found = await Promise.all([own, ...added.posembeds!].map(layer));
    expect(found.map(({ tensors }) => tensors.pos_embedding)).toEqual(
      [2, 1, 3].map((grid) => ({
        dims: [1, 1 + grid * grid, TINY.width],
        data: resizePosembed(original, TINY.width, 4, grid),
      })),
    );
    expect(added.posembeds!.map(({ paramCount }) => paramCount)).toEqual([2 * 32, 10 * 32]);
  });

  it("of random weights has the other sizes too, from its own embedding; none where the size is fixed", async () => {
    const root: RootSpec = { kind: "random", backbone: TINY, blocks: 1 };
    const { added, layer } = await begun(root, [32, 80]);
    const own = await layer(added.path.find(({ name }) => name === "posembed_input")!);
    const { pos_embedding: resized } = (await layer(added.posembeds![0]!)).tensors;
    expect(resized!.data).toEqual(resizePosembed(own.tensors.pos_embedding!.data, TINY.width, 2, 5));
    expect((await begun(root, [32])).added).not.toHaveProperty("posembeds");
  });

  it("evolves, verifies, and is read back with its root", async () => {
    const dir = join(newFolder(), "run");
    const experiment = experimentFrom(await checkpointRoot(writeRoot(newFolder()), { blocks: 1 }));
    const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
    const run = await open(dir, experiment, { tasks, trainer: fakeTrainer });
    await run.done();
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
    expect((await readRun(dir)).experiment.root).toEqual(experiment.root);
  });

  it("needs the file no more once it has begun", async () => {
    const dir = join(newFolder(), "run");
    const path = writeRoot(newFolder());
    const experiment = experimentFrom(await checkpointRoot(path, { blocks: 1 }));
    const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
    const first = await open(dir, experiment, { tasks, trainer: fakeTrainer });
    await first.stop();
    rmSync(path);
    const second = await open(dir, undefined, { tasks, trainer: fakeTrainer });
    expect((await second.done()).ended).toBe(true);
  });
});

describe("exact parameters without the head (method.md §a.2)", () => {
  it.each([
    [3, 1_483_776],
    [12, 5_487_552],
  ])("of Ti/16 with %d blocks of a 12-block file, at 32 px: %d", async (blocks, total) => {
    const shape = tinyShape({ backbone: BACKBONES["Ti/16"], blocks: 12, imageSize: 224 });
    const root = await checkpointRoot(writeRoot(newFolder(), emptyRoot(shape)), { blocks });
    const { added } = await begun(root, []);
    const body = added.path.filter(({ name }) => name !== "head");
    expect(body.reduce((sum, { paramCount }) => sum + paramCount, 0)).toBe(total);
  });
});

describe("a root's file", () => {
  it("says what it is: size, origin and how it was made", async () => {
    const content = tinyRootContent();
    const path = writeRoot(newFolder(), content);
    const { backbone, blocks, origin, provenance } = content;
    expect(await factsOf(path)).toEqual({ backbone, blocks, grid: 4, origin, provenance });
    const root = await checkpointRoot(path);
    const sha256 = layerIdOf(encodeRoot(content));
    expect(root).toEqual({ kind: "checkpoint", backbone, blocks, file: path, sha256, origin });
  });

  it("has the same bytes whenever its content is the same", () => {
    const { components, ...rest } = tinyRootContent();
    const reversed = new Map([...components].reverse());
    expect(encodeRoot({ ...rest, components: reversed })).toEqual(encodeRoot({ ...rest, components }));
    expect(encodeRoot({ ...rest, components, origin: "other" })).not.toEqual(
      encodeRoot({ ...rest, components }),
    );
  });

  it("is found by its name in a folder of roots, and by its sha256 among several of one name", async () => {
    const [one, two] = [newFolder(), newFolder()];
    writeRoot(one, tinyRootContent(undefined, 1));
    writeRoot(two, tinyRootContent(undefined, 2));
    const places = { folders: [one, two], cache: two };
    const first = await checkpointRoot("root.safetensors", { places });
    const second = await checkpointRoot(join(two, "root.safetensors"), { places });
    expect(first.sha256).not.toBe(second.sha256);
    const shape = tinyShape();
    const { components } = await loadRoot({ ...second, file: "root.safetensors" }, shape, places);
    expect(components.get("cls")).toEqual(tinyRootContent(undefined, 2).components.get("cls"));
  });
});

describe("what is wrong is said", () => {
  const refused =
    (code: string, ...words: (string | RegExp)[]) =>
    (error: { code: string; message: string }) => {
      expect(error.code).toBe(code);
      for (const word of words) expect(error.message).toMatch(word);
      return error;
    };
  const failing = (work: Promise<unknown>) =>
    work.then(
      () => expect.unreachable("it should have been refused"),
      (error) => error,
    );

  it("a file that is nowhere, with the folders and two ways to get one", async () => {
    const error = await failing(checkpointRoot("none.npz", { places: { folders: ["/a/roots"], cache: "" } }));
    refused("root/missing", "none.npz", "/a/roots", "mulab pretrain", "augreg")(error);
  });

  it("a folder in the file's place", async () => {
    mkdirSync(join(newFolder(), "root.npz"));
    refused("root/missing")(await failing(checkpointRoot(newFolder(), { places: nowhere })));
  });

  it("another file under the same name", async () => {
    const dir = newFolder();
    const path = writeRoot(dir);
    const root = await checkpointRoot(path);
    writeRoot(dir, tinyRootContent(undefined, 6));
    refused("root/checksum", path, root.sha256.slice(0, 8))(await failing(begun(root)));
  });

  it("more blocks than there are", async () => {
    const path = writeRoot(newFolder());
    const error = await failing(checkpointRoot(path, { blocks: 3 }));
    refused("root/too-few-blocks", "2 transformer blocks, but 3", "--blocks 3")(error);
    const root = await checkpointRoot(path);
    refused("root/too-few-blocks")(await failing(begun({ ...root, blocks: 3 })));
  });

  it("a backbone of other lengths, a grid that is not square, and values that are not numbers", async () => {
    const dir = newFolder();
    const root = await checkpointRoot(writeRoot(dir));
    const wide = { ...root, backbone: { ...TINY, heads: 4 } };
    refused("root/bad-file", /heads 2; expected .*heads 4/)(await failing(begun(wide)));

    const content = tinyRootContent();
    const cut = new Map(content.components);
    cut.set("posembed_input", { pos_embedding: { dims: [1, 3, 32], data: new Float32Array(96) } });
    const odd = writeRoot(dir, { ...content, components: cut }, "odd.safetensors");
    refused("root/bad-file", "3 rows")(await failing(checkpointRoot(odd)));

    content.components.get("encoder_norm")!.bias!.data[7] = Number.NaN;
    const broken = await checkpointRoot(writeRoot(dir, content, "nan.safetensors"));
    refused("root/bad-file", /encoder_norm\/bias.*value 7 is NaN/)(await failing(begun(broken)));
  });

  it("a layer that is missing or of another shape", async () => {
    const dir = newFolder();
    const content = tinyRootContent();
    const without = new Map(content.components);
    without.delete("encoder_norm");
    const lacking = writeRoot(dir, { ...content, components: without }, "lacking.safetensors");
    const error = await failing(begun(await checkpointRoot(lacking)));
    refused("root/bad-file", 'there is no tensor "encoder_norm/scale"')(error);
    const other = new Map(content.components);
    other.set("cls", { cls: { dims: [32], data: new Float32Array(32) } });
    const misshaped = writeRoot(dir, { ...content, components: other }, "misshaped.safetensors");
    const shape = await failing(begun(await checkpointRoot(misshaped)));
    refused("root/bad-file", /"cls\/cls" has shape \[32\]; expected .*\[1, 1, 32\]/)(shape);
  });

  it("a file that is not a checkpoint at all", async () => {
    const path = join(newFolder(), "cat.png");
    writeFileSync(path, Buffer.from("\x89PNG and so on, and on, and on", "latin1"));
    refused(
      "root/bad-file",
      "the bytes of neither a .npz nor a .safetensors file",
    )(await failing(checkpointRoot(path, { places: nowhere })));
    writeFileSync(path, "");
    refused("root/bad-file", "0 bytes")(await failing(checkpointRoot(path, { places: nowhere })));
  });
});
