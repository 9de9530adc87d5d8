// What stands beside a widget in the notebook's file, for those who can't show widgets: GitHub, nbviewer, a plain editor.

import type { State } from "../core/state.js";
import { formatPercent } from "../view/format.js";
import { type PictureName, pictureScene } from "../view/live/pictures.js";
import { toSvg } from "../view/svg.js";
import type { MimeBundle } from "./layer.js";
import type { Watchable } from "./live-run.js";

/** Still pictures and text of `runs` as they stand now. */
export function fallbackBundle(picture: PictureName, runs: readonly Watchable[]): MimeBundle {
  const scene = runs.length === 1 ? pictureScene(picture, runs[0]!.state) : undefined;
  return {
    "text/plain": runs.map(textOf).join("\n\n"),
    ...(scene && { "image/svg+xml": toSvg(scene, { colors: "light", id: "mulab" }) }),
  };
}

/** A run in a few lines. */
function textOf({ experiment, state, status }: Watchable): string {
  const rows = state.tasks.map(({ name }) => `  ${name}: ${resultOf(state, name)}`);
  return [
    `${experiment.title}, seed ${experiment.seed}: ${status}, ${state.models.length} models`,
    ...rows,
  ].join("\n");
}

function resultOf(state: State, task: string): string {
  const id = state.retained[task];
  if (id === undefined) return "no model yet";
  const { accuracy, testAccuracy } = state.models[id]!;
  return `model ${id}, validation ${formatPercent(accuracy)}, test ${formatPercent(testAccuracy)}`;
}
