// TFRecord files as TensorFlow Datasets writes them, and the errors of damaged files and of something else.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { crc32c, maskedCrc32c } from "../../src/data/formats/crc32c.js";
import { parseExample } from "../../src/data/formats/example.js";
import { readTfds } from "../../src/data/formats/tfds.js";
import { gathered } from "../support/gathered.js";
import { pattern, patternPng } from "../support/images.js";
import { example, message, tfrecord, varint } from "../support/records.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-tfds-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const expected = { count: 5, classes: 3, height: 4, width: 4, channels: 3 };
const record = (i: number, fields = {}) =>
  example({ image: { bytes: [patternPng(4, i)] }, label: { ints: [i % 3] }, ...fields });

async function write(shards: readonly (readonly Uint8Array[])[]): Promise<string[]> {
  const files = shards.map((_, i) => join(folder, `x-train.tfrecord-0000${i}-of-0000${shards.length}`));
  await Promise.all(files.map((file, i) => writeFile(file, tfrecord(shards[i]!))));
  return files;
}

async function read(
  files: readonly string[],
  { wants = () => true, times = 1 }: { wants?: (row: number) => boolean; times?: number } = {},
) {
  const rows = gathered(5, 48, wants);
  await readTfds({ files, split: "train", label: { feature: "label" }, times }, expected, rows);
  return rows;
}

const five = () =>
  write([
    [record(0), record(1), record(2)],
    [record(3), record(4)],
  ]);

test("checksums are CRC-32C, masked as TFRecord does", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(new Uint8Array(0))).toBe(0);
  // ((crc >> 15) | (crc << 17)) + 0xa282ead8, of 0xe3069283.
  expect(maskedCrc32c(Buffer.from("123456789"))).toBe(
    (((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8) >>> 0,
  );
});

test("records of all files are the rows, in order, with their pixels and labels", async () => {
  const rows = await read(await five());
  expect(rows.order).toEqual([0, 1, 2, 3, 4]);
  expect([...rows.labels]).toEqual([0, 1, 2, 0, 1]);
  for (let i = 0; i < 5; i++) expect(rows.pixels.subarray(i * 48, (i + 1) * 48)).toEqual(pattern(4, i));
});

test("only wanted rows are decoded, and bytes can be multiplied", async () => {
  expect((await read(await five(), { wants: (row) => row === 3 })).order).toEqual([3]);
  const times = await read(await five(), { times: 2 });
  expect(times.pixels[5]).toBe(Math.min(255, 2 * pattern(4, 0)[5]!));
});

test("what features.json and dataset_info.json say is held against the task", async () => {
  const files = await five();
  const features = (numClasses: string, channels: string) => ({
    pythonClassName: "tensorflow_datasets.core.features.features_dict.FeaturesDict",
    featuresDict: {
      features: {
        image: { image: { shape: { dimensions: ["4", "4", channels] }, encodingFormat: "png" } },
        label: { classLabel: { numClasses } },
      },
    },
  });
  const put = (name: string, json: unknown) => writeFile(join(folder, name), JSON.stringify(json));
  await put("features.json", features("3", "3"));
  await put("dataset_info.json", { splits: [{ name: "train", shardLengths: ["3", "2"] }] });
  expect((await read(files)).order).toHaveLength(5);

  await put("dataset_info.json", { splits: [{ name: "train", shardLengths: ["3", "3"] }] });
  await expect(read(files)).rejects.toThrow("6 examples of train in 2 files; expected 5 in 2");
  await put("features.json", features("7", "3"));
  await expect(read(files)).rejects.toThrow("7 classes as label; expected 3");
  await put("features.json", features("3", "1"));
  await expect(read(files)).rejects.toThrow("images of 1 channels; expected 3");
  // Of other versions: the same as text.
  await put("features.json", { content: JSON.stringify({ features: { sound: {} } }) });
  await expect(read(files)).rejects.toThrow("features sound; expected an image");
  for (const odd of [null, 5, [], { splits: 3 }, { splits: [null], featuresDict: null }, { content: "{" }]) {
    await put("features.json", odd);
    await put("dataset_info.json", odd);
    await read(files).catch((error) => expect(error).toMatchObject({ code: "data/bad-file" }));
  }
});

