// One writer for a run folder.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { removeTemporaries } from "../../src/disk/atomic.js";
import { placeOf, type System, startOf, thisPlace } from "../../src/disk/machine.js";
import { LOCK_FILE, lockOwner, type Owner, SILENT_MS, takeLock } from "../../src/run/lock.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
/** Makes a lock of another owner, last touched some seconds ago; the path of its file. */
function owned(dir: string, changes: Partial<Owner>, silentS = 0): string {
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    place: thisPlace(),
    start: null,
    since: "then",
    token: "t",
    ...changes,
  };
  mkdirSync(join(dir, LOCK_FILE), { recursive: true });
  const file = join(dir, LOCK_FILE, `${owner.token}.json`);
  writeFileSync(file, JSON.stringify(owner));
  touched(file, silentS);
  return file;
}
const touched = (file: string, silentS: number): void => {
  const then = Date.now() / 1000 - silentS;
  utimesSync(file, then, then);
};
/** The one file of the lock. */
const lockFile = (dir: string): string => join(dir, LOCK_FILE, readdirSync(join(dir, LOCK_FILE))[0]!);
const sleeper = (): ChildProcess => spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid!;
}

describe("the lock of a folder", () => {
  it("is taken by one at a time, and free after it was released", async () => {
    const dir = folder();
    const lock = await takeLock(dir);
    await expect(takeLock(dir)).rejects.toMatchObject({
      code: "run/locked",
      message: `${dir} is being written by process ${process.pid} on ${hostname()}. Wait for it or stop it; reading (\`mulab show\`, \`mulab report\`) works meanwhile.`,
    });
    expect((await lockOwner(dir))?.pid).toBe(process.pid);
    await lock.release();
    expect([readdirSync(dir), await lockOwner(dir)]).toEqual([[], null]);
    await (await takeLock(dir)).release();
  });

  it("goes to exactly one of many that ask at once", async () => {
    const dir = folder();
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(dir)));
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBe(1);
    expect(readdirSync(dir)).toEqual([LOCK_FILE]);
  });

  it("of a process that was killed is taken over, by exactly one of many that ask at once", async () => {
    const dir = folder();
    owned(dir, { pid: await deadPid() });
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(dir)));
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBe(1);
    expect(JSON.parse(readFileSync(lockFile(dir), "utf8")).pid).toBe(process.pid);
    expect(readdirSync(dir)).toEqual([LOCK_FILE]);
  });

  it("of another process that lives is respected", async () => {
    const dir = folder();
    const child = sleeper();
    owned(dir, { pid: child.pid! });
    await expect(takeLock(dir)).rejects.toMatchObject({ code: "run/locked" });
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await takeLock(dir)).release();
  });

  it.runIf(existsSync("/proc/self/stat"))(
    "of a dead process whose number another one has now is taken over",
    async () => {
      const dir = folder();
      owned(dir, { start: "1" });
      await (await takeLock(dir)).release();
    },
  );

  it.each([
    ["in another container under the same host name", { place: "boot pid:[1] machine" }],
    ["on another machine", { place: "elsewhere", host: "elsewhere" }],
    ["where the system doesn't say which place it is", { place: null }],
  ])("of a process %s is respected as long as it shows that it lives, and what to do is said", async (_, owner) => {
    const dir = folder();
    const file = owned(dir, { ...owner, pid: await deadPid() }, SILENT_MS / 1000 - 5);
    await expect(takeLock(dir)).rejects.toThrow(
      /in another container or on another machine; its last sign of life is 5[56] s old\. .*after 60 s.*remove .*writer\.lock now/,
    );
    expect(await lockOwner(dir)).not.toBeNull();
    touched(file, SILENT_MS / 1000 + 1);
    expect(await lockOwner(dir)).toBeNull();
    const lock = await takeLock(dir);
    expect(lock.isSeized).toBe(true);
    await lock.release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it("is not seized from a live process of this place, however long it was silent", async () => {
    const dir = folder();
    owned(dir, { start: startOf(process.pid) }, 100_000);
    await expect(takeLock(dir)).rejects.toMatchObject({ code: "run/locked" });
  });

  it("goes to exactly one of many that see the same silent owner", async () => {
    const dir = folder();
    owned(dir, { place: "elsewhere" }, 100);
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(dir)));
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBe(1);
    expect(readdirSync(dir)).toEqual([LOCK_FILE]);
  });

  it.each([
    "",
    "{",
    "{}",
    '{"pid":-1}',
    "\0\0\0",
  ])("with %j in its file, as a power cut may leave it, is respected at first and taken over when it stays so", async (content) => {
    const dir = folder();
    const file = owned(dir, {});
    writeFileSync(file, content);
    await expect(takeLock(dir)).rejects.toThrow(/by an unknown process/);
    touched(file, 100);
    await (await takeLock(dir)).release();
  });

  it("whose release was cut short is free", async () => {
    const dir = folder();
    mkdirSync(join(dir, LOCK_FILE));
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(dir)));
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBe(1);
  });

  it("shows that it lives", async () => {
    const dir = folder();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const lock = await takeLock(dir);
      touched(lockFile(dir), 1000);
      const before = statSync(lockFile(dir)).mtimeMs;
      const content = readFileSync(lockFile(dir), "utf8");
      vi.advanceTimersByTime(SILENT_MS / 2);
      await lock.check();
      await vi.waitFor(() => expect(statSync(lockFile(dir)).mtimeMs).toBeGreaterThan(before));
      expect(readFileSync(lockFile(dir), "utf8")).toBe(content);
      await lock.release();
    } finally {
      vi.useRealTimers();
    }
  });

  it("that another process has taken is known to its former owner before it writes, and is not released by it", async () => {
    const dir = folder();
    const lock = await takeLock(dir);
    await lock.check();
    rmSync(join(dir, LOCK_FILE), { recursive: true });
    await expect(lock.check()).rejects.toThrow(/its lock is gone.*mulab resume/);
    owned(dir, { token: "another", host: "elsewhere", place: "elsewhere" });
    await expect(lock.check()).rejects.toMatchObject({
      code: "run/lock-lost",
      message: expect.stringContaining(`process ${process.pid} on elsewhere has taken its lock`),
    });
    await lock.release();
    expect(readdirSync(join(dir, LOCK_FILE))).toEqual(["another.json"]);
  });

  it("survives that somebody tidies up what is written aside", async () => {
    const dir = folder();
    const tidy = setInterval(() => void removeTemporaries(dir), 0);
    try {
      for (let i = 0; i < 50; i++) {
        const lock = await takeLock(dir);
        await lock.check();
        await lock.release();
      }
    } finally {
      clearInterval(tidy);
    }
  });
});

