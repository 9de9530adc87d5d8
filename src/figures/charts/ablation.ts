// Quality against size of muNet with and without adapters. muNet Fig. 4.

import type { FigureDefinition } from "../drawing.js";
import { drawQuality } from "./quality-size.js";

export const ablation: FigureDefinition = {
  name: "ablation",
  title: "the same with and without adapters",
  paper: "muNet Fig. 4",
  of: "sweep",
  draw: drawQuality((variant) => variant.method === "munet" && variant.tuning),
};
