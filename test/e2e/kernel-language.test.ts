/** What cells mean: one scope for all, today's TypeScript, and modules as Node and TypeScript find them. With the built kernel. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JupyterClient } from "../support/jupyter-client.js";
import { emptyFolder, startKernel } from "../support/jupyter-kernel.js";

const outer = emptyFolder();
const folder = join(outer, "notebooks");
const write = (name: string, text: string) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const packageOf = (name: string, json: object, files: Record<string, string>) => {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", ...json }));
  for (const [file, text] of Object.entries(files)) write(`node_modules/${name}/${file}`, text);
};

let client: JupyterClient;
const text = (code: string) => client.text(code);
beforeAll(async () => {
  packageOf(
    "only-esm",
    { type: "module", exports: "./index.js" },
    {
      "index.js": "export default function answer() { return 42 }",
      "index.d.ts": "export default function answer(): number;",
    },
  );
  packageOf(
    "awaits",
    { type: "module", exports: "./index.js" },
    {
      "index.js": "const v = await Promise.resolve(7); export default v; export const named = v + 1;",
      "index.d.ts": "declare const v: number; export default v; export const named: number;",
    },
  );
  const count = "globalThis.twinLoads = (globalThis.twinLoads ?? 0) + 1;";
  packageOf(
    "twin",
    { exports: { import: "./index.mjs", require: "./index.cjs" } },
    {
      "index.mjs": `${count} export const state = { n: 0 };`,
      "index.cjs": `${count} exports.__esModule = true; exports.state = { n: 0 };`,
      "index.d.mts": "export const state: { n: number };",
      "index.d.cts": "export const state: { n: number };",
    },
  );
  packageOf(
    "compiled",
    { main: "index.js" },
    {
      "index.js":
        "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'the default';",
      "index.d.ts": "declare const d: string; export default d;",
    },
  );
  write(
    "tsconfig.json",
    '{ /* as people write it */ "compilerOptions": { "paths": { "~/*": ["./src/*"] }, "jsx": "react", "jsxFactory": "h" }, }',
  );
  write("src/deep.ts", "export const deep: string = 'by a path';");
  writeFileSync(join(outer, "above.ts"), "export const above = import.meta.filename;");
  client = await startKernel({ cwd: folder });
});
afterAll(async () => {
  await client.stop();
  rmSync(outer, { recursive: true, force: true });
});

