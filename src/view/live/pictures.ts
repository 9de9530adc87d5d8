// The pictures by name, for those who draw one without a browser: the still picture beside every widget.

import type { State } from "../../core/state.js";
import { architectureOf } from "../architecture.js";
import { architectureScene } from "../architecture-scene.js";
import { lineageOf } from "../lineage.js";
import { lineageScene } from "../lineage-scene.js";
import type { Scene } from "../scene.js";

export type PictureName =
  | "dashboard"
  | "progress"
  | "lineage"
  | "architecture"
  | "transfer"
  | "pareto"
  | "accuracy";

/** A still picture of `state`; undefined where text says as much. */
export function pictureScene(name: PictureName, state: State): Scene | undefined {
  switch (name) {
    case "dashboard":
    case "lineage":
      return lineageScene(lineageOf(state), { mostNodes: 250 });
    case "architecture":
      return architectureScene(architectureOf(state));
    case "transfer":
    case "pareto":
    case "accuracy":
    case "progress":
      return undefined;
  }
  return name satisfies never;
}
