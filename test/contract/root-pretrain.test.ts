// Pretraining with the real engine: a file that a run can begin with, the same bytes for the same seed, nothing at all
// where it was stopped or came to nothing.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { factsOf, loadRoot } from "../../src/checkpoints/load.js";
import { type PretrainOptions, type PretrainProgress, pretrain } from "../../src/pretrain/pretrain.js";
import { layerIdOf } from "../../src/store/layer-id.js";
import { temporaryFolders } from "../support/temporary.js";
import { TINY, tinyShape, tinyTask } from "../support/tiny-generation.js";

const newFolder = temporaryFolders();
const task = tinyTask({ counts: { train: 96, validation: 40, test: 40 } });
const tiny = { task, backbone: TINY, blocks: 1, batchSize: 16, steps: 24, threads: 1 } as const;
const placesOf = (cache: string) => ({ folders: [cache], cache });

describe("a pretraining", () => {
  it("learns its task, and writes a root with its provenance under a name that has its sha256", async () => {
    const cache = newFolder();
    const seen: PretrainProgress[] = [];
    const { path, root, provenance } = await pretrain({
      ...tiny,
      places: placesOf(cache),
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.at(0)).toMatchObject({ done: 0, steps: 24, accuracy: null });
    expect(seen.at(-1)).toMatchObject({ done: 24, steps: 24, secondsLeft: 0 });
    expect(Math.max(...seen.map(({ accuracy }) => accuracy ?? 0))).toBeGreaterThan(0.6); // 1/3 is chance
    expect(layerIdOf(new Uint8Array(readFileSync(path)))).toBe(root.sha256);
    expect(path).toBe(join(cache, `tiny-1-tiny-${root.sha256.slice(0, 8)}.safetensors`));
    expect(root).toMatchObject({ kind: "checkpoint", backbone: TINY, blocks: 1, file: expect.any(String) });
    expect((await factsOf(path)).provenance).toEqual(provenance);
    expect(provenance).toMatchObject({
      task: "tiny",
      fingerprint: task.fingerprint,
      train: 96,
      seed: 0,
      steps: 24,
      batchSize: 16,
      hyperparams: { learningRate: 0.1, schedule: "cosine", warmupRatio: 0.1, momentum: 0.9, areaMin: 0.5 },
    });
    const { components } = await loadRoot(root, tinyShape({ blocks: 1, imageSize: 48 }), placesOf(cache));
    expect(components.get("posembed_input")!.pos_embedding!.dims).toEqual([1, 10, 32]);
  });

  it("gives the same bytes for the same seed, and others for another", async () => {
    const sha256 = async (options: PretrainOptions) =>
      (await pretrain({ ...tiny, steps: 6, places: placesOf(newFolder()), ...options })).root.sha256;
    const first = await sha256({ seed: 4 });
    expect(await sha256({ seed: 4, threads: 2 })).toBe(first);
    expect(await sha256({ seed: 5 })).not.toBe(first);
  });

  it("that is stopped while its images are drawn ends there", async () => {
    const stop = new AbortController();
    const drawn: number[] = [];
    const onData = ({ done }: { done: number }) => {
      drawn.push(done);
      stop.abort();
    };
    const options = { ...tiny, task: "glyphs/letters", places: placesOf(newFolder()), onData };
    await expect(pretrain({ ...options, signal: stop.signal })).rejects.toThrow("aborted");
    expect(drawn).toHaveLength(1);
  });

  it("whose file can't be written is refused before it is trained", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    const seen: PretrainProgress[] = [];
    const onProgress = (progress: PretrainProgress) => void seen.push(progress);
    for (const [out, why] of [
      [join(folder, "file", "root.safetensors"), "a file is where a folder should be"],
      [folder, "a folder of that name is in the way"],
    ] as const)
      await expect(pretrain({ ...tiny, out, onProgress })).rejects.toThrow(`Can't write ${out}: ${why}`);
    expect(seen).toEqual([]);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("of a number of minutes does as many steps as a trial says that they allow", async () => {
    const { steps: _, ...timed } = tiny;
    const { provenance } = await pretrain({ ...timed, minutes: 0.01, places: placesOf(newFolder()) });
    const { steps } = provenance as { steps: number };
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(100_000);
  });

  it("that is stopped leaves nothing", async () => {
    const cache = newFolder();
    const stop = new AbortController();
    const work = pretrain({
      ...tiny,
      steps: 1_000,
      places: placesOf(cache),
      signal: stop.signal,
      onProgress: ({ done }) => done > 0 && stop.abort(),
    });
    await expect(work).rejects.toThrow(/abort/i);
    expect(readdirSync(cache)).toEqual([]);
  });

  it("that diverges says so and leaves nothing", async () => {
    const cache = newFolder();
    const work = pretrain({ ...tiny, learningRate: Number.MAX_VALUE, steps: 40, places: placesOf(cache) });
    await expect(work).rejects.toMatchObject({
      code: "root/pretraining-failed",
      message: expect.stringMatching(/diverged.*Nothing was written/),
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each([
    [{ blocks: 0 }, /blocks is 0/],
    [{ steps: 1.5 }, /steps is 1\.5/],
    [{ minutes: 1 }, /minutes is 1, but must be left out if steps are given/],
    [{ imageSize: 40 }, /imageSize is 40, but must be a multiple of the patch, 16/],
    [{ learningRate: 0 }, /learningRate is 0/],
    [{ backbone: "T/16" as "Ti/16" }, /There is no backbone "T\/16"; did you mean "Ti\/16"/],
  ])("refuses %o before anything is done", async (wrong, words) => {
    await expect(pretrain({ ...tiny, ...wrong })).rejects.toThrow(words);
  });
});