describe("one scope", () => {
  it("is seen as it is by functions of earlier cells", async () => {
    await text("let lr = 0.1; const step = (x: number) => x * lr");
    expect(await text("lr = 0.5; step(1)")).toBe("0.5");
    expect(await text("let lr = 0.25; step(1)")).toBe("0.25");
    await text("const read = () => typeof later; var later: string | undefined");
    expect(await text("later = 'now'; read()")).toBe("'string'");
    await text("function twice(n: number) { return once(n) * 2 } function once(n: number) { return n }");
    expect(await text("function once(n: number) { return n + 10 } twice(1)")).toBe("22");
    await text("class Model { size = 1 } const make = () => new Model()");
    expect(await text("class Model { size = 2 } make().size")).toBe("2");
  });

  it("follows timers, promises and destructuring", async () => {
    await text(
      "let count = 0; const { a: first, ...rest } = { a: 1, b: 2 }; const get = () => [count, first, rest]",
    );
    expect(
      await text("setTimeout(() => { count = 5 }); await new Promise((r) => setTimeout(r, 5)); get()"),
    ).toBe("[ 5, 1, { b: 2 } ]");
    expect(await text("[count] = [9]; await Promise.resolve().then(() => { count++ }); get()[0]")).toBe("10");
    expect(await text("{ var hoisted = 3 } for (var i = 0; i < 2; i++); hoisted + i")).toBe("5");
    expect(await text("hoisted * i")).toBe("6");
  });

  it("has types that follow a declaration with another type, and values that keep theirs", async () => {
    await text("type Unit = number; let size: Unit = 1; const copy = size");
    await text("type Unit = string; let size: Unit = 'big'");
    expect(await text("size.toUpperCase()")).toBe("'BIG'");
    expect(await text("copy.toFixed(1)")).toBe("'1.0'");
    expect(await text("copy.toUpperCase()")).toMatch(/TS2339/);
    expect(await text("size.toFixed()")).toMatch(/TS2551/);
  });

  it("keeps constants, names of functions, and packages apart from what cells declare", async () => {
    await text("const fixed = 1");
    expect(await text("fixed = 2")).toMatch(/TS2588/);
    expect(await text("const named = () => 1; named.name")).toBe("'named'");
    expect(
      await text("import { setTimeout } from 'node:timers/promises'; await setTimeout(1, 'slept')"),
    ).toBe("'slept'");
    expect(await text("globalThis.setTimeout === (setTimeout as any)")).toBe("false");
    await text("const window = 5");
    expect(await text("'window' in globalThis")).toBe("false");
  });

  it("has a global that a later cell declares, in functions of earlier cells too, as Node's REPL has", async () => {
    await text(
      "const kindOf = () => typeof structuredClone; const read = (): unknown => structuredClone; const made = () => structuredClone({ a: 1 }); undefined",
    );
    expect(await text("[kindOf(), made().a]")).toBe("[ 'function', 1 ]");
    expect(await text("const performance = { now: () => 'later' }; performance.now().length")).toBe("5");
    await text("const structuredClone = 'mine'; undefined");
    expect(await text("[kindOf(), read(), structuredClone.length, typeof globalThis.structuredClone]")).toBe(
      "[ 'string', 'mine', 4, 'function' ]",
    );
    expect(await text("import { performance as real } from 'node:perf_hooks'; typeof real.now()")).toBe(
      "'number'",
    );
    await text("const newest = (): unknown => new Set([1]); undefined");
    expect(await text("newest()")).toBe("Set(1) { 1 }");
    await text("class Set<T> { constructor(readonly values: readonly T[]) {} }");
    expect(await text("[newest(), new Set(['a']).values[0]!.length]")).toBe("[ Set { values: [ 1 ] }, 1 ]");
    expect(await text("var setImmediate = typeof setImmediate; setImmediate")).toBe("'function'");
  });

  it("has JavaScript's own globals declared anew by a cell, in functions of earlier cells too", async () => {
    await text(
      "const largest = () => Math.max(1, 2); const parsed = () => JSON.parse('1'); const made = () => Array.of(1); undefined",
    );
    await text(
      "const Math = { max: () => 'mine' }; let JSON = { parse: (s: string) => 'json ' + s }; undefined",
    );
    await text("class Array { static of(n: number) { return 'array ' + n } }");
    expect(await text("[largest(), parsed(), made()].join()")).toBe("'mine,json 1,array 1'");
    expect(await text("globalThis.Math.max(1, 2)")).toBe("2");
    await text("const Math = globalThis.Math, JSON = globalThis.JSON, Array = globalThis.Array; undefined");
    // What the compiler adds for `using` refers to globals too.
    await text("const held = { [Symbol.dispose]() { console.log('gone') } }; undefined");
    await text("const Symbol = 1, Object = 2, TypeError = 3; undefined");
    expect(await text("{ using owned = held; }")).toBe("gone\n");
    await text("const Symbol = globalThis.Symbol, Object = globalThis.Object; undefined");
  });

  it("is seen by direct eval, as the scopes around it are", async () => {
    await text("let seen = 1; const readSeen = () => seen; undefined");
    expect(await text("eval('seen = 5; seen + 1')")).toBe("6");
    expect(await text("readSeen()")).toBe("5");
    expect(
      await text("((seen: number) => { const own = 2; return eval('[seen, own, readSeen()]') })(1)"),
    ).toBe("[ 1, 2, 5 ]");
    await text(
      "const follows = eval('() => typeof Math.sin + seen'); const [dflt = eval('seen')] = []; undefined",
    );
    expect(await text("seen = 7; [follows(), dflt]")).toBe("[ 'function7', 5 ]");
    expect(await text("eval('seen +')")).toMatch(/^SyntaxError/);
    expect(await text("eval(3 as any)")).toBe("3");
  });

  it("has names that are written with escapes", async () => {
    await text(String.raw`const \u0061bc = 7; undefined`);
    expect(await text("abc")).toBe("7");
  });

  it("runs a script's first line as a comment", async () => {
    expect(await text("#!/usr/bin/env node\n1 + 1")).toBe("2");
  });

  it("names what was written in an error", async () => {
    await text("let maybe: any = 1");
    expect(await text("maybe()")).toMatch(/^TypeError: maybe is not a function/);
    expect(await text("new maybe()")).toMatch(/^TypeError: maybe is not a constructor/);
    expect(await text("const early = (() => tdz)(); let tdz = 1")).toMatch(/TS2448|before initialization/);
  });
});

