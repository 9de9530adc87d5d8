// The catalogue of errors: their parts, the way between threads, and that nothing reads their prose.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import * as errors from "../../src/core/errors/index.js";
import { describeError, hasCode, MulabError, reviveError } from "../../src/core/errors/index.js";

describe("an error", () => {
  const error = errors.rootChanged("ti.npz", "a".repeat(64), "b".repeat(64));

  it("has its parts as fields, and says them in one message", () => {
    expect(error).toMatchObject({
      code: "root/checksum",
      found: "a".repeat(64),
      expected: "b".repeat(64),
      fatal: true,
    });
    expect(error.message).toBe(`${error.problem} ${error.remedy}`);
    expect(Object.hasOwn(error, "cause")).toBe(false);
  });

  it("keeps every part on the way between threads", () => {
    const back = reviveError(structuredClone(describeError(error)));
    expect(back).toBeInstanceOf(MulabError);
    expect(describeError(back)).toEqual(describeError(error));
    expect(back.message).toBe(error.message);
  });

  it("that is not ours keeps its message and stack", () => {
    const other = new RangeError("out of reach");
    expect(reviveError(describeError(other))).toMatchObject({ message: "out of reach", stack: other.stack });
    expect(reviveError(describeError("odd")).message).toBe("odd");
  });

  it("is known by its whole code", () => {
    expect(hasCode(error, "root/missing", "root/checksum")).toBe(true);
    expect(hasCode(error, "root")).toBe(false);
    expect(hasCode(new Error("root/checksum"), "root/checksum")).toBe(false);
  });
});

it("a checkpoint in a format of data keeps what was found and gets another remedy", () => {
  const asData = errors.badFile("ti.npz", "14 bytes", "a whole member");
  const asRoot = errors.badCheckpointFile(asData);
  expect(asRoot).toMatchObject({ code: "root/bad-file", problem: asData.problem, found: "14 bytes" });
  expect(asRoot.message).toMatch(/^ti\.npz: 14 bytes; expected a whole member\. Download the file again/);
});

it.each([
  ["ENOSPC", true],
  ["EROFS", true],
  ["EEXIST", false],
  ["EIO", false],
])("a failed write (%s) stops a sweep where the next would fail too: %s", (code, fatal) => {
  const error = errors.writeFailed("runs/a", Object.assign(new Error(`${code}: injected`), { code }));
  expect(error.fatal).toBe(fatal);
  expect(error.message).toMatch(/^Can't write runs\/a: .*\.$/);
});

/** Each file of `folder` and those below it. */
const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ts$/.test(name))
    .map((name) => join(folder, name));

it("nothing decides by a pattern on an error's message or code", () => {
  const pattern =
    /\.test\((error|cause|failure)\.(code|message)|(error|cause|failure)\.(code|message)\.(match|includes|startsWith|endsWith|search|replace|split)\(/;
  const offenders = [...sources("src"), ...sources("widgets")].filter((file) =>
    pattern.test(readFileSync(file, "utf8").replace(/\.message\.split\("\\n"\)\[0\]/g, "")),
  );
  expect(offenders).toEqual([]);
});

it("all errors of mulab are made by the catalogue", () => {
  const makers = sources("src").filter((file) => /new MulabError\(/.test(readFileSync(file, "utf8")));
  expect(makers.filter((file) => !file.startsWith("src/core/errors/"))).toEqual([]);
});

it("the first part of a code says which file makes it", () => {
  const places = new Map<string, Set<string>>();
  for (const file of sources("src/core/errors"))
    for (const [, kind] of readFileSync(file, "utf8").matchAll(/new MulabError\(\s*["`]([\w-]+)\//g))
      places.set(kind!, (places.get(kind!) ?? new Set()).add(basename(file, ".ts")));
  const several = [...places].filter(([, files]) => files.size > 1).map(([kind, files]) => [kind, ...files]);
  expect(several).toEqual([["data", "data", "own-images"]]);
  const elsewhere = [...places]
    .filter(([kind, files]) => !files.has(kind))
    .map(([kind, [file]]) => [kind, file]);
  expect(Object.fromEntries(elsewhere)).toEqual({
    figure: "sweep",
    graph: "engine",
    hyperparams: "options",
    kernel: "cells",
    system: "store",
    task: "data",
  });
});

describe("what the system refused", () => {
  it("is a sentence with the place and what to do; any other error is not taken for it", () => {
    const refused = Object.assign(new Error("EIO: i/o error, scandir '/run/writer.lock'"), {
      code: "EIO",
      syscall: "scandir",
      path: "/run/writer.lock",
    });
    const said = errors.systemRefused(refused)!;
    expect(said.code).toBe("system/refused");
    expect(said.message).toMatch(/^The system could not scandir \/run\/writer\.lock: .* Check the disk/);
    expect(errors.systemRefused(new TypeError("x is not a function"))).toBeNull();
    expect(errors.systemRefused("EIO")).toBeNull();
  });
});
