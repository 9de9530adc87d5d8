// The figures that need a run: its children, its clock, its layers' training.

import { lineageOf } from "../analysis/children.js";
import { growthPoints } from "../analysis/growth.js";
import { childPoints, testPoints } from "../analysis/learning.js";
import { lineageRows } from "../analysis/lineage.js";
import { layerTransferCells, transferCells } from "../analysis/transfer.js";
import type { State } from "../core/state.js";
import { learningSpec } from "./charts/learning.js";
import { candidateRows, paretoSpec } from "./charts/pareto.js";
import { growthSpec } from "./charts/spread.js";
import { layerTransferSpec, transferSpec } from "./charts/transfer.js";
import { chart, type FigureDefinition } from "./drawing.js";
import { lineageScene } from "./scenes/lineage.js";
import { type Theme, taskChartLook } from "./scenes/palette.js";
import { runOf } from "./source.js";

const look = (state: State, theme: Theme) =>
  taskChartLook(
    state.tasks.map(({ name }) => name),
    theme,
  );

export const RUN_FIGURES: readonly FigureDefinition[] = [
  {
    name: "growth",
    title: "the network after each activation: share a task activates, parameters it adds",
    paper: "µ2Net Fig. 2",
    of: "run",
    draw(source) {
      const { state, events } = runOf(source, "growth");
      const rows = growthPoints(events);
      return chart(rows, (theme) => growthSpec(rows, look(state, theme)));
    },
  },
  {
    name: "learning",
    title: "every child's accuracy, the best so far, and the tests",
    paper: "",
    of: "run",
    draw(source) {
      const { state, events } = runOf(source, "learning");
      const rows = childPoints(state, events);
      return chart(rows, (theme) => learningSpec(rows, testPoints(state), look(state, theme)));
    },
  },
  {
    name: "pareto",
    title: "accuracy against accounted parameters of every candidate",
    paper: "",
    of: "run",
    draw(source) {
      const { state, experiment } = runOf(source, "pareto");
      const rows = candidateRows(state, experiment.method);
      return chart(rows, (theme) => paretoSpec(rows, look(state, theme)));
    },
  },
  {
    name: "transfer",
    title: "share of gradient steps by task in each model",
    paper: "µ2Net §5.1",
    of: "run",
    draw(source) {
      const { state } = runOf(source, "transfer");
      const rows = transferCells(state);
      return chart(rows, (theme) => transferSpec(rows, look(state, theme)));
    },
  },
  {
    name: "layers",
    title: "the same, layer by layer",
    paper: "µ2Net §5.1",
    of: "run",
    draw(source) {
      const { state } = runOf(source, "layers");
      const rows = layerTransferCells(state);
      return chart(rows, (theme) => layerTransferSpec(rows, look(state, theme)));
    },
  },
  {
    name: "lineage",
    title: "the tree of all children",
    paper: "",
    of: "run",
    draw(source) {
      const { state } = runOf(source, "lineage");
      return { kind: "scene", rows: lineageRows(state), scene: lineageScene(lineageOf(state)) };
    },
  },
];
