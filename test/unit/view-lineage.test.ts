import { expect, test } from "vitest";
import { ancestorsOf, type Lineage, lineageOf, survivingLine } from "../../src/analysis/children.js";
import { lineageScene } from "../../src/figures/scenes/lineage.js";
import { layoutLineage } from "../../src/figures/scenes/lineage-layout.js";
import { marksOf } from "../../src/figures/scenes/scene.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { fixedState } from "../support/fixed-state.js";

const lineage = lineageOf(fixedState());

test("a lineage is columns of plain numbers", () => {
  expect(lineage).toMatchObject({
    tasks: ["a", "b", "c"],
    privateTasks: ["c"],
    parent: [-1, 0, 0, 1, 1, 3, 3],
    task: [-1, 0, 0, 1, 1, 1, 2],
    activation: [-1, 0, 0, 1, 1, 1, 2],
    retained: [1, 3, 6],
  });
  expect(JSON.parse(JSON.stringify(lineage))).toEqual(lineage);
});

test("today's network descends from the retained and their ancestors", () => {
  expect(ancestorsOf(lineage, 6)).toEqual([6, 3, 1, 0]);
  expect(survivingLine(lineage)).toEqual(new Set([0, 1, 3, 6]));
});

test("in a column the stem comes first, then the kept, then the rest", () => {
  const { nodes } = layoutLineage(lineage, { detail: "all" });
  expect(nodes.map(({ id, column, row }) => [id, column, row])).toEqual([
    [0, 0, 0],
    [1, 1, 0],
    [2, 1, 1],
    [3, 2, 0],
    [5, 2, 1],
    [4, 2, 2],
    [6, 3, 0],
  ]);
});

test("folding keeps what is on the stem, counts the rest, and shows what is requested", () => {
  const kept = layoutLineage(lineage, { detail: "kept" });
  expect(kept.nodes.map(({ id }) => id)).toEqual([0, 1, 3, 5, 6]);
  expect(kept.folded).toEqual([0, 1, 1, 0]);
  const survivors = layoutLineage(lineage, { detail: "survivors" });
  expect(survivors.nodes.map(({ id }) => id)).toEqual([0, 1, 3, 6]);
  expect(layoutLineage(lineage, { detail: "survivors", focus: [4] }).nodes.map(({ id }) => id)).toContain(4);
});

test("activations of which nothing is shown are one column together, that says how many they are", () => {
  const all = large();
  const jumps: Record<number, number> = { 10000: 2_000, 2000: 0 };
  const wide = {
    ...all,
    parent: all.parent.map((parent, id) => jumps[id] ?? parent),
    fate: all.fate.map((fate) => (fate === 3 ? 4 : fate)),
    retained: [10_000],
  };
  const { bands, columns, folded, nodes } = layoutLineage(wide, { detail: "survivors" });
  const activations = bands.map((band) => Math.max(1, band.folded));
  expect(activations.reduce((sum, count) => sum + count, 0)).toBe(50);
  expect(bands.map((band) => band.folded)).toEqual([9, 0, 39, 0]);
  for (const [i, band] of bands.entries()) {
    const inBand = nodes.filter(({ column }) => column === band.firstColumn);
    expect(inBand.length > 0).toBe(band.folded === 0);
    if (i > 0) expect(band.folded > 0 && bands[i - 1]!.folded > 0).toBe(false);
  }
  expect(columns).toBe(1 + bands.length);
  expect(folded.reduce((sum, count) => sum + count, 0) + nodes.length).toBe(wide.parent.length);
});

test("every child is a button that says what it is, and knows its model", () => {
  const svg = toSvg(lineageScene(lineage, { detail: "all" }), { colors: "css" });
  for (const id of lineage.parent.keys()) expect(svg).toContain(`data-model="${id}"`);
  expect(svg).toContain("Model 4 for b, failed; validation accuracy 20.0\u202f%; child of model 1 (a)");
  expect(svg).toContain("Model 2 for a, discarded");
});

/** A run of 10,000 children: 25 tasks, 50 activations of 25 generations of 8. */
function large(): Lineage {
  const children = 10_000;
  const ids = Array.from({ length: children + 1 }, (_, id) => id);
  const generationOf = (id: number) => Math.floor((id - 1) / 8);
  const activation = ids.map((id) => (id === 0 ? -1 : Math.floor(generationOf(id) / 25)));
  const retained = Array.from({ length: 25 }, (_, t) => children - 200 * t);
  return {
    tasks: Array.from({ length: 25 }, (_, t) => `task ${t}`),
    privateTasks: ["task 3"],
    parent: ids.map((id) => (id === 0 ? -1 : id % 8 === 0 || id < 9 ? Math.max(0, id - 200) : id - (id % 8))),
    task: activation.map((a) => (a < 0 ? -1 : a % 25)),
    fate: ids.map((id) => (id === 0 ? 0 : retained.includes(id) ? 3 : id % 4 === 0 ? 4 : 5)),
    activation,
    iteration: activation.map((a) => (a < 0 ? -1 : Math.floor(a / 25))),
    generation: ids.map((id) => (id === 0 ? -1 : generationOf(id) % 25)),
    accuracy: ids.map((id) => 0.5 + (id % 97) / 200),
    retained,
  };
}

test("10,000 children are folded to a picture that can be read", () => {
  const lineage = large();
  const layout = layoutLineage(lineage);
  expect(layout.detail).toBe("survivors");
  expect(layout.nodes.length).toBeLessThan(500);
  expect(layout.nodes.length + layout.folded.reduce((a, b) => a + b, 0)).toBe(10_001);
  expect([...marksOf(lineageScene(lineage).children)].length).toBeLessThan(5_000);
});
