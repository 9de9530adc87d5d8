// The settings that an extension of a run changes, in words.

import type { Method } from "../core/methods.js";
import type { Settings } from "../core/settings.js";
import { plural } from "./numbers.js";

/** Such as "8 children per generation, batches of 64, scale factor 0.3". */
export function settingsText({ method, training, generations, children, seed }: Partial<Settings>): string {
  return [
    ...(generations === undefined ? [] : [`${plural(generations, "generation")} per activation`]),
    ...(children === undefined ? [] : [`${plural(children, "child", "children")} per generation`]),
    ...(training ? [`batches of ${training.batchSize}, ${plural(training.cycles, "cycle")} per child`] : []),
    ...(method ? [`method ${method.name} with ${scoreText(method)}`] : []),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
  ].join(", ");
}

/** How a method scores: "scale factor 0.3", or its own formula. */
export const scoreText = ({
  score,
  scaleFactor,
  computeFactor,
}: Pick<Method, "score" | "scaleFactor" | "computeFactor">): string => {
  if (score !== undefined) return `score ${score}`;
  const byCompute = computeFactor === undefined ? "" : ` and compute factor ${computeFactor}`;
  return `scale factor ${scaleFactor}${byCompute}`;
};