describe("the lock of an earlier mulab, a file", () => {
  const old = (dir: string, content: string) => writeFileSync(join(dir, LOCK_FILE), content);

  it("is respected, as its owner may live in another container", async () => {
    const dir = folder();
    old(dir, JSON.stringify({ pid: 7, host: hostname(), process: null, since: "then", token: "t" }));
    await expect(takeLock(dir)).rejects.toThrow(
      /process 7 on .* earlier version of mulab.*remove .*writer\.lock/,
    );
    expect((await lockOwner(dir))?.pid).toBe(7);
  });

  it.each(["", "{", "{}", '{"pid":-1}', "\0\0\0"])("is taken over where it says %j", async (content) => {
    const dir = folder();
    old(dir, content);
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(dir)));
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBe(1);
  });
});

describe("the place of a process", () => {
  const silent: System = {
    platform: "linux",
    host: "host",
    read: () => null,
    link: () => null,
    run: () => null,
  };

  it("is the boot, the PID namespace and the machine on Linux", () => {
    const linux = {
      ...silent,
      read: (path: string) => (path.endsWith("boot_id") ? "boot" : "machine"),
      link: () => "pid:[42]",
    };
    expect(placeOf(linux)).toBe("boot pid:[42] machine");
    expect(placeOf({ ...linux, link: () => null })).toBeNull();
    expect(placeOf({ ...linux, read: () => null })).toBeNull();
  });

  it("is the boot on macOS, the machine and its name on Windows, and unknown where the system doesn't say", () => {
    expect(placeOf({ ...silent, platform: "darwin", run: () => "BOOT" })).toBe("BOOT");
    const query = "\r\nHKEY_LOCAL_MACHINE\\…\r\n    MachineGuid    REG_SZ    1f-2e\r\n";
    expect(placeOf({ ...silent, platform: "win32", run: () => query })).toBe("1f-2e host");
    for (const platform of ["linux", "darwin", "win32", "aix"] as const)
      expect(placeOf({ ...silent, platform })).toBeNull();
  });

  it("distinguishes a process whose threads have not all ended from one that is dead, and nothing where /proc is another namespace's", () => {
    const stat = (state: string, threads: number) =>
      `7 (a) b) ${state} ${"0 ".repeat(16)}${threads} 0 12345 0`;
    const linux = (line: string): System => ({
      ...silent,
      read: () => line,
      link: () => String(process.pid),
    });
    expect(startOf(7, linux(stat("S", 3)))).toBe("12345");
    expect(startOf(7, linux(stat("Z", 3)))).toBe("12345");
    expect(startOf(7, linux(stat("Z", 1)))).toBe("");
    expect(startOf(7, { ...linux(stat("S", 3)), link: () => "1" })).toBeNull();
  });
});
