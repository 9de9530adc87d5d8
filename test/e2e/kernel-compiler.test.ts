/**
 * The compiler thread keeps one program for many cells. It must say the same of every cell as one that makes a program for each.
 *
 * The cells are checked in order, so each is checked after what the ones before have declared.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Compiler as CompilerClass } from "../../kernel/compiler/compiler.js";
import { emptyFolder } from "../support/jupyter-kernel.js";
import { installed } from "../support/tarball.js";

const CELLS = [
  // Values, and errors that must not be remembered by the next cell.
  "1 + 1",
  "const x = 1",
  "let y: string = x",
  "x.nothing",
  "x + 1",
  "interface Point { a: number }\nconst p: Point = { a: 1 }",
  "p.b",
  "const f = (q: Point) => q.a; f(p)",
  "f('x')",
  "class Box<T> { #n = 1; constructor(readonly item: T) {} get n() { return this.#n } }\nconst box = new Box('x')",
  "box.n + box.item.length",
  "new Box(p).item.a",
  "class Big extends Box<string> { more = 1 }\nnew Big('q').more",
  "enum Colour { Red, Green }\nconst c: Colour = Colour.Green",
  "Colour[c]",
  "const enum Fixed { Seven = 7 }\nFixed.Seven",
  "Fixed.Seven + 1",
  "type Kind = 'a' | 'b'; let kind: Kind = 'c'",
  "type Kind = 'a' | 'b'; let kind: Kind = 'b'",
  "kind = 'a'",
  "const o = { x, kind, f }; o",
  // Declared again with another type.
  "let x = 'now a string'",
  "x.length",
  "function x() { return 1 }\nx()",
  "x() + 1",
  // Exports, as in what is pasted from a module.
  "export const out = 5, also: string = out",
  "export const out = 5\nexport type Out = typeof out",
  "export function outer(o: Out) { return o }\nouter(out)",
  "export default out",
  // Awaits.
  "async function later() { return 5 }\nawait later()",
  "for await (const value of [later()]) console.log(value)",
  "await Promise.all([later(), later()])",
  // Node, packages, modules beside the notebook.
  "import * as fs from 'node:fs'",
  "fs.existsSync('/')",
  "fs.existsSync(5)",
  "let stats = fs.statSync('/'); stats.isFile()",
  "const bytes = Buffer.from('x')",
  "bytes.nothing",
  "bytes.length",
  "import { join, resolve } from 'path'\njoin('a', 'b')",
  "join(1)",
  "import { table } from 'arquero'",
  "const t = table({ a: [1, 2] }); t",
  "t.numRows()",
  "t.nothing",
  "import { nothing } from 'arquero'",
  "import zip from 'not-a-package'",
  "import { fromLocal, type Local } from './local'\nfromLocal + 1",
  "const local: Local = { a: 'x' }",
  "const local: Local = { a: 2 }; local.a + fromLocal",
  "const path = await import('path'); path.sep",
  "path.join('a', 'b')",
  // What belongs to a program as a whole.
  "declare global { interface Array<T> { first(): T } }\nArray.prototype.first = function () { return this[0] }; [1].first()",
  "1 + 2",
  "[3].first()",
  "namespace Inner { export const v = 1 }\nInner.v",
  "Inner.v",
  // What looks odd.
  "x.",
  "const const",
  "let unfinished = (",
  "",
  "// only words",
  "label: for (;;) { break label }",
  "let { a: { length } } = { a: 'str' }; length",
  "function decorate(target: any) {}\n@decorate class D {}\nD",
  "export const exported = 5",
  "exported",
  "[kind, length] = ['a', 2]; kind",
  "p!.a satisfies number",
  "1 < 2 > (true)",
  "return 5",
  "const symbol = Symbol('q'); const keyed = { [symbol]: 1 }; keyed[symbol]",
  "keyed",
  "type Deep<T> = T extends (infer Q)[] ? Deep<Q> : T; let deep: Deep<number[][]> = 'x'",
  "const shown = display(1); shown.id",
  "process.version",
];

/** The cells above that have an error. */
const UNSOUND = new Set([
  "export const out = 5, also: string = out",
  "1 < 2 > (true)",
  "let y: string = x",
  "x.nothing",
  "p.b",
  "f('x')",
  "type Kind = 'a' | 'b'; let kind: Kind = 'c'",
  "fs.existsSync(5)",
  "bytes.nothing",
  "join(1)",
  "t.nothing",
  "import { nothing } from 'arquero'",
  "import zip from 'not-a-package'",
  "const local: Local = { a: 'x' }",
  "x.",
  "const const",
  "let unfinished = (",
  "return 5",
  "type Deep<T> = T extends (infer Q)[] ? Deep<Q> : T; let deep: Deep<number[][]> = 'x'",
]);

let compilers: CompilerClass[];
beforeAll(async () => {
  const { Compiler } = (await import(join(installed(), "dist/kernel/compiler/compiler.js"))) as {
    Compiler: typeof CompilerClass;
  };
  const folder = emptyFolder();
  writeFileSync(
    join(folder, "local.ts"),
    "export const fromLocal = 41;\nexport interface Local { a: number }\n",
  );
  compilers = [true, false].map((keepsProgram) => new Compiler({ folder, keepsProgram }));
  for (const compiler of compilers) compiler.start();
});
afterAll(() => {
  for (const compiler of compilers) compiler.close();
});

describe("a program that stays", () => {
  it("says the same of each cell as a new one does", async () => {
    const sound: string[] = [];
    for (const cell of CELLS) {
      const [kept, fresh] = await Promise.all(compilers.map((c) => c.check(cell, "if-sound")));
      expect(kept, cell).toEqual(fresh);
      if (kept!.diagnostics.length === 0) sound.push(cell);
    }
    expect(sound).toEqual(CELLS.filter((cell) => !UNSOUND.has(cell)));
    const code = "stats.isF";
    const [kept, fresh] = await Promise.all(compilers.map((c) => c.complete(code, code.length)));
    expect(kept).toEqual(fresh);
    expect(kept!.matches.map((match) => match.text)).toContain("isFile");
  });

  it("stays right when it is made again after many cells", async () => {
    const [kept] = compilers;
    await kept!.check("let n = 1", "if-sound");
    for (let i = 0; i < 410; i++) {
      const good = await kept!.check(`n.toFixed(${i})`, "if-sound");
      expect(good.diagnostics).toEqual([]);
    }
    await kept!.check("let n = 'x'", "if-sound");
    const bad = await kept!.check("n.toFixed()", "if-sound");
    expect(bad.diagnostics).toMatchObject([{ code: 2551, line: 0, column: 2 }]);
  });

  it("shows the comments of packages, which are not read before somebody inspects", async () => {
    const [kept] = compilers;
    expect(await kept!.inspect("Math.hypot", 7)).toContain("square root of the sum of squares");
    await kept!.check("import { table } from 'arquero'", "if-sound");
    expect(await kept!.inspect("table", 2)).toContain("Create a new table");
  });
});
