// Finding and fetching published files, against a server of our own on this machine.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { download, type RemoteFile } from "../../src/data/download.js";
import { findFile, readVerified } from "../../src/data/locate.js";
import { partPath } from "../../src/disk/part-file.js";

const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256));
let folder: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-data-"));
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const file = (url: string): RemoteFile => ({
  path: "set/images.npz",
  url,
  sha256: createHash("sha256").update(content).digest("hex"),
  bytes: content.length,
});

async function serving(answer: RequestListener): Promise<RemoteFile> {
  server = createServer(answer);
  await new Promise<void>((listening) => server!.listen(0, "127.0.0.1", listening));
  return file(`http://127.0.0.1:${(server.address() as AddressInfo).port}/images.npz`);
}

/** The first byte that a request asks for. */
const firstByte = (range: string | undefined): number => Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);

/** Promises the whole file, sends part of it and hangs up. */
function breakOff(response: ServerResponse): void {
  response.writeHead(200, { "content-length": content.length });
  response.write(content.subarray(0, 60_000), () => response.destroy());
}

/** Everything in the cache but the folder that the file belongs into. */
const cached = async () => (await readdir(folder, { recursive: true })).filter((name) => name !== "set");

test("a downloaded file is given, kept in the cache and reported byte by byte to its end", async () => {
  const wanted = await serving((_, response) => response.end(content));
  const progress: [number, number][] = [];
  const done = await download(wanted, { cacheDir: folder, onProgress: (...p) => progress.push(p) });
  expect(done).toEqual({ path: join(folder, "set", "images.npz") });
  expect(await readFile(join(folder, "set", "images.npz"))).toEqual(content);
  expect(await cached()).toEqual([join("set", "images.npz")]);
  expect(progress.at(-1)).toEqual([content.length, content.length]);
  expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).sort((a, b) => a - b));
});

test("a transfer that breaks off continues where it stopped", async () => {
  const asked: number[] = [];
  const wanted = await serving((request, response) => {
    const from = firstByte(request.headers.range);
    asked.push(from);
    if (from > 0) response.writeHead(206).end(content.subarray(from));
    else breakOff(response);
  });
  expect(await readFile((await download(wanted, { cacheDir: folder })).path)).toEqual(content);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBeGreaterThan(0);
});

test("a server that knows no ranges is read again from the beginning", async () => {
  let requests = 0;
  const wanted = await serving((_, response) => {
    requests += 1;
    if (requests > 1) response.end(content);
    else breakOff(response);
  });
  expect(await readFile((await download(wanted, { cacheDir: folder })).path)).toEqual(content);
});

/** The file from a server that sends it from any byte on, and the bytes that it was asked for. */
async function servingFrom(): Promise<{ wanted: RemoteFile; asked: number[] }> {
  const asked: number[] = [];
  const wanted = await serving((request, response) => {
    const from = firstByte(request.headers.range);
    asked.push(from);
    response.writeHead(206).end(content.subarray(from));
  });
  return { wanted, asked };
}

test("what an earlier process left is continued, whether it gave up or was killed", async () => {
  const { wanted, asked } = await servingFrom();
  await mkdir(join(folder, "set"), { recursive: true });
  const long = new Date(Date.now() - 120_000);
  for (const [name, length, changed] of [
    ["images.npz.part", 70_000, new Date()],
    ["images.npz.0b0e.part", 30_000, long],
    ["images.npz.0b0f.part", 50_000, new Date()], // of a process that is alive
  ] as const) {
    const part = join(folder, "set", name);
    await writeFile(part, content.subarray(0, length));
    await utimes(part, changed, changed);
    expect(await readFile((await download(wanted, { cacheDir: folder })).path)).toEqual(content);
    await rm(join(folder, "set", "images.npz"));
  }
  expect(asked).toEqual([70_000, 30_000, 0]);
});

/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ["--version"]).pid;

test("what a killed process of this machine left is continued at once, and none of it stays", async () => {
  const { wanted, asked } = await servingFrom();
  await mkdir(join(folder, "set"), { recursive: true });
  const target = join(folder, "set", "images.npz");
  for (const length of [20_000, 60_000, 40_000])
    await writeFile(partPath(target, deadPid()), content.subarray(0, length));
  const alive = partPath(target);
  await writeFile(alive, content.subarray(0, 90_000));
  expect(await readFile((await download(wanted, { cacheDir: folder })).path)).toEqual(content);
  expect(asked).toEqual([60_000]);
  expect((await readdir(join(folder, "set"))).sort()).toEqual(["images.npz", basename(alive)]);
});

