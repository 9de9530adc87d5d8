/** The kernel's pure parts: commands, history, widget buffers, displays, positions, paths, tracebacks. */
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { putBuffers, removeBuffers } from "../../kernel/comm/widget.js";
import { commandAt, parseCell } from "../../kernel/commands.js";
import { DISPLAY, Displays } from "../../kernel/display.js";
import { History } from "../../kernel/history.js";
import { dataFolder } from "../../kernel/jupyter-paths.js";
import { logoPng, logoSvg } from "../../kernel/logo.js";
import { toCodePoints, toUtf16 } from "../../kernel/text.js";
import { excerpt, Tracebacks } from "../../kernel/traceback.js";

const plain = (lines: readonly string[]) => stripVTControlCharacters(lines.join("\n"));

describe("parseCell", () => {
  it("takes %%name with its body, after empty lines too", () => {
    const cell = parseCell("\n%%evolve fast\na: 1\nb: 2");
    expect(cell.calls).toEqual([{ name: "evolve", args: "fast", line: 1 }]);
    expect(cell.body).toEqual({ text: "a: 1\nb: 2", line: 2 });
    expect(cell.code).toBe("");
  });

  it("takes %name lines at the top only, and keeps the lines' numbers", () => {
    const cell = parseCell("%one a\n\n%two\nconst x = 5\n% 3");
    expect(cell.calls.map((call) => call.name)).toEqual(["one", "two"]);
    expect(cell.code).toBe("\n\n\nconst x = 5\n% 3");
  });

  it("knows in whose text the cursor is", () => {
    expect(commandAt("%%a\nbody", 6)).toEqual({ name: "a", isCell: true });
    expect(commandAt("%a x\n1 + 1", 3)).toEqual({ name: "a", isCell: false });
    expect(commandAt("%a x\n1 + 1", 8)).toBeUndefined();
  });
});

describe("History", () => {
  const history = new History();
  for (const [i, code] of ["a1", "b", "a2", "a1"].entries()) history.add(i + 1, code);
  history.setOutput(2, "B");
  const inputs = (request: Parameters<History["find"]>[0]) => history.find(request).map((row) => row[2]);

  it("answers tail, range and search", () => {
    expect(inputs({ hist_access_type: "tail", n: 2 })).toEqual(["a2", "a1"]);
    expect(inputs({ hist_access_type: "range", session: 0, start: 2, stop: 4 })).toEqual(["b", "a2"]);
    expect(inputs({ hist_access_type: "search", pattern: "a?" })).toEqual(["a1", "a2", "a1"]);
    expect(inputs({ hist_access_type: "search", pattern: "a*", unique: true })).toEqual(["a2", "a1"]);
    expect(inputs({ hist_access_type: "tail", n: 3, output: true })[0]).toEqual(["b", "B"]);
  });
});

