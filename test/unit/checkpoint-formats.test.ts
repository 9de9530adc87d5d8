// What a checkpoint in a published form may be: types of numbers, names, shapes; and what is refused, in words.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { checkpointRoot, loadRoot } from "../../src/checkpoints/load.js";
import { npzFile } from "../../src/checkpoints/npz-file.js";
import { badFile, readFailed } from "../../src/core/errors/index.js";
import {
  type RawTensor,
  readSafetensors,
  toBfloat16,
  toFloat32,
  writeSafetensors,
} from "../../src/core/safetensors.js";
import { openForReading } from "../../src/disk/random-access.js";
import { npy, npz } from "../support/npz.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../oracle/fixtures/${name}`, import.meta.url)));
const timm = readSafetensors(fixture("checkpoint-timm.safetensors"), badFile.bind(null, "fixture"));
const jax = new Map(
  Object.entries(unzipSync(fixture("checkpoint-pre-linen.npz"))).map(([name, bytes]) => [
    name.replace(/\.npy$/, ""),
    bytes,
  ]),
);
const backbone = { name: "fixture", patch: 8, width: 16, mlp: 24, heads: 2 };

/** Opens and loads what is in a file of these bytes. */
async function load(bytes: Uint8Array, given: typeof backbone | null = backbone) {
  const path = join(newFolder(), "weights");
  writeFileSync(path, bytes);
  const root = await checkpointRoot(path, {
    ...(given && { backbone: given }),
    places: { folders: [], cache: "" },
  });
  const shape = {
    backbone: root.backbone,
    imageSize: 32,
    blocks: root.blocks,
    adapters: [],
    adapterDim: 4,
    classes: 2,
  };
  return { root, ...(await loadRoot(root, shape)) };
}

const refusalOf = (work: Promise<unknown>): Promise<{ code: string; message: string }> =>
  work.then(
    () => expect.unreachable("it should have been refused"),
    (error) => error,
  );

