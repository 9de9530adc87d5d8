// A disk that fails: full, read-only, not allowed. The message says what to do and nothing written before is lost.

import { chmodSync, readdirSync, readFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../../src/core/event.js";
import { checkRunFolder, createRun, openRun, readRun } from "../../src/run/folder.js";
import { fileStore } from "../../src/store/files.js";
import { fileJournal } from "../../src/store/journal.js";
import { temporaryFolders } from "../support/temporary.js";

/** What fails, and how: writes may get a part of their bytes down first. */
const fault = vi.hoisted(() => ({ code: null as string | null, after: 0, on: "write" as "write" | "sync" }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const fail = () =>
    Object.assign(new Error(`${fault.code}: injected`), { code: fault.code, syscall: "write" });
  const open = async (...args: Parameters<typeof real.open>): Promise<FileHandle> => {
    const file = await real.open(...args);
    const { writeFile, sync, datasync } = file;
    file.writeFile = async (data) => {
      if (fault.code === null || fault.on !== "write") return writeFile.call(file, data);
      await writeFile.call(file, (data as Uint8Array).subarray(0, fault.after));
      throw fail();
    };
    const failing = (work: () => Promise<void>) => async () => {
      if (fault.code !== null && fault.on === "sync") throw fail();
      await work.call(file);
    };
    file.sync = failing(sync);
    file.datasync = failing(datasync);
    return file;
  };
  return { ...real, open, default: { ...real, open } };
});

afterEach(() => {
  fault.code = null;
});
const breakDisk = (code: string, after = 0, on: "write" | "sync" = "write") =>
  Object.assign(fault, { code, after, on });

const folder = temporaryFolders();
const run = { experiment: {}, seed: 7, versions: {}, device: "cpu" };
const ended = (generation: number): Event => ({ type: "generation-ended", generation });
const bytes = (text: string) => new TextEncoder().encode(text);

describe("a full disk", () => {
  it("is reported, whatever part of a batch it took, and the journal continues once there is space", async () => {
    const path = join(folder(), "events.jsonl");
    const journal = fileJournal(path);
    await journal.append([ended(0)]);
    const before = readFileSync(path);
    for (const after of [0, 1, 100, 200, 300, 400]) {
      breakDisk("ENOSPC", after);
      await expect(journal.append([ended(1), ended(2)])).rejects.toMatchObject({
        code: "store/enospc",
        message: `Can't write ${path}: the disk is full. Free some space and \`mulab resume\` the run; nothing written before is lost.`,
      });
      expect(readFileSync(path)).toEqual(before);
    }
    fault.code = null;
    await journal.append([ended(1)]);
    const events: Event[] = [];
    for await (const { event } of journal.read(0)) events.push(event);
    expect(events).toEqual([ended(0), ended(1)]);
  });

  it("that shows only when the journal is flushed leaves no event that was not promised", async () => {
    const path = join(folder(), "events.jsonl");
    const journal = fileJournal(path);
    await journal.append([ended(0)]);
    const before = readFileSync(path);
    breakDisk("EDQUOT", 0, "sync");
    await expect(journal.append([ended(1)])).rejects.toMatchObject({ code: "store/edquot" });
    fault.code = null;
    expect(readFileSync(path)).toEqual(before);
    await journal.append([ended(1)]);
  });

  it("fails the one layer and leaves no half of it", async () => {
    const dir = folder();
    const store = fileStore(dir);
    const kept = await store.put(bytes("kept"));
    for (const on of ["write", "sync"] as const) {
      breakDisk("ENOSPC", 3, on);
      await expect(store.put(bytes("a large layer"))).rejects.toMatchObject({ code: "store/enospc" });
      expect(await store.list()).toEqual([kept]);
      expect(readdirSync(dir).filter((name) => name.startsWith("."))).toEqual([]);
    }
    fault.code = null;
    await store.put(bytes("a large layer"));
  });

  it("leaves no half of a new run, so that the same command works later", async () => {
    const dir = join(folder(), "run");
    breakDisk("ENOSPC", 5);
    await expect(createRun(dir, run)).rejects.toMatchObject({ code: "store/enospc" });
    fault.code = null;
    await expect(readRun(dir)).rejects.toMatchObject({ code: "run/not-a-run" });
    await (await createRun(dir, run)).close();
  });
});

/** As another user where the tests run as root, whom no permission stops. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid!(65534);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

describe.runIf(process.getuid)("a folder that may not be written", () => {
  it("says so when a run is to be written in it, and reads", async () => {
    const dir = folder();
    await (await createRun(dir, run)).close();
    chmodSync(dir, 0o555);
    await unprivileged(async () => {
      await expect(openRun(dir)).rejects.toMatchObject({
        code: "store/eacces",
        message: expect.stringContaining("you may not write there. Choose another folder with --out"),
      });
      expect((await readRun(dir)).header.seed).toBe(7);
      await expect(createRun(join(dir, "inner"), run)).rejects.toMatchObject({ code: "store/eacces" });
    });
    chmodSync(dir, 0o755);
  });

  it("says so when a layer is to be stored in it", async () => {
    const dir = folder();
    const store = fileStore(dir);
    const id = await store.put(bytes("a"));
    chmodSync(join(dir, id.slice(0, 2)), 0o555);
    chmodSync(dir, 0o555);
    await unprivileged(async () => {
      await expect(store.put(bytes("b"))).rejects.toMatchObject({ code: "store/eacces" });
      expect(Buffer.from(await store.get(id)).toString()).toBe("a");
      await expect(store.remove([id])).rejects.toMatchObject({ code: "store/eacces" });
    });
    chmodSync(dir, 0o755);
    chmodSync(join(dir, id.slice(0, 2)), 0o755);
  });

  it("is read-only by its disk: said so", async () => {
    breakDisk("EROFS");
    await expect(createRun(join(folder(), "run"), run)).rejects.toThrow("the file system is read-only");
  });

  it.runIf(process.platform === "linux")("takes no folders at all, as /proc: said so, at once", async () => {
    await expect(createRun("/proc/runs/first", run)).rejects.toThrow(
      "Can't write /proc/runs/first: no folder can be made there. Choose another folder with --out.",
    );
    await expect(checkRunFolder("/proc/runs/first")).rejects.toThrow("no folder can be made there");
  });

  it("is asked beforehand whether it can be made, and nothing is left of the question", async () => {
    const above = folder();
    await checkRunFolder(join(above, "runs", "first"));
    expect(readdirSync(above)).toEqual([]);
    chmodSync(above, 0o555);
    await unprivileged(async () => {
      await expect(checkRunFolder(join(above, "runs", "first"))).rejects.toThrow("you may not write there");
    });
    chmodSync(above, 0o755);
  });
});
