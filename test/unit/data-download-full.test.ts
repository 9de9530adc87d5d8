// A download onto a disk that becomes full on the way: what is small enough is held in memory instead.

import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { download } from "../../src/data/download.js";

/** What fails, and how: a write stores half of its bytes where only that many fit on the disk. */
const fault = vi.hoisted(() => ({ code: "ENOSPC", fits: Number.POSITIVE_INFINITY, on: "write" }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const fail = () => Object.assign(new Error(`${fault.code}: injected`), { code: fault.code });
  const open = async (...args: Parameters<typeof real.open>) => {
    const file = await real.open(...args);
    const { appendFile, sync } = file;
    file.appendFile = async (bytes) => {
      const full = fault.on === "write" && (await file.stat()).size + bytes.length > fault.fits;
      await appendFile.call(file, full ? (bytes as Buffer).subarray(0, bytes.length >> 1) : bytes);
      if (full) throw fail();
    };
    file.sync = async () => {
      if (fault.on === "sync") throw fail();
      await sync.call(file);
    };
    return file;
  };
  return { ...real, open, default: { ...real, open } };
});

const content = Buffer.from(Array.from({ length: 500_000 }, (_, i) => (i * 7) % 256));
const server = createServer((request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(206).end(content.subarray(from));
});
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-full-"));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const fetched = (bytes = content.length) =>
  download(
    {
      path: "images.npz",
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      sha256: createHash("sha256").update(content).digest("hex"),
      bytes,
    },
    { cacheDir: folder },
  );

test.each([
  ["ENOSPC", "write", 0],
  ["ENOSPC", "write", 100_000],
  ["EDQUOT", "write", 300_000],
  ["ENOSPC", "sync", 0],
])("%s at a %s, with %i bytes of room, costs the copy and not the data", async (code, on, fits) => {
  Object.assign(fault, { code, on, fits });
  const { bytes } = await fetched();
  expect(Buffer.compare(bytes!, content)).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test("what is too large to be held is left for later, as far as it came, and the disk is named", async () => {
  Object.assign(fault, { code: "ENOSPC", on: "write", fits: 100_000 });
  await expect(fetched(2 ** 26 + 1)).rejects.toMatchObject({
    code: "data/download-failed",
    message: expect.stringContaining("ENOSPC"),
  });
  const parts = await readdir(folder);
  expect(parts.every((name) => name === "images.npz.part")).toBe(true);
});
