/** Packages and modules beside a notebook: imported with their types, and completed by name. With the built kernel. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JupyterClient } from "../support/jupyter-client.js";
import { emptyFolder, startKernel } from "../support/jupyter-kernel.js";

const modern = {
  name: "modern",
  type: "module",
  exports: {
    ".": { types: "./lib/main.d.ts", default: "./lib/main.js" },
    "./part": { import: { types: "./lib/part.d.ts", default: "./lib/part.js" } },
    "./sets/*": "./lib/sets/*.js",
    "./styles.css": "./styles.css",
  },
};
const FILES = {
  "node_modules/modern/package.json": JSON.stringify(modern),
  "node_modules/modern/lib/main.js": "export const answer = 42;",
  "node_modules/modern/lib/main.d.ts": "export declare const answer: number;",
  "node_modules/modern/lib/part.js": "export const part = 'half';",
  "node_modules/modern/lib/part.d.ts": "export declare const part: string;",
  "node_modules/modern/lib/sets/one.js": "export const one = [1];",
  "node_modules/modern/lib/sets/one.d.ts": "export declare const one: number[];",
  "node_modules/plainly/package.json": JSON.stringify({ name: "plainly", exports: "./index.js" }),
  "node_modules/plainly/index.js": "exports.simple = 1;",
  "node_modules/plainly/index.d.ts": "export declare const simple: number;",
  "helper.ts": "export const help = 1;",
};

let client: JupyterClient;
beforeAll(async () => {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  client = await startKernel({ cwd: folder });
});
afterAll(() => client.stop());

describe("a package that says only in its exports where things are", () => {
  it("is imported, its parts too, types included", async () => {
    expect(await client.text("import { answer } from 'modern'; answer + 1")).toBe("43");
    expect(await client.text("answer.length")).toMatch(/^TypeScriptError: TS2339/);
    expect(await client.text("import { part } from 'modern/part'; part.toUpperCase()")).toBe("'HALF'");
    expect(await client.text("import { one } from 'modern/sets/one'; one")).toBe("[ 1 ]");
    expect(await client.text("one.length.x")).toMatch(/^TypeScriptError: TS2339/);
    expect(await client.text("import { simple } from 'plainly'; simple.length")).toMatch(/TS2339/);
  });
});

/** What is offered at `|`, and the text that it would replace. */
async function completed(marked: string): Promise<[replaced: string, matches: string[]]> {
  const at = marked.indexOf("|");
  const code = marked.replace("|", "");
  const { content } = (await client.request("complete_request", { code, cursor_pos: at })).reply;
  return [code.slice(content.cursor_start, content.cursor_end), content.matches];
}

describe("completion in a string", () => {
  it("knows files beside the notebook, packages, and what can be imported anywhere", async () => {
    expect(await completed("import { help } from './he|'")).toEqual(["he", ["helper"]]);
    expect(await completed("import { answer } from 'mode|")).toEqual(["mode", ["modern"]]);
    expect(await completed("import { open } from 'mul|'")).toEqual(["mul", ["mulab"]]);
    const [, all] = await completed("import x from '|'");
    expect(all).toEqual(expect.arrayContaining(["mulab", "arquero", "modern", "node:fs"]));
    expect(all).not.toContain("@fontsource");
  });

  it("knows the values of a type, and replaces what has been typed of one", async () => {
    await client.execute("type Colour = 'red' | 'green'; function paint(c: Colour) {}");
    expect(await completed("paint('r|')")).toEqual(["r", ["red"]]);
    expect(await completed("paint('gr|een')")).toEqual(["green", ["green"]]);
    expect(await completed("paint('r|")).toEqual(["r", ["red"]]);
    expect(await completed("'re|'")).toEqual(["re", []]);
  });
});