test("of two that begin at once one takes over what was left, although it has received nothing yet", async () => {
  const waiting: (() => void)[] = [];
  const asked: number[] = [];
  const wanted = await serving((request, response) => {
    const from = firstByte(request.headers.range);
    asked.push(from);
    waiting.push(() => response.writeHead(206).end(content.subarray(from)));
    if (waiting.length === 2) for (const answer of waiting) answer();
  });
  await mkdir(join(folder, "set"), { recursive: true });
  const left = join(folder, "set", "images.npz.part");
  await writeFile(left, content.subarray(0, 30_000));
  const long = new Date(Date.now() - 120_000);
  await utimes(left, long, long);
  const first = download(wanted, { cacheDir: folder });
  await vi.waitFor(() => expect(asked).toEqual([30_000]));
  const [one, two] = await Promise.all([first, download(wanted, { cacheDir: folder })]);
  expect(asked).toEqual([30_000, 0]);
  for (const { path } of [one, two]) expect(await readFile(path)).toEqual(content);
  expect(await cached()).toEqual([join("set", "images.npz")]);
});

test("a part that another process wrote into as well never takes the file's name", async () => {
  const wanted = await serving(async (_, response) => {
    const [part] = await readdir(join(folder, "set"));
    await appendFile(join(folder, "set", part!), "somebody else's bytes");
    response.end(content);
  });
  await expect(download(wanted, { cacheDir: folder })).rejects.toMatchObject({
    code: "data/download-failed",
    message: expect.stringContaining("another process wrote into"),
  });
  expect(await cached()).toEqual([]);
});

test("a download that gives up leaves what has arrived to the next one", async () => {
  let broken = true;
  const asked: number[] = [];
  const wanted = await serving((request, response) => {
    const from = firstByte(request.headers.range);
    asked.push(from);
    if (!broken) response.writeHead(206).end(content.subarray(from));
    else if (from === 0) breakOff(response);
    else response.writeHead(503).end();
  });
  await expect(download(wanted, { cacheDir: folder })).rejects.toMatchObject({
    code: "data/download-failed",
  });
  expect(await cached()).toEqual([join("set", "images.npz.part")]);
  broken = false;
  expect(await readFile((await download(wanted, { cacheDir: folder })).path)).toEqual(content);
  expect(asked.at(-1)).toBe(asked[1]);
  expect(asked[1]).toBeGreaterThan(0);
});

test("a server that answers with another part of the file than was asked for is not believed", async () => {
  const wanted = await serving((request, response) => {
    if (firstByte(request.headers.range) === 0) breakOff(response);
    else response.writeHead(206, { "content-range": `bytes 5-99999/100000` }).end(content.subarray(5));
  });
  await expect(download(wanted, { cacheDir: folder })).rejects.toThrow(
    "the server answered bytes 5-99999/100000",
  );
});

test("other bytes than the pinned ones are refused and not kept", async () => {
  const wanted = await serving((_, response) => response.end(Buffer.alloc(content.length)));
  await expect(download(wanted, { cacheDir: folder })).rejects.toMatchObject({
    code: "data/checksum",
    message: expect.stringMatching(/^The file from http:.* It was not kept\. Try again/),
  });
  expect(await cached()).toEqual([]);
});

test("what was left is thrown away where it was another file's beginning, such as a log-in page's", async () => {
  const { wanted, asked } = await servingFrom();
  for (const length of [70_000, content.length]) {
    await mkdir(join(folder, "set"), { recursive: true });
    await writeFile(join(folder, "set", "images.npz.part"), Buffer.alloc(length, "<html>"));
    expect(await readFile((await download(wanted, { cacheDir: folder })).path)).toEqual(content);
    await rm(join(folder, "set", "images.npz"));
  }
  expect(asked).toEqual([70_000, 0, 0]);
  expect(await cached()).toEqual([]);
});

