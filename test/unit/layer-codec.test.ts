// Layers as bytes: what goes in comes out, equal content is equal bytes, and nothing broken is read.

import { describe, expect, it } from "vitest";
import {
  decodeLayer,
  encodeLayer,
  isComponentName,
  type LayerContent,
  summarizeLayer,
} from "../../src/core/layer-codec.js";
import { readSafetensors, toBfloat16, toFloat32, writeSafetensors } from "../../src/core/safetensors.js";

const layer: LayerContent = {
  name: "encoder_norm",
  tensors: {
    scale: { dims: [3], data: Float32Array.of(1, -2.5, 3.25) },
    bias: { dims: [1, 3], data: Float32Array.of(0, Number.NaN, 1e-42) },
  },
  momentum: { scale: Float32Array.of(0.5, 0, -1), bias: Float32Array.of(0, 0, 2 ** -120) },
  history: [
    { task: "cmaterdb/bangla", steps: 32 },
    { task: 'তেলুগু "quoted" \ud800', steps: 0 },
  ],
};

describe("a layer's bytes", () => {
  it("say what was put into them", () => {
    expect(decodeLayer(encodeLayer(layer))).toEqual(layer);
    expect(decodeLayer(encodeLayer({ ...layer, momentum: null, history: [] }))).toEqual({
      ...layer,
      momentum: null,
      history: [],
    });
  });

  it("are the same in whichever order tensors and fields came", () => {
    const { scale, bias } = layer.tensors as Record<"scale" | "bias", LayerContent["tensors"][string]>;
    const history = layer.history.map(({ task, steps }) => ({ steps, task }));
    expect(encodeLayer({ ...layer, tensors: { bias, scale }, history })).toEqual(encodeLayer(layer));
  });

  it("differ where only the history differs, so the name commits to who trained the layer", () => {
    expect(encodeLayer({ ...layer, history: [] })).not.toEqual(encodeLayer(layer));
  });

  it("hold no momentum where all of it is zero, or zero in bfloat16", () => {
    const zeros = { scale: Float32Array.of(0, -0, 0), bias: new Float32Array(3).fill(2 ** -149) };
    expect(encodeLayer({ ...layer, momentum: zeros })).toEqual(encodeLayer({ ...layer, momentum: null }));
    expect(encodeLayer({ ...layer, momentum: {} })).toEqual(encodeLayer({ ...layer, momentum: null }));
  });

  it("are read from an odd address in a larger buffer", () => {
    const bytes = encodeLayer(layer);
    for (const offset of [1, 2, 3, 5]) {
      const larger = new Uint8Array(bytes.length + 9);
      larger.set(bytes, offset);
      expect(decodeLayer(larger.subarray(offset, offset + bytes.length))).toEqual(layer);
    }
  });

  it("are summed up from the header alone, momentum not counted", () => {
    expect(summarizeLayer(encodeLayer(layer))).toEqual({
      name: "encoder_norm",
      paramCount: 6,
      shapes: { scale: [3], bias: [1, 3] },
      history: layer.history,
    });
  });

  it("are refused when cut off anywhere", () => {
    const bytes = encodeLayer(layer);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeLayer(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: "store/malformed-layer" }),
      );
  });

  it("are refused, or read as something else than before, when any byte of the header changes, but never crash", () => {
    const bytes = encodeLayer(layer);
    const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let at = 0; at < 8 + headerLength; at++)
      for (const value of [0, 0x22, 0x31, 0x7d, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] = value;
        try {
          decodeLayer(damaged);
        } catch (error) {
          expect(error).toMatchObject({ code: "store/malformed-layer" });
        }
      }
  });

  it.each([
    ["no history", { format: "mulab-layer/1", component: "head" }, /its history is undefined/],
    [
      "a history of another form",
      { format: "mulab-layer/1", component: "head", history: '[{"task":"a"}]' },
      /"task":"a"/,
    ],
    [
      "a negative count of steps",
      { format: "mulab-layer/1", component: "head", history: '[{"task":"a","steps":-1}]' },
      /-1/,
    ],
    ["an unknown component", { format: "mulab-layer/1", component: "tail", history: "[]" }, /"tail"/],
    ["a newer format", { format: "mulab-layer/2", component: "head", history: "[]" }, /mulab-layer\/2/],
  ])("are refused with %s", (_, metadata, message) => {
    expect(() => decodeLayer(writeSafetensors({ tensors: new Map(), metadata }), "Layer 12ab")).toThrow(
      message,
    );
  });

  it("can't be made with momentum for a tensor that is not there", () => {
    expect(() => encodeLayer({ ...layer, momentum: { gain: Float32Array.of(1) } })).toThrow(/"gain"/);
  });
});