test("a record that is cut off, too long by its own word, or damaged is named", async () => {
  const [file] = await write([[record(0), record(1)]]);
  const whole = tfrecord([record(0), record(1)]);
  await writeFile(file!, whole.subarray(0, -3));
  await expect(read([file!])).rejects.toThrow(`${file}, record 1: it is cut off`);
  const flipped = Buffer.from(whole);
  flipped[40]! ^= 1;
  await writeFile(file!, flipped);
  await expect(read([file!])).rejects.toThrow("record 0: its bytes do not match their checksum");
  const length = Buffer.alloc(12);
  length.writeBigUInt64LE(2n ** 63n - 1n);
  length.writeUInt32LE(maskedCrc32c(length.subarray(0, 8)), 8);
  await writeFile(file!, length);
  await expect(read([file!])).rejects.toThrow("expected at most 67108864");
  length[3]! ^= 1;
  await writeFile(file!, length);
  await expect(read([file!])).rejects.toThrow("its length does not match its checksum");
});

test("too few and too many records are reported, and a missing file", async () => {
  await expect(read(await write([[record(0)]]))).rejects.toThrow("1 records in all files; expected 5");
  const six = await write([Array.from({ length: 6 }, (_, i) => record(i))]);
  await expect(read(six)).rejects.toThrow("more than 5 records");
  await expect(read([join(folder, "none")])).rejects.toMatchObject({ code: "data/bad-file" });
});

test("an example without image or label, or with a label beyond the classes, is named", async () => {
  const all = (first: Uint8Array) => write([[first, record(1), record(2), record(3), record(4)]]);
  await expect(read(await all(example({ label: { ints: [1] } })))).rejects.toThrow(
    "features label; expected an image",
  );
  await expect(read(await all(example({ image: { bytes: [patternPng(4, 0)] } })))).rejects.toThrow(
    "no numbers as label",
  );
  await expect(read(await all(record(0, { label: { ints: [3] } })))).rejects.toMatchObject({
    code: "task/label-out-of-range",
  });
  await expect(read(await all(record(0, { label: { ints: [-1] } })))).rejects.toThrow("has label -1");
});

test("examples hold bytes, numbers of either sign and floats, packed or one by one", () => {
  const features = parseExample(
    example({
      b: { bytes: [Buffer.from("x"), Buffer.from("yz")] },
      i: { ints: [0, 300, -2] },
      f: { floats: [0.5, -8] },
    }),
    "here",
  );
  expect(features.get("b")!.map(String)).toEqual(["x", "yz"]);
  expect(features.get("i")).toEqual([0, 300, -2]);
  expect(features.get("f")).toEqual([0.5, -8]);
  const single = message(
    1,
    message(
      1,
      Buffer.concat([
        message(1, Buffer.from("n")),
        message(2, message(3, Buffer.concat([varint(8), varint(7), varint(8), varint(9)]))),
      ]),
    ),
  );
  expect(parseExample(single, "here").get("n")).toEqual([7, 9]);
});

test("lengths that reach beyond their message and numbers that do not end are errors", () => {
  for (const bytes of [
    Buffer.of(0x0a, 0x7f),
    Buffer.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
    Buffer.alloc(12, 0xff),
    Buffer.of(0x0b),
    Buffer.of(0x02, 0x00),
    Buffer.concat([Buffer.of(0x0a), varint(-11)]), // back to where it begins
    Buffer.concat([varint(-8), varint(0)]),
  ])
    expect(() => parseExample(bytes, "here")).toThrow(/^here: .*expected a tf\.train\.Example/);
});
