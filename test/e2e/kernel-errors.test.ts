/** What a person reads when a cell fails, or logs what failed: over real ZeroMQ, with the built kernel. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JupyterClient } from "../support/jupyter-client.js";
import { emptyFolder, startKernel } from "../support/jupyter-kernel.js";

let client: JupyterClient;
const folder = emptyFolder();
beforeAll(async () => {
  writeFileSync(
    join(folder, "helper.ts"),
    "interface Given { n: number }\n\nexport function boom(_: Given): never {\n  throw new Error('in the helper');\n}\n",
  );
  client = await startKernel({ cwd: folder });
});
afterAll(() => client.stop());

async function failure(code: string) {
  const { reply } = await client.execute(code);
  return { ...reply.content, text: stripVTControlCharacters(reply.content.traceback.join("\n")) };
}

describe("a stack", () => {
  it("leads to the cell from however deep in a package", async () => {
    const cell =
      "import * as aq from 'arquero'\naq.table({ a: [1] }).derive({ b: (d: any) => d.x.y.z.deeper.still })";
    const { evalue, text } = await failure(cell);
    expect(evalue).toContain("Invalid column reference");
    expect(text).toMatch(/> 2 │ aq\.table/);
    expect(text.match(/node_modules\/arquero/g)?.length).toBeLessThanOrEqual(10);
  });

  it("names places of modules beside the notebook as they were written", async () => {
    const { text } = await failure("import { boom } from './helper'\nboom({ n: 1 })");
    expect(text).toMatch(/at boom \(\S*helper\.ts:4:9\)\n\s+at In \[\d+\]:2:1/);
  });

  it("says the same in an error that is logged or shown, without frames of the kernel", async () => {
    const logged = await client.text("// first\n\nconsole.error(new Error('logged'))");
    expect(logged).toMatch(/^Error: logged\n {4}at In \[\d+\]:3:15\n$/);
    expect(await client.text("new RangeError('shown')")).toMatch(
      /^RangeError: shown\n {4}at In \[\d+\]:1:1$/,
    );
  });
});

describe("a promise", () => {
  it("looks as it does elsewhere, without what the kernel has left on it", async () => {
    expect(await client.text("[Promise.resolve(3), new Promise(() => {})]")).toBe(
      "[ Promise { 3 }, Promise { <pending> } ]",
    );
    expect(await client.text("console.log(Object.freeze(Promise.resolve(1)))")).toMatch(/^Promise \{/);
  });
});

describe("wrong syntax", () => {
  it("is all that is reported, at places that the cell has", async () => {
    const { ename, text } = await failure("const n: string = 5\nfunction f( {");
    expect(ename).toBe("SyntaxError");
    expect(text).not.toContain("TS2322");
    expect(text).toMatch(/> 2 │ function f\( \{\n\s+│ {14}\^/);
  });
});

describe("a cell pasted from a module", () => {
  it("runs with its exports, and has its own place in an error", async () => {
    await client.execute(
      "export interface Named { name: string }\nexport const named: Named = { name: 'x' }",
    );
    expect(await client.text("export function nameOf(n: Named) { return n.name }\nnameOf(named)")).toBe(
      "'x'",
    );
    const { text } = await failure(
      "export async function later() { throw new Error('late') }\nawait later()",
    );
    expect(text).toMatch(/> 1 │ export async function later[^\n]*\n\s+│ {39}\^/);
  });
});

describe("what cannot be sent", () => {
  it("leaves the cell an end, and the kernel its next one", async () => {
    const cell =
      "const loop: any = {}; loop.self = loop; ({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': loop }) })";
    expect(await client.text(cell)).toContain("its display method failed: TypeError");
    expect(await client.text("'next'")).toBe("'next'");
  });
});