const timmWith = (change: (tensors: Map<string, RawTensor>) => void): Uint8Array => {
  const tensors = new Map(timm.tensors);
  change(tensors);
  return writeSafetensors({ tensors, metadata: timm.metadata });
};
const npzWith = (change: (members: Map<string, Uint8Array>) => void): Uint8Array => {
  const members = new Map(jax);
  change(members);
  return npz(Object.fromEntries(members), 0);
};
const retyped = (of: RawTensor, dtype: RawTensor["dtype"], values: ArrayBufferView): RawTensor => ({
  dtype,
  dims: of.dims,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

describe("numbers of other types", () => {
  it("bfloat16 in safetensors is read as its float32", async () => {
    const file = timmWith((tensors) => {
      for (const [name, raw] of tensors) tensors.set(name, retyped(raw, "BF16", toBfloat16(toFloat32(raw))));
    });
    const { components } = await load(file);
    const there = toFloat32(timm.tensors.get("norm.bias")!);
    const { data } = components.get("encoder_norm")!.bias!;
    expect(data).not.toEqual(there);
    data.forEach((value, i) => {
      expect(Math.abs(value - there[i]!)).toBeLessThanOrEqual(Math.abs(there[i]!) / 256);
    });
  });

  it("float16 and float64 in .npz are read, integers are not", async () => {
    const half = npzWith((members) =>
      members.set(
        "cls",
        npy(
          { dtype: "<f2", shape: [1, 1, 16] },
          new Uint8Array(Uint16Array.from(Array(16).fill(0x3e00)).buffer),
        ),
      ),
    );
    expect([...(await load(half)).components.get("cls")!.cls!.data]).toEqual(Array(16).fill(1.5));
    const double = npzWith((members) =>
      members.set(
        "cls",
        npy(
          { dtype: "<f8", shape: [1, 1, 16] },
          new Uint8Array(Float64Array.from(Array(16).fill(0.25)).buffer),
        ),
      ),
    );
    expect([...(await load(double)).components.get("cls")!.cls!.data]).toEqual(Array(16).fill(0.25));
    const whole = npzWith((members) =>
      members.set("cls", npy({ dtype: "<i4", shape: [1, 1, 16] }, new Uint8Array(64))),
    );
    const { code, message } = await refusalOf(load(whole));
    expect([code, message]).toEqual([
      "root/bad-file",
      expect.stringMatching(/\(cls\).*dtype <i4; expected one of <f2, <f4, <f8/),
    ]);
  });

  it("whole numbers in safetensors are not", async () => {
    const file = timmWith((tensors) =>
      tensors.set("norm.bias", retyped(tensors.get("norm.bias")!, "I64", new BigInt64Array(16))),
    );
    const { code, message } = await refusalOf(load(file));
    expect([code, message]).toEqual(["root/bad-file", expect.stringContaining('"norm.bias" has type I64')]);
  });
});

describe("the size of a network", () => {
  it("is read off JAX's weights, heads and all", async () => {
    const { root } = await load(
      npzWith(() => {}),
      null,
    );
    expect(root).toMatchObject({ blocks: 3, backbone: { ...backbone, name: "ViT-16/8" } });
  });

  it("must be known or given for timm's, which don't say how many heads they have", async () => {
    const { code, message } = await refusalOf(
      load(
        timmWith(() => {}),
        null,
      ),
    );
    expect([code, message]).toEqual([
      "root/bad-file",
      expect.stringMatching(/not say how many heads.*Ti\/16, S\/16, B\/16, L\/16/),
    ]);
  });
});

it("an array with more packed behind it is refused when the file is opened, before anything is unpacked", async () => {
  const path = join(newFolder(), "weights.npz");
  writeFileSync(path, npz({ cls: npy({ dtype: "<f4", shape: [16] }, new Uint8Array(16 * 2 ** 20)) }));
  const { code, message } = await refusalOf(
    openForReading(path, (cause) => readFailed(path, cause)).then(npzFile),
  );
  expect([code, message]).toEqual([
    "root/bad-file",
    expect.stringContaining("16777216 bytes of values; expected 64"),
  ]);
});

describe("what is refused, by what it has", () => {
  const refused: [string, () => Uint8Array, RegExp][] = [
    [
      "a tensor that a plain ViT hasn't, such as a layer's scale",
      () => timmWith((tensors) => tensors.set("blocks.0.ls1.gamma", tensors.get("norm.bias")!)),
      /a tensor "blocks\.0\.ls1\.gamma"; expected the tensors of a plain ViT/,
    ],
    [
      "the stem of a hybrid",
      () => npzWith((members) => members.set("conv_root/kernel", members.get("cls")!)),
      /a tensor "conv_root\/kernel"/,
    ],
    [
      "a block missing in the middle",
      () =>
        timmWith((tensors) => {
          for (const name of [...tensors.keys()]) if (name.startsWith("blocks.1.")) tensors.delete(name);
        }),
      /block 1 is missing/,
    ],
    [
      "a tensor missing",
      () => npzWith((members) => members.delete("Transformer/encoder_norm/bias")),
      /there is no tensor "Transformer\/encoder_norm\/bias"; expected .*\[16\]/,
    ],
    [
      "a tensor of another shape",
      () => timmWith((tensors) => tensors.set("norm.bias", tensors.get("head.bias")!)),
      /"norm\.bias" has shape \[5\]; expected .*\[16\]/,
    ],
    [
      "a position embedding that is not a square grid",
      () =>
        timmWith((tensors) => tensors.set("pos_embed", { ...tensors.get("pos_embed")!, dims: [1, 16, 17] })),
      /its position embedding has 16 rows/,
    ],
    [
      "weights of something else",
      () => npz({ w: jax.get("cls")! }),
      /its tensors \(w\) are not those of a ViT/,
    ],
    ["an archive without arrays", () => npz({}), /its tensors \(none\)/],
    [
      "an array of Python objects, which would have to be run to be read",
      () =>
        npzWith((members) =>
          members.set("cls", npy({ dtype: "|O", shape: [1, 1, 16] }, new Uint8Array(128))),
        ),
      /cls.*dtype \|O/,
    ],
    [
      "values in Fortran's order",
      () =>
        npzWith((members) =>
          members.set("cls", npy({ dtype: "<f4", shape: [1, 1, 16], fortran: true }, new Uint8Array(64))),
        ),
      /cls.*Fortran/,
    ],
    [
      "an array that is shorter than it says",
      () =>
        npzWith((members) =>
          members.set("cls", npy({ dtype: "<f4", shape: [1, 1, 16] }, new Uint8Array(60))),
        ),
      /cls.*60 bytes of values; expected 64/,
    ],
  ];
  it.each(refused)("%s", async (_, make, words) => {
    const { code, message } = await refusalOf(load(make()));
    expect(code).toBe("root/bad-file");
    expect(message).toMatch(words);
    expect(message).toMatch(
      / expected .*\. Download the file again, name another with --root, or make a root/,
    );
    expect(message).not.toContain("Restore the file");
  });

  it("a header that claims more than the file has, without a byte of memory for it", async () => {
    const bytes = fixture("checkpoint-timm.safetensors");
    new DataView(bytes.buffer).setBigUint64(0, 99_000_000n, true);
    expect((await refusalOf(load(bytes))).message).toMatch(/claims 99000000 bytes/);
  });

  it("a header of many megabytes", async () => {
    const header = new TextEncoder().encode(`{${" ".repeat(11_000_000)}}`);
    const bytes = new Uint8Array(8 + header.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    expect((await refusalOf(load(bytes))).message).toMatch(/header of 11000002 bytes; expected at most/);
  });
});

it("the fixtures have the names of what they hold", () => {
  expect(jax.has("Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel")).toBe(true);
  const linen = Object.keys(unzipSync(fixture("checkpoint-linen.npz")));
  expect(linen).toContain("Transformer/encoderblock_2/MlpBlock_0/Dense_1/bias.npy");
  expect(strFromU8(jax.get("cls")!.subarray(1, 6), true)).toBe("NUMPY");
});
