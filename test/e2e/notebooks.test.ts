import { cp, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTasks } from "../../src/data/tasks.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { runCli } from "../support/cli.js";
import { missingPython, requireOrSkip } from "../support/lab-require.js";
import { convert } from "../support/nbconvert.js";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));
const names = (await readdir(NOTEBOOKS)).filter((name) => name.endsWith(".ipynb"));

/** Why the numerals may be missing here: the notebooks are about real images, and nothing replaces them unasked. */
const missingImages = (): Promise<string[]> =>
  loadTasks(preliminary().tasks, { seed: 0, validation: 0.2 }).then(
    () => [],
    (error: Error) => [error.message],
  );

const missing = [...missingPython({ nbconvert: "jupyter-nbconvert" }), ...(await missingImages())];
const possible = requireOrSkip("the notebooks, executed", missing);

interface Output {
  readonly output_type: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: readonly string[];
    readonly outputs?: readonly Output[];
  }[];
  readonly metadata: { readonly widgets?: Readonly<Record<string, { readonly state: object }>> };
}

const read = async (file: string): Promise<Notebook> => JSON.parse(await readFile(file, "utf8"));
const outputsOf = ({ cells }: Notebook): Output[] => cells.flatMap(({ outputs = [] }) => outputs);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-notebooks-"));
  if (!possible) return;
  expect((await runCli(["kernel", "install", "--prefix", join(folder, "prefix")])).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Executes a copy of the notebook at smoke budget, as a person would with "Run all". */
async function execute(name: string): Promise<Notebook> {
  const dir = join(folder, name.replace(".ipynb", ""));
  await cp(NOTEBOOKS, dir, { recursive: true, filter: (path) => basename(path) !== "runs" });
  await convert(join(dir, name), join(folder, "prefix"), { MULAB_BUDGET: "smoke" });
  return read(join(dir, name));
}

describe.skipIf(!possible).each(names)("%s", (name) => {
  it("runs from top to bottom at smoke budget, and saves its widgets with a picture for where there is no kernel", async () => {
    const notebook = await execute(name);
    const outputs = outputsOf(notebook);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
    expect(code.every((cell) => "outputs" in cell)).toBe(true);
    const views = outputs.filter(({ data }) => data?.["application/vnd.jupyter.widget-view+json"]);
    expect(views.length).toBeGreaterThan(0);
    const standIns = ["text/plain", "image/svg+xml", "image/png"];
    for (const { data } of views) expect(Object.keys(data!)).toEqual(expect.arrayContaining(standIns));
    const drawn = outputs.filter(({ data }) => data?.["image/svg+xml"]);
    for (const { data } of drawn) {
      expect(Object.keys(data!)).toContain("image/png"); // GitHub strips SVG
      expect([data!["text/plain"]].flat().join("")).not.toContain("<svg");
    }
    const saved = notebook.metadata.widgets?.["application/vnd.jupyter.widget-state+json"];
    expect(Object.keys(saved?.state ?? {}).length).toBeGreaterThan(0);
  });

  it("is stored executed, and opens with its command, the time it takes and what to expect", async () => {
    const stored = await read(join(NOTEBOOKS, name));
    const opening = stored.cells[0]!.source.join("");
    for (const word of ["command", "expected time", "expected result"]) expect(opening).toContain(word);
    expect(outputsOf(stored).length).toBeGreaterThan(3);
    expect((await stat(join(NOTEBOOKS, name))).size).toBeLessThan(3e6);
    expect(outputsOf(stored).filter(({ output_type }) => output_type === "error")).toEqual([]);
  });
});
