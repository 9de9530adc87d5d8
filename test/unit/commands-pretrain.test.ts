// Options of the engine reach a pretraining too, whether it was requested or a run needs a root first.

import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { prepareOn } from "../../src/commands/prepare.js";
import { pretrainCommand } from "../../src/commands/pretrain.js";
import { withoutWish } from "../../src/core/experiment.js";
import { characters } from "../../src/experiments/characters.js";
import { decathlon } from "../../src/experiments/decathlon.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { PRETRAIN_DEFAULTS } from "../../src/pretrain/options.js";
import { pretrain } from "../../src/pretrain/pretrain.js";
import { temporaryFolders } from "../support/temporary.js";

vi.mock("../../src/pretrain/pretrain.js", () => ({
  pretrain: vi.fn(async () => ({ path: "root.safetensors", root: {}, provenance: { testAccuracy: 0.5 } })),
}));

const newFolder = temporaryFolders();
const stream = { write: () => true } as unknown as NodeJS.WriteStream;
const said = { engine: "tfjs", device: "webgpu", threads: 3, memory: 2 } as const;
const meant = { engine: "tfjs", device: "webgpu", threads: 3, maxBytes: 2e9 };

beforeEach(() => {
  const empty = newFolder();
  vi.stubEnv("XDG_CACHE_HOME", join(empty, "cache"));
  vi.stubEnv("MULAB_DATA", join(empty, "data"));
  vi.mocked(pretrain).mockClear();
});
afterEach(() => vi.unstubAllEnvs());

it("of a run that has no root yet", async () => {
  await prepareOn(stream, characters({ budget: "laptop" }), { ...said, keepsTasks: true });
  expect(pretrain).toHaveBeenCalledWith(expect.objectContaining({ ...meant, recipe: "characters-1" }));
});

it("is not made where the paper's file is missed; that is said, and that the run begins with random weights", async () => {
  const lines: string[] = [];
  const heard = { write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
  const given = { decathlon: decathlon(), preliminary: preliminary() };
  expect(await prepareOn(heard, given.decathlon, { keepsTasks: true })).toEqual(withoutWish(given.decathlon));
  expect(lines.splice(0)).toEqual([
    expect.stringMatching(/^The paper's root, B_16-\S+\.npz, is not on this machine.*random weights.*--root/),
  ]);
  expect(await prepareOn(heard, given.preliminary, { keepsTasks: true })).toEqual(given.preliminary);
  expect(lines).toEqual([]);
  expect(pretrain).not.toHaveBeenCalled();
});

it("of `mulab pretrain`", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const { batchSize: batch, learningRate: lr, task, blocks, backbone, imageSize, seed } = PRETRAIN_DEFAULTS;
  await pretrainCommand({ batch, lr, task, blocks, backbone, imageSize, seed, ...said });
  expect(pretrain).toHaveBeenCalledWith(expect.objectContaining({ ...meant, batchSize: 256 }));
  vi.restoreAllMocks();
});