describe("widget buffers", () => {
  it("leave the state and come back to their places", () => {
    const x = new Uint8Array([1]);
    const state = { a: 1, data: { x, list: [x, 2] } };
    const { state: rest, paths, buffers } = removeBuffers(state);
    expect(rest).toEqual({ a: 1, data: { list: [null, 2] } });
    expect(paths).toEqual([
      ["data", "x"],
      ["data", "list", 0],
    ]);
    expect(putBuffers(structuredClone(rest), paths, buffers as Uint8Array[])).toEqual(state);
    expect(state.data.x).toBe(x);
  });

  it("cannot be put where they would change every object", () => {
    putBuffers(
      { a: {} },
      [
        ["a", "__proto__"],
        ["__proto__", "polluted"],
        ["no", "where"],
      ],
      [new Uint8Array(1)],
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("Displays", () => {
  const displays = new Displays();
  it("shows the text of plain values, and of a value whose own method fails", async () => {
    expect((await displays.of("text")).data).toEqual({ "text/plain": "'text'" });
    const broken = { _repr_html_: () => Promise.reject(new Error("no")) };
    expect((await displays.of(broken)).data["text/plain"]).toContain("its display method failed: Error: no");
  });

  it("encodes bytes as base64", async () => {
    const { data } = await displays.of({ _repr_png_: () => new Uint8Array([1, 2, 3]) });
    expect(data["image/png"]).toBe("AQID");
  });

  it("gives only what a message can hold: BigInt as numbers, text as text, and for a cycle the reason", async () => {
    const shown = async (mime: string, part: unknown) =>
      (await displays.of({ [DISPLAY]: () => ({ [mime]: part }) })).data;
    const chart = {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      data: { values: [{ n: 7n }] },
    };
    const { data } = await displays.of(chart);
    expect(data["application/vnd.vegalite.v5+json"]).toMatchObject({ data: { values: [{ n: 7 }] } });
    expect((await shown("text/html", 5))["text/html"]).toBe("5");
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(Object.keys(await shown("application/json", cycle))).toEqual(["text/plain"]);
    expect((await shown("application/json", cycle))["text/plain"]).toContain("its display method failed");
  });

  it("asks renderers first, the newest before the others", async () => {
    const remove = displays.addRenderer((value) =>
      "shape" in value ? { "image/svg+xml": "<svg/>" } : undefined,
    );
    expect((await displays.of({ shape: 1 })).data["image/svg+xml"]).toBe("<svg/>");
    remove();
    expect((await displays.of({ shape: 1 })).data["image/svg+xml"]).toBeUndefined();
  });
});

describe("tracebacks", () => {
  it("mark the line and put the caret under the place, tabs kept", () => {
    expect(plain(excerpt("a\n\tb.c\nd", { line: 1, column: 3 }, 1))).toBe(
      "  1 │ a\n> 2 │ \tb.c\n    │ \t  ^\n  3 │ d",
    );
    // A Chinese character is two columns wide.
    expect(plain(excerpt('f("漢字", 漢)', { line: 0, column: 8 }, 1))).toBe(
      '> 1 │ f("漢字", 漢)\n    │           ^^',
    );
  });

  it("show what was thrown when it is not an error, and causes", () => {
    const tracebacks = new Tracebacks();
    expect(tracebacks.ofThrown({ a: 1 })).toMatchObject({ ename: "Thrown", evalue: "{ a: 1 }" });
    const error = new Error("outer", { cause: new TypeError("inner") });
    expect(plain(tracebacks.ofThrown(error).traceback)).toMatch(
      /Error: outer[\s\S]*Caused by:\nTypeError: inner/,
    );
  });

  it("end where causes go round, and where an error cannot even be looked at", () => {
    const outer = new Error("outer");
    outer.cause = new Error("inner", { cause: outer });
    const { evalue, traceback } = new Tracebacks().ofThrown(outer);
    expect(evalue).toBe("outer");
    expect(plain(traceback)).toMatch(/Caused by:\nError: inner[\s\S]*Caused by:\n\(shown above\)$/);
    const forbidden: object = new Proxy(new Error("x"), {
      get() {
        throw forbidden;
      },
    });
    expect(new Tracebacks().ofThrown(forbidden).evalue).toContain("cannot be shown");
  });

  it("name an error's code, as in MulabError", () => {
    const error = Object.assign(new Error("Layer gone."), {
      name: "MulabError",
      code: "store/corrupt-layer",
    });
    expect(new Tracebacks().ofThrown(error).ename).toBe("MulabError store/corrupt-layer");
  });
});

it("counts code points as Jupyter does", () => {
  expect(toUtf16("a🙂b", 2)).toBe(3);
  expect(toCodePoints("a🙂b", 3)).toBe(2);
});

it("knows Jupyter's folders", () => {
  expect(dataFolder({ kind: "prefix", folder: "/p" }, {})).toBe("/p/share/jupyter");
  expect(dataFolder({ kind: "user" }, { JUPYTER_DATA_DIR: "/d" })).toBe("/d");
  expect(dataFolder({ kind: "sys-prefix" }, { CONDA_PREFIX: "/c" })).toBe("/c/share/jupyter");
  expect(() => dataFolder({ kind: "sys-prefix" }, { PATH: "" })).toThrow("Activate one, or use --user");
});

it("has a logo that is a PNG of the size that its name says, and an SVG", () => {
  const png = logoPng(32);
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBe(32);
  expect(logoSvg().toString()).toMatch(/^<svg .*<\/svg>\n$/);
});