describe("the language", () => {
  it.each([
    ["libraries of the running Node", "[3, 1].toSorted()", "[ 1, 3 ]"],
    [
      "standard decorators",
      "function log(_: unknown, { kind }: { kind: string }) { return undefined as any }\nclass D { @log m() { return 'm' } }\nnew D().m()",
      "'m'",
    ],
    [
      "enums, namespaces and parameter properties",
      "enum E { A = 3 } namespace N { export const n = 1 } class P { constructor(readonly p: number) {} }\n[E.A, E[3], N.n, new P(4).p]",
      "[ 3, 'A', 1, 4 ]",
    ],
    [
      "satisfies, const type parameters, accessors",
      "const same = <const T,>(t: T) => t; class X { accessor v = 2 }\n[same([1]) satisfies readonly [1], new X().v]",
      "[ [ 1 ], 2 ]",
    ],
    ["top-level for await", "let sum = 0; for await (const n of [1, Promise.resolve(2)]) sum += n; sum", "3"],
    ["a comparison that looks like a type", "1 < 2", "true"],
  ])("has %s", async (_title, code, expected) => {
    expect(await text(code)).toBe(expected);
  });

  it("has JSX, by the factory that tsconfig.json names", async () => {
    await text("declare global { namespace JSX { interface IntrinsicElements { b: any } } }");
    await text("const h = (tag: string, _: any, ...inner: any[]) => tag + inner.join()");
    expect(await text("const el = <b>x{1}</b>; el as any")).toBe("'bx,1'");
  });

  it("disposes of what a cell uses when the cell ends", async () => {
    await text(
      "const log: string[] = []; const open = (n: string) => ({ n, [Symbol.dispose]() { log.push(n) }, async [Symbol.asyncDispose]() { log.push('async ' + n) } })",
    );
    await text("using one = open('one'); await using two = open('two'); log.push('end')");
    expect(await text("log")).toBe("[ 'end', 'async two', 'one' ]");
  });

  it("declares globals for all cells", async () => {
    await text(
      "declare global { interface Array<T> { last(): T } }\nArray.prototype.last = function () { return this[this.length - 1] }",
    );
    expect(await text("[1, 2].last()")).toBe("2");
  });

  it("knows where the notebook is", async () => {
    expect(await text("[import.meta.dirname, __dirname]")).toContain(folder);
    expect(await text("import.meta.url.startsWith('file:') && import.meta.filename === __filename")).toBe(
      "true",
    );
    expect(await text("require.resolve('only-esm').endsWith('index.js') || 0")).toMatch(/true|ERR_PACKAGE/);
    expect(await text("typeof module.exports")).toBe("'object'");
  });
});

