// What is said of the engine reaches a pretraining too, whether it was asked for or a run needs a root first.

import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withRoot } from "../../src/commands/choose-root.js";
import { pretrainCommand } from "../../src/commands/pretrain.js";
import { characters } from "../../src/experiments/characters.js";
import { PRETRAIN_DEFAULTS } from "../../src/pretrain/options.js";
import { pretrain } from "../../src/pretrain.js";
import { temporaryFolders } from "../support/temporary.js";

vi.mock("../../src/pretrain.js", () => ({
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
  await withRoot(characters({ budget: "laptop" }), said, stream);
  expect(pretrain).toHaveBeenCalledWith(expect.objectContaining({ ...meant, recipe: "characters-1" }));
});

it("of `mulab pretrain`", async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const { batchSize: batch, learningRate: lr, task, blocks, backbone, imageSize, seed } = PRETRAIN_DEFAULTS;
  await pretrainCommand({ batch, lr, task, blocks, backbone, imageSize, seed, ...said });
  expect(pretrain).toHaveBeenCalledWith(expect.objectContaining({ ...meant, batchSize: 256 }));
  vi.restoreAllMocks();
});
