// The reasons in words, the same in the panel, on the command line and in notebooks.

import { formatParams, formatPercent, plural } from "../../format/numbers.js";
import type { Reason } from "./choose.js";
import type { FrontPoint, TaskFront, Why } from "./task-fronts.js";

/** A reason in a word or two, for a column or a label. */
export const WHY_WORDS: Record<Why, string> = {
  best: "most accurate",
  frugal: "smallest within 1 SE",
  knee: "knee",
  kept: "kept",
};

/** The model that a reason chooses; undefined if the front has none. */
export const chosenBy = ({ points }: TaskFront, reason: Reason): FrontPoint | undefined =>
  points.find(({ why }) => why.includes(reason));

/** Why `point` may be chosen, in one sentence per reason; empty if there is none. */
export const reasonText = (point: FrontPoint, front: TaskFront): string =>
  point.why.map((why) => sentence(why, point, front)).join(" ");

function sentence(why: Why, point: FrontPoint, front: TaskFront): string {
  const { points } = front;
  const best = chosenBy(front, "best")!;
  switch (why) {
    case "best":
      return `The most accurate: ${formatPercent(best.accuracy)} ± ${errorText(best)}, the best of ${plural(front.evaluations, "validation")} on ${plural(front.images, "image")}; selection alone can account for ${pointsText(best.accuracy - best.corrected)}.`;
    case "frugal":
      if (point === best) return "No smaller model is within one standard error of it.";
      return `The fewest parameters within one standard error of the best: ${formatPercent(point.accuracy)} is within ${errorText(best)} of ${formatPercent(best.accuracy)}, with ${formatParams(point.params)} of its ${formatParams(best.params)} accounted parameters.`;
    case "knee": {
      const first = points.find(({ isFront }) => isFront)!;
      return `The knee: it has ${share(point.accuracy - first.accuracy, best.accuracy - first.accuracy)} of the accuracy that the front gains from its smallest to its best model, for ${share(point.params - first.params, best.params - first.params)} of the parameters.`;
    }
    case "kept":
      return point.isFront
        ? "Kept: it has the highest score."
        : "Kept: it had the highest score when its activation ended; since then, a smaller or better model has been trained, or layers are shared differently.";
  }
  return why satisfies never;
}

/** "1.4 points" of accuracy. */
const pointsText = (share: number): string => `${(100 * share).toFixed(1)} points`;
const errorText = ({ standardError }: FrontPoint): string => pointsText(standardError);
const share = (part: number, whole: number): string => formatPercent(whole === 0 ? 0 : part / whole, 0);

/** What is not on the front, in one sentence. */
export const dominatedText = ({ candidates, dominated }: TaskFront): string =>
  dominated.length === 0
    ? candidates === 1
      ? "The only candidate is on the front."
      : `All ${candidates} candidates are on the front.`
    : `${dominated.length} of ${plural(candidates, "candidate")} ${dominated.length === 1 ? "is" : "are"} dominated: a model on the front is no larger and no worse.`;