describe("modules", () => {
  it("gives the default of an ES module, of one that awaits, and of one that a compiler made", async () => {
    expect(await text("import answer from 'only-esm'; answer()")).toBe("42");
    expect(await text("import v, { named as n2 } from 'awaits'; [v, n2]")).toBe("[ 7, 8 ]");
    expect(await text("import d from 'compiled'; d")).toBe("'the default'");
  });

  it("has one instance of a package, however it is imported", async () => {
    write("uses-twin.ts", "import { state } from 'twin'; export const fromFile = state;");
    await text("import { state } from 'twin'; import { fromFile } from './uses-twin'");
    expect(
      await text(
        "const dynamic = await import('twin'); const required = require('twin'); [state === dynamic.state, state === required.state, state === fromFile]",
      ),
    ).toBe("[ true, true, true ]");
    expect(await text("(globalThis as any).twinLoads")).toBe("1");
  });

  it("finds files above the folder, with their endings, and by tsconfig's paths", async () => {
    expect(await text("import { above } from '../above'; above")).toContain("above.ts");
    expect(await text("import { above as again } from '../above.ts'; again === above")).toBe("true");
    expect(await text("import { deep } from '~/deep'; deep")).toBe("'by a path'");
    expect(
      await text(
        `const byUrl = await import(${JSON.stringify(pathToFileURL(join(outer, "above.ts")).href)}); byUrl.above === above`,
      ),
    ).toBe("true");
  });

  it("tries a failed import again: of a package, of a file, of one that threw", async () => {
    expect(await text("import { late } from 'installed-later'; late")).toMatch(/TS2307|Cannot find package/);
    packageOf(
      "installed-later",
      { type: "module", exports: "./index.js" },
      {
        "index.js": "export const late = 'there';",
        "index.d.ts": "export const late: string;",
      },
    );
    expect(await text("import { late } from 'installed-later'; late")).toBe("'there'");
    expect(await text("import { note } from './written-later'; note")).toMatch(/TS2307|Cannot find module/);
    write("written-later.ts", "throw new Error('not yet'); export const note = 1;");
    expect(await text("import { note } from './written-later'; note")).toMatch(/not yet/);
    write("written-later.ts", "export const note = 'written';");
    expect(await text("import { note } from './written-later'; note")).toBe("'written'");
  });

  it("has changed files fresh, and whatever imports them, and JSON", async () => {
    write("leaf.ts", "export let n = 1; export const bump = () => { n++ };");
    write("branch.ts", "export { n as leafN } from './leaf'; export * as all from './leaf';");
    write("data.json", '{ "rows": [1] }');
    expect(
      await text(
        "import { leafN, all } from './branch'; import data from './data.json'; [leafN, all.n, data.rows]",
      ),
    ).toBe("[ 1, 1, [ 1 ] ]");
    expect(await text("all.bump(); leafN")).toBe("2");
    write("leaf.ts", "export const n = 'new'; export const bump = () => {}; // longer than before");
    write("data.json", '{ "rows": [1, 2] }');
    expect(
      await text(
        "import { leafN, all } from './branch'; import data from './data.json'; [leafN, all.n, data.rows]",
      ),
    ).toBe("[ 'new', 'new', [ 1, 2 ] ]");
    expect(await text("import data from './data.json' with { type: 'json' }; data.rows.length")).toBe("2");
  });

  it("runs modules that import each other, and such that await", async () => {
    write(
      "even.ts",
      "import { odd } from './odd'; export function even(n: number): boolean { return n === 0 || odd(n - 1) }",
    );
    write(
      "odd.ts",
      "import { even } from './even'; export const check = even(0); export function odd(n: number): boolean { return n !== 0 && even(n - 1) }",
    );
    write(
      "waits.ts",
      "export const waited = await new Promise<string>((r) => setTimeout(() => r('done'), 1));",
    );
    expect(
      await text("import { even } from './even'; import { check } from './odd'; [even(10), check]"),
    ).toBe("[ true, true ]");
    expect(await text("import { waited } from './waits'; waited")).toBe("'done'");
    write("common.cjs", "module.exports = { kind: 'CommonJS', file: __filename };");
    expect(await text("require('./common.cjs').kind")).toBe("'CommonJS'");
  });
});
