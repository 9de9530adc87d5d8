import { describe, expect, it } from "vitest";
import { withOldFields } from "../../kernel/compiler/package-exports.js";

const read = (json: object) => JSON.parse(withOldFields(JSON.stringify(json)));

describe("a package.json for a compiler that reads no exports", () => {
  it("has types, main and typesVersions from them", () => {
    const exports = {
      ".": { browser: "./b.js", import: { types: "./i.d.mts", default: "./i.mjs" }, require: "./c.cjs" },
      "./sub": [{ types: "./sub.d.ts" }, "./sub.js"],
      "./hidden/*": null,
      "./data.json": "./data.json",
    };
    expect(read({ exports })).toEqual({
      exports,
      types: "./i.d.mts",
      main: "./i.d.mts",
      typesVersions: { "*": { sub: ["./sub.d.ts"] } },
    });
    expect(read({ exports: "./only.js" })).toMatchObject({ types: "./only.js" });
  });

  it("keeps what the package says itself, and what cannot be read", () => {
    const own = { exports: { ".": "./new.js" }, types: "./own.d.ts", main: "./own.js" };
    expect(read(own)).toEqual(own);
    const versions = { exports: { "./a": "./a.js" }, typesVersions: { "*": {} } };
    expect(read(versions)).toEqual(versions);
    expect(withOldFields('{"exports": ')).toBe('{"exports": ');
  });
});
