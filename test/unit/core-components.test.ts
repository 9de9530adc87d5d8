import { describe, expect, it } from "vitest";
import {
  BACKBONES,
  componentNames,
  componentParamCount,
  modelParamCount,
  type Shape,
} from "../../src/core/components.js";

const shape = (
  name: keyof typeof BACKBONES,
  imageSize: number,
  blocks: number,
  changes: Partial<Shape> = {},
): Shape => ({
  backbone: BACKBONES[name],
  imageSize,
  blocks,
  adapters: [],
  adapterDim: 32,
  classes: 2,
  ...changes,
});

describe("parameter counts are those of the papers (method.md §a.2)", () => {
  it.each([
    [
      "Ti/16",
      32,
      {
        embedding: 147_648,
        cls: 192,
        posembed_input: 960,
        encoderblock_0: 444_864,
        encoder_norm: 384,
        residual_adapter_0: 12_896,
      },
    ],
    [
      "B/16",
      80,
      {
        embedding: 590_592,
        cls: 768,
        posembed_input: 19_968,
        encoderblock_0: 7_087_872,
        encoder_norm: 1_536,
        residual_adapter_0: 51_488,
      },
    ],
    [
      "L/16",
      384,
      {
        embedding: 787_456,
        cls: 1_024,
        posembed_input: 590_848,
        encoderblock_0: 12_596_224,
        encoder_norm: 2_048,
        residual_adapter_0: 68_640,
      },
    ],
  ] as const)("%s at %i px", (name, size, counts) => {
    for (const [component, count] of Object.entries(counts))
      expect(componentParamCount(component as "cls", shape(name, size, 1))).toBe(count);
  });

  it.each([
    [8, 3_656],
    [16, 6_736],
    [32, 12_896],
    [64, 25_216],
    [128, 49_856],
    [256, 99_136],
    [512, 197_696],
  ])("an adapter of Ti/16 with inner size %i has %i", (adapterDim, count) => {
    expect(componentParamCount("residual_adapter_0", shape("Ti/16", 32, 1, { adapterDim }))).toBe(count);
  });

  it.each([
    [8, 14_600],
    [16, 26_896],
    [32, 51_488],
    [64, 100_672],
    [128, 199_040],
    [256, 395_776],
    [512, 789_248],
  ])("an adapter of B/16 with inner size %i has %i", (adapterDim, count) => {
    expect(componentParamCount("residual_adapter_0", shape("B/16", 80, 1, { adapterDim }))).toBe(count);
  });

  it.each([
    ["Ti/16", 32, 3, 1_483_776, 1_484_162],
    ["Ti/16", 32, 12, 5_487_552, undefined],
    ["B/16", 80, 12, 85_667_328, undefined],
    ["B/16", 224, 12, 85_798_656, undefined],
    ["B/16", 32, 12, undefined, 85_652_738],
    ["L/16", 384, 24, 303_690_752, undefined],
    ["L/16", 224, 24, 303_301_632, 303_303_682],
  ] as const)("%s at %i px with %i blocks: %s without head, %s with two classes", (name, size, blocks, bare, two) => {
    const whole = shape(name, size, blocks);
    if (bare) expect(modelParamCount(whole) - componentParamCount("head", whole)).toBe(bare);
    if (two) expect(modelParamCount(whole)).toBe(two);
  });
});

describe("componentNames", () => {
  it("runs from the image to the head, an adapter before its block", () => {
    expect(componentNames(shape("Ti/16", 32, 2, { adapters: [1] }))).toEqual([
      "embedding",
      "cls",
      "posembed_input",
      "encoderblock_0",
      "residual_adapter_1",
      "encoderblock_1",
      "encoder_norm",
      "head",
    ]);
  });
});
