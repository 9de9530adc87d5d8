import { expect, test } from "vitest";
import { architectureOf } from "../../src/analysis/architecture.js";
import { architectureScene } from "../../src/figures/scenes/architecture.js";
import { layoutArchitecture, placeRow } from "../../src/figures/scenes/architecture-layout.js";
import { marksOf } from "../../src/figures/scenes/scene.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { fixedState } from "../support/fixed-state.js";

const state = fixedState();
const architecture = architectureOf(state);
const nodes = (name: string) => architecture.nodes.filter((node) => node.name === name);

test("a shared layer is one node on all its tasks' paths", () => {
  const block = nodes("encoderblock_0");
  expect(block).toHaveLength(1);
  expect(block[0]).toMatchObject({ users: [0, 1, 2], trainedBy: "a", isPrivate: false, isRoots: false });
  const index = architecture.nodes.indexOf(block[0]!);
  for (const task of architecture.tasks) expect(task.path).toContain(index);
});

test("a node is coloured by the task that trained it last; the root's untouched ones by nobody", () => {
  expect(nodes("cls").map(({ trainedBy, users }) => [trainedBy, users])).toEqual([
    ["a", [0, 1]],
    ["c", [2]],
  ]);
  expect(nodes("posembed_input")[0]).toMatchObject({ trainedBy: null, isRoots: true, users: [0, 1] });
});

test("what a private task trained is private, wherever it began", () => {
  expect(nodes("cls")[1]!.isPrivate).toBe(true);
  expect(nodes("encoderblock_1")[0]!.isPrivate).toBe(true);
});

test("the final norm is there, between the last block and the head, unless it is left out", () => {
  expect(nodes("encoder_norm")).toHaveLength(3);
  expect(architectureOf(state, { hide: ["encoder_norm"] }).nodes.some((n) => n.name === "encoder_norm")).toBe(
    false,
  );
});

test("a line passes a row that its path skips on a place of its own", () => {
  const layout = layoutArchitecture(architecture, {
    columns: [100, 200, 300],
    yOf: (row) => -row,
    node: 20,
    track: 10,
    gap: 10,
  });
  expect(layout.rows.indexOf("head")).toBe(layout.rows.length - 1);
  const row = layout.rows.indexOf("encoderblock_1");
  const xs = layout.lines.map((line) => line[row]!.x);
  expect(layout.lines.every((line) => line.length === layout.rows.length)).toBe(true);
  expect(xs[1]! - xs[0]!).toBeGreaterThanOrEqual(20);
  expect(xs[2]! - xs[1]!).toBeGreaterThanOrEqual(20);
});

test("slots that want the same place share it out evenly", () => {
  expect(placeRow([{ wish: 0, width: 10 }], 5)).toEqual([0]);
  expect(
    placeRow(
      [
        { wish: 50, width: 10 },
        { wish: 50, width: 10 },
        { wish: 200, width: 10 },
      ],
      5,
    ),
  ).toEqual([42.5, 57.5, 200]);
});

test("the picture says every head's accuracy, every task's name, and what is shared by whom", () => {
  const scene = architectureScene(architecture);
  const texts = [...marksOf(scene.children)].flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
  expect(texts).toEqual(
    expect.arrayContaining(["75.0\u202f%", "85.0\u202f%", "90.0\u202f%", "a", "b", "c", "×3"]),
  );
  expect(toSvg(scene, { colors: "css" })).toContain("shared by a, b and c");
  expect(scene.description).toContain("c: patch embedding (b)");
});

test("scenes are deterministic", () => {
  expect(architectureScene(architectureOf(fixedState()))).toEqual(architectureScene(architecture));
});

test("an empty network is an empty picture", () => {
  const empty = architectureOf({ ...state, retained: {} });
  expect(architectureScene(empty).height).toBeGreaterThan(0);
});

test("every task's name is a button that chooses its model; no other mark of the picture is one", () => {
  const buttons = [...marksOf(architectureScene(architecture).children)].filter(
    (mark) => mark.kind === "group" && mark.role === "button",
  );
  expect(buttons.map(({ title, data }) => [title, data])).toEqual(
    architecture.tasks.map(({ name, model }, task) => [`${name}: model ${model}`, { task }]),
  );
});
