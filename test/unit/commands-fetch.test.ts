// `mulab fetch` where files are there already: it says that they are good only when they are.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchCommand } from "../../src/commands/fetch.js";
import { taskNamed } from "../../src/data/catalog/catalog.js";
import type { DataFile, PublishedTask } from "../../src/data/catalog-entry.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const files = Object.values((taskNamed("cmaterdb/bangla") as PublishedTask).sets).map(
  ({ pinned }) => pinned!.files[0]!,
);
let folder: string;

beforeEach(() => {
  folder = newFolder();
  vi.stubEnv("MULAB_DATA", folder);
  vi.stubEnv("XDG_CACHE_HOME", newFolder());
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function put(bytesOf: (file: DataFile) => Uint8Array): void {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), bytesOf(file));
  }
}

test("a file that is cut off is an error", async () => {
  put(() => Buffer.alloc(1000));
  await expect(fetchCommand(["cmaterdb/bangla"])).rejects.toMatchObject({ code: "data/bad-file" });
});

test("a file of the right length with other bytes is an error", async () => {
  put(({ bytes }) => Buffer.alloc(bytes));
  await expect(fetchCommand(["cmaterdb/bangla"])).rejects.toMatchObject({
    code: "data/checksum",
    message: expect.stringContaining(
      createHash("sha256").update(Buffer.alloc(files[0]!.bytes)).digest("hex").slice(0, 8),
    ),
  });
});

test("without a network, the error does not advise the command that failed", async () => {
  vi.stubGlobal("fetch", () =>
    Promise.reject(new TypeError("fetch failed", { cause: new Error("no network") })),
  );
  const failed = await fetchCommand(["cmaterdb/bangla"]).catch((error) => error);
  vi.unstubAllGlobals();
  expect(failed).toMatchObject({ code: "task/data-missing" });
  expect(failed.message).toMatch(/: no network\. Try again where there is a network; or put cmaterdb/);
  expect(failed.message).not.toMatch(/mulab fetch|--tasks/);
});
