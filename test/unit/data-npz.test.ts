// The strict reader of published .npz files: what it accepts, and what it says of everything else.

import { expect, test } from "vitest";
import { MulabError } from "../../src/core/errors/index.js";
import { readNpz } from "../../src/data/formats/npz.js";
import { readZip } from "../../src/data/formats/zip.js";
import type { Expected } from "../../src/data/source-file.js";
import { gathered } from "../support/gathered.js";
import { imagesNpz, int64, npy, npz } from "../support/npz.js";

const expected: Expected = { count: 2, classes: 3, height: 2, width: 2, channels: 3 };
const pixels = Uint8Array.from({ length: 24 }, (_, i) => i * 10);
const images = npy({ dtype: "|u1", shape: [2, 2, 2, 3] }, pixels);
const labels = npy({ dtype: "<i8", shape: [2] }, int64([2, 0]));

function read(file: Uint8Array) {
  const rows = gathered(2, 12);
  readNpz({ path: "f.npz", bytes: file }, expected, rows);
  return rows;
}

function failure(file: Uint8Array): MulabError {
  try {
    read(file);
  } catch (error) {
    if (error instanceof MulabError) return error;
    throw error;
  }
  throw new Error("the file was read");
}

test("images and labels come out as they went in, deflated or stored", () => {
  for (const level of [0, 9] as const) {
    const rows = read(npz({ images, labels }, level));
    expect(rows.pixels).toEqual(pixels);
    expect([...rows.labels]).toEqual([2, 0]);
  }
});

test("npy versions 1 to 3 and every integer type of labels are read", () => {
  for (const version of [1, 2, 3]) {
    const file = npz({ images: npy({ dtype: "|u1", shape: [2, 2, 2, 3], version }, pixels), labels });
    expect(read(file).pixels).toEqual(pixels);
  }
  const typed: [string, Uint8Array][] = [
    ["|u1", Uint8Array.of(2, 0)],
    ["|i1", Uint8Array.of(2, 0)],
    ["<u2", Uint8Array.of(2, 0, 0, 0)],
    [">i2", Uint8Array.of(0, 2, 0, 0)],
    ["<i4", Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0)],
    [">u4", Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0)],
    ["<u8", int64([2, 0])],
  ];
  for (const [dtype, bytes] of typed) {
    const rows = read(npz({ images, labels: npy({ dtype, shape: [2] }, bytes) }));
    expect([...rows.labels]).toEqual([2, 0]);
  }
});

test("a wrong dtype is named beside the one that was expected", () => {
  const floats = npz({ images: npy({ dtype: "<f4", shape: [2, 2, 2, 3] }, new Uint8Array(96)), labels });
  expect(failure(floats)).toMatchObject({
    code: "data/bad-file",
    message: expect.stringContaining("f.npz (images): <f4 [2, 2, 2, 3]; expected uint8 images [2, 2, 2, 3]"),
  });
  const words = npz({ images, labels: npy({ dtype: "<f8", shape: [2] }, new Uint8Array(16)) });
  expect(failure(words).message).toContain("<f8 [2]; expected integer labels [2]");
});

test("a wrong shape is named beside the one that was expected", () => {
  const grey = npz({ images: npy({ dtype: "|u1", shape: [6, 2, 2] }, pixels), labels });
  expect(failure(grey).message).toContain("|u1 [6, 2, 2]; expected uint8 images [2, 2, 2, 3]");
  const fewer = npz({ images, labels: npy({ dtype: "<i8", shape: [1] }, int64([1])) });
  expect(failure(fewer).message).toContain("<i8 [1]; expected integer labels [2]");
});

test("Fortran order, structured types, unknown versions and other headers are refused", () => {
  const wrong = {
    "Fortran order": npy({ dtype: "|u1", shape: [2, 2, 2, 3], fortran: true }, pixels),
    "descr, fortran_order and shape": npy(
      { dtype: "", shape: [], header: "{'descr': [('a', '|u1')]}" },
      pixels,
    ),
    ".npy version 9": npy({ dtype: "|u1", shape: [2, 2, 2, 3], version: 1 }, pixels).with(6, 9),
    "no NumPy header": Uint8Array.from("nothing of the kind", (c) => c.charCodeAt(0)),
    "dtype |O": npy({ dtype: "|O", shape: [2, 2, 2, 3] }, pixels),
    "expected 2400000000000 for": npy({ dtype: "|u1", shape: [2e11, 2, 2, 3] }, pixels),
    "24 bytes of values": npy({ dtype: "|u1", shape: [3, 2, 2, 3] }, pixels),
  };
  for (const [message, member] of Object.entries(wrong))
    expect(failure(npz({ images: member, labels })).message).toContain(message);
});

test("a label outside the task's classes is named with its image", () => {
  for (const label of [3, -1]) {
    const file = npz({ images, labels: npy({ dtype: "<i8", shape: [2] }, int64([0, label])) });
    expect(failure(file)).toMatchObject({
      code: "task/label-out-of-range",
      message: `f.npz: image 1 has label ${label}, but the task has 3 classes (labels 0…2).`,
    });
  }
});

test("a missing member is named with those that are there", () => {
  expect(failure(npz({ images })).message).toContain(
    "members images.npy; expected images.npy and labels.npy",
  );
});

test("a file cut off anywhere is an error", () => {
  const whole = imagesNpz(2, 2, 2);
  for (let length = 0; length < whole.length; length++)
    expect(failure(whole.slice(0, length)).code).toBe("data/bad-file");
});

test("a member that declares more than deflate could pack is refused before room is made for it", () => {
  const file = npz({ images, labels });
  const view = new DataView(file.buffer);
  const directory = view.getUint32(file.length - 6, true);
  view.setUint32(directory + 24, 0x7fff_fff0, true); // unpacked size of the first member
  const member = readZip(file, "f.npz").get("images.npy")!;
  expect(() => member.read()).toThrow("declares 2147483632 bytes unpacked from");
});

test("a member of many times the bytes that the task's images take is not unpacked to see what is in it", () => {
  const bomb = npy({ dtype: "|u1", shape: [2, 2, 2, 3] }, new Uint8Array(2 ** 20));
  expect(failure(npz({ images: bomb, labels })).message).toMatch(
    /\(images\): 1048\d+ bytes unpacked; expected at most 192 /,
  );
  expect(failure(npz({ images, labels: bomb })).message).toMatch(
    /\(labels\): 1048\d+ bytes unpacked; expected at most 16 /,
  );
});

test("a member that unpacks to more or less than declared is refused", () => {
  for (const change of [-1, 1]) {
    const file = npz({ images, labels });
    const view = new DataView(file.buffer);
    const directory = view.getUint32(file.length - 6, true);
    view.setUint32(directory + 24, view.getUint32(directory + 24, true) + change, true);
    expect(failure(file).code).toBe("data/bad-file");
  }
});
