// One writer for a run folder.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCK_FILE, lockOwner, type Owner, takeLock } from "../../src/run/lock.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
const owned = (dir: string, changes: Partial<Owner>) => {
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    process: null,
    since: "then",
    token: "t",
    ...changes,
  };
  writeFileSync(join(dir, LOCK_FILE), JSON.stringify(owner));
};
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
    expect(JSON.parse(readFileSync(join(dir, LOCK_FILE), "utf8")).pid).toBe(process.pid);
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
      owned(dir, { process: "boot/1" });
      await (await takeLock(dir)).release();
    },
  );

  it("of another machine is respected, and the message says what to do if that machine is gone", async () => {
    const dir = folder();
    owned(dir, { host: "elsewhere", pid: await deadPid() });
    await expect(takeLock(dir)).rejects.toThrow(
      new RegExp(`on another machine, elsewhere.* if it is gone for sure, remove ${join(dir, LOCK_FILE)}`),
    );
  });

  it.each([
    "",
    "{",
    "{}",
    '{"pid":-1}',
    "\0\0\0",
  ])("with %j in its file, as a power cut may leave it, is taken over", async (content) => {
    const dir = folder();
    writeFileSync(join(dir, LOCK_FILE), content);
    await (await takeLock(dir)).release();
  });

  it("that somebody else took by force is not released by its former owner", async () => {
    const dir = folder();
    const lock = await takeLock(dir);
    owned(dir, { token: "another" });
    await lock.release();
    expect(existsSync(join(dir, LOCK_FILE))).toBe(true);
  });
});