describe("safetensors", () => {
  const file = (header: unknown, data = 0) => {
    const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  const entry = (start: number, end: number, shape: unknown = [(end - start) / 4], dtype = "F32") => ({
    dtype,
    shape,
    data_offsets: [start, end],
  });

  it("is written with sorted names, wide types first, and data at a multiple of eight", () => {
    const tensor = (dtype: "F32" | "BF16", size: number) => ({
      dtype,
      dims: [1],
      bytes: new Uint8Array(size),
    });
    const bytes = writeSafetensors({
      tensors: new Map([
        ["a", tensor("BF16", 2)],
        ["10", tensor("F32", 4)],
        ["9", tensor("F32", 4)],
      ]),
      metadata: { z: "1", b: "2" },
    });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"b":"2","z":"1"},"10":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
        '"9":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}}',
    );
  });

  it("gives every number type as float32", () => {
    const of = (dtype: "F64" | "I64" | "F16" | "BF16", array: { buffer: ArrayBuffer; length: number }) => [
      ...toFloat32({ dtype, dims: [array.length], bytes: new Uint8Array(array.buffer) }),
    ];
    expect(of("F64", Float64Array.of(0.1, -2))).toEqual([Math.fround(0.1), -2]);
    expect(of("I64", BigInt64Array.of(-3n, 7n))).toEqual([-3, 7]);
    // 1, -2, largest, smallest subnormal, infinity: IEEE 754 binary16.
    expect(of("F16", Uint16Array.of(0x3c00, 0xc000, 0x7bff, 1, 0x7c00))).toEqual([
      1,
      -2,
      65504,
      2 ** -24,
      Infinity,
    ]);
    expect(of("BF16", Uint16Array.of(0x3f80, 0xc020))).toEqual([1, -2.5]);
  });

  it("rounds to bfloat16 to the nearest, ties to even, and keeps NaN and infinities", () => {
    const bits = (...words: number[]) => [...toBfloat16(new Float32Array(Uint32Array.from(words).buffer))];
    expect(bits(0x3f808000, 0x3f818000, 0x3f808001, 0x3f807fff)).toEqual([0x3f80, 0x3f82, 0x3f81, 0x3f80]);
    expect(bits(0x7f800000, 0xff800000, 0x7f7fffff)).toEqual([0x7f80, 0xff80, 0x7f80]);
    expect(
      toFloat32({
        dtype: "BF16",
        dims: [1],
        bytes: new Uint8Array(Uint16Array.from(bits(0x7f800001)).buffer),
      }),
    ).toEqual(Float32Array.of(Number.NaN));
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["a header longer than the file", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127), /claims/],
    ["a header that is not JSON", file("{"), /not JSON/],
    ["a header that is a list", file("[]"), /not a JSON object/],
    [
      "a name that occurs twice",
      file(
        '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
      ),
      /twice/,
    ],
    ["a hole", file({ a: entry(4, 8) }, 8), /begins at byte 4/],
    ["an overlap", file({ a: entry(0, 8), b: entry(4, 8) }, 8), /begins at byte 4/],
    ["data that no tensor claims", file({ a: entry(0, 4) }, 8), /has 8 bytes/],
    ["data that is cut off", file({ a: entry(0, 8) }, 4), /cut off/],
    ["a size that is not its shape's", file({ a: entry(0, 8, [3]) }, 8), /12 bytes for F32/],
    ["a shape that is not a count", file({ a: entry(0, 4, [0.5]) }, 4), /shape/],
    ["a shape that is null", file({ a: entry(0, 4, [null]) }, 4), /shape/],
    ["an unknown type", file({ a: entry(0, 4, [1], "toString") }, 4), /toString/],
    ["an unknown field", file({ a: { ...entry(0, 4), extra: 1 } }, 4), /extra/],
    ["metadata that is not text", file({ __metadata__: { a: 1 } }), /"a" is 1/],
  ])("is refused with %s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
  });
});

describe("a component's name", () => {
  it("is one of a fixed list, or a block or adapter with a number", () => {
    expect(["head", "cls", "encoderblock_0", "residual_adapter_11"].every(isComponentName)).toBe(true);
    expect(
      ["heads", "encoderblock_", "encoderblock_01", "encoderblock_-1", "Head", "", 3].some(isComponentName),
    ).toBe(false);
  });
});
