// The multitask network, one line per task. muNet Fig. 2 and 9; µ2Net Fig. 1 and 3.

import type { FigureDefinition } from "../drawing.js";
import { architectureOfPoint } from "../point-architecture.js";
import { architectureScene } from "../scenes/architecture.js";
import { onePoint } from "../variants.js";

export const architecture: FigureDefinition = {
  name: "architecture",
  title: "the multitask network, one line per task",
  paper: "muNet Fig. 2, 9; µ2Net Fig. 1, 3",
  of: "both",
  draw(source, options) {
    const point = onePoint(source, options) ?? { tasks: [] };
    return {
      kind: "scene",
      rows: point.tasks.flatMap(({ task, layers }) => layers.map((layer) => ({ task, ...layer }))),
      scene: architectureScene(architectureOfPoint(point), { width: 640 }),
    };
  },
};