test("an endless file is not read for ever", async () => {
  const wanted = await serving((_, response) => {
    const more = () => response.write(content, () => response.destroyed || setImmediate(more));
    more();
  });
  await expect(download(wanted, { cacheDir: folder })).rejects.toMatchObject({
    code: "data/download-failed",
    message: expect.stringContaining(`it is longer than ${content.length} bytes`),
  });
});

test("an error of the server, a refused connection and silence are named", async () => {
  const failing = await serving((_, response) => response.writeHead(404).end());
  await expect(download(failing, { cacheDir: folder })).rejects.toThrow("the server answered 404");
  const silent = await serving(() => {});
  await expect(download(silent, { cacheDir: folder, silenceMs: 50 })).rejects.toThrow("no answer in 0.05 s");
  const nobody = file("http://127.0.0.1:1/images.npz");
  await expect(download(nobody, { cacheDir: folder })).rejects.toMatchObject({
    code: "data/download-failed",
  });
  expect(await cached()).toEqual([]);
});

test("a server that sends a byte now and then is given up after the time that all of it may take", async () => {
  const timers: NodeJS.Timeout[] = [];
  const dripping = await serving((_, response) => {
    let sent = 0;
    timers.push(setInterval(() => response.write(content.subarray(sent, ++sent)), 5));
  });
  const began = performance.now();
  await expect(
    download(dripping, { cacheDir: folder, silenceMs: 10_000, totalMs: 300 }),
  ).rejects.toMatchObject({
    code: "data/download-failed",
    message: expect.stringContaining("longer than 0 s"),
  });
  expect(performance.now() - began).toBeLessThan(5_000);
  for (const timer of timers) clearInterval(timer);
});

test("a cache that can't be written costs the copy, not the data", async () => {
  const wanted = await serving((_, response) => response.end(content));
  const blocked = join(folder, "file");
  await writeFile(blocked, "a file where the cache folder should be");
  const { bytes } = await download(wanted, { cacheDir: blocked });
  expect(Buffer.from(bytes!)).toEqual(content);
});

test.runIf(process.platform === "linux")("a cache where no folder can be made costs no more", async () => {
  const wanted = await serving((_, response) => response.end(content));
  const { bytes } = await download(wanted, { cacheDir: "/proc/mulab/cache" });
  expect(Buffer.from(bytes!)).toEqual(content);
});

test("MULAB_DATA comes before the cache, and a file that is nowhere is not found", async () => {
  const wanted = file("http://127.0.0.1:1/");
  const places = { dataDir: join(folder, "data"), cacheDir: join(folder, "cache") };
  expect(await findFile(wanted, places)).toBeUndefined();
  const put = async (dir: string) => {
    await mkdir(dirname(join(dir, wanted.path)), { recursive: true });
    await writeFile(join(dir, wanted.path), content);
  };
  await put(places.cacheDir);
  expect(await findFile(wanted, places)).toMatchObject({ where: "cache" });
  await put(places.dataDir);
  expect(await findFile(wanted, places)).toMatchObject({ where: "MULAB_DATA" });
  expect(await findFile(wanted, { ...places, dataDir: undefined })).toMatchObject({ where: "cache" });
  for (const dir of [places.dataDir, places.cacheDir]) await truncate(join(dir, wanted.path), 1000);
  // A person's own file is reported when it is read; the cache's is fetched again.
  expect(await findFile(wanted, places)).toMatchObject({ where: "MULAB_DATA" });
  expect(await findFile(wanted, { ...places, dataDir: undefined })).toBeUndefined();
});

test("a found file must have the pinned size and bytes", async () => {
  const path = join(folder, "images.npz");
  const wanted = file("http://127.0.0.1:1/");
  await writeFile(path, content);
  expect(Buffer.from(await readVerified(path, wanted))).toEqual(content);
  await writeFile(path, content.subarray(1));
  await expect(readVerified(path, wanted)).rejects.toMatchObject({
    code: "data/bad-file",
    message: expect.stringContaining("99999 bytes; expected the published file's 100000"),
  });
  await writeFile(path, Buffer.alloc(content.length));
  await expect(readVerified(path, wanted)).rejects.toMatchObject({ code: "data/checksum" });
  await expect(readVerified(folder, { ...wanted, bytes: 4096 })).rejects.toMatchObject({
    code: "data/bad-file",
  });
});
