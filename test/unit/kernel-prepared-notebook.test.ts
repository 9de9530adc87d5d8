// What nbconvert gets to see of a notebook: no output may become a white gap.

import { describe, expect, it } from "vitest";
import { preparedNotebook } from "../../kernel/prepared-notebook.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const STATE = "application/vnd.jupyter.widget-state+json";
const ours = (state: object = {}) => ({ model_name: "RunModel", model_module: "mulab", state });
const theirs = { model_name: "IntSliderModel", model_module: "@jupyter-widgets/controls", state: {} };
const view = (id: string) => ({ [VIEW]: { model_id: id, version_major: 2, version_minor: 0 } });
const SVG = "<svg><title>still</title></svg>";

type Output = { readonly output_type: string; readonly data: Record<string, unknown> };

function prepared(widgets: unknown, ...bundles: Record<string, unknown>[]) {
  const outputs = bundles.map((data) => ({ output_type: "display_data", metadata: {}, data }));
  const cell = { cell_type: "code", source: [], metadata: {}, execution_count: 1, outputs };
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { ...(widgets !== undefined && { widgets }) },
    cells: [cell],
  };
  const before = JSON.stringify(content);
  const { notebook, ...counts } = preparedNotebook(content);
  expect(JSON.stringify(content)).toBe(before);
  const all = (notebook.cells as { outputs: Output[] }[])[0]!.outputs;
  return { counts, outputs: all, text: JSON.stringify(all), notebook };
}

const jupyter = (state: object) => ({ [STATE]: { version_major: 2, version_minor: 0, state } });

describe("a widget of ours", () => {
  it("with its state stays, with its picture below it until the view is there", () => {
    const { counts, outputs, notebook } = prepared(jupyter({ a: ours() }), {
      ...view("a"),
      "image/svg+xml": [SVG],
    });
    expect(counts).toEqual({ live: 1, still: 0, lost: 0 });
    expect(outputs[0]!.data).toHaveProperty([VIEW]);
    expect(outputs[1]!.data["text/html"]).toBe(`<div data-mulab-still="a">${SVG}</div>`);
    expect(notebook.metadata).toEqual({ widgets: jupyter({ a: ours() }) });
  });

  it.each([
    ["as Jupyter keeps it", jupyter({ a: ours() })],
    ["as Colab keeps it, without a version and without state", { [STATE]: { a: ours() } }],
    ["as ipywidgets 6 kept it", { state: { a: ours() }, version: "1.1" }],
  ])("is found where its state is, %s, and nbconvert gets Jupyter's shape", (_, widgets) => {
    const { counts, notebook } = prepared(widgets, view("a"));
    expect(counts).toEqual({ live: 1, still: 0, lost: 0 });
    expect(notebook.metadata).toEqual({ widgets: jupyter({ a: ours() }) });
  });

  it.each([
    ["none", undefined],
    ["an empty one", {}],
    ["that of another widget", jupyter({ b: ours() })],
    ["one that refers to a model that is not there", jupyter({ a: ours({ runs: ["IPY_MODEL_gone"] }) })],
    ["a text in its place", { [STATE]: "x" }],
    ["one of no known shape", { [STATE]: { a: 7, state: [] } }],
    ["a list", []],
  ])("is a picture and a line where the state is missing: %s", (_, widgets) => {
    const { counts, outputs, text } = prepared(widgets, {
      ...view("a"),
      "image/svg+xml": SVG,
      "text/plain": "x",
    });
    expect(counts).toEqual({ live: 0, still: 1, lost: 0 });
    const image = `<img alt="x" src="data:image/svg+xml;base64,${Buffer.from(SVG).toString("base64")}">`;
    expect(outputs[0]!.data).toEqual({ "text/html": image, "text/plain": "x" });
    expect(text).toContain("A still picture");
    expect(text).not.toContain(VIEW);
  });

  it("refers to others, and those to it", () => {
    const both = {
      a: ours({ runs: ["IPY_MODEL_b"] }),
      b: ours({ up: "IPY_MODEL_a", layout: "IPY_MODEL_l" }),
      l: theirs,
    };
    expect(prepared(jupyter(both), view("a")).counts.live).toBe(1);
  });
});

describe("an output", () => {
  it("of another package's widget keeps what can be shown beside it", () => {
    const { outputs, counts } = prepared(jupyter({ a: theirs }), {
      ...view("a"),
      "text/plain": "IntSlider(value=0)",
    });
    expect(outputs[0]!.data).toEqual({ "text/plain": "IntSlider(value=0)" });
    expect(counts.still).toBe(1);
  });

  it.each([
    ["a widget alone", view("a"), "run the cell again and save"],
    ["a script alone", { "application/javascript": "alert(1)" }, "A script was here"],
    [
      "Colab's part alone",
      { "application/vnd.google.colaboratory.intrinsic+json": { type: "string" } },
      "application/vnd.google.colaboratory.intrinsic+json",
    ],
    ["our own name alone", { "application/vnd.mulab.view+json": { model_id: "<b>" } }, "vnd.mulab.view"],
  ])("of %s is a line that says what was there", (_, data, words) => {
    const { outputs, counts } = prepared(undefined, data);
    expect(counts.lost).toBe(1);
    expect(outputs).toHaveLength(1);
    expect(outputs[0]!.data["text/html"]).toContain(words);
    expect(outputs[0]!.data["text/html"]).not.toContain("<b>");
  });

  it("with a picture and Colab's part, or a script, is its picture, without a word", () => {
    const colab = { "application/vnd.google.colaboratory.intrinsic+json": { type: "image" } };
    const png = { "image/png": "AAAA" };
    expect(prepared(undefined, { ...colab, ...png }).outputs).toHaveLength(1);
    expect(prepared(undefined, { "application/javascript": "x", ...png }).outputs[0]!.data).toEqual(png);
    expect(prepared(undefined, png).counts).toEqual({ live: 0, still: 0, lost: 0 });
  });

  it("that is a drawing is an image, whose lines no version of nbconvert takes out", () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>';
    const { outputs, counts } = prepared(undefined, {
      "image/svg+xml": [svg],
      "text/plain": 'A "chart" <b>',
    });
    expect(outputs).toHaveLength(1);
    const { data } = outputs[0]!;
    expect(data["image/svg+xml"]).toBeUndefined();
    const [, alt, bytes] = /^<img alt="([^"]*)" src="data:image\/svg\+xml;base64,([^"]+)">$/.exec(
      String(data["text/html"]),
    )!;
    expect(alt).toBe("A &quot;chart&quot; &lt;b&gt;");
    expect(Buffer.from(bytes!, "base64").toString()).toBe(svg);
    expect(counts).toEqual({ live: 0, still: 0, lost: 0 });
    const both = { "image/svg+xml": svg, "text/html": "<p>words</p>" };
    expect(prepared(undefined, both).outputs[0]!.data).toEqual(both);
  });

  it("that is a stream or an error, or none at all, is left as it is; so are notebooks of format 3", () => {
    const outputs = [{ output_type: "stream", name: "stdout", text: "x" }, 7, { output_type: "error" }];
    const content = { cells: [{ cell_type: "code", outputs }, 8], metadata: null };
    expect(preparedNotebook(content).notebook.cells).toEqual(content.cells);
    const old = { worksheets: [{ cells: [] }], nbformat: 3, metadata: {} };
    expect(preparedNotebook(old).notebook).toEqual(old);
  });
});
