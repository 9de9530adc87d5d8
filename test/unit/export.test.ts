// What leaves a run: predictions, ONNX, layers, tables; on a run of the real engine whose images are of another size than
// its models.

import { hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { exportCommand } from "../../src/commands/export.js";
import { predictCommand } from "../../src/commands/predict.js";
import type { ComponentName } from "../../src/core/components.js";
import { encodeLayer } from "../../src/core/layer-codec.js";
import { retainedModels } from "../../src/core/live.js";
import { readSafetensors, toFloat32 } from "../../src/core/safetensors.js";
import { modelOf } from "../../src/core/state.js";
import { type FolderTask, folderTask } from "../../src/data/folder-task.js";
import * as modelFiles from "../../src/engine/onnx-file.js";
import { exportLayers, type ManifestLayer } from "../../src/export/export-layers.js";
import { exportOnnx } from "../../src/export/export-onnx.js";
import { exportTables } from "../../src/export/export-tables.js";
import { imagePaths } from "../../src/export/image-paths.js";
import { predict } from "../../src/export/predict.js";
import { trainedOn } from "../../src/export/task-model.js";
import { predictLine } from "../../src/notebook/cells/predict-cell.js";
import { extend } from "../../src/run/extend.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { catchPrinted } from "../support/printed.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const OWN = "mine/leaves";
const CLASSES = ["ash", "beech <b>", "willow"];
/** Side of the task's images; its models have 32. */
const STORED = 20;

let home = "";
let dir = "";
let own: FolderTask;

/** An image of class `label`, of any size: a plain colour of its class with noise. */
const picture = (label: number, n: number, width: number, height: number): Promise<Buffer> => {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = 60 * (i % 3 === label ? 3 : 1) + ((i * 7919 + n * 104729) % 61);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
};

beforeAll(async () => {
  home = newFolder();
  for (const [label, name] of CLASSES.entries()) {
    const folder = join(home, "leaves", name);
    mkdirSync(folder, { recursive: true });
    for (let n = 0; n < 12; n++) writeFileSync(join(folder, `${n}.png`), await picture(label, n, 40 + n, 30));
  }
  own = await folderTask(join(home, "leaves"), { name: OWN, access: "private", imageSize: STORED });
  const tiny = tinyExperiment({ iterations: 1, children: 2, generations: 1 });
  const experiment = {
    ...tiny,
    tasks: [{ name: "one", access: "public" }] as const,
    root: { ...tiny.root, blocks: 2 },
  };
  dir = join(home, "run");
  await (await open(dir, experiment, { tasks: [tinyTask("one")], threads: 1 })).done();
  await (await extend(dir, { tasks: [own], iterations: 1 }, { threads: 1 })).done();
}, 60_000);

const printed = catchPrinted();

describe("predictions", () => {
  it("are those with which the model was scored", async () => {
    const { state } = await readRun(dir);
    const test = own.splits.test;
    const files = await Promise.all(
      Array.from({ length: test.count }, (_, i) => {
        const bytes = Buffer.from(
          test.pixels.subarray(i * STORED * STORED * 3, (i + 1) * STORED * STORED * 3),
        );
        return sharp(bytes, { raw: { width: STORED, height: STORED, channels: 3 } })
          .png()
          .toBuffer();
      }),
    );
    const predictions = await predict(dir, OWN, files, { top: 2 });
    const right = predictions.filter(({ top }, i) => top[0]!.class === test.labels[i]).length;
    expect(right / test.count).toBe(modelOf(state, state.retained[OWN]!).testAccuracy);
    for (const { top, probabilities, image } of predictions) {
      expect(image).toMatch(/^image \d+$/);
      expect(top.map(({ label }) => label)).toEqual(top.map((guess) => CLASSES[guess.class]));
      expect(top[0]!.probability).toBe(Math.max(...probabilities));
      expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
      expect(top).toHaveLength(2);
    }
  });

  it("are made of files, folders and patterns, and printed with their probabilities", async () => {
    const folder = join(home, "leaves", CLASSES[1]!);
    await predictCommand(dir, [join(folder, "3.png"), join(home, "leaves/ash")], {
      task: OWN,
      top: 3,
      engine: "onnx",
      threads: 1,
    });
    const lines = printed.text.trimEnd().split("\n");
    expect(lines).toHaveLength(2 + 13);
    expect(lines[2]).toMatch(/beech <b>\/3\.png {2}\S.* \d+\.\d %/);
    printed.clear();
    await predictCommand(dir, [join(home, "leaves/*/1.png")], {
      task: OWN,
      top: 9,
      engine: "onnx",
      json: true,
    });
    const { predictions } = JSON.parse(printed.text);
    expect(predictions.map(({ image }: { image: string }) => basename(image))).toEqual([
      "1.png",
      "1.png",
      "1.png",
    ]);
    expect(predictions[0].image).toBe(join(home, "leaves/ash/1.png"));
    expect(predictions[0].top).toHaveLength(3);
    const table = await predictLine({
      args: `${OWN} ${dir} "${join(folder, "2.png")}"`,
      signal: new AbortController().signal,
    });
    expect(table.numRows()).toBe(1);
    expect(CLASSES).toContain(table.get("1st", 0));
  });

  it("refuse what they can't be made of", async () => {
    const image = join(home, "leaves/ash/1.png");
    const bad = join(newFolder(), "bad.png");
    writeFileSync(bad, "no image");
    await expect(predict(dir, "mine/leafs", image)).rejects.toMatchObject({ code: "task/unknown" });
    await expect(predict(dir, OWN, bad)).rejects.toMatchObject({ code: "data/bad-image" });
    await expect(predict(dir, OWN, join(home, "nothing"))).rejects.toMatchObject({
      code: "export/no-images",
    });
    await expect(predict(dir, OWN, join(home, "*.jpg"))).rejects.toMatchObject({ code: "export/no-images" });
    await expect(predict(dir, OWN, [])).rejects.toMatchObject({ code: "options/not-valid" });
    await expect(predict(dir, OWN, image, { top: 0 })).rejects.toMatchObject({ code: "options/not-valid" });
    await expect(predictCommand(dir, [image], { top: 5, engine: "onnx" })).rejects.toThrow(
      /--task.*one, mine/,
    );
  });
});

it("image paths keep the order of their words, whatever characters a folder's name has", async () => {
  const root = newFolder();
  const odd = join(root, "a [1] {b} (c)!");
  mkdirSync(join(odd, "deep"), { recursive: true });
  for (const name of ["b.png", "a.JPG", "deep/c.webp", "notes.txt", ".hidden.png"])
    writeFileSync(join(odd, name), "");
  writeFileSync(join(root, "data.bin"), "");
  const below = ["a.JPG", "b.png", "deep/c.webp"].map((name) => join(odd, name));
  expect(await imagePaths([join(root, "data.bin"), odd])).toEqual([join(root, "data.bin"), ...below]);
  expect(await imagePaths([odd, join(odd, "b.png")])).toEqual(below);
  const near = relative(".", odd);
  const nearBelow = ["a.JPG", "b.png", "deep/c.webp"].map((name) => join(near, name));
  expect(await imagePaths([`${near}/`])).toEqual(nearBelow);
});

describe("an ONNX file", () => {
  it("says what mulab says, for any number of images of any size, and what it is", async () => {
    const { state } = await readRun(dir);
    const model = modelOf(state, state.retained[OWN]!);
    const file = join(newFolder(), "deep", "leaves.onnx");
    const exported = await exportOnnx(dir, OWN, file);
    expect(exported).toMatchObject({ file, task: OWN, private: [OWN] });
    expect(exported.agreement!.images).toBe(own.splits.test.count);
    expect(exported.agreement!.largest).toBeLessThan(1e-5);
    const bytes = readFileSync(file);
    expect(bytes.length).toBe(exported.bytes);
    for (const text of [
      JSON.stringify(CLASSES),
      "trained on private images: mine/leaves",
      JSON.stringify(trainedOn(model.path)),
    ])
      expect(bytes.includes(text), text).toBe(true);
    expect(bytes.includes("com.microsoft")).toBe(false);

    const opened = await modelFiles.openModelFile(bytes);
    for (const [width, height, count] of [
      [STORED, STORED, 5],
      [57, 41, 1],
      [9, 31, 3],
      [32, 32, 2],
    ] as const) {
      const images = await Promise.all(
        Array.from({ length: count }, (_, n) => picture(n % 3, n, width, height)),
      );
      const raw = await Promise.all(images.map((image) => sharp(image).raw().toBuffer()));
      const dims = [count, height, width, 3] as const;
      const { probabilities, logits } = await opened.run({ pixels: Buffer.concat(raw), dims });
      const ours = await predict(dir, OWN, images);
      expect(logits).toHaveLength(count * CLASSES.length);
      ours.forEach((prediction, i) => {
        prediction.probabilities.forEach((value, c) => {
          // A byte may round the other way after resizing.
          expect(Math.abs(probabilities![i * CLASSES.length + c]! - value)).toBeLessThan(2e-4);
        });
      });
    }
    await opened.close();
  });

  it("is not written where it disagrees with mulab", async () => {
    const real = modelFiles.openModelFile;
    vi.spyOn(modelFiles, "openModelFile").mockImplementation(async (bytes) => {
      const opened = await real(bytes);
      const run: typeof opened.run = async (input) => {
        const { probabilities, ...rest } = await opened.run(input);
        return { ...rest, probabilities: probabilities!.map((p, i) => (i === 4 ? p + 2e-5 : p)) };
      };
      return { run, close: opened.close };
    });
    const file = join(newFolder(), "leaves.onnx");
    await expect(exportOnnx(dir, OWN, file)).rejects.toMatchObject({ code: "export/disagrees" });
    expect(existsSync(file)).toBe(false);
  });

  it("replaces only a file of its kind, and needs the task's own images", async () => {
    const folder = newFolder();
    const file = join(folder, "thesis.onnx");
    writeFileSync(file, "a thesis");
    await expect(exportOnnx(dir, OWN, file)).rejects.toMatchObject({ code: "store/not-ours" });
    expect(readFileSync(file, "utf8")).toBe("a thesis");
    const fine = join(folder, "fine.onnx");
    await exportOnnx(dir, OWN, fine);
    await exportOnnx(dir, OWN, fine, { check: false });
    const changed = { ...own, fingerprint: "0".repeat(64) };
    await expect(exportOnnx(dir, OWN, fine, { tasks: [changed] })).rejects.toMatchObject({
      code: "run/data-changed",
    });
    await expect(exportOnnx(dir, "one", fine)).rejects.toMatchObject({ code: "run/task-not-given" });
    const gone = { [OWN]: join(home, "gone") };
    await expect(exportOnnx(dir, OWN, fine, { images: gone })).rejects.toThrow(
      /mulab export --task mine\/leaves .*--images mine\/leaves=PATH/,
    );
  });

  it("is announced with what was compared and what is private in it", async () => {
    await exportCommand(dir, { task: OWN, out: join(newFolder(), "a.onnx"), check: true });
    expect(printed.text).toMatch(/On \d+ images of its test split ONNX Runtime and mulab agree/);
    expect(printed.text).toContain("trained on private images: mine/leaves.");
    const unknown = exportCommand(dir, { task: "one", out: join(newFolder(), "a.onnx"), check: false });
    await expect(unknown).rejects.toMatchObject({ code: "export/size-unknown" });
    await expect(exportCommand(dir, { check: true })).rejects.toMatchObject({ code: "options/usage" });
    await expect(exportCommand(dir, { out: "x.onnx", layers: "y", check: true })).rejects.toMatchObject({
      code: "options/usage",
    });
  });
});

it("a file of layers has every retained layer whole, and says who uses it and what trained it", async () => {
  const file = join(newFolder(), "layers.safetensors");
  const exported = await exportLayers(dir, file);
  await exportLayers(dir, file); // which replaces it
  const { state, digest } = await readRun(dir);
  const { tensors, metadata } = readSafetensors(readFileSync(file));
  const manifest = JSON.parse(metadata.manifest!);
  expect(manifest.run.digest).toBe(digest);
  const models = retainedModels(state);
  expect(manifest.models.map(({ id }: { id: number }) => id)).toEqual(models.map(({ id }) => id));
  const layers: ManifestLayer[] = manifest.layers;
  expect(exported).toMatchObject({ layers: layers.length, models: 3, private: [OWN] });
  expect(new Set(layers.map(({ id }) => id))).toEqual(
    new Set(models.flatMap(({ path }) => path.map(({ id }) => id))),
  );
  for (const { id, component, trainedBy, usedBy, private: secret } of layers) {
    const own = [...tensors].filter(([name]) => name.startsWith(`${id}/`));
    const values = (isMomentum: boolean) =>
      own
        .filter(([name]) => name.includes("/momentum/") === isMomentum)
        .map(([name, raw]) => [name.slice(id.length + 1).replace("momentum/", ""), raw] as const);
    const momentum = Object.fromEntries(values(true).map(([name, raw]) => [name, toFloat32(raw)]));
    const bytes = encodeLayer({
      name: component as ComponentName,
      tensors: Object.fromEntries(
        values(false).map(([name, raw]) => [name, { dims: raw.dims, data: toFloat32(raw) }]),
      ),
      momentum: Object.keys(momentum).length > 0 ? momentum : null,
      history: trainedBy,
    });
    expect(hash("sha256", bytes)).toBe(id);
    expect(usedBy).toEqual(
      models.filter(({ path }) => path.some((layer) => layer.id === id)).map((m) => m.id),
    );
    expect(secret).toEqual(trainedBy.some(({ task }) => task === OWN) ? [OWN] : []);
  }
});

it("a folder of tables has each as CSV and Parquet with the same values, and is never mixed with other files", async () => {
  const folder = join(newFolder(), "tables");
  await exportTables(dir, folder);
  const tables = await exportTables(dir, folder); // again
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["results", "lineage", "transfer", "tasks"]),
  );
  expect(readdirSync(folder)).toHaveLength(1 + 2 * tables.length);
  const index = JSON.parse(readFileSync(join(folder, "tables.json"), "utf8"));
  for (const { name, rows, columns } of tables) {
    const bytes = readFileSync(join(folder, `${name}.parquet`));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const read = await parquetReadObjects({ file });
    const csv = readFileSync(join(folder, `${name}.csv`), "utf8");
    expect(read, name).toHaveLength(rows);
    const listed = index.tables.find((table: { name: string }) => table.name === name).columns;
    expect(listed).toHaveLength(columns);
    if (rows > 0)
      expect(Object.keys(read[0]!)).toEqual(listed.map((column: { name: string }) => column.name));
    if (name === "results") {
      const test = modelOf((await readRun(dir)).state, 1).testAccuracy;
      expect(read.map((row) => row.task)).toEqual(["one", OWN]);
      expect(csv).toContain(OWN);
      for (const row of read) expect(csv).toContain(String(row.test));
      expect(test === null || typeof read[0]!.test === "number").toBe(true);
    }
  }
  const foreign = newFolder();
  writeFileSync(join(foreign, "results.csv"), "mine");
  await expect(exportTables(dir, foreign)).rejects.toMatchObject({ code: "store/not-ours" });
  expect(readdirSync(foreign)).toEqual(["results.csv"]);
});
