// What commands write for people: whole or not at all, and never in the place of anything but a file of the same kind.

import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { encodeRoot, ROOT_KIND } from "../../src/checkpoints/root-file.js";
import { figureCommand } from "../../src/commands/figure.js";
import { reportCommand } from "../../src/commands/report.js";
import type { Backbone } from "../../src/core/components.js";
import { replaceFile } from "../../src/disk/replace.js";
import { FORMATS } from "../../src/figures/export.js";
import { pretrain } from "../../src/pretrain/pretrain.js";
import { fileStore } from "../../src/store/files.js";
import { exportSweep, readSweep, sweep } from "../../src/sweep/sweep.js";
import { arm, disarm } from "../support/disk-faults.mjs";
import { writeSoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";
import { tinyOptions, tinyRequest } from "../support/tiny-sweep.js";

const newFolder = temporaryFolders();
let run = "";
let stored: Awaited<ReturnType<typeof readSweep>>;
beforeAll(async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  run = (await writeSoundRun(join(newFolder(), "run"), tinyExperiment({ iterations: 1 }))).dir;
  const dir = join(newFolder(), "sweep");
  await (await sweep(dir, tinyRequest({ repetitions: 1, scaleFactors: [1] }), tinyOptions())).done();
  stored = await readSweep(dir);
});

const tiny: Backbone = { name: "tiny", patch: 16, width: 16, mlp: 32, heads: 2 };
const root = encodeRoot({ backbone: tiny, blocks: 1, origin: "", provenance: {}, components: new Map() });

/** Every writer of a file that a person names, by its ending. */
const WRITERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "report.html": (out) => reportCommand(run, { out }),
  ...Object.fromEntries(
    FORMATS.map((format) => [
      `figure.${format}`,
      (out: string) => figureCommand("learning", run, { out, theme: "light" }),
    ]),
  ),
  "sweep.json": (out) => exportSweep(stored, out),
  "sweep.json.gz": (out) => exportSweep(stored, out),
  "root.safetensors": (out) => replaceFile(out, root, ROOT_KIND),
};

const FOREIGN: Readonly<Record<string, (path: string) => void>> = {
  "another file": (path) => writeFileSync(path, "my thesis\n"),
  "a file of another kind of ours": (path) =>
    writeFileSync(path, path.endsWith(".html") ? "{}" : '<meta name="generator" content="mulab">'),
  "a folder": (path) => mkdirSync(path),
  "a FIFO": (path) => void execFileSync("mkfifo", [path]),
  "a device": (path) => symlinkSync("/dev/null", path),
  "a link to a file": (path) => {
    writeFileSync(`${path}.there`, "");
    symlinkSync(`${path}.there`, path);
  },
  "a link to nothing": (path) => symlinkSync(`${path}.nowhere`, path),
};

/** What is at a path, to compare. */
const seen = (path: string): string => {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  return stats.isFile() ? readFileSync(path, "latin1") : `mode ${stats.mode}, inode ${stats.ino}`;
};

describe.skipIf(process.platform === "win32").each(Object.keys(WRITERS))("%s", (name) => {
  const write = WRITERS[name]!;

  it("is written again and in the place of its own kind", async () => {
    const path = join(newFolder(), "not", "yet", name);
    await write(path);
    const first = statSync(path).size;
    await write(path);
    expect(statSync(path).size).toBe(first);
    expect(readdirSync(join(path, ".."))).toEqual([name]);
  });

  it.each(Object.keys(FOREIGN))("is not written in the place of %s", async (what) => {
    const dir = newFolder();
    const path = join(dir, name);
    FOREIGN[what]!(path);
    const before = [readdirSync(dir), seen(path)];
    await expect(write(path)).rejects.toMatchObject({
      name: "MulabError",
      code: /^store\/(not-ours|eisdir)$/,
    });
    expect([readdirSync(dir), seen(path)]).toEqual(before);
  });

  it("is the old one or the new one whole, whatever operation of the disk fails", async () => {
    const dir = mkdtempSync(join(newFolder(), "f-"));
    const path = join(dir, name);
    await write(path);
    const old = readFileSync(path);
    arm({ root: dir });
    await write(path);
    const operations = disarm().length;
    expect(operations).toBeGreaterThan(3);
    const fresh = readFileSync(path);
    for (let at = 0; at < operations; at++)
      for (const how of ["EIO", "ENOSPC", "half"] as const) {
        arm({ root: dir, at, how });
        const failed = await write(path).then(
          () => false,
          () => true,
        );
        disarm();
        expect([old, fresh].some((whole) => whole.equals(readFileSync(path)))).toBe(true);
        if (!failed) expect(readdirSync(dir)).toEqual([name]);
      }
    await write(path);
    expect(readdirSync(dir)).toEqual([name]);
  });
});

it.each(Object.keys(FOREIGN))("a pretraining refuses %s before it trains", async (what) => {
  const out = join(newFolder(), "root.safetensors");
  FOREIGN[what]!(out);
  const onProgress = vi.fn();
  const task = tinyTask("one");
  await expect(pretrain({ out, task, backbone: tiny, steps: 1, onProgress })).rejects.toMatchObject({
    code: expect.stringMatching(/^store\/(not-ours|eisdir)$/),
  });
  expect(onProgress).not.toHaveBeenCalled();
});

it("A layer's place that something else has is not taken either", async () => {
  const store = fileStore(join(newFolder(), "layers"));
  const bytes = new TextEncoder().encode("a layer");
  const id = await store.put(bytes);
  execFileSync("rm", [store.pathOf(id)]);
  execFileSync("mkfifo", [store.pathOf(id)]);
  await expect(store.put(bytes)).rejects.toMatchObject({ code: "store/not-ours" });
  expect(lstatSync(store.pathOf(id)).isFIFO()).toBe(true);
});
