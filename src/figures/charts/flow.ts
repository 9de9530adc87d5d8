// Knowledge exchange as a graph. muNet Fig. 7.

import { exchangeCells, flowEdges, tasksOf } from "../../analysis/sweep/exchange.js";
import type { FigureDefinition } from "../drawing.js";
import { flowScene } from "../scenes/flow.js";
import { oneVariant } from "../variants.js";

export const flow: FigureDefinition = {
  name: "flow",
  title: "the same as a graph, with arrows from giver to receiver",
  paper: "muNet Fig. 7",
  of: "both",
  draw(source, options) {
    const points = oneVariant(source, options);
    const rows = flowEdges(exchangeCells(points));
    return { kind: "scene", rows, scene: flowScene(rows, tasksOf(points)) };
  },
};
