// The tree of all children.

import { lineageOf } from "../../analysis/children.js";
import { lineageRows } from "../../analysis/lineage.js";
import type { FigureDefinition } from "../drawing.js";
import { lineageScene } from "../scenes/lineage.js";
import { runOf } from "../source.js";

/** Activations that are shown one by one; of more, the newest. */
const MOST_ACTIVATIONS = 80;

export const lineage: FigureDefinition = {
  name: "lineage",
  title: "the tree of all children",
  paper: "",
  of: "run",
  draw(source) {
    const { state } = runOf(source, "lineage");
    return {
      kind: "scene",
      rows: lineageRows(state),
      scene: lineageScene(lineageOf(state), { mostActivations: MOST_ACTIVATIONS }),
    };
  },
};
