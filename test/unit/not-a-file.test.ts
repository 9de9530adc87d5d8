// FIFOs, sockets, devices and folders under the names of files: refused at once, where a plain reader would wait for ever,
// read without end, or fail with the system's words.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkpointRoot } from "../../src/checkpoints/load.js";
import { diskTree } from "../../src/data/own/tree.js";
import { openFile } from "../../src/data/source-file.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { readSweep, sweep } from "../../src/sweep/sweep.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { writeSoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";
import { tinyOptions, tinyRequest } from "../support/tiny-sweep.js";

const newFolder = temporaryFolders();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** What is not a file, and how to make one. */
const KINDS: Readonly<Record<string, (path: string) => void | Promise<void>>> = {
  FIFO: (path) => void execFileSync("mkfifo", [path]),
  folder: (path) => mkdirSync(path),
  device: (path) => symlinkSync("/dev/zero", path),
  socket: (path) =>
    new Promise((resolve) => {
      // A socket's whole path has at most 107 bytes; a relative one is short.
      servers.push(createServer().listen(relative(process.cwd(), path), resolve));
    }),
};
const AT_ONCE_MS = 5_000;

const experiment = tinyExperiment({ iterations: 1 });
const sound = writeSoundRun(join(newFolder(), "run"), experiment);
const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));

/** A copy of the sound run, with something else in the place of one of its files. */
async function with_(kind: string, file: string): Promise<string> {
  const dir = join(newFolder(), "r");
  cpSync((await sound).dir, dir, { recursive: true });
  const path = join(dir, file);
  rmSync(path, { force: true, recursive: true });
  await KINDS[kind]!(path);
  return dir;
}

const someLayer = async (): Promise<string> => {
  const { state } = await sound;
  const { id } = state.models.get(0)!.path[0]!;
  return join("layers", id.slice(0, 2), `${id}.safetensors`);
};

describe.skipIf(process.platform === "win32").each(Object.keys(KINDS))("a %s", (kind) => {
  it.each(["run.json", "events.jsonl"])(
    "in the place of %s is refused by readers and writers",
    async (file) => {
      const dir = await with_(kind, file);
      const refused = { message: expect.stringMatching(/it is a (FIFO|folder|device|socket)/) };
      await expect(readRun(dir)).rejects.toMatchObject(refused);
      await expect(open(dir, undefined, { tasks, trainer: fakeTrainer })).rejects.toMatchObject(refused);
      expect(existsSync(join(dir, file))).toBe(true);
    },
    AT_ONCE_MS,
  );

  it(
    "in the place of a layer is found by verify, which does not wait for it",
    async () => {
      const dir = await with_(kind, await someLayer());
      const said = await verifyRun(dir).then(
        ({ ok }) => ok,
        (error) => error.message,
      );
      expect(said).not.toBe(true);
    },
    AT_ONCE_MS,
  );

  it(
    "in the place of the lock keeps a writer out",
    async () => {
      // The lock is a folder with a file in it, and an empty one is free.
      const isLock = kind === "folder";
      const dir = await with_(kind, "writer.lock");
      if (isLock) mkdirSync(join(dir, "writer.lock", "token.json"));
      const { digest } = await readRun(dir);
      await expect(open(dir, undefined, { tasks, trainer: fakeTrainer })).rejects.toMatchObject({
        name: "MulabError",
      });
      expect((await readRun(dir)).digest).toBe(digest);
    },
    AT_ONCE_MS,
  );

  it(
    "in the place of a sweep's files is refused",
    async () => {
      const made = join(newFolder(), "sweep");
      await (await sweep(made, tinyRequest({ repetitions: 1, scaleFactors: [1] }), tinyOptions())).done();
      for (const file of ["sweep.json", "results.json"]) {
        const dir = join(newFolder(), "s");
        cpSync(made, dir, { recursive: true });
        rmSync(join(dir, file));
        await KINDS[kind]!(join(dir, file));
        await expect(readSweep(dir)).rejects.toMatchObject({ name: "MulabError" });
        await expect(sweep(dir, undefined, tinyOptions()).then((s) => s.done())).rejects.toMatchObject({
          name: "MulabError",
        });
        expect(readdirSync(dirname(join(dir, file)))).not.toContain("writer.lock");
      }
    },
    2 * AT_ONCE_MS,
  );

  it(
    "in the place of a checkpoint, a published file, or an image is refused",
    async () => {
      const path = join(newFolder(), "x.npz");
      await KINDS[kind]!(path);
      await expect(checkpointRoot(path)).rejects.toMatchObject({ name: "MulabError" });
      await expect(openFile(path)).rejects.toMatchObject({ code: "data/bad-file" });
      // An image that became something else after it was listed.
      const folder = newFolder();
      const image = join(folder, "x.png");
      writeFileSync(image, "");
      for (const followLinks of [false, true]) {
        const tree = diskTree(folder, followLinks);
        const [node] = (await tree.list(tree.root)).images;
        rmSync(image, { recursive: true });
        await KINDS[kind]!(image);
        expect(() => tree.read(node!)).toThrow(expect.objectContaining({ code: "data/bad-image" }));
        rmSync(image, { recursive: true });
        writeFileSync(image, "");
      }
    },
    AT_ONCE_MS,
  );
});
